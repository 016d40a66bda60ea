package physical

import (
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// Plan is an executable plan. The last node is its Root.
type Plan struct {
	Nodes []Node
	// Params are the types of the statement's parameters.
	Params []types.Type `json:",omitempty"`
	// Notes are what the user should know of the plan, for EXPLAIN and CREATE VIEW's notices: state that grows without bound.
	Notes []string `json:",omitempty"`
}

// Root is the plan's root.
func (p *Plan) Root() *Root { return p.Nodes[len(p.Nodes)-1].Op.(*Root) }

// Output is the node below the Root: what the plan computes.
func (p *Plan) Output() *Node { return &p.Nodes[p.Nodes[len(p.Nodes)-1].Inputs[0]] }

// AddsUp says that no two of the rows in which a step changes the output are identical, whatever the step: there is nothing to add up. An
// aggregate tells of a group once, and of what has changed.
func (p *Plan) AddsUp() bool {
	a, ok := p.Output().Op.(*Aggregate)
	return ok && !a.EmitOnClose
}

// Relations are the OIDs of the relations that the plan reads, each once, in the order of its scans.
func (p *Plan) Relations() []uint32 {
	var oids []uint32
	seen := map[uint32]bool{}
	for i := range p.Nodes {
		if s, ok := p.Nodes[i].Op.(*Scan); ok && !seen[s.Relation] {
			seen[s.Relation] = true
			oids = append(oids, s.Relation)
		}
	}
	return oids
}

// Node is one operator of a plan.
type Node struct {
	Op Op
	// Inputs are indices of nodes before this one.
	Inputs []int `json:",omitempty"`
	// Types are the types of the output's columns, Names what EXPLAIN calls them.
	Types []types.Type
	Names []string `json:",omitempty"`
	Props Props
}

// Op is what a node does: one of the structs of this package, each in a file of its own.
type Op interface {
	// Kind is the operator's stable name, in the encoding and in EXPLAIN.
	Kind() string
}

// Props is what the planner proved of a node's output.
type Props struct {
	// AppendOnly says that no row is ever retracted: the changes have positive weights only.
	AppendOnly bool `json:",omitempty"`
	// Keys are sets of columns of which no two rows (of a consolidated output) share the values, nulls taken as equal. An empty
	// set says that there is at most one row.
	Keys [][]int `json:",omitempty"`
	// Watermarks are the columns that carry a watermark: once it has passed t, no row with a value below t comes any more.
	Watermarks []int `json:",omitempty"`
	// Closed are those of Watermarks that hold the ends of windows from which late rows have been left out: behind the watermark not
	// even a late row comes.
	Closed []int `json:",omitempty"`
	// NotNull are columns that are never null.
	NotNull []int `json:",omitempty"`
	// Hash are the columns by whose hash the rows are spread over the tasks; nil if they are not, or if Single.
	Hash []int `json:",omitempty"`
	// Single says that one task has all rows.
	Single bool `json:",omitempty"`
	// Unbounded says, if it is not empty, what of this node's state grows for ever with its input.
	Unbounded string `json:",omitempty"`
	// Of are then the relations that a join is of, and Remedy is what would bound it.
	Of     string `json:",omitempty"`
	Remedy string `json:",omitempty"`
}

// SortKey is a column of an order.
type SortKey struct {
	Column     int
	Desc       bool `json:",omitempty"`
	NullsFirst bool `json:",omitempty"`
}

// Expr is an expression in a plan; its encoding is package expr's. The zero value stands for "none".
type Expr struct{ expr.Node }

// E wraps an expression.
func E(n expr.Node) Expr { return Expr{n} }

// Exprs wraps expressions.
func Exprs(nodes []expr.Node) []Expr {
	out := make([]Expr, len(nodes))
	for i, n := range nodes {
		out[i] = Expr{n}
	}
	return out
}

// None reports whether there is no expression.
func (e Expr) None() bool { return e.Node == nil }

// MarshalJSON implements json.Marshaler.
func (e Expr) MarshalJSON() ([]byte, error) { return marshalExpr(e.Node) }

// UnmarshalJSON implements json.Unmarshaler.
func (e *Expr) UnmarshalJSON(b []byte) (err error) {
	e.Node, err = unmarshalExpr(b)
	return err
}
