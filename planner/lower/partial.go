package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/types"
)

// aggregated is what an aggregate reads, brought together: its input's rows, or partial aggregates of them.
type aggregated struct {
	rel
	calls   []physical.AggCall
	partial *physical.Partial
}

// together brings the rows of an aggregate's groups together by keys; keys and rest are what tells its groups apart. Rows that would go
// through an exchange are aggregated partially before, where that is exact: most rows of a batch belong to few groups, and only these cross.
func (l *lowering) together(in rel, keys, rest []logical.ColID, calls []logical.AggCall) aggregated {
	if groups := slices.Concat(keys, rest); l.crosses(in, keys) && mergeable(l.md, in.props, groups, calls) {
		return l.partial(in, keys, groups, calls)
	}
	out := aggregated{rel: l.byKey(in, keys)}
	for i := range calls {
		out.calls = append(out.calls, l.aggCall(&calls[i], &out.rel))
	}
	return out
}

// crosses reports whether byKey makes an exchange.
func (l *lowering) crosses(r rel, keys []logical.ColID) bool {
	return !r.dist.single && (len(keys) == 0 || !r.dist.by(keys))
}

// mergeable reports whether partial aggregates of groups can be merged into exactly what their rows would give, and may be fewer than the rows.
// States of varying width are left out: they are those whose steps can fail for a row, and that cost more to carry than the row.
func mergeable(md *logical.Columns, in *props.Props, groups []logical.ColID, calls []logical.AggCall) bool {
	all := logical.SetOf(groups...)
	if slices.ContainsFunc(in.Keys, func(k logical.ColSet) bool { return k.SubsetOf(all) }) {
		return false // a group is a row
	}
	if slices.ContainsFunc(groups, func(c logical.ColID) bool { return !types.OneForm(md.Type(c)) }) {
		return false // which form a key is shown in is decided over all of its rows
	}
	return !slices.ContainsFunc(calls, func(c logical.AggCall) bool {
		distinct := c.Distinct && c.Fn.Extreme == 0
		return distinct || c.Fn.OrderSensitive || c.Fn.Merge == nil || !c.Fn.Retractable && !in.AppendOnly ||
			slices.ContainsFunc(stateTypes(md, &c), func(t types.Type) bool { return t.Kind() == types.KindBytes })
	})
}

// stateTypes are the types of a call's state, which has columns unless the count of rows tells the result.
func stateTypes(md *logical.Columns, c *logical.AggCall) []types.Type {
	if c.Fn.Name == "count" && len(c.Args) == 0 && c.Filter == 0 {
		return nil
	}
	args := make([]types.Type, len(c.Args))
	for i, a := range c.Args {
		args[i] = md.Type(a)
	}
	return c.Fn.State(args)
}

// partial aggregates partially by groups, and brings that together by keys.
func (l *lowering) partial(in rel, keys, groups []logical.ColID, calls []logical.AggCall) aggregated {
	op := &physical.PartialAggregate{Keys: in.positions(groups), AppendOnly: in.props.AppendOnly}
	below := *in.props
	below.Keys = nil // a group can be there several times
	out := rel{cols: append(slices.Clone(groups), l.md.New("count", types.T(types.Int8))), props: &below, dist: in.dist}
	final := make([]physical.AggCall, len(calls))
	for i := range calls {
		call := l.aggCall(&calls[i], &in)
		op.Calls = append(op.Calls, call)
		final[i] = physical.AggCall{Name: call.Name, ArgTypes: call.ArgTypes, Filter: physical.NoColumn, Type: call.Type}
		for _, t := range stateTypes(l.md, &calls[i]) {
			final[i].Args = append(final[i].Args, len(out.cols))
			out.cols = append(out.cols, l.md.New(call.Name, t))
		}
	}
	below.NotNull = below.NotNull.Intersect(logical.SetOf(groups...))
	return aggregated{rel: l.byKey(l.add(op, []rel{in}, out, ""), keys), calls: final, partial: &physical.Partial{Count: len(groups)}}
}
