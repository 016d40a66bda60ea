package vec_test

import (
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestSlice: a slice has the rows that it says, those of every type with their nulls and weights.
func TestSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := vec.NewBatch(columnTypes, 0)
		for range rapid.IntRange(0, 4).Draw(t, "batches") {
			next := drawBatch(t, columnTypes)
			for range 1 + 200/max(next.Rows(), 1) {
				b.AppendBatch(next)
			}
		}
		from := rapid.IntRange(0, b.N/64).Draw(t, "from") * 64
		to := rapid.IntRange(from, b.N).Draw(t, "to")
		got := b.Slice(from, to)
		require.Equal(t, to-from, got.Rows())
		for i := range got.N {
			require.Equal(t, b.Weight(from+i), got.Weight(i))
			for c := range columnTypes {
				require.True(t, vec.Identical(b.Cols[c], from+i, got.Cols[c], i))
			}
		}
		rows := vec.NewBatch([]types.Type{types.T(types.Int8)}, 0)
		empty := rows.Slice(0, 0)
		require.Zero(t, empty.Rows())
	})
}
