package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// scalarAggregate: an aggregate without GROUP BY has exactly one row, so a group that does not exist can stand for it, with the
// results over no rows: the aggregate is grouped and joined to the left side. If equalities with outer columns choose its rows it
// is grouped by their other sides, else by the domain.
func (d *decorrelator) scalarAggregate(j *logical.Join, outer logical.ColSet) (logical.Node, bool) {
	if j.Kind != physical.InnerJoin && (j.Kind != physical.LeftJoin || len(j.On) > 0) {
		return nil, false
	}
	above, n := projections(j.Right)
	agg, ok := n.(*logical.Aggregate)
	if !ok || !agg.Global {
		return nil, false
	}
	out, ok := d.membership(j.Left, agg, outer)
	if !ok {
		out = d.grouped(j.Left, agg, outer)
	}
	for i := len(above) - 1; i >= 0; i-- {
		left := logical.PassThrough(d.md, j.Left.Output())
		out = logical.NewProject(out, append(left, above[i].Items...))
	}
	return logical.NewFilter(out, j.On...), true
}

// projections takes the projections from the top of a subplan.
func projections(n logical.Node) (above []*logical.Project, below logical.Node) {
	for {
		p, ok := n.(*logical.Project)
		if !ok {
			return above, n
		}
		above, n = append(above, p), p.Input
	}
}

// grouped groups an aggregate and joins it.
func (d *decorrelator) grouped(left logical.Node, agg *logical.Aggregate, outer logical.ColSet) logical.Node {
	if in, keys, on, ok := d.keyed(agg.Input, outer); ok {
		return d.joinGroups(left, agg, in, keys, on)
	}
	dom := d.domain(left, outer)
	in, own := dom.push(agg.Input)
	return d.joinGroups(dom.left, agg, in, dom.ids(own), dom.back(own))
}

// keyed makes a subplan independent whose rows are chosen by equalities with outer columns: it gets key columns, and the conditions
// that equate them. Without a condition there are none (the correlation is above).
func (d *decorrelator) keyed(n logical.Node, outer logical.ColSet) (in logical.Node, keys []logical.ColID, on []expr.Node, ok bool) {
	in, conds := d.pull(n, outer)
	if d.free.Of(in).Intersects(outer) {
		return nil, nil, nil, false
	}
	items, on, ok := d.groupKeys(in, conds, outer)
	return d.computed(in, items), itemCols(items), on, ok
}

// joinGroups joins a grouped aggregate to the left side, with its result over no rows where there is no group.
func (d *decorrelator) joinGroups(left logical.Node, agg *logical.Aggregate, in logical.Node, keys []logical.ColID, on []expr.Node) logical.Node {
	grouped := &logical.Aggregate{Input: in, Keys: keys, Global: len(keys) == 0}
	items := logical.PassThrough(d.md, left.Output())
	for _, c := range agg.Calls {
		own := c
		own.Col = d.md.Copy(c.Col)
		grouped.Calls = append(grouped.Calls, own)
		items = append(items, logical.Item{Col: c.Col, Expr: d.overNothing(c, d.md.Ref(own.Col))})
	}
	j := &logical.Join{Kind: physical.LeftJoin, Left: left, Right: grouped, On: on}
	return logical.NewProject(j, items)
}

// overNothing gives the value of an aggregate from a group that may not exist: null where the aggregate's result over no rows is
// null, else that result.
func (d *decorrelator) overNothing(c logical.AggCall, value expr.Node) expr.Node {
	empty := d.emptyResult(c)
	if empty.Null {
		return value
	}
	t := value.Type()
	return expr.NewCoalesce(t, []expr.Node{value, expr.NewConst(t, empty)})
}

// emptyResult is the result of an aggregate over no rows: the zero state, finished (fn.Aggregate).
func (d *decorrelator) emptyResult(c logical.AggCall) types.Datum {
	if c.Fn.OrderSensitive {
		return types.Null
	}
	args := make([]types.Type, len(c.Args))
	for i, a := range c.Args {
		args[i] = d.md.Type(a)
	}
	state := make([]*vec.Vector, 0, 4)
	for _, t := range c.Fn.State(args) {
		v := vec.New(t, 1)
		v.Append(types.Datum{})
		state = append(state, v)
	}
	out := vec.New(d.md.Type(c.Col), 1)
	out.Resize(d.md.Type(c.Col), 1)
	failed := false
	c.Fn.Finish(&fn.Ctx{Fail: func(int32, error) { failed = true }}, state, 1, out)
	if failed {
		return types.Null
	}
	return out.Datum(0)
}
