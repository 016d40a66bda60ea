package snapshot

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// TestReadAhead: a version that is loaded has all its pages in memory, but for one that is damaged, of which only its reader is told.
func TestReadAhead(t *testing.T) {
	int8T := types.T(types.Int8)
	spec := state.Spec{Types: []types.Type{int8T}, Key: 1, Unique: true}
	disk := kv.NewMem(1)
	s, err := Open(disk, 2)
	require.NoError(t, err)
	const rows = 20_000
	b := vec.NewBatch(spec.Types, rows)
	for k := range int64(rows) {
		b.AppendRow(1, types.NewInt(k*7919))
	}
	hashes := make([]uint64, rows)
	vec.HashRows(b.Cols, nil, rows, hashes)
	h := state.NewHashed(state.NewMemory(s.Pages(1)), spec)
	require.NoError(t, h.Put(b, hashes, nil))
	v := h.Freeze()
	w, err := s.Begin(1, 1, 0)
	require.NoError(t, err)
	require.NoError(t, state.DirtyPages([]*state.Version{v}, func(id state.PageID, page []byte) error { return w.PutPage(1, id, page) }))
	manifest := v.Manifest(nil)
	var ids []state.PageID
	require.NoError(t, state.ManifestPages(manifest, func(id state.PageID) { ids = append(ids, id) }))
	require.NoError(t, w.PutState(State{Name: "a", Namespace: 1, Pages: ids}))
	require.NoError(t, w.Commit(nil, nil, 1))
	require.Greater(t, len(ids), 10)

	open := func(most int64) (*state.Hashed, int) {
		again, err := Open(disk, 2)
		require.NoError(t, err)
		mem := state.NewMemory(again.Pages(1))
		v, err := state.Open(mem, spec, manifest)
		require.NoError(t, err)
		v.Load(most)
		h := state.NewHashed(mem, spec)
		require.NoError(t, h.Adopt(v))
		v.Release()
		loaded, _ := mem.Live()
		return h, int(loaded)
	}
	look := func(h *state.Hashed) error {
		var refs state.Refs
		return h.Lookup(b.Cols, hashes, nil, rows, &refs)
	}
	h, loaded := open(1 << 30)
	require.Equal(t, len(ids), loaded)
	require.NoError(t, look(h))
	h, loaded = open(1)
	require.Less(t, loaded, len(ids))
	require.NoError(t, look(h), "the rest is read when it is used")

	var damage kv.Batch
	damage.Set(pageAt{1, ids[3]}.key(nil), []byte("not what was written"))
	require.NoError(t, disk.Commit(&damage, true))
	h, loaded = open(1 << 30)
	require.Equal(t, len(ids)-1, loaded)
	require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(look(h)))
	damage.Reset()
	damage.Delete(pageAt{1, ids[3]}.key(nil))
	require.NoError(t, disk.Commit(&damage, true))
	h, loaded = open(1 << 30)
	require.Equal(t, len(ids)-1, loaded)
	require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(look(h)))
}
