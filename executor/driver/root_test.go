package driver

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

func numbers(from, n int) *vec.Batch {
	b := vec.NewBatch([]types.Type{types.T(types.Int8)}, n)
	for i := range n {
		b.AppendRow(1, types.NewInt(int64(from+i)))
	}
	return b
}

// TestRootKeepsCopies pushes batches of one reused buffer, as operators do, and wants every row back once, in order.
func TestRootKeepsCopies(t *testing.T) {
	r := NewRoot(nil)
	buf, next := numbers(0, 0), 0
	for _, n := range []int{1, 3, vec.BatchSize - 4, 1, vec.BatchSize - 1, vec.BatchSize, 2, 2*vec.BatchSize + 1, 1} {
		buf.Reset()
		buf.AppendBatch(numbers(next-1, n+1))
		buf.Sel = make([]int32, n) // all but the first
		for i := range buf.Sel {
			buf.Sel[i] = int32(i + 1)
		}
		require.NoError(t, r.Batch(buf))
		next += n
	}
	got := 0
	for _, b := range r.Take() {
		require.Nil(t, b.Sel)
		for i := range b.N {
			require.Equal(t, int64(got), b.Cols[0].I64[i])
			got++
		}
	}
	require.Equal(t, next, got)
	require.Empty(t, r.Take(), "the next step begins empty")
}

// TestSmallBatchesAreGathered bounds how many batches a step leaves behind: readers pay for each.
func TestSmallBatchesAreGathered(t *testing.T) {
	r := NewRoot(nil)
	for i := range vec.BatchSize {
		require.NoError(t, r.Batch(numbers(i, 2)))
	}
	require.Len(t, r.Take(), 2)
}
