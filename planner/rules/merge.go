package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
)

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
