package relation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/snapshot"
	"github.com/streamdb/streamdb/storage/state"
)

var numbers = []types.Type{types.T(types.Int8), types.T(types.Int8)}

func keyed(pages *snapshot.Pages) *Relation {
	mem := state.NewMemory(pages)
	r := New(1, "t", numbers, []int{0}, mem)
	r.AddIndex([]int{1}, mem)
	r.Derive(At(func() uint64 { return 0 }))
	return r
}

// pairs is a block of rows (k, k+100), for k from one number to before another.
func pairs(epoch uint64, from, to int64) Block {
	b := vec.NewBatch(numbers, 0)
	for k := from; k < to; k++ {
		b.AppendRow(1, types.NewInt(k), types.NewInt(k+100))
	}
	return Block{Epoch: epoch, Batches: []*vec.Batch{b}, Watermark: op.NoWatermark}
}

// TestRestoreStored freezes a relation with two keys, stores it, and restores it with its keys, and without those that the snapshot does not have.
func TestRestoreStored(t *testing.T) {
	store, err := snapshot.Open(kv.NewMem(1), 1)
	require.NoError(t, err)
	r := keyed(store.Pages(1))
	require.NoError(t, r.Publish(pairs(5, 0, 1000)))
	require.NoError(t, r.Publish(pairs(6, 1000, 1010)))
	f := r.Freeze()
	require.Equal(t, uint64(6), f.Cut)
	require.Equal(t, int64(1010), f.Changes)
	stored := &Stored{Cut: f.Cut, Watermark: f.Watermark}
	w, err := store.Begin(1, 1, 0)
	require.NoError(t, err)
	st := snapshot.State{Name: "t", Namespace: 1}
	for i, v := range append([]*state.Version{f.Content}, f.Keys...) {
		require.NoError(t, state.DirtyPages([]*state.Version{v}, func(id state.PageID, page []byte) error { return w.PutPage(1, id, page) }))
		m := v.Manifest(nil)
		require.NoError(t, state.ManifestPages(m, func(id state.PageID) { st.Pages = append(st.Pages, id) }))
		if i == 0 {
			stored.Content = m
		} else {
			stored.Keys = append(stored.Keys, m)
		}
		v.Release()
	}
	require.NoError(t, w.PutState(st))
	require.NoError(t, w.Commit(nil, nil, 0))

	for name, keys := range map[string][][]byte{"keys": stored.Keys, "no keys": nil} {
		t.Run(name, func(t *testing.T) {
			r := keyed(store.Pages(1))
			require.NoError(t, r.Restore(&Stored{Content: stored.Content, Keys: keys, Cut: stored.Cut, Watermark: stored.Watermark}))
			r.Forget(5, stored.Watermark, false)
			r.Remember(pairs(6, 1000, 1010))
			require.NoError(t, r.Publish(pairs(7, 2000, 2001)))
			require.Equal(t, int64(1011), r.Rows())
			for _, c := range []struct {
				key  int
				k    int64
				want bool
			}{{0, 7, true}, {1, 107, true}, {1, 1109, true}, {1, 2100, true}, {1, 7, false}} {
				k := vec.New(numbers[0], 1)
				k.Append(types.NewInt(c.k))
				found, cut, err := r.Find([]int{c.key}, []*vec.Vector{k}, 1)
				require.NoError(t, err)
				require.Equal(t, uint64(7), cut)
				require.Equal(t, c.want, found.Has(0), "column %d = %d", c.key, c.k)
			}
			x, err := r.Read()
			require.NoError(t, err)
			require.True(t, r.Rewind(x, 5), "the blocks since are there again")
			rows := int64(0)
			require.NoError(t, x.Scan([]int{0}, func(b *vec.Batch) error {
				for i := range b.Rows() {
					rows += b.Weight(b.Row(i))
				}
				return nil
			}))
			require.Equal(t, int64(1000), rows)
			require.False(t, r.Rewind(x, 4))
			x.Release()
			r.Release()
		})
	}
}
