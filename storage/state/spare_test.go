package state

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// spareRows puts rows of n keys in, so that every page of them is written to.
func spareRows(t *testing.T, h *Hashed, n int) {
	ts := []types.Type{types.T(types.Int8), types.T(types.Int8)}
	for from := 0; from < n; from += vec.BatchSize {
		b := vec.NewBatch(ts, vec.BatchSize)
		for k := from; k < min(n, from+vec.BatchSize); k++ {
			b.AppendRow(1, types.NewInt(int64(k)*7919), types.NewInt(int64(k)))
		}
		hashes := make([]uint64, b.N)
		vec.HashRows(b.Cols[:1], nil, b.N, hashes)
		require.NoError(t, h.Put(b, hashes, nil))
	}
}

// TestSpare: after a freeze pages are copied into the buffers that an earlier version has given back, or that were made ready before.
func TestSpare(t *testing.T) {
	const rows = 200_000
	mem := NewMemory(nil)
	h := NewHashed(mem, Spec{Types: []types.Type{types.T(types.Int8), types.T(types.Int8)}, Key: 1, Unique: true})
	spareRows(t, h, rows)
	copyAll := func() {
		v := h.Freeze()
		spareRows(t, h, rows)
		v.Release()
	}
	for range 6 {
		mem.Trim() // what the growing state has left behind
	}
	few := mem.Spare()
	require.Less(t, few, int64(numClasses*alwaysSpare))
	copyAll()
	live := int64(0)
	for c, n := range mem.spares.live {
		live += int64(n * classSize(c))
	}
	require.Greater(t, live, int64(4<<20))
	require.GreaterOrEqual(t, mem.Spare(), live, "each page that was copied has left a buffer")

	mem.Reserve(func() { require.Fail(t, "all that will be wanted is there") }) // from here on copies are counted
	v := h.Freeze()
	had := mem.Spare()
	spareRows(t, h, rows)
	require.Equal(t, had-live, mem.Spare(), "all were copied into them")
	v.Release()

	mem.Trim() // they were needed
	require.Equal(t, had, mem.Spare())
	mem.Trim()
	require.Less(t, mem.Spare(), int64(numClasses*alwaysSpare))

	made := 0
	mem.Reserve(func() { made++ })
	require.NotZero(t, made)
	require.GreaterOrEqual(t, mem.Spare(), live)
	mem.Reserve(func() { require.Fail(t, "nothing was copied since") })
	h.Release()
	require.LessOrEqual(t, mem.Spare(), int64(numClasses*alwaysSpare), "with the state go the buffers that are for its copies")
}
