package state

import (
	"sync"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestMoveGroups moves key groups to and fro between two arrangements that are written, frozen and taken back meanwhile.
func TestMoveGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mem := NewMemory(nil)
		spec := zsetSpecs[rapid.IntRange(0, 2).Draw(t, "spec")]
		tasks := []*Hashed{NewHashed(mem, spec), NewHashed(mem, spec)}
		owner := [Groups]int{}
		model := map[string]int64{}
		type frozen struct {
			v    *Version
			want map[string]int64
		}
		var versions []frozen
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				g := rapid.IntRange(0, Groups-1).Draw(t, "group")
				moved, err := tasks[owner[g]].DetachGroup(g)
				require.NoError(t, err)
				owner[g] = 1 - owner[g]
				require.NoError(t, tasks[owner[g]].AttachGroup(moved))
			case 1:
				k := rapid.IntRange(0, 1).Draw(t, "task")
				versions = append(versions, frozen{tasks[k].Freeze(), contents(t, &tasks[k].HashedReader)})
			default:
				b := genDelta(t, spec, nil, 1000)
				applyToOwners(t, tasks, owner, spec, b, model)
			}
			got := contents(t, &tasks[0].HashedReader)
			for row, w := range contents(t, &tasks[1].HashedReader) {
				got[row] += w
			}
			require.Equal(t, model, got)
			for _, task := range tasks {
				checkBytes(t, &task.view)
			}
		}
		for _, f := range versions {
			require.Equal(t, f.want, contents(t, f.v.Hashed()))
			f.v.Release()
		}
		tasks[0].Release()
		tasks[1].Release()
		requireNothingLeft(t, mem)
	})
}

// applyToOwners splits a delta by key group, as an exchange does.
func applyToOwners(t *rapid.T, tasks []*Hashed, owner [Groups]int, spec Spec, b *vec.Batch, model map[string]int64) {
	hashes := hashesOf(b, spec.Key)
	for task, h := range tasks {
		part, hs := *b, []uint64(nil)
		part.Sel = []int32{}
		for k := range b.Rows() {
			if owner[GroupOf(hashes[k])] == task {
				part.Sel = append(part.Sel, int32(b.Row(k)))
				hs = append(hs, hashes[k])
			}
		}
		require.NoError(t, h.Apply(&part, hs, nil))
	}
	for k := range b.Rows() {
		row := rowText(b, b.Row(k), len(b.Cols))
		if model[row] += b.Weight(b.Row(k)); model[row] == 0 {
			delete(model, row)
		}
	}
}

// TestGroupComesBack brings a group back to the writer that made it, whose generation its pages still carry, after another
// has frozen it: what was frozen must not be written.
func TestGroupComesBack(t *testing.T) {
	mem := NewMemory(nil)
	spec := Spec{Types: []types.Type{bigint}, Key: 1}
	a, b := NewHashed(mem, spec), NewHashed(mem, spec)
	row := vec.NewBatch(spec.Types, 1)
	row.AppendRow(1, types.NewInt(1))
	hashes := hashesOf(row, 1)
	require.NoError(t, a.Apply(row, hashes, nil))
	move := func(from, to *Hashed) {
		g, err := from.DetachGroup(GroupOf(hashes[0]))
		require.NoError(t, err)
		require.NoError(t, to.AttachGroup(g))
	}
	move(a, b)
	v := b.Freeze()
	want := contents(t, v.Hashed())
	move(b, a)
	require.NoError(t, a.Apply(row, hashes, nil))
	require.Equal(t, want, contents(t, v.Hashed()))
	v.Release()
	a.Release()
	b.Release()
	requireNothingLeft(t, mem)
}

// TestGroupsOfVersion divides a version among two tasks, of which each then goes its own way.
func TestGroupsOfVersion(t *testing.T) {
	mem := NewMemory(nil)
	spec := Spec{Types: []types.Type{bigint}, Key: 1}
	b := vec.NewBatch(spec.Types, 5000)
	for i := range int64(5000) {
		b.AppendRow(1, types.NewInt(i))
	}
	h := NewHashed(mem, spec)
	s := NewSliced(mem, spec)
	require.NoError(t, h.Apply(b, hashesOf(b, 1), nil))
	require.NoError(t, s.Ensure(7).Apply(b, hashesOf(b, 1), nil))
	v, sv := h.Freeze(), s.Freeze()
	want := contents(t, v.Hashed())
	got := map[string]int64{}
	for task := range 2 {
		part, slicedPart := NewHashed(mem, spec), NewSliced(mem, spec)
		for g := task; g < Groups; g += 2 {
			require.Equal(t, v.GroupRows(g), sv.GroupRows(g))
			require.NoError(t, part.AttachGroup(v.Group(g)))
			require.NoError(t, slicedPart.AttachGroup(sv.Group(g)))
		}
		checkBytes(t, &part.view)
		rows := contents(t, &part.HashedReader)
		require.Equal(t, rows, contents(t, &slicedPart.Slice(7).HashedReader))
		for row, w := range rows {
			got[row] += w
		}
		require.NoError(t, part.Apply(b, hashesOf(b, 1), nil))
		part.Release()
		slicedPart.Release()
	}
	require.Equal(t, want, got)
	require.Equal(t, want, contents(t, v.Hashed()))
	v.Release()
	sv.Release()
	h.Release()
	s.Release()
	requireNothingLeft(t, mem)
}

func TestAttachRefusesWhatIsNotEmpty(t *testing.T) {
	mem := NewMemory(nil)
	spec := Spec{Types: []types.Type{bigint}, Key: 1}
	a, b := NewHashed(mem, spec), NewHashed(mem, spec)
	row := vec.NewBatch(spec.Types, 1)
	row.AppendRow(1, types.NewInt(1))
	hashes := hashesOf(row, 1)
	require.NoError(t, a.Apply(row, hashes, nil))
	require.NoError(t, b.Apply(row, hashes, nil))
	g, err := a.DetachGroup(GroupOf(hashes[0]))
	require.NoError(t, err)
	require.Error(t, b.AttachGroup(g))
	require.Error(t, NewHashed(mem, Spec{Types: spec.Types}).AttachGroup(g))
	g.Release()
	a.Release()
	b.Release()
	requireNothingLeft(t, mem)
}

// TestConcurrentReaders reads, stores and releases versions while the writer goes on and evicts. It is for -race and for
// the invariants build, where released pages are poisoned.
func TestConcurrentReaders(t *testing.T) {
	disk := &lockedStore{memStore: newMemStore()}
	mem := NewMemory(disk)
	spec := Spec{Types: []types.Type{bigint, text}, Key: 1}
	h := NewHashed(mem, spec)
	var readers sync.WaitGroup
	for round := range int64(60) {
		b := vec.NewBatch(spec.Types, vec.BatchSize)
		for i := range int64(500) {
			b.AppendRow(1, types.NewInt(i*7919%3000), types.NewText("row"))
		}
		require.NoError(t, h.Apply(b, hashesOf(b, 1), nil))
		v, want := h.Freeze(), (round+1)*500
		readers.Go(func() {
			defer v.Release()
			if round%3 == 0 {
				disk.save(t, v)
			}
			sum := int64(0)
			var s Scan
			for v.Hashed().Scan(&s, -1); ; {
				ok, err := s.Next()
				if err != nil || !ok {
					break
				}
				for i := range s.Batch.N {
					sum += s.Batch.Weight(i)
				}
			}
			if sum != want {
				t.Errorf("round %d: weight %d, want %d", round, sum, want)
			}
		})
		h.Evict(4096)
	}
	readers.Wait()
	h.Release()
	requireNothingLeft(t, mem)
}

type lockedStore struct {
	mu sync.Mutex
	*memStore
}

func (s *lockedStore) ReadPage(dst []byte, id PageID) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.memStore.ReadPage(dst, id)
}

func (s *lockedStore) save(t *testing.T, v *Version) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memStore.save(t, v)
}
