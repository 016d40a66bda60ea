package vec

import (
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/stretchr/testify/require"
)

// TestTake: what is taken equals what it was taken from, and taking again into the same vector leaves the sources alone.
func TestTake(t *testing.T) {
	for _, c := range []struct {
		typ    types.Type
		values []types.Datum
	}{
		{types.T(types.Bool), []types.Datum{types.NewBool(true), types.Null, types.NewBool(false)}},
		{types.T(types.Int4), []types.Datum{types.NewInt(1), types.Null, types.NewInt(3)}},
		{types.T(types.Int8), []types.Datum{types.NewInt(1), types.Null, types.NewInt(3)}},
		{types.T(types.Float8), []types.Datum{types.NewFloat(1), types.Null, types.NewFloat(3)}},
		{types.T(types.Interval), []types.Datum{types.NewInterval(1, 2, 3), types.Null, types.NewInterval(4, 5, 6)}},
		{types.T(types.Text), []types.Datum{types.NewText("one"), types.Null, types.NewText("three")}},
	} {
		src := New(c.typ, 0)
		for _, d := range c.values {
			src.Append(d)
		}
		constant := NewConst(c.typ, c.values[2])
		var v Vector
		check := func(from *Vector, rows ...int) {
			for k, i := range rows {
				require.True(t, Identical(&v, k, from, i), "%v", c.typ)
			}
		}
		for range 2 {
			v.Take(src, []int32{2, 0, 1, 2})
			check(src, 2, 0, 1, 2)
			v.Take(constant, []int32{0, 0})
			check(constant, 0, 0)
			v.Take(src, []int32{0})
			check(src, 0)
			v.TakeConst(src, 2)
			require.True(t, v.Const)
			check(src, 2, 2)
			v.TakeConst(src, 1)
			require.True(t, v.IsNull(7))
			v.SetNullConst(c.typ)
			require.True(t, v.IsNull(7))
			v.Take(src, []int32{1})
			require.True(t, v.IsNull(0))
		}
		require.True(t, Identical(constant, 0, src, 2))
		require.Equal(t, c.values[0].I, src.Datum(0).I)
	}
}
