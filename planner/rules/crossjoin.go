package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// avoidCrossJoins reorders inner joins that have cross products among them: relations are joined in the order in which they were
// written, except that one that no equality connects to those before it waits for one that connects it.
func avoidCrossJoins(_ *Context, n logical.Node) logical.Node {
	r := &reorder{parents(n), map[logical.Node]logical.Node{}}
	return r.visit(n)
}

type reorder struct {
	parents map[logical.Node]int
	done    map[logical.Node]logical.Node
}

func (r *reorder) visit(n logical.Node) logical.Node {
	if out, ok := r.done[n]; ok {
		return out
	}
	out := logical.Node(nil)
	if j, ok := n.(*logical.Join); ok && j.Kind == physical.InnerJoin && !j.LookUp {
		out = r.joins(j)
	} else {
		out = logical.MapInputs(n, r.visit)
	}
	r.done[n] = out
	return out
}

// joins reorders a tree of inner joins, from its top.
func (r *reorder) joins(j *logical.Join) logical.Node {
	g := &joinGraph{}
	g.gather(j, r.parents)
	if len(g.rels) < 3 || !g.cross {
		return r.keep(j, j)
	}
	for i := range g.rels {
		g.rels[i] = r.visit(g.rels[i])
	}
	return g.join()
}

// keep leaves a tree's joins as they are and goes on below them.
func (r *reorder) keep(n logical.Node, top *logical.Join) logical.Node {
	if j, ok := n.(*logical.Join); ok && (j == top || part(j, r.parents)) {
		return logical.MapInputs(j, func(in logical.Node) logical.Node { return r.keep(in, top) })
	}
	return r.visit(n)
}

// part tells joins that belong to the tree of the join above them; what is shared is a relation of its own.
func part(j *logical.Join, parents map[logical.Node]int) bool {
	return j.Kind == physical.InnerJoin && !j.LookUp && parents[j] < 2
}

// joinGraph is a tree of inner joins taken apart.
type joinGraph struct {
	rels  []logical.Node
	conds []*joinCond
	// cross says that a join of the tree has no equality.
	cross bool
}

type joinCond struct {
	cond expr.Node
	cols logical.ColSet
	// left and right are the columns of an equality's sides.
	left, right logical.ColSet
	equality    bool
}

func newJoinCond(c expr.Node) *joinCond {
	out := &joinCond{cond: c, cols: logical.ExprCols(c)}
	if l, r, _, ok := props.Equality(c); ok {
		out.left, out.right = logical.ExprCols(l), logical.ExprCols(r)
		out.equality = !out.left.Empty() && !out.right.Empty()
	}
	return out
}

// connects reports whether it is an equality between the two sets of columns.
func (c *joinCond) connects(a, b logical.ColSet) bool {
	return c.equality && (c.left.SubsetOf(a) && c.right.SubsetOf(b) || c.left.SubsetOf(b) && c.right.SubsetOf(a))
}

func (g *joinGraph) gather(j *logical.Join, parents map[logical.Node]int) {
	for _, in := range j.Inputs() {
		if inner, ok := in.(*logical.Join); ok && part(inner, parents) {
			g.gather(inner, parents)
		} else {
			g.rels = append(g.rels, in)
		}
	}
	for _, c := range j.On {
		g.conds = append(g.conds, newJoinCond(c))
	}
	g.cross = g.cross || !hasEquality(j.On)
}

func hasEquality(conds []expr.Node) bool {
	return slices.ContainsFunc(conds, func(c expr.Node) bool { _, _, _, ok := props.Equality(c); return ok })
}

func (g *joinGraph) join() logical.Node {
	own, touching := g.touching()
	var all logical.ColSet
	for _, cols := range own {
		all.AddAll(cols)
	}
	out, have := g.rels[0], own[0]
	rest := make([]int, 0, len(g.rels)-1)
	for i := 1; i < len(g.rels); i++ {
		rest = append(rest, i)
	}
	conds := g.conds
	for len(rest) > 0 {
		at := max(0, slices.IndexFunc(rest, func(i int) bool {
			return slices.ContainsFunc(touching[i], func(c *joinCond) bool { return c.connects(have, own[i]) })
		}))
		next := rest[at]
		rest = slices.Delete(rest, at, at+1)
		have = have.Union(own[next])
		var on []expr.Node
		var later []*joinCond
		for _, c := range conds {
			if c.cols.Intersect(all).SubsetOf(have) {
				on = append(on, c.cond)
			} else {
				later = append(later, c)
			}
		}
		out, conds = &logical.Join{Kind: physical.InnerJoin, Left: out, Right: g.rels[next], On: on}, later
	}
	return out
}

// touching gives each relation's columns and the conditions that read some of them.
func (g *joinGraph) touching() ([]logical.ColSet, [][]*joinCond) {
	own, touching := make([]logical.ColSet, len(g.rels)), make([][]*joinCond, len(g.rels))
	for i, r := range g.rels {
		own[i] = logical.OutputSet(r)
		for _, c := range g.conds {
			if c.cols.Intersects(own[i]) {
				touching[i] = append(touching[i], c)
			}
		}
	}
	return own, touching
}
