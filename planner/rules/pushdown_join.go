package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
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
