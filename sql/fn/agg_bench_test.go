package fn_test

import (
	"testing"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// BenchmarkAggregates reports ns/row of stepping 1,024 rows into 64 groups.
func BenchmarkAggregates(b *testing.B) {
	const rows, groups = 1024, 64
	sel, group := make([]int32, rows), make([]int32, rows)
	for i := range sel {
		sel[i], group[i] = int32(i), int32(i*7919%groups)
	}
	for _, c := range []struct {
		name string
		t    types.Type
	}{{"count", types.T(types.Any)}, {"sum", types.T(types.Int8)}, {"max", types.T(types.Int8)}, {"sum", types.T(types.Float8)}, {"sum", types.T(types.Numeric)},
		{"sum", types.NumericType(12, 2)}, {"max", types.T(types.Text)}} {
		in := c.t
		if in.ID == types.Any {
			in = types.T(types.Int8)
		}
		b.Run(c.name+" "+c.t.String(), func(b *testing.B) {
			col := vec.New(in, rows)
			for i := range rows {
				d, err := types.ParseText(in, []byte{byte('1' + i%9), byte('0' + i%10)})
				if err != nil {
					b.Fatal(err)
				}
				col.Append(d)
			}
			agg := fn.FindAggregate(c.name, []types.Type{c.t.Plain()})
			var state []*vec.Vector
			for _, st := range agg.State([]types.Type{in}) {
				v := vec.New(st, groups)
				for range groups {
					v.Append(types.Datum{})
				}
				state = append(state, v)
			}
			ctx := &fn.Ctx{Fail: func(_ int32, err error) { b.Fatal(err) }}
			b.ReportAllocs()
			for b.Loop() {
				agg.Step(ctx, state, group, []*vec.Vector{col}, sel, nil)
				for _, v := range state { // what an operator does that writes the states back
					if len(v.Data) > 1<<20 {
						v.Data = v.Data[:0:0]
						clear(v.Str)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		})
	}
}
