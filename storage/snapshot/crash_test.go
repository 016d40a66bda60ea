package snapshot

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// job is a group with one namespace and two states, whose pages come and go.
type job struct {
	rng    *rand.Rand
	group  uint64
	states [2][]state.PageID
	epoch  uint64
}

func newJob(seed, group uint64) *job {
	return &job{rng: rand.New(rand.NewPCG(seed, group)), group: group}
}

// restore makes the job what its newest snapshot says.
func (j *job) restore(s *Store) error {
	j.states, j.epoch = [2][]state.PageID{}, 0
	snap := s.Newest(j.group)
	if snap == nil {
		return nil
	}
	j.epoch = snap.Epoch
	for i, name := range []string{"a", "b"} {
		st, _, err := snap.State(name)
		if err != nil {
			return err
		}
		j.states[i] = st.Pages
	}
	return nil
}

// snapshot changes state a, some times b, and takes a snapshot. large makes pages that do not fit the buffer.
func (j *job) snapshot(s *Store, large bool) error {
	j.epoch++
	w, err := s.Begin(j.group, j.epoch, 0)
	if err != nil {
		return err
	}
	defer w.Abort()
	next := s.Pages(j.group).NextPageID()
	for i, name := range []string{"a", "b"} {
		if i == 1 && j.rng.IntN(3) == 0 {
			if ok, err := w.KeepState(name); err != nil || ok {
				if err != nil {
					return err
				}
				continue
			}
		}
		j.states[i] = slices.DeleteFunc(slices.Clone(j.states[i]), func(state.PageID) bool { return j.rng.IntN(3) == 0 })
		for range j.rng.IntN(4) {
			page := pageText(j.group, next)
			if large {
				page = slices.Repeat(page, 2000)
			}
			if err := w.PutPage(j.group, next, page); err != nil {
				return err
			}
			j.states[i] = append(j.states[i], next)
			next++
		}
		if err := w.PutState(State{Name: name, Namespace: j.group, Pages: j.states[i]}); err != nil {
			return err
		}
	}
	if j.rng.IntN(6) == 0 {
		w.Abort()
		return j.restore(s)
	}
	return w.Commit(nil, nil, 1)
}

// requireWhole checks that all snapshots can be read, and that no page is stored that none needs.
func requireWhole(t require.TestingT, store kv.Store, s *Store) {
	needed := map[pageAt]bool{}
	for _, snap := range s.snaps.all() {
		for _, name := range snap.States() {
			st, ok, err := snap.State(name)
			require.NoError(t, err)
			require.True(t, ok)
			for _, id := range st.Pages {
				needed[pageAt{st.Namespace, id}] = true
				page, err := s.Pages(st.Namespace).ReadPage(nil, id)
				require.NoError(t, err)
				text := pageText(st.Namespace, id)
				require.Equal(t, string(text), string(page[:len(text)]))
			}
		}
	}
	for _, at := range storedPages(t, store) {
		require.True(t, needed[at], "page %d/%d is an orphan", at.namespace, at.id)
	}
}

// TestCrashAtEveryWrite stops a workload at each of its writes, and looks at every state that a restart may find.
func TestCrashAtEveryWrite(t *testing.T) {
	work := func(store *kv.Mem) (acknowledged uint64, err error) {
		s, err := Open(store, 2)
		if err != nil {
			return 0, err
		}
		s.buffer.limit = 2 << 20
		j := newJob(1, 1)
		for i := range 12 {
			if err := j.snapshot(s, i == 4 || i == 9); err != nil {
				return acknowledged, err
			}
			acknowledged = s.Newest(1).Epoch
		}
		return acknowledged, nil
	}
	whole := kv.NewMem(1)
	_, err := work(whole)
	require.NoError(t, err)
	for n := 1; n <= whole.Writes(); n++ {
		store := kv.NewMem(uint64(n))
		store.Inject(kv.Fault{Op: kv.FaultWrite, N: n, Err: kv.ErrCrash})
		acknowledged, err := work(store)
		require.Equal(t, kv.ErrCrash, err)
		for keep := range store.Pending() + 1 {
			after := store.CrashKeeping(keep)
			s, err := Open(after, 2)
			require.NoError(t, err)
			requireWhole(t, after, s)
			j := newJob(2, 1)
			require.NoError(t, j.restore(s))
			require.GreaterOrEqual(t, j.epoch, acknowledged)
			require.NoError(t, j.snapshot(s, false))
			requireWhole(t, after, s)
		}
	}
}

// TestFullDisk fails every write once: the snapshots that were complete stay whole.
func TestFullDisk(t *testing.T) {
	for n := 1; ; n++ {
		store := kv.NewMem(uint64(n))
		s, err := Open(store, 2)
		require.NoError(t, err)
		store.Inject(kv.Fault{Op: kv.FaultWrite, N: n, Err: kv.DiskFull("mem", nil)})
		j := newJob(3, 1)
		for i := 0; err == nil && i < 8; i++ {
			err = j.snapshot(s, i == 3)
		}
		if err == nil {
			return
		}
		require.Equal(t, sqlerr.DiskFull, sqlerr.CodeOf(err))
		if store.Err() == nil { // only a bulk failed
			require.NoError(t, j.restore(s))
			require.NoError(t, j.snapshot(s, false))
			requireWhole(t, store, s)
		}
		after := store.Crash()
		s, err = Open(after, 2)
		require.NoError(t, err)
		requireWhole(t, after, s)
	}
}

// TestConcurrentUse puts and reads pages of two groups at once, for the race detector.
func TestConcurrentUse(t *testing.T) {
	s, err := Open(kv.NewMem(1), 1)
	require.NoError(t, err)
	s.buffer.limit = 10 << 10
	var all sync.WaitGroup
	for group := range uint64(2) {
		w, err := s.Begin(group, 1, 0)
		require.NoError(t, err)
		var puts sync.WaitGroup
		for i := range state.PageID(4) {
			puts.Go(func() {
				for id := i*100 + 1; id <= i*100+50; id++ {
					if err := w.PutPage(group, id, pageText(group, id)); err != nil {
						t.Error(err)
					}
					page, err := s.Pages(group).ReadPage(nil, id)
					if err != nil || string(page) != string(pageText(group, id)) {
						t.Errorf("page %d/%d is read as %.30q, %v", group, id, page, err)
					}
					s.List()
				}
			})
		}
		all.Go(func() {
			puts.Wait()
			if err := w.PutState(State{Name: "s", Namespace: group}); err != nil {
				t.Error(err)
			}
			if err := w.Commit(nil, nil, 0); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Len(t, s.List(), 2)
}

// TestBothStores runs random snapshots of two groups on both stores: they must keep the same.
func TestBothStores(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		disk, err := kv.OpenFolder(t.TempDir(), kv.Options{})
		require.NoError(rt, err)
		defer func() { require.NoError(rt, disk.Close()) }()
		stores := []kv.Store{kv.NewMem(1), disk}
		snaps := make([]*Store, 2)
		jobs := make([][2]*job, 2)
		keep := rapid.IntRange(1, 3).Draw(rt, "keep")
		seed := rapid.Uint64().Draw(rt, "seed")
		for i := range stores {
			jobs[i] = [2]*job{newJob(seed, 1), newJob(seed, 2)}
			snaps[i], err = Open(stores[i], keep)
			require.NoError(rt, err)
		}
		for range rapid.IntRange(1, 10).Draw(rt, "steps") {
			step, group := rapid.IntRange(0, 7).Draw(rt, "step"), rapid.IntRange(0, 1).Draw(rt, "group")
			for i, s := range snaps {
				j := jobs[i][group]
				switch step {
				case 0:
					snaps[i], err = Open(stores[i], keep)
					require.NoError(rt, err)
				case 1:
					require.NoError(rt, s.Retain(func(namespace uint64) bool { return namespace != j.group }))
					require.NoError(rt, j.restore(s))
				default:
					require.NoError(rt, j.snapshot(s, step == 2))
				}
				requireWhole(rt, stores[i], snaps[i])
			}
			require.Equal(rt, snaps[0].List(), snaps[1].List())
			require.Equal(rt, storedPages(rt, stores[0]), storedPages(rt, stores[1]))
		}
	})
}
