package state

import (
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
)

// TestProbeFirst: a probe for first matches gives one for each key that has any, however many pages a key's rows fill.
func TestProbeFirst(t *testing.T) {
	h := NewHashed(NewMemory(nil), Spec{Types: []types.Type{bigint, bigint}, Key: 1})
	defer h.Release()
	b := vec.NewBatch(h.lay.spec.Types, 0)
	for i := range int64(20_000) {
		b.AppendRow(1, types.NewInt(i%20/19), types.NewInt(i)) // many rows of key 0, few of key 1
	}
	hashes := make([]uint64, b.N)
	vec.HashRows(b.Cols[:1], nil, b.N, hashes)
	require.NoError(t, h.Apply(b, hashes, nil))
	keys := vec.New(bigint, 0)
	for _, k := range []int64{1, 7, 0, 0} {
		keys.Append(types.NewInt(k))
	}
	probe := Probe{First: true, Cols: []int{}}
	vec.HashRows([]*vec.Vector{keys}, nil, 4, hashes[:4])
	require.NoError(t, h.Probe(&probe, []*vec.Vector{keys}, hashes[:4], nil, 4))
	ok, err := probe.Next()
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, []int32{0, 2, 3}, probe.Rows)
	ok, err = probe.Next()
	require.NoError(t, err)
	require.False(t, ok)
}
