package logical

import (
	"slices"

	"github.com/streamdb/streamdb/sql/expr"
)

// Asof joins each left row with the right row that is nearest in time, as physical.Asof says.
type Asof struct {
	Left, Right Node
	Outer       bool
	// Compare stands between LeftTime and RightTime, expressions of one type, each over the columns of its side.
	Compare             string
	LeftTime, RightTime expr.Node
	// LeftKeys and RightKeys are equal pair by pair; Nulls says of which pairs null equals null.
	LeftKeys, RightKeys []expr.Node
	Nulls               []bool
}

// Inputs implements Node.
func (a *Asof) Inputs() []Node { return []Node{a.Left, a.Right} }

// WithInputs implements Node.
func (a *Asof) WithInputs(in []Node) Node {
	c := *a
	c.Left, c.Right = in[0], in[1]
	return &c
}

// Output implements Node.
func (a *Asof) Output() []ColID { return slices.Concat(a.Left.Output(), a.Right.Output()) }

// Exprs implements Node: the times, then the keys of the left and of the right side.
func (a *Asof) Exprs() []expr.Node {
	return slices.Concat([]expr.Node{a.LeftTime, a.RightTime}, a.LeftKeys, a.RightKeys)
}

// WithExprs implements Node.
func (a *Asof) WithExprs(e []expr.Node) Node {
	c := *a
	n := len(a.LeftKeys)
	c.LeftTime, c.RightTime, c.LeftKeys, c.RightKeys = e[0], e[1], e[2:2+n], e[2+n:]
	return &c
}
