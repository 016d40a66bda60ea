package vec_test

import (
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestHashAgrees checks, over all pairs of rows, that equality, identity, hashes and orders agree.
func TestHashAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ts := rapid.SliceOfN(rapid.SampledFrom(columnTypes), 1, 3).Draw(t, "types")
		b := drawBatch(t, ts)
		n := b.Rows()
		hash, ident := make([]uint64, n), make([]uint64, n)
		vec.HashRows(b.Cols, b.Sel, b.N, hash)
		vec.IdentityHash(b.Cols, b.Sel, b.N, ident)
		flat := b.Clone()
		order := vec.RowComparator(ts)
		for x := range n {
			for y := range n {
				xi, yi := []int32{int32(b.Row(x))}, []int32{int32(b.Row(y))}
				eq, same := []bool{false}, []bool{false}
				vec.EqualRows(b.Cols, xi, b.Cols, yi, eq)
				vec.IdenticalRows(b.Cols, xi, b.Cols, yi, same)
				oneByOne := true
				for _, c := range b.Cols {
					oneByOne = oneByOne && vec.Equal(c, int(xi[0]), c, int(yi[0]))
				}
				require.Equal(t, oneByOne, eq[0])
				require.Equal(t, eq[0], hash[x] == hash[y], "hash of %v and %v", row(b, x), row(b, y))
				require.Equal(t, same[0], ident[x] == ident[y])
				require.Equal(t, same[0], order(flat.Cols, x, flat.Cols, y) == 0)
				require.Equal(t, order(flat.Cols, x, flat.Cols, y), -order(flat.Cols, y, flat.Cols, x))
				if same[0] {
					require.True(t, eq[0])
				}
			}
		}
	})
}

func row(b *vec.Batch, k int) []types.Datum {
	var out []types.Datum
	for _, c := range b.Cols {
		out = append(out, c.Datum(b.Row(k)))
	}
	return out
}

// TestHashIsFixed holds the stored hash: a failure means that data folders of older versions would be read wrongly.
func TestHashIsFixed(t *testing.T) {
	num, err := decimal.Parse([]byte("123.4500"))
	require.NoError(t, err)
	for _, c := range []struct {
		typ  types.Type
		d    types.Datum
		want uint64
	}{
		{types.T(types.Int2), types.NewInt(-1), 0x3c2550d878bfe070},
		{types.T(types.Int8), types.NewInt(-1), 0x3c2550d878bfe070},
		{types.T(types.Float8), types.NewFloat(1.5), 0x2e7527088530a199},
		{types.T(types.Text), types.NewText("streamdb"), 0xb674db229ca22327},
		{types.T(types.Numeric), types.NewBytes(num.Append(nil)), 0x9012d0a2fa575da1},
		{types.T(types.Interval), types.NewInterval(1, 2, 3), 0x5df63aa842a2ff49},
		{types.T(types.UUID), types.Datum{W: types.Wide{Hi: 1, Lo: 2}}, 0xc1d041159b4b68ac},
		{types.T(types.Text), types.Null, 0x9e6c63d0876a9a35},
	} {
		require.Equal(t, c.want, vec.HashDatums([]types.Type{c.typ}, []types.Datum{c.d}), "%v", c.typ)
	}
	pair := vec.HashDatums([]types.Type{types.T(types.Int4), types.T(types.Int4)}, []types.Datum{types.NewInt(1), types.NewInt(2)})
	require.Equal(t, uint64(0xc957b43bb80145eb), pair)
}

func TestHashLongColumns(t *testing.T) {
	ts := []types.Type{types.T(types.Int8), types.T(types.Text)}
	b := vec.NewBatch(ts, 0)
	for i := range 2000 {
		b.AppendRow(1, types.NewInt(int64(i)), types.NewText("x"))
	}
	out, one := make([]uint64, 2000), make([]uint64, 1)
	vec.HashRows(b.Cols, nil, b.N, out)
	seen := map[uint64]bool{}
	for i := range out {
		vec.HashRows(b.Cols, []int32{int32(i)}, b.N, one)
		require.Equal(t, out[i], one[0])
		require.False(t, seen[out[i]])
		seen[out[i]] = true
	}
}
