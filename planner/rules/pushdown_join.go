package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// joinConds are the conditions on and above a join, by where they go.
type joinConds struct {
	left, right, own logical.ColSet
	// toLeft and toRight move below, on are the join's own, up stay above.
	toLeft, toRight, on, up []expr.Node
}

// join sends conditions to the sides whose rows they only choose. An inner join takes those over both sides as its own.
func (p *pusher) join(n *logical.Join, conds []expr.Node) logical.Node {
	c := &joinConds{left: logical.OutputSet(n.Left), right: logical.OutputSet(n.Right)}
	c.own = c.left.Union(c.right)
	switch {
	case n.Dependent():
		c.dependent(n, conds)
	case n.Kind == physical.InnerJoin:
		c.inner(n, conds)
	case n.Kind == physical.RightJoin:
		c.toRight, c.up = split(conds, c.right, c.own)
		c.toLeft, c.on = split(n.On, c.left, c.own)
	case n.Kind == physical.FullJoin:
		c.up, c.on = conds, n.On
	default:
		c.leftKept(n, conds)
	}
	if !n.NullAware && n.Kind != physical.FullJoin && !n.Dependent() {
		c.imply(p.md, n.Kind)
	}
	out := *n
	out.Left, out.Right, out.On = p.push(n.Left, c.toLeft), p.push(n.Right, c.toRight), c.on
	if out.Left == n.Left && out.Right == n.Right && slices.Equal(out.On, n.On) {
		return logical.NewFilter(n, c.up...)
	}
	return logical.NewFilter(&out, c.up...)
}

// dependent leaves the form of a dependent join alone: what decorrelation makes of it depends on that.
func (c *joinConds) dependent(n *logical.Join, conds []expr.Node) {
	c.toLeft, c.up = split(conds, c.left, c.own)
	c.on = n.On
}

func (c *joinConds) inner(n *logical.Join, conds []expr.Node) {
	var rest []expr.Node
	c.toLeft, rest = split(slices.Concat(n.On, conds), c.left, c.own)
	c.toRight, rest = split(rest, c.right, c.own)
	for _, e := range rest {
		if stable(e) {
			c.on = append(c.on, e)
		} else {
			c.up = append(c.up, e)
		}
	}
}

// leftKept is for the kinds that show left rows as they are: conditions on those move below. The join's own move to the right side, and
// those of a semi join to either. What NOT IN compares stays.
func (c *joinConds) leftKept(n *logical.Join, conds []expr.Node) {
	c.toLeft, c.up = split(conds, c.left, c.own)
	compared, on := n.On[:0:0], n.On
	if n.NullAware {
		compared, on = n.On[:1], n.On[1:]
	}
	c.toRight, on = split(on, c.right, c.own)
	if n.Kind == physical.SemiJoin {
		var more []expr.Node
		more, on = split(on, c.left, c.own)
		c.toLeft = append(c.toLeft, more...)
	}
	c.on = slices.Concat(compared, on)
}

// imply copies conditions on one side of an equality to the other side: from a = b and a > 1 follows b > 1. For outer joins this
// holds towards the side that may be null.
func (c *joinConds) imply(md *logical.Columns, kind physical.JoinKind) {
	var left, right []expr.Node
	for _, on := range c.on {
		a, b, nulls, ok := props.Equality(on)
		if !ok || nulls {
			continue
		}
		l, ok1 := logical.ColumnOf(a)
		r, ok2 := logical.ColumnOf(b)
		if !ok1 || !ok2 || md.Type(l) != md.Type(r) || !exact(md.Type(l)) {
			continue
		}
		if c.left.Has(r) {
			l, r = r, l
		}
		if !c.left.Has(l) || !c.right.Has(r) {
			continue
		}
		if kind != physical.RightJoin {
			right = append(right, c.implied(c.toLeft, l, md.Ref(r))...)
		}
		if kind == physical.InnerJoin || kind == physical.SemiJoin || kind == physical.RightJoin {
			left = append(left, c.implied(c.toRight, r, md.Ref(l))...)
		}
	}
	c.toLeft, c.toRight = addNew(c.toLeft, left), addNew(c.toRight, right)
}

// implied are conditions on one column, for another that equals it.
func (c *joinConds) implied(conds []expr.Node, col logical.ColID, other expr.Node) []expr.Node {
	var out []expr.Node
	for _, e := range conds {
		used := logical.ExprCols(e).Intersect(c.own)
		if used.Len() == 1 && used.Has(col) && cannotFail(e) {
			out = append(out, logical.Substitute(e, map[logical.ColID]expr.Node{col: other}))
		}
	}
	return out
}

func addNew(conds, more []expr.Node) []expr.Node {
	for _, e := range more {
		if !slices.ContainsFunc(conds, func(have expr.Node) bool { return expr.Equal(have, e) }) {
			conds = append(conds, e)
		}
	}
	return conds
}
