package planner_test

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// partialAggregate gives each row as a group of its own.
func partialAggregate(x *physical.PartialAggregate, rows []row, ts []types.Type) (out []row) {
	for _, r := range rows {
		partial := append(pick(r, x.Keys), types.NewInt(1))
		for i := range x.Calls {
			if c := &x.Calls[i]; !counts(c) {
				_, state := stateOf(c, []row{r}, ts)
				for _, v := range state {
					partial = append(partial, v.Datum(0))
				}
			}
		}
		out = append(out, partial)
	}
	return out
}

// counts reports whether the number of rows is the result of a call.
func counts(c *physical.AggCall) bool {
	return c.Name == "count" && len(c.Args) == 0 && c.Filter == physical.NoColumn
}

// mergeOf is the result of a call over partial aggregates.
func mergeOf(c *physical.AggCall, p *physical.Partial, rows []row, ts []types.Type) types.Datum {
	if counts(c) {
		n := int64(0)
		for _, r := range rows {
			n += r[p.Count].I
		}
		return types.NewInt(n)
	}
	f := fn.FindAggregate(c.Name, c.ArgTypes)
	var state []*vec.Vector
	for _, a := range c.Args {
		state = append(state, zeroState(ts[a]))
	}
	for _, r := range rows {
		var src []*vec.Vector
		for _, a := range c.Args {
			v := vec.New(ts[a], 1)
			v.Append(r[a])
			src = append(src, v)
		}
		f.Merge(failing(), state, []int32{0}, src, 1)
	}
	return finished(f, c, state)
}
