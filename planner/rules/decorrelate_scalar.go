package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// scalarAggregate: an aggregate over rows that equalities with outer columns choose is grouped by the other sides of the
// equalities, and joined by them. Groups that do not exist give what the aggregate gives for no rows.
func (d *decorrelator) scalarAggregate(j *logical.Join, outer logical.ColSet) (logical.Node, bool) {
	if j.Kind != physical.InnerJoin && (j.Kind != physical.LeftJoin || len(j.On) > 0) {
		return nil, false
	}
	var above []*logical.Project
	n := j.Right
	for {
		p, ok := n.(*logical.Project)
		if !ok {
			break
		}
		above = append(above, p)
		n = p.Input
	}
	agg, ok := n.(*logical.Aggregate)
	if !ok || !agg.Global {
		return nil, false
	}
	in, conds := d.pull(agg.Input, outer)
	if logical.Free(in).Intersects(outer) {
		return nil, false
	}
	// Without a condition there is one group for all (the correlation is in the expressions above).
	keys, on, ok := d.groupKeys(in, conds, outer)
	if !ok {
		return nil, false
	}
	out := d.joinGroups(j.Left, agg, logical.Extend(d.md, in, keys), keys, on)
	for i := len(above) - 1; i >= 0; i-- {
		left := logical.PassThrough(d.md, j.Left.Output())
		out = logical.NewProject(out, append(left, above[i].Items...))
	}
	return logical.NewFilter(out, j.On...), true
}

// joinGroups joins a grouped aggregate to the left side, with its result over no rows where there is no group.
func (d *decorrelator) joinGroups(left logical.Node, agg *logical.Aggregate, in logical.Node, keys []logical.Item, on []expr.Node) logical.Node {
	grouped := &logical.Aggregate{Input: in, Global: len(keys) == 0}
	for _, k := range keys {
		grouped.Keys = append(grouped.Keys, k.Col)
	}
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
