package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// completeWindowJoins makes joins that compare the starts of windows of one length compare their ends as well, which says nothing new
// but when the windows close. It has to come before prune, which drops ends that nobody reads.
func completeWindowJoins(c *Context, n logical.Node) logical.Node {
	windows := map[logical.ColID]*logical.WindowAssign{} // by start
	logical.Walk(n, func(n logical.Node) {
		if w, ok := n.(*logical.WindowAssign); ok && w.Spec.Window != physical.Cumulate {
			windows[w.Start] = w
		}
	})
	if len(windows) < 2 {
		return n
	}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		j, ok := n.(*logical.Join)
		if !ok || j.NullAware {
			return n
		}
		out := *j
		for _, on := range j.On {
			if ends := c.endsOf(j, on, windows); ends != nil {
				out.On = append(out.On[:len(out.On):len(out.On)], ends)
			}
		}
		if len(out.On) == len(j.On) {
			return n
		}
		return &out
	})
}

// endsOf is the comparison of the ends of the windows whose starts a condition compares, nil if it does not or the join has it.
func (c *Context) endsOf(j *logical.Join, on expr.Node, windows map[logical.ColID]*logical.WindowAssign) expr.Node {
	a, b, _, ok := props.Equality(on)
	if !ok {
		return nil
	}
	x, ok1 := logical.ColumnOf(a)
	y, ok2 := logical.ColumnOf(b)
	v, w := windows[x], windows[y]
	if !ok1 || !ok2 || v == nil || w == nil || v.Spec.Size != w.Spec.Size {
		return nil
	}
	left, right := logical.OutputSet(j.Left), logical.OutputSet(j.Right)
	if left.Has(y) {
		v, w = w, v
	}
	if !left.Has(v.End) || !right.Has(w.End) {
		return nil
	}
	for _, other := range j.On {
		if p, q, _, ok := props.Equality(other); ok {
			if cols := logical.ExprCols(p, q); cols.Has(v.End) && cols.Has(w.End) {
				return nil
			}
		}
	}
	t := c.MD.Type(v.End)
	return expr.NewCall(fn.Find("=", []types.Type{t, t}), c.MD.Ref(v.End), c.MD.Ref(w.End))
}
