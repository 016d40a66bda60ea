package logical

import (
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
)

// SortKey is a column of an order.
type SortKey struct {
	Col              ColID
	Desc, NullsFirst bool
}

// Aggregate groups its input by keys. The output has the keys, then the calls.
type Aggregate struct {
	unary
	Input Node
	Keys  []ColID
	Calls []AggCall
	// Global is aggregation without GROUP BY: always one row. It has no keys.
	Global bool
}

// AggCall is a call of an aggregate; its arguments are columns of the input.
type AggCall struct {
	Col      ColID
	Fn       *fn.Aggregate
	Args     []ColID
	Distinct bool
	Filter   ColID // 0 for none
	OrderBy  []SortKey
}

// Inputs implements Node.
func (a *Aggregate) Inputs() []Node { return []Node{a.Input} }

// WithInputs implements Node.
func (a *Aggregate) WithInputs(in []Node) Node {
	c := *a
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (a *Aggregate) Output() []ColID {
	out := append([]ColID(nil), a.Keys...)
	for _, c := range a.Calls {
		out = append(out, c.Col)
	}
	return out
}

// WithExprs implements Node.
func (a *Aggregate) WithExprs([]expr.Node) Node { return a }

// Used are the input's columns that a call reads.
func (c *AggCall) Used() ColSet {
	s := SetOf(c.Args...)
	if c.Filter != 0 {
		s.Add(c.Filter)
	}
	for _, k := range c.OrderBy {
		s.Add(k.Col)
	}
	return s
}

// NewDistinct keeps one of the rows that are equal in all columns.
func NewDistinct(in Node) Node { return &Aggregate{Input: in, Keys: in.Output()} }
