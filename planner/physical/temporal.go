package physical

// Temporal keeps the rows for which the clock, at a cut, stands in a span of time: at From or past it, and before To. So a row comes and
// goes without a change of the input. The output at a cut follows from the input and the recorded time of the cut's epoch.
type Temporal struct {
	// From and To are columns of type timestamp or timestamptz, NoColumn for a side without a bound. A row with a null in one is never
	// there.
	From, To int
	// Keys are the columns by whose hash rows are divided among tasks.
	Keys []int
}

// Kind implements Op.
func (*Temporal) Kind() string { return "Temporal" }
