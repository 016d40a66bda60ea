package physical

// SliceAggregate groups its input by windows that overlap, HOP's or CUMULATE's. Its rows are assigned to slices (WindowAssign with
// Slices), the parts of which all windows are made: a row counts in one slice, and windows are put together from the aggregates of
// slices. The output has the keys, then the window's start and end, of the type of Slice, then a column for each call.
//
// All calls can be merged, are not DISTINCT, and either can be retracted or the input is append-only.
type SliceAggregate struct {
	// Keys are input columns, besides the window.
	Keys []int
	// Slice is the input column with the end of the row's slice, First that with the end of the first window that takes the row.
	Slice, First int
	// Of is how windows are laid over time; its Time is not used.
	Of         WindowAssign
	Calls      []AggCall
	AppendOnly bool `json:",omitempty"`
	// Closes says that the watermark closes windows: they take no more rows and their state is freed.
	Closes bool `json:",omitempty"`
	// Final gives the rows of a window once: when it has closed, or, unless Closes, at the end of the only step.
	Final bool `json:",omitempty"`
	// Partial is nil unless the input are partial aggregates, by the keys, Slice and First.
	Partial *Partial `json:",omitempty"`
}

// Kind implements Op.
func (*SliceAggregate) Kind() string { return "SliceAggregate" }
