package logical

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
)

// TopN keeps, of each partition, the rows from Offset to Offset+Limit of the order. Limit and Offset read no columns; nil is none.
type TopN struct {
	Input         Node
	PartitionBy   []ColID
	OrderBy       []SortKey
	Limit, Offset expr.Node
	WithTies      bool
}

// Inputs implements Node.
func (t *TopN) Inputs() []Node { return []Node{t.Input} }

// WithInputs implements Node.
func (t *TopN) WithInputs(in []Node) Node {
	c := *t
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (t *TopN) Output() []ColID { return t.Input.Output() }

// Exprs implements Node.
func (t *TopN) Exprs() []expr.Node { return []expr.Node{t.Limit, t.Offset} }

// WithExprs implements Node.
func (t *TopN) WithExprs(e []expr.Node) Node {
	c := *t
	c.Limit, c.Offset = e[0], e[1]
	return &c
}

// Over computes window functions over one partitioning and order; the output has the input's columns, then the calls.
type Over struct {
	Input       Node
	PartitionBy []ColID
	OrderBy     []SortKey
	Calls       []WindowCall
}

// WindowCall is a call of a window function (Window) or of an aggregate over a frame (Aggregate).
type WindowCall struct {
	Col       ColID
	Window    *fn.Window
	Aggregate *fn.Aggregate
	Args      []ColID
	Filter    ColID // 0 for none
	Frame     Frame
}

// Frame is a window frame. The offsets read no columns.
type Frame struct {
	Unit             physical.FrameUnit
	Start, End       physical.BoundKind
	StartOff, EndOff expr.Node
	Exclude          physical.Exclusion
}

// Inputs implements Node.
func (o *Over) Inputs() []Node { return []Node{o.Input} }

// WithInputs implements Node.
func (o *Over) WithInputs(in []Node) Node {
	c := *o
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (o *Over) Output() []ColID {
	out := slices.Clone(o.Input.Output())
	for _, c := range o.Calls {
		out = append(out, c.Col)
	}
	return out
}

// Exprs implements Node: the frames' offsets.
func (o *Over) Exprs() []expr.Node {
	var out []expr.Node
	for _, c := range o.Calls {
		out = append(out, c.Frame.StartOff, c.Frame.EndOff)
	}
	return out
}

// WithExprs implements Node.
func (o *Over) WithExprs(e []expr.Node) Node {
	c := *o
	c.Calls = slices.Clone(o.Calls)
	for i := range c.Calls {
		c.Calls[i].Frame.StartOff, c.Calls[i].Frame.EndOff = e[2*i], e[2*i+1]
	}
	return &c
}

// Used are the input's columns that the operator itself reads.
func (o *Over) Used() ColSet {
	s := SetOf(o.PartitionBy...)
	for _, k := range o.OrderBy {
		s.Add(k.Col)
	}
	for _, c := range o.Calls {
		s.AddAll(c.Used())
	}
	return s
}

// Used are the input's columns that a call reads.
func (c *WindowCall) Used() ColSet {
	s := SetOf(c.Args...)
	if c.Filter != 0 {
		s.Add(c.Filter)
	}
	return s
}
