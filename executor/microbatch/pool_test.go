package microbatch

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// TestPoolKeepsWhatIsNeeded: as many emptied batches stay as were taken since the last trim.
func TestPoolKeepsWhatIsNeeded(t *testing.T) {
	p := &pool{}
	fill := func(n int) {
		for range n {
			b := vec.NewBatch([]types.Type{int8T}, 8)
			b.AppendRow(1, types.NewInt(7))
			p.put(b)
		}
	}
	require.Nil(t, p.take())
	fill(10)
	for range 4 {
		require.Zero(t, p.take().N, "it is empty")
	}
	fill(4)
	p.trim()
	require.Len(t, p.free, 5)
	p.trim()
	require.Empty(t, p.free)
}

// TestPoolsRest: a driver to which nothing comes any more keeps no emptied batches.
func TestPoolsRest(t *testing.T) {
	f := newFixture(t, 1)
	for range 3 {
		f.cut(true, keys(500)...)
		f.right()
		f.stored = f.epoch
	}
	f.cut(false, 7)
	f.right()
	require.NotEmpty(t, f.d.edges[0].pool.free)
	f.rest()
	f.rest()
	require.Empty(t, f.d.edges[0].pool.free)
	f.cut(false, keys(500)...)
	f.right()
}
