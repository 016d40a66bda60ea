package physical

// WindowKind is how WindowAssign lays windows over time.
type WindowKind string

// The windows of fixed size.
const (
	Tumble   WindowKind = "tumble"
	Hop      WindowKind = "hop"
	Cumulate WindowKind = "cumulate"
)

// Closing says that an operator's partitions are of windows: End is the input column, one of those that partition, with the window's
// end. Once the watermark has reached it no row of the partition comes any more, and its state is freed.
type Closing struct{ End int }

// Lateness is how an operator judges whether a row is late. A row is judged once, at the first operator on its path whose windows
// something above it frees or closes.
type Lateness struct {
	// Judge says that late rows are left out and counted. An operator that judges passes its watermark on Allowed microseconds lower, so that
	// who closes windows above it needs to know nothing of what is allowed, and finds no row late.
	Judge bool `json:",omitempty"`
	// Allowed is how many microseconds after its end a window still takes rows.
	Allowed int64 `json:",omitempty"`
}

// WindowAssign appends window_start and window_end, of the time column's type, to each row: once for every window that holds
// it (Hop and Cumulate: several). Windows are half-open and aligned to 1970-01-01 00:00 UTC plus Offset. A row whose time is
// null or infinite is in no window: it is left out, and counted as late. All lengths are positive microseconds, and Slide divides Size.
type WindowAssign struct {
	Window WindowKind
	// Time is the event-time column: a timestamp or a timestamptz.
	Time int
	Size int64
	// Slide is HOP's slide and CUMULATE's step; Size for TUMBLE.
	Slide  int64
	Offset int64 `json:",omitempty"`
	// Slices gives each row the bounds of its slice instead, once: of the part of the time, Slide long, that is in the same windows. A row is
	// late when the last of these has closed. A third column has the end of the first that had not, which is that of the slice unless the row
	// is late for some windows.
	Slices bool `json:",omitempty"`
	// ByClock says that windows close as time passes, without rows: Time is the arrival of the rows of a scan that goes by the clock, or the
	// end of windows of that.
	ByClock bool `json:",omitempty"`
	Lateness
}

// Kind implements Op.
func (*WindowAssign) Kind() string { return "WindowAssign" }

// Hold keeps the rows of a window until it has closed, and gives them then, once and for all: so what is above sees windows that are
// final. It is for EMIT ON WINDOW CLOSE where nothing that aggregates does so.
type Hold struct {
	// Keys are the columns by which the rows have been brought together.
	Keys []int
	// End is the column of the window's end, one of Keys.
	End int
}

// Kind implements Op.
func (*Hold) Kind() string { return "Hold" }
