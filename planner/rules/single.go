package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
)

// singleRows drops what is true already: a check for one row over a key, DISTINCT over rows that are distinct. NOT IN over columns
// that are never null is an ordinary anti join, and one with further conditions is an anti join on "not false".
func singleRows(c *Context, n logical.Node) logical.Node {
	d := c.props()
	return logical.Transform(n, func(n logical.Node) logical.Node {
		switch n := n.(type) {
		case *logical.MaxOneRow:
			if d.Unique(n.Input, logical.SetOf(n.Keys...)) {
				return n.Input
			}
		case *logical.Aggregate:
			if len(n.Calls) == 0 && !n.Global && d.Unique(n.Input, logical.SetOf(n.Keys...)) {
				return logical.NewProject(n.Input, logical.PassThrough(c.MD, n.Keys))
			}
		case *logical.Join:
			if n.NullAware {
				return notIn(n, d.Of(n.Left).NotNull.Union(d.Of(n.Right).NotNull))
			}
		}
		return n
	})
}

func notIn(j *logical.Join, notNull logical.ColSet) logical.Node {
	out := *j
	if logical.ExprCols(j.On[0]).SubsetOf(notNull) && stableColumns(j.On[0]) {
		out.NullAware = false
		return &out
	}
	if len(j.On) > 1 || !newJoinCond(j.On[0]).connects(logical.OutputSet(j.Left), logical.OutputSet(j.Right)) {
		out.NullAware = false
		out.On = append([]expr.Node{&expr.Test{Arg: j.On[0], Kind: expr.TestFalse, Not: true}}, j.On[1:]...)
		return &out
	}
	return j
}

// stableColumns reports whether a comparison is one of plain columns, whose nulls are its only ones.
func stableColumns(c expr.Node) bool {
	for _, a := range c.Children() {
		if cast, ok := a.(*expr.Cast); ok {
			a = cast.Arg
		}
		if _, ok := logical.ColumnOf(a); !ok {
			return false
		}
	}
	return hasEquality([]expr.Node{c})
}
