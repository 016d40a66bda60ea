package physical

import "github.com/streamdb/streamdb/sql/types"

// NoColumn stands for a column that is not there.
const NoColumn = -1

// Aggregate groups its input. The output has the keys, then a column for each call. Without keys and Global it has no
// group and thus no row.
type Aggregate struct {
	Keys  []int
	Calls []AggCall
	// Global says that there is one group, and always its row, even over no input (aggregation without GROUP BY).
	Global bool `json:",omitempty"`
	// AppendOnly says that the input has no retractions, so that state without a way back (min, max) will do.
	AppendOnly bool `json:",omitempty"`
	// WindowEnd is the position in Keys of the window end (NoColumn: none): groups whose window has closed take no more rows and
	// their state is freed.
	WindowEnd int
	// WindowStart is the position in Keys of the window start, or NoColumn.
	WindowStart int
	// EmitOnClose holds a group back until the watermark has reached its window's end.
	EmitOnClose bool `json:",omitempty"`
	// Partial is nil unless the input are partial aggregates.
	Partial *Partial `json:",omitempty"`
}

// Kind implements Op.
func (*Aggregate) Kind() string { return "Aggregate" }

// AggCall is a call of an aggregate function.
type AggCall struct {
	// Name and ArgTypes find the function (fn.LookupAggregate's exact signature); they are the declared parameter types.
	Name     string
	ArgTypes []types.Type
	// Args are input columns.
	Args     []int
	Distinct bool `json:",omitempty"`
	// Filter is a boolean input column, NoColumn for none: only rows where it is true count.
	Filter int
	// OrderBy is the order within the aggregate; it matters to order-sensitive functions only.
	OrderBy []SortKey `json:",omitempty"`
	// Type is the result's type.
	Type types.Type
}

// Distinct keeps one of equal rows.
type Distinct struct {
	// AppendOnly says that the input has no retractions.
	AppendOnly bool `json:",omitempty"`
}

// Kind implements Op.
func (*Distinct) Kind() string { return "Distinct" }
