package snapshot

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

const benchPage = 8 << 10

// benchStore has a snapshot of a state of n pages of 8 KB.
func benchStore(b *testing.B, n int) (*Store, []state.PageID) {
	disk, err := kv.OpenFolder(b.TempDir(), kv.Options{})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, disk.Close()) })
	s, err := Open(disk, 2)
	require.NoError(b, err)
	var ids []state.PageID
	benchSnapshot(b, s, &ids, n)
	return s, ids
}

// benchSnapshot replaces n of the pages, or adds them at first.
func benchSnapshot(b *testing.B, s *Store, ids *[]state.PageID, n int) {
	epoch := uint64(1)
	if newest := s.Newest(1); newest != nil {
		epoch = newest.Epoch + 1
	}
	w, err := s.Begin(1, epoch, 0)
	require.NoError(b, err)
	rng := rand.New(rand.NewPCG(epoch, 1))
	page := make([]byte, benchPage)
	for i := range page {
		page[i] = byte(rng.Uint32() & 15) // as compressible as columns are
	}
	next := s.Pages(1).NextPageID()
	for range n {
		if epoch == 1 {
			*ids = append(*ids, next)
		} else {
			(*ids)[rng.IntN(len(*ids))] = next
		}
		require.NoError(b, w.PutPage(1, next, page))
		next++
	}
	require.NoError(b, w.PutState(State{Name: "s", Namespace: 1, Pages: *ids}))
	require.NoError(b, w.Commit(nil, nil, 0))
}

// BenchmarkSnapshot takes snapshots of a state of 50,000 pages (400 MB), of which some changed.
func BenchmarkSnapshot(b *testing.B) {
	for name, n := range map[string]int{"idle": 3, "dirty=1000": 1000, "dirty=10000": 10000} {
		b.Run(name, func(b *testing.B) {
			s, ids := benchStore(b, 50_000)
			b.SetBytes(int64(n * benchPage))
			for b.Loop() {
				benchSnapshot(b, s, &ids, n)
			}
		})
	}
}

// BenchmarkReadPage reads random pages of a state of 20,000 (160 MB), as a lazy restore does.
func BenchmarkReadPage(b *testing.B) {
	s, ids := benchStore(b, 20_000)
	pages := s.Pages(1)
	rng := rand.New(rand.NewPCG(1, 1))
	var buf []byte
	b.SetBytes(benchPage)
	for b.Loop() {
		var err error
		buf, err = pages.ReadPage(buf[:0], ids[rng.IntN(len(ids))])
		require.NoError(b, err)
	}
}
