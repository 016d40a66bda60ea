package join

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// TestSweep: what is over before the watermark goes, what ends with it stays, and it is not looked for before there are twice as many rows,
// or all of what was there is over.
func TestSweep(t *testing.T) {
	ts := []types.Type{int8T, types.T(types.Timestamp)}
	s := newSweptStore(state.NewMemory(nil), state.Spec{Types: ts, Key: 1}, 1)
	defer s.release()
	add := func(from, to int64) {
		b := vec.NewBatch(ts, int(to-from))
		for at := from; at < to; at++ {
			b.AppendRow(1, types.NewInt(at), types.NewInt(at))
		}
		hashes := make([]uint64, b.N)
		vec.HashRows(b.Cols[:1], nil, b.N, hashes)
		require.NoError(t, s.apply(b, hashes, nil))
	}
	rows := func(least int64) (ends map[int64]bool) {
		require.NoError(t, s.drop(least))
		ends = map[int64]bool{}
		var scan state.Scan
		s.hashed.Scan(&scan, -1)
		for {
			ok, err := scan.Next()
			require.NoError(t, err)
			if !ok {
				return ends
			}
			for _, end := range scan.Batch.Cols[1].I64[:scan.Batch.N] {
				ends[end] = true
			}
		}
	}
	add(0, 1000)
	require.Len(t, rows(op.NoWatermark), 1000)
	left := rows(600)
	require.Len(t, left, 400)
	require.True(t, left[600])
	require.Len(t, rows(900), 400, "a sweep for the rows of one that has been")
	add(1000, 1404)
	require.Len(t, rows(950), 454)
	add(1404, 1410)
	require.Len(t, rows(1403), 460, "some are not over yet")
	require.Len(t, rows(1404), 6)
	require.Empty(t, rows(op.EndOfTime))
}
