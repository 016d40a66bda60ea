package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
)

// flattenUnions makes a union of unions one.
func flattenUnions(c *Context, n logical.Node) logical.Node {
	return logical.Transform(n, func(n logical.Node) logical.Node {
		u, ok := n.(*logical.Union)
		if !ok {
			return n
		}
		flat := &logical.Union{Cols: u.Cols}
		for i, in := range u.All {
			inner, ok := in.(*logical.Union)
			if !ok {
				flat.All, flat.In = append(flat.All, in), append(flat.In, u.In[i])
				continue
			}
			at := map[logical.ColID]int{}
			for j, c := range inner.Cols {
				at[c] = j
			}
			for k, deep := range inner.All {
				cols := make([]logical.ColID, len(u.Cols))
				for j, c := range u.In[i] {
					cols[j] = inner.In[k][at[c]]
				}
				flat.All, flat.In = append(flat.All, deep), append(flat.In, cols)
			}
		}
		if len(flat.All) == len(u.All) {
			return n
		}
		return flat
	})
}

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
	if len(j.On) > 1 || !hasEquality(j.On) {
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

// mergeProjects computes a projection over another in one, and drops projections that change nothing.
func mergeProjects(c *Context, n logical.Node) logical.Node {
	return logical.Transform(n, func(n logical.Node) logical.Node {
		p, ok := n.(*logical.Project)
		if !ok {
			return n
		}
		if q, ok := p.Input.(*logical.Project); ok {
			if merged, ok := mergeProject(p, q); ok {
				p = merged
			}
		}
		if passes(p) && logical.OutputSet(p.Input).SubsetOf(logical.OutputSet(p)) {
			return p.Input
		}
		return p
	})
}

// passes reports whether all columns stay what they are.
func passes(p *logical.Project) bool {
	for _, it := range p.Items {
		if c, ok := logical.ColumnOf(it.Expr); !ok || c != it.Col {
			return false
		}
	}
	return true
}

func mergeProject(p, q *logical.Project) (*logical.Project, bool) {
	by := map[logical.ColID]expr.Node{}
	for _, it := range q.Items {
		by[it.Col] = it.Expr
	}
	uses := map[int]int{}
	for _, it := range p.Items {
		expr.Walk(it.Expr, func(e expr.Node) bool {
			if c, ok := e.(*expr.Column); ok {
				uses[c.Index]++
			}
			return true
		})
	}
	for id, e := range by {
		if _, plain := logical.ColumnOf(e); !plain && (uses[int(id)] > 1 || uses[int(id)] == 1 && !stable(e)) {
			return nil, false
		}
		if !stable(e) {
			return nil, false
		}
	}
	out := &logical.Project{Input: q.Input}
	for _, it := range p.Items {
		out.Items = append(out.Items, logical.Item{Col: it.Col, Expr: logical.Substitute(it.Expr, by)})
	}
	return out, true
}
