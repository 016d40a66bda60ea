package physical

import "math"

// JoinBound says how far apart the times of a Join's partners are: left - Before <= right <= left + After. So a row is dropped when the
// other input's watermark proves that it will have no further partner. The keys and the residual of the join say so too, and are what
// is checked. All lengths are microseconds.
//
// Rows that are behind the watermark of their input must have been left out before the join (OnTime, WindowAssign).
type JoinBound struct {
	// Left and Right are the time columns of the inputs. A row with a null in its own has no partner.
	Left, Right int
	// Before and After may be negative; either may be Unlimited.
	Before, After int64
	// LeftUntil says where After is Unlimited that right <= a column of the left row, and RightUntil where Before is that left <= a column
	// of the right row: such a row is dropped when the other's watermark has passed that. A row in which it is null has no partner.
	LeftUntil  *Until `json:",omitempty"`
	RightUntil *Until `json:",omitempty"`
	// Windows says that the times are the ends of windows and a pair of the keys: rows are kept by window.
	Windows bool `json:",omitempty"`
	// LeftEnds and RightEnds say that a time is the end of a window: behind a watermark of t comes no row of t itself either.
	LeftEnds  bool `json:",omitempty"`
	RightEnds bool `json:",omitempty"`
	// HoldBack is how far the output's watermark stays behind the lower one of the inputs, so that no pair and no row alone
	// comes behind it.
	HoldBack int64 `json:",omitempty"`
	// OnClose makes all output final. With Windows, a window's rows are joined when both watermarks have reached its end. Without,
	// the inputs are append-only, and a row without a partner is emitted when it can have none any more.
	OnClose bool `json:",omitempty"`
}

// Unlimited is a length that nothing limits.
const Unlimited = math.MaxInt64

// Until is the value of a column of an input, plus a length.
type Until struct {
	Column int
	Plus   int64 `json:",omitempty"`
}

// OnTime leaves out late rows, which are counted: those whose time, and what is allowed, is before the watermark in force at the start of
// their epoch. It stands where rows and watermarks still come in the order in which they were recorded, below what frees state by the
// watermark, and passes its watermark on Allowed microseconds lower. Rows whose time is null pass.
type OnTime struct {
	Time    int
	Allowed int64 `json:",omitempty"`
}

// Kind implements Op.
func (*OnTime) Kind() string { return "OnTime" }
