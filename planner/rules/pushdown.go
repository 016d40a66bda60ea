package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// pushFilters moves conditions as near to the sources as they can go: through projections, groupings (on the keys), windows,
// unions and joins, and into the conditions of inner joins.
func pushFilters(c *Context, n logical.Node) logical.Node {
	p := &pusher{c.MD, map[logical.Node]int{}}
	logical.Walk(n, func(m logical.Node) {
		for _, in := range m.Inputs() {
			p.parents[in]++
		}
	})
	return p.push(n, nil)
}

type pusher struct {
	md *logical.Columns
	// parents count a node's consumers: a shared subplan takes no conditions of one of them.
	parents map[logical.Node]int
}

// push gives n filtered by conds, which read its columns only.
func (p *pusher) push(n logical.Node, conds []expr.Node) logical.Node {
	if p.parents[n] > 1 && len(conds) > 0 {
		return logical.NewFilter(p.push(n, nil), conds...)
	}
	switch n := n.(type) {
	case *logical.Filter:
		return p.push(n.Input, append(append([]expr.Node(nil), n.Conds...), conds...))
	case *logical.Project:
		return p.project(n, conds)
	case *logical.WindowAssign:
		down, up := split(conds, logical.OutputSet(n.Input))
		return logical.NewFilter(n.WithInputs([]logical.Node{p.push(n.Input, down)}), up...)
	case *logical.TableFunc:
		down, up := split(conds, logical.OutputSet(n.Input))
		return logical.NewFilter(n.WithInputs([]logical.Node{p.push(n.Input, down)}), up...)
	case *logical.Aggregate:
		down, up := split(conds, logical.SetOf(n.Keys...))
		return logical.NewFilter(n.WithInputs([]logical.Node{p.push(n.Input, down)}), up...)
	case *logical.Over:
		down, up := split(conds, logical.SetOf(n.PartitionBy...))
		return logical.NewFilter(n.WithInputs([]logical.Node{p.push(n.Input, down)}), up...)
	case *logical.TopN:
		down, up := split(conds, logical.SetOf(n.PartitionBy...))
		return logical.NewFilter(n.WithInputs([]logical.Node{p.push(n.Input, down)}), up...)
	case *logical.Union:
		return p.union(n, conds)
	case *logical.SetOp:
		return p.setOp(n, conds)
	case *logical.Join:
		return p.join(n, conds)
	}
	return logical.NewFilter(logical.MapInputs(n, func(in logical.Node) logical.Node { return p.push(in, nil) }), conds...)
}

// split divides conditions into those that read these columns only, and may move, and the others. One that reads no column stays:
// below a grouping without keys it would mean something else.
func split(conds []expr.Node, cols logical.ColSet) (down, up []expr.Node) {
	for _, c := range conds {
		used := logical.ExprCols(c)
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
	return logical.NewFilter(&logical.Project{Input: p.push(n.Input, down), Items: n.Items}, up...)
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
	down, up := split(conds, logical.SetOf(n.Cols...))
	out := &logical.Union{Cols: n.Cols, In: n.In}
	for i, in := range n.All {
		out.All = append(out.All, p.push(in, p.renamed(down, n.Cols, n.In[i])))
	}
	return logical.NewFilter(out, up...)
}

func (p *pusher) setOp(n *logical.SetOp, conds []expr.Node) logical.Node {
	down, up := split(conds, logical.SetOf(n.Cols...))
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

// join sends conditions to the sides that keep all their rows, and an inner join's own conditions with them. The conditions of an outer
// or semi join may move to the side whose rows they only choose.
func (p *pusher) join(n *logical.Join, conds []expr.Node) logical.Node {
	left, right := logical.OutputSet(n.Left), logical.OutputSet(n.Right)
	out := *n
	var toLeft, toRight, up, on []expr.Node
	switch n.Kind {
	case physical.InnerJoin:
		all := append(append([]expr.Node(nil), n.On...), conds...)
		toLeft, all = split(all, left)
		toRight, all = split(all, right)
		for _, c := range all {
			if stable(c) {
				on = append(on, c)
			} else {
				up = append(up, c)
			}
		}
	case physical.LeftJoin, physical.SemiJoin, physical.AntiJoin:
		toLeft, up = split(conds, left)
		on = n.On
		if !n.NullAware {
			toRight, on = split(n.On, right)
		}
		if n.Kind == physical.SemiJoin {
			var more []expr.Node
			more, on = split(on, left)
			toLeft = append(toLeft, more...)
		}
	case physical.RightJoin:
		toRight, up = split(conds, right)
		toLeft, on = split(n.On, left)
	default:
		up, on = conds, n.On
	}
	out.Left, out.Right, out.On = p.push(n.Left, toLeft), p.push(n.Right, toRight), on
	return logical.NewFilter(&out, up...)
}
