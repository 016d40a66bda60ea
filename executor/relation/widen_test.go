package relation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// TestWiden: rows of before have the value, blocks come with or without the column, and a reader of before goes on.
func TestWiden(t *testing.T) {
	int8T := types.T(types.Int8)
	two, three := []types.Type{int8T, int8T}, []types.Type{int8T, int8T, int8T}
	nine := &vec.Padding{Width: 3, Added: []*vec.Vector{vec.NewConst(int8T, types.NewInt(9))}}
	for name, key := range map[string][]int{"by key": {0}, "whole rows": nil} {
		t.Run(name, func(t *testing.T) {
			mem := state.NewMemory(nil)
			r := New(1, "r", two, key, mem)
			if key != nil {
				r.AddIndex([]int{1}, mem)
			}
			publish(t, r, 1, 1, 10)
			publish(t, r, 1, 2, 20)
			before, err := r.Read()
			require.NoError(t, err)
			require.NoError(t, r.Widen(three, nine))
			require.Equal(t, 3, r.Width())
			publish(t, r, 1, 3, 30)
			publish(t, r, 1, 4, 40, 5)
			publish(t, r, -1, 2, 20)
			require.ElementsMatch(t, [][]int64{{1, 10, 1}, {2, 20, 1}}, read(t, before, 2))
			before.Release()
			after, err := r.Read()
			require.NoError(t, err)
			require.ElementsMatch(t, [][]int64{{1, 10, 9, 1}, {3, 30, 9, 1}, {4, 40, 5, 1}}, read(t, after, 3))
			require.True(t, r.Rewind(after, 3))
			require.ElementsMatch(t, [][]int64{{1, 10, 9, 1}, {2, 20, 9, 1}, {3, 30, 9, 1}}, summed(t, after, 3))
			after.Release()
			if key != nil {
				keys := vec.New(int8T, 1)
				keys.Append(types.NewInt(40))
				f, _, err := r.Find([]int{1}, []*vec.Vector{keys}, 1)
				require.NoError(t, err)
				require.True(t, f.Has(0))
				require.Equal(t, int64(5), f.Rows.Cols[2].I64[0])
			}
			r.Release()
			require.Zero(t, mem.Bytes())
		})
	}
}

// publish gives r a block of one row, in the epoch after its newest.
func publish(t *testing.T, r *Relation, weight int64, row ...int64) {
	int8T := types.T(types.Int8)
	ts := make([]types.Type, len(row))
	values := make([]types.Datum, len(row))
	for i, v := range row {
		ts[i], values[i] = int8T, types.NewInt(v)
	}
	b := vec.NewBatch(ts, 1)
	b.AppendRow(weight, values...)
	require.NoError(t, r.Publish(Block{Epoch: r.Cut() + 1, Batches: []*vec.Batch{b}}))
}

// read gives the rows of a reading, each with its weight at the end.
func read(t *testing.T, x *Reading, columns int) (out [][]int64) {
	require.NoError(t, x.Scan(identity(columns), func(b *vec.Batch) error {
		for k := range b.Rows() {
			i := b.Row(k)
			var row []int64
			for _, c := range b.Cols {
				row = append(row, c.Datum(i).I)
			}
			out = append(out, append(row, b.Weight(i)))
		}
		return nil
	}))
	return out
}

// summed is read of what is there in the end.
func summed(t *testing.T, x *Reading, columns int) (out [][]int64) {
	sum := map[[4]int64]int64{}
	for _, row := range read(t, x, columns) {
		key := [4]int64{}
		copy(key[:], row[:columns])
		sum[key] += row[columns]
	}
	for key, w := range sum {
		if w != 0 {
			out = append(out, append(append([]int64(nil), key[:columns]...), w))
		}
	}
	return out
}
