package snapshot

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// take begins the snapshot of a group: each namespace has a new page, and its state that and the one before.
func take(t require.TestingT, s *Store, group, epoch uint64, namespaces []uint64) *Writer {
	w, err := s.Begin(group, epoch, 0)
	require.NoError(t, err)
	for _, n := range namespaces {
		id := s.Pages(n).NextPageID()
		require.NoError(t, w.PutPage(n, id, pageText(n, id)))
		require.NoError(t, w.PutState(State{Name: fmt.Sprint("of ", n), Namespace: n, Pages: []state.PageID{max(id-1, 1), id}}))
	}
	w.Finish(nil, nil, 0)
	return w
}

// kept is which states the store has, at which epochs.
func kept(s *Store) (out []string) {
	for _, x := range s.snaps.all() {
		for _, p := range x.parts {
			out = append(out, fmt.Sprintf("%d at %d in %d", p.Namespace, x.Epoch, x.Group))
		}
	}
	return out
}

// TestTogether: groups that merge and split, committed one by one or in one, keep the newest of each namespace and nothing else.
func TestTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keep := rapid.IntRange(1, 3).Draw(t, "keep")
		mems := []*kv.Mem{kv.NewMem(1), kv.NewMem(1)}
		stores := make([]*Store, 2)
		for i := range stores {
			var err error
			stores[i], err = Open(mems[i], keep)
			require.NoError(t, err)
		}
		const namespaces = 4
		var want [namespaces + 1][]string // of each namespace, oldest first
		for epoch := range uint64(rapid.IntRange(1, 8).Draw(t, "epochs")) {
			groups := map[uint64][]uint64{} // by their lowest namespace
			for n := uint64(1); n <= namespaces; n++ {
				if g := uint64(rapid.IntRange(0, int(n)).Draw(t, "group")); g == n || len(groups[g]) > 0 {
					groups[g] = append(groups[g], n)
				}
			}
			var together []*Writer
			for g := uint64(1); g <= namespaces; g++ {
				if len(groups[g]) == 0 {
					continue
				}
				require.NoError(t, stores[0].Commit(take(t, stores[0], g, epoch+1, groups[g])))
				together = append(together, take(t, stores[1], g, epoch+1, groups[g]))
				for _, n := range groups[g] {
					want[n] = append(want[n], fmt.Sprintf("%d at %d in %d", n, epoch+1, g))
				}
			}
			require.NoError(t, stores[1].Commit(together...))
			var newest []string
			for _, of := range want {
				newest = append(newest, of[max(0, len(of)-keep):]...)
			}
			for i, s := range stores {
				require.ElementsMatch(t, newest, kept(s))
				again, err := Open(mems[i], keep)
				require.NoError(t, err)
				require.Equal(t, kept(s), kept(again), "what is stored")
				require.NoError(t, s.Check(func(err error) { require.NoError(t, err) }))
			}
			require.Equal(t, storedPages(t, mems[0]), storedPages(t, mems[1]))
		}
	})
}

// TestTogetherFails: what cannot be committed is aborted, all of it, and what was there stays.
func TestTogetherFails(t *testing.T) {
	mem := kv.NewMem(1)
	s, err := Open(mem, 1)
	require.NoError(t, err)
	require.NoError(t, s.Commit(take(t, s, 1, 1, []uint64{1}), take(t, s, 2, 1, []uint64{2})))
	was := kept(s)
	list := []*Writer{take(t, s, 1, 2, []uint64{1}), take(t, s, 2, 2, []uint64{2})}
	list[1].Abort()
	require.ErrorIs(t, s.Commit(list...), errEnded)
	require.Equal(t, was, kept(s))
	require.False(t, slices.ContainsFunc(s.List(), func(i Info) bool { return !i.Complete }))
}
