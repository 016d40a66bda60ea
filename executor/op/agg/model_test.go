package agg

import (
	"slices"
	"strings"

	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// model computes an aggregation group by group and row by row.
func model(n *physical.Aggregate, in *optest.ZSet, out []types.Type) *optest.ZSet {
	groups := map[string]*vec.Batch{}
	if n.Global {
		groups[""] = vec.NewBatch(in.Types, 0)
	}
	for _, c := range in.Rows() {
		key := keyText(n.Keys, in.Types, c.Row)
		if groups[key] == nil {
			groups[key] = vec.NewBatch(in.Types, 0)
		}
		for range c.Weight {
			groups[key].AppendRow(1, c.Row...)
		}
	}
	z := optest.NewZSet(out)
	for _, b := range groups {
		var row []types.Datum
		for _, k := range n.Keys {
			row = append(row, leastForm(b, k))
		}
		for i := range n.Calls {
			row = append(row, modelCall(&n.Calls[i], b))
		}
		z.Add(row, 1)
	}
	return z
}

// keyText tells values apart that are distinct by SQL.
func keyText(cols []int, ts []types.Type, row []types.Datum) string {
	var sb strings.Builder
	for _, c := range cols {
		sb.WriteByte('|')
		switch d := row[c]; {
		case d.Null:
			sb.WriteString("null")
		case types.BytesKey(ts[c]) != nil:
			sb.Write(types.BytesKey(ts[c])(nil, d.B))
		case ts[c].Kind() == types.KindFloat:
			sb.Write(types.AppendText(nil, ts[c], types.Datum{F: types.KeyFloat(d.F)}))
		default:
			sb.Write(types.AppendText(nil, ts[c], d))
		}
	}
	return sb.String()
}

// leastForm is the form that a key's value is shown in: what min gives.
func leastForm(b *vec.Batch, col int) types.Datum {
	t := b.Cols[col].Type
	if f := fn.FindAggregate("min", []types.Type{t}); f != nil {
		return modelCall(&physical.AggCall{Name: "min", ArgTypes: []types.Type{t}, Args: []int{col}, Filter: physical.NoColumn, Type: t}, b)
	}
	return b.Cols[col].Datum(0)
}

func modelCall(c *physical.AggCall, b *vec.Batch) types.Datum {
	f := fn.FindAggregate(c.Name, c.ArgTypes)
	args, ts := make([]*vec.Vector, len(c.Args)), make([]types.Type, len(c.Args))
	for i, a := range c.Args {
		args[i], ts[i] = b.Cols[a], b.Cols[a].Type
	}
	state := vectors(len(f.State(ts)))
	for i, t := range f.State(ts) {
		state[i].Resize(t, 0)
		extendZero(state[i], 1)
	}
	ctx := &fn.Ctx{Fail: func(_ int32, err error) { panic(err) }}
	seen := map[string]bool{}
	for _, i := range modelOrder(c, b) {
		null := false
		for _, a := range args {
			null = null || a.IsNull(int(i))
		}
		if c.Filter != physical.NoColumn && (b.Cols[c.Filter].IsNull(int(i)) || b.Cols[c.Filter].Bool[i] == 0) || null && !f.KeepNulls {
			continue
		}
		if c.Distinct {
			key := keyText(c.Args, b.Types(), rowOf(b, int(i)))
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		f.Step(ctx, state, make([]int32, b.N), args, []int32{i}, nil)
	}
	out := vec.New(c.Type, 0)
	out.Resize(c.Type, 1)
	f.Finish(ctx, state, 1, out)
	return out.Datum(0)
}

// modelOrder is the order of the rows: by ORDER BY and then by the arguments.
func modelOrder(c *physical.AggCall, b *vec.Batch) []int32 {
	rows := make([]int32, b.N)
	for i := range rows {
		rows[i] = int32(i)
	}
	keys := slices.Clone(c.OrderBy)
	for _, a := range c.Args {
		keys = append(keys, physical.SortKey{Column: a})
	}
	rest := vec.RowComparator(b.Types())
	slices.SortFunc(rows, func(i, j int32) int {
		for _, k := range keys {
			v := b.Cols[k.Column]
			if r := vec.OrderComparator(v.Type, vec.Order{Desc: k.Desc, NullsFirst: k.NullsFirst})(v, int(i), v, int(j)); r != 0 {
				return r
			}
		}
		return rest(b.Cols, int(i), b.Cols, int(j))
	})
	return rows
}

func rowOf(b *vec.Batch, i int) []types.Datum {
	row := make([]types.Datum, len(b.Cols))
	for c, v := range b.Cols {
		row[c] = v.Datum(i)
	}
	return row
}
