package fn

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// TestSelectAgreesWithKernel compares selecting with computing a boolean for each row, with a constant on either side, at the ends of
// the types' ranges too.
func TestSelectAgreesWithKernel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ, values := types.T(types.Int8), []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64}
		if rapid.Bool().Draw(t, "int4") {
			typ, values = types.T(types.Int4), []int64{math.MinInt32, math.MinInt32 + 1, -1, 0, 1, math.MaxInt32 - 1, math.MaxInt32}
		}
		value := func(int) types.Datum { return types.NewInt(rapid.SampledFrom(values).Draw(t, "value")) }
		const rows = 20
		column := vec.New(typ, rows)
		for i := range rows {
			column.Append(value(i))
		}
		args := []*vec.Vector{column, vec.NewConst(typ, value(0))}
		if rapid.Bool().Draw(t, "constant first") {
			slices.Reverse(args)
		}
		var sel []int32
		dense := rapid.Bool().Draw(t, "dense")
		for i := range int32(rapid.IntRange(0, rows).Draw(t, "rows")) {
			if dense || rapid.Bool().Draw(t, "selected") {
				sel = append(sel, i)
			}
		}
		for _, o := range comparisonOps {
			f := comparisonFunc(o.name, o.op, o.swap, [2]types.ID{typ.ID, typ.ID}, o.doc)
			out := vec.New(boolT, rows)
			out.Resize(boolT, rows)
			f.Kernel(nil, args, sel, out)
			want := []int32{-1} // what is in dst stays
			for _, i := range sel {
				if out.Bool[i] != 0 {
					want = append(want, i)
				}
			}
			require.Equal(t, want, f.Select(nil, args, sel, []int32{-1}), o.name)
			own := slices.Clone(sel)
			require.Equal(t, want[1:], append([]int32{}, f.Select(nil, args, own, own[:0])...), "%s in place", o.name)
		}
	})
}
