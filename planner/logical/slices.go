package logical

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// SliceAggregate groups rows of slices by the windows that the slices make up. The output has the keys, the window's bounds, then the
// calls. The rule share_slices makes it, after all others.
type SliceAggregate struct {
	unary
	Input Node
	Keys  []ColID
	// Slice is the end of a row's slice, First that of the first window that takes it, as a WindowAssign with Spec.Slices gave them.
	Slice      ColID
	First      ColID
	Start, End ColID
	Of         physical.WindowAssign
	Calls      []AggCall
	// Watermark says that the time of the windows has one.
	Watermark bool
}

// Inputs implements Node.
func (a *SliceAggregate) Inputs() []Node { return []Node{a.Input} }

// WithInputs implements Node.
func (a *SliceAggregate) WithInputs(in []Node) Node {
	c := *a
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (a *SliceAggregate) Output() []ColID {
	out := append(append([]ColID(nil), a.Keys...), a.Start, a.End)
	for _, c := range a.Calls {
		out = append(out, c.Col)
	}
	return out
}

// WithExprs implements Node.
func (a *SliceAggregate) WithExprs([]expr.Node) Node { return a }
