package driver

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// TestAdoptFails: of a state that cannot be taken over nothing is left when the taker and the version are released.
func TestAdoptFails(t *testing.T) {
	mem := state.NewMemory(nil)
	int8T := types.T(types.Int8)
	spec := state.Spec{Types: []types.Type{int8T}, Key: 1}
	from, other := state.NewHashed(mem, spec), state.NewHashed(mem, state.Spec{Types: []types.Type{int8T, int8T}, Key: 1})
	rows := vec.NewBatch(spec.Types, 100)
	for i := range int64(100) {
		rows.AppendRow(1, types.NewInt(i))
	}
	hashes := make([]uint64, rows.N)
	vec.HashRows(rows.Cols, nil, rows.N, hashes)
	require.NoError(t, from.Apply(rows, hashes, nil))
	v := from.Freeze()
	require.Error(t, adopt(graph.StateRef{State: other}, State{Version: v}, func(int) bool { return true }))
	v.Release()
	from.Release()
	other.Release()
	pages, nodes := mem.Live()
	require.Zero(t, pages)
	require.Zero(t, nodes)
}
