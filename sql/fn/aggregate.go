package fn

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Aggregate is an aggregate function. Its state for many groups is a set of dense columns, State wide, one row a group, so that
// kernels are loops over flat buffers; the same columns are what an arrangement's pages hold.
//
// The zero row (zero value in every State column, none null) is the state of no input.
type Aggregate struct {
	Name string
	Args []types.Type
	Ret  types.Type
	// RetOf gives the result type where it depends on the arguments' (nil: Ret).
	RetOf        func(args []types.Type) types.Type
	Doc, Example string
	// KeepNulls says that Step sees rows whose arguments are null (count(*), array_agg); otherwise they are left out before.
	KeepNulls bool
	// State are the types of the state columns, given the arguments' types.
	State func(args []types.Type) []types.Type
	// Step adds rows sel of args to the state, row i to group groups[i] with weights[i] (nil: all +1). A negative weight
	// retracts and comes only if Retractable.
	Step func(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64)
	// Retractable says that Step takes negative weights. Otherwise an operator over retracting input keeps each group's
	// ordered input and computes the aggregate anew (min and max: reads its first or last row).
	Retractable bool
	// OrderSensitive says that the result depends on the order of the input (string_agg, array_agg): the operator keeps
	// each group's input ordered and steps it in that order (DESIGN 1.6 closes what ORDER BY leaves open).
	OrderSensitive bool
	// OrderedSet says that it is called with WITHIN GROUP (ORDER BY x): Args are the direct arguments, then x.
	OrderedSet bool
	// Merge adds the states src (row k) to groups[k] of dst: partial aggregates meet. nil if OrderSensitive.
	Merge func(c *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int)
	// Finish writes the results of the first n groups to out, which it must have Resized. A group fails with its index.
	Finish func(c *Ctx, state []*vec.Vector, n int, out *vec.Vector)
	// Extreme is -1 for min and +1 for max: an ordered arrangement answers these from its first or last row. 0 otherwise.
	Extreme int
}

// Window is a function that is only a window function: row_number, rank, lag, … Aggregates can be used over windows as well.
type Window struct {
	Name string
	Args []types.Type
	// Optional is how many of the last parameters may be left out.
	Optional     int
	Ret          types.Type
	RetOf        func(args []types.Type) types.Type
	Doc, Example string
}
