package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// avoidCrossJoins reorders inner joins that have cross products among them: relations are joined in the order in which they were
// written, except that one that no equality connects to those before it waits for one that connects it.
func avoidCrossJoins(c *Context, n logical.Node) logical.Node {
	return topDown(n, func(n logical.Node) logical.Node {
		j, ok := n.(*logical.Join)
		if !ok || j.Kind != physical.InnerJoin {
			return n
		}
		g := &joinGraph{}
		g.gather(j)
		if len(g.rels) < 3 || !g.cross {
			return n
		}
		return g.join()
	}, map[logical.Node]logical.Node{})
}

// topDown rewrites a plan from the root down.
func topDown(n logical.Node, f func(logical.Node) logical.Node, done map[logical.Node]logical.Node) logical.Node {
	if out, ok := done[n]; ok {
		return out
	}
	out := logical.MapInputs(f(n), func(in logical.Node) logical.Node { return topDown(in, f, done) })
	done[n] = out
	return out
}

// joinGraph is a tree of inner joins taken apart.
type joinGraph struct {
	rels  []logical.Node
	conds []expr.Node
	// cross says that a join of the tree has no equality.
	cross bool
}

func (g *joinGraph) gather(n logical.Node) {
	j, ok := n.(*logical.Join)
	if !ok || j.Kind != physical.InnerJoin {
		g.rels = append(g.rels, n)
		return
	}
	g.gather(j.Left)
	g.gather(j.Right)
	g.conds = append(g.conds, j.On...)
	g.cross = g.cross || !hasEquality(j.On)
}

func hasEquality(conds []expr.Node) bool {
	for _, c := range conds {
		if _, _, _, ok := props.Equality(c); ok {
			return true
		}
	}
	return false
}

func (g *joinGraph) join() logical.Node {
	out, have := g.rels[0], logical.OutputSet(g.rels[0])
	rest, conds := g.rels[1:], g.conds
	for len(rest) > 0 {
		next := 0
		for i, r := range rest {
			if connected(conds, have, logical.OutputSet(r)) {
				next = i
				break
			}
		}
		r := rest[next]
		rest = append(append([]logical.Node(nil), rest[:next]...), rest[next+1:]...)
		have = have.Union(logical.OutputSet(r))
		var on, later []expr.Node
		for _, c := range conds {
			if logical.ExprCols(c).SubsetOf(have) {
				on = append(on, c)
			} else {
				later = append(later, c)
			}
		}
		out, conds = &logical.Join{Kind: physical.InnerJoin, Left: out, Right: r, On: on}, later
	}
	return logical.NewFilter(out, conds...)
}

// connected reports whether an equality joins the two sets of columns.
func connected(conds []expr.Node, a, b logical.ColSet) bool {
	for _, c := range conds {
		l, r, _, ok := props.Equality(c)
		if !ok {
			continue
		}
		lc, rc := logical.ExprCols(l), logical.ExprCols(r)
		if lc.Empty() || rc.Empty() {
			continue
		}
		if lc.SubsetOf(a) && rc.SubsetOf(b) || lc.SubsetOf(b) && rc.SubsetOf(a) {
			return true
		}
	}
	return false
}
