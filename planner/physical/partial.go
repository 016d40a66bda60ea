package physical

// PartialAggregate aggregates the rows of one task before they go through an exchange: what the Aggregate or SliceAggregate above it then
// gets are a few partial aggregates of each group, in whatever order and however often, which it merges. It has no state from step to step.
//
// The output has the keys, a column with the number of rows, of type int8, and then the columns of the calls' states; count(*) without a
// filter has none. Its rows are only ever added: what a retraction undoes is in the numbers.
//
// All calls can be merged, are not DISTINCT, have states of fixed width, and either can be retracted or the input is append-only. The keys' values
// have one form each (types.OneForm).
type PartialAggregate struct {
	// Keys are input columns. They have the keys of the aggregate above, and what else tells its groups apart.
	Keys  []int
	Calls []AggCall
	// AppendOnly says that the input has no retractions.
	AppendOnly bool `json:",omitempty"`
}

// Kind implements Op.
func (*PartialAggregate) Kind() string { return "PartialAggregate" }

// Whole is the aggregate that gives the groups' results instead of their states.
func (n *PartialAggregate) Whole() *Aggregate {
	return &Aggregate{Keys: n.Keys, Calls: n.Calls, AppendOnly: n.AppendOnly, WindowEnd: NoColumn, WindowStart: NoColumn}
}

// Partial says of an aggregate that its input is a PartialAggregate's output. The arguments of its calls are then the columns of their states, and
// what was filtered is left out already.
type Partial struct {
	// Count is the input column with the number of rows.
	Count int
}
