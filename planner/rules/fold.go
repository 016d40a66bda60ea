package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
)

// fold evaluates constant expressions and drops conditions that are true. A condition that is never true makes its operator empty,
// and emptiness spreads upwards.
func fold(c *Context, n logical.Node) logical.Node {
	f := &folder{c.MD}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		return f.node(logical.MapOwnExprs(n, expr.Fold))
	})
}

type folder struct{ md *logical.Columns }

func (f *folder) node(n logical.Node) logical.Node {
	switch n := n.(type) {
	case *logical.Filter:
		conds, never := foldConds(n.Conds)
		switch {
		case never || isEmpty(n.Input):
			return logical.Empty(n.Output())
		case slices.Equal(conds, n.Conds):
			return n
		}
		return logical.NewFilter(n.Input, conds...)
	case *logical.Join:
		return f.join(n)
	case *logical.Asof:
		if isEmpty(n.Left) || isEmpty(n.Right) && !n.Outer {
			return logical.Empty(n.Output())
		}
	case *logical.Union:
		return f.union(n)
	case *logical.SetOp:
		return f.setOp(n)
	case *logical.Aggregate:
		if isEmpty(n.Input) && !n.Global {
			return logical.Empty(n.Output())
		}
	case *logical.TopN:
		if k, ok := constant(n.Limit); isEmpty(n.Input) || ok && k == 0 {
			return logical.Empty(n.Output())
		}
	case *logical.Project, *logical.Over, *logical.Match, *logical.MaxOneRow, *logical.WindowAssign, *logical.Session, *logical.TableFunc:
		if isEmpty(n.Inputs()[0]) {
			return logical.Empty(n.Output())
		}
	}
	return n
}

func isEmpty(n logical.Node) bool {
	v, ok := n.(*logical.Values)
	return ok && len(v.Rows) == 0
}

// foldConds takes a conjunction apart and drops what is true; never says that it is true for no row.
func foldConds(conds []expr.Node) (kept []expr.Node, never bool) {
	for _, c := range conds {
		if expr.IsFalseOrNull(c) {
			return nil, true
		}
		kept = append(kept, expr.Conjuncts(c)...)
	}
	return kept, false
}

// project gives an input's columns under the identities that an operator which disappears gave them.
func (f *folder) project(in logical.Node, from, to []logical.ColID) logical.Node {
	items := make([]logical.Item, len(to))
	for i := range to {
		items[i] = logical.Item{Col: to[i], Expr: f.md.Ref(from[i])}
	}
	return logical.NewProject(in, items)
}

// union drops empty inputs; a single one stands for the union.
func (f *folder) union(u *logical.Union) logical.Node {
	out := &logical.Union{Cols: u.Cols}
	for i, in := range u.All {
		if !isEmpty(in) {
			out.All, out.In = append(out.All, in), append(out.In, u.In[i])
		}
	}
	switch len(out.All) {
	case len(u.All):
		return u
	case 0:
		return logical.Empty(u.Cols)
	case 1:
		return f.project(out.All[0], out.In[0], u.Cols)
	}
	return out
}
