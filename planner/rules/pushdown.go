package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
)

// pushFilters moves conditions as near to the sources as they can go: through projections, groupings (on the keys), windows,
// unions and joins, and into the conditions of inner joins.
func pushFilters(c *Context, n logical.Node) logical.Node {
	p := &pusher{md: c.MD, parents: parents(n), done: map[logical.Node]logical.Node{}}
	return p.push(n, nil)
}

type pusher struct {
	md *logical.Columns
	// parents count a node's consumers: a shared subplan takes no conditions of one of them.
	parents map[logical.Node]int
	// done are the shared subplans.
	done map[logical.Node]logical.Node
}

// push gives n filtered by conds, which read its columns and those of outer queries.
func (p *pusher) push(n logical.Node, conds []expr.Node) logical.Node {
	if p.parents[n] < 2 {
		return p.node(n, conds)
	}
	out, ok := p.done[n]
	if !ok {
		out = p.node(n, nil)
		p.done[n] = out
	}
	if len(conds) == 0 {
		return out
	}
	return &logical.Filter{Input: out, Conds: conds}
}

func (p *pusher) node(n logical.Node, conds []expr.Node) logical.Node {
	switch n := n.(type) {
	case *logical.Filter:
		return p.push(n.Input, slices.Concat(n.Conds, conds))
	case *logical.Project:
		return p.project(n, conds)
	case *logical.WindowAssign:
		return p.through(n, conds, logical.OutputSet(n.Input))
	case *logical.TableFunc:
		return p.through(n, conds, logical.OutputSet(n.Input))
	case *logical.Aggregate:
		return p.through(n, conds, logical.SetOf(n.Keys...))
	case *logical.Over:
		return p.through(n, conds, logical.SetOf(n.PartitionBy...))
	case *logical.Match:
		return p.through(n, conds, logical.SetOf(n.PartitionBy...))
	case *logical.TopN:
		return p.through(n, conds, logical.SetOf(n.PartitionBy...))
	case *logical.Session:
		return p.through(n, conds, logical.SetOf(n.PartitionBy...))
	case *logical.Union:
		return p.union(n, conds)
	case *logical.SetOp:
		return p.setOp(n, conds)
	case *logical.Join:
		return p.join(n, conds)
	case *logical.Asof:
		return p.asof(n, conds)
	}
	return logical.NewFilter(logical.MapInputs(n, func(in logical.Node) logical.Node { return p.push(in, nil) }), conds...)
}

// through moves conditions on some of the columns of an operator's input below it: those columns tell apart groups of rows that the
// operator takes or leaves as a whole.
func (p *pusher) through(n logical.Node, conds []expr.Node, cols logical.ColSet) logical.Node {
	down, up := split(conds, cols, logical.OutputSet(n))
	in := p.push(n.Inputs()[0], down)
	return logical.NewFilter(logical.MapInputs(n, func(logical.Node) logical.Node { return in }), up...)
}

// asof moves conditions on left rows below; which right row is the nearest depends on all of them.
func (p *pusher) asof(n *logical.Asof, conds []expr.Node) logical.Node {
	down, up := split(conds, logical.OutputSet(n.Left), logical.OutputSet(n))
	return logical.NewFilter(n.WithInputs([]logical.Node{p.push(n.Left, down), p.push(n.Right, nil)}), up...)
}

// split divides conditions over the columns own into those that read cols only, and may move, and the others. Columns of outer queries are
// constants. A condition that reads no column of its own stays: below a grouping without keys it would mean something else.
func split(conds []expr.Node, cols, own logical.ColSet) (down, up []expr.Node) {
	for _, c := range conds {
		used := logical.ExprCols(c).Intersect(own)
		if !used.Empty() && used.SubsetOf(cols) && stable(c) {
			down = append(down, c)
		} else {
			up = append(up, c)
		}
	}
	return down, up
}

func (p *pusher) project(n *logical.Project, conds []expr.Node) logical.Node {
	by := map[logical.ColID]expr.Node{}
	for _, it := range n.Items {
		by[it.Col] = it.Expr
	}
	var down, up []expr.Node
	for _, c := range conds {
		// An expression that is costly to evaluate twice, or volatile, is not.
		moved := logical.Substitute(c, by)
		if stable(c, moved) && cheap(c, by) {
			down = append(down, moved)
		} else {
			up = append(up, c)
		}
	}
	in := p.push(n.Input, down)
	return logical.NewFilter(logical.MapInputs(n, func(logical.Node) logical.Node { return in }), up...)
}

// cheap reports whether a condition reads computed columns at most once each, so that moving it computes nothing much more often.
func cheap(c expr.Node, by map[logical.ColID]expr.Node) bool {
	n := map[int]int{}
	ok := true
	expr.Walk(c, func(e expr.Node) bool {
		if col, is := e.(*expr.Column); is {
			n[col.Index]++
			_, plain := logical.ColumnOf(by[logical.ColID(col.Index)])
			ok = ok && (plain || n[col.Index] <= 1)
		}
		return ok
	})
	return ok
}

func (p *pusher) union(n *logical.Union, conds []expr.Node) logical.Node {
	down, up := split(conds, logical.SetOf(n.Cols...), logical.SetOf(n.Cols...))
	out := &logical.Union{Cols: n.Cols, In: n.In}
	for i, in := range n.All {
		out.All = append(out.All, p.push(in, p.renamed(down, n.Cols, n.In[i])))
	}
	return logical.NewFilter(out, up...)
}

func (p *pusher) setOp(n *logical.SetOp, conds []expr.Node) logical.Node {
	down, up := split(conds, logical.SetOf(n.Cols...), logical.SetOf(n.Cols...))
	out := *n
	out.Left = p.push(n.Left, p.renamed(down, n.Cols, n.LeftIn))
	out.Right = p.push(n.Right, p.renamed(down, n.Cols, n.RightIn))
	return logical.NewFilter(&out, up...)
}

func (p *pusher) renamed(conds []expr.Node, from, to []logical.ColID) []expr.Node {
	by := map[logical.ColID]expr.Node{}
	for i, c := range from {
		by[c] = p.md.Ref(to[i])
	}
	out := make([]expr.Node, len(conds))
	for i, c := range conds {
		out[i] = logical.Substitute(c, by)
	}
	return out
}
