package logical

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
)

// Match recognises row patterns; its output has the columns of PartitionBy, or with Spec.AllRows all of the input, then the measures. Rows that tie by OrderBy go by all
// columns of the input, so that none of these may be dropped unless they are unique together with the partition.
//
// Conditions and measures read the columns of slots, which no operator below makes; so they are not among Exprs, and no
// columns of outer queries are in them.
type Match struct {
	Input       Node
	PartitionBy []ColID
	OrderBy     []SortKey
	// Spec has what speaks of no columns: AllRows, OmitEmpty, Variables, Pattern, Skip, SkipTo, Within.
	Spec  physical.Match
	Slots []MatchSlot
	// Define are the conditions by variable, nil for none.
	Define   []expr.Node
	Measures []Item
}

// MatchSlot is a value that conditions and measures read, as Col.
type MatchSlot struct {
	Col ColID
	// Spec is the slot but for its column and aggregate.
	Spec physical.MatchSlot
	// Column is that of a SlotColumn, Aggregate and Args those of a SlotAggregate.
	Column    ColID
	Aggregate *fn.Aggregate
	Args      []expr.Node
}

// Inputs implements Node.
func (m *Match) Inputs() []Node { return []Node{m.Input} }

// WithInputs implements Node.
func (m *Match) WithInputs(in []Node) Node {
	c := *m
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (m *Match) Output() []ColID {
	out := slices.Clone(m.PartitionBy)
	if m.Spec.AllRows {
		out = slices.Clone(m.Input.Output())
	}
	for _, it := range m.Measures {
		out = append(out, it.Col)
	}
	return out
}

// Exprs implements Node: the arguments of aggregates.
func (m *Match) Exprs() []expr.Node {
	var out []expr.Node
	for i := range m.Slots {
		out = append(out, m.Slots[i].Args...)
	}
	return out
}

// WithExprs implements Node.
func (m *Match) WithExprs(e []expr.Node) Node {
	c := *m
	c.Slots = slices.Clone(m.Slots)
	for i := range c.Slots {
		n := len(c.Slots[i].Args)
		c.Slots[i].Args = e[:n:n]
		e = e[n:]
	}
	return &c
}

// Used are the input's columns that the operator itself reads.
func (m *Match) Used() ColSet {
	s := ExprCols(m.Exprs()...)
	s.AddAll(SetOf(m.PartitionBy...))
	for _, k := range m.OrderBy {
		s.Add(k.Col)
	}
	for i := range m.Slots {
		if c := m.Slots[i].Column; c != 0 {
			s.Add(c)
		}
	}
	return s
}

// Prune is the operator with the measures that are needed, one column of output at least, and the slots that these and the
// conditions read.
func (m *Match) Prune(need ColSet) *Match {
	out := *m
	out.Measures = slices.DeleteFunc(slices.Clone(m.Measures), func(it Item) bool { return !need.Has(it.Col) })
	if len(out.PartitionBy)+len(out.Measures) == 0 && !m.Spec.AllRows {
		out.Measures = m.Measures[:1]
	}
	used := ExprCols(m.Define...)
	for _, it := range out.Measures {
		used.AddAll(ExprCols(it.Expr))
	}
	out.Slots = slices.DeleteFunc(slices.Clone(m.Slots), func(s MatchSlot) bool { return !used.Has(s.Col) })
	return &out
}
