package state

import (
	"errors"
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// memStore is a page store in memory, which counts what is read from it.
type memStore struct {
	pages map[PageID][]byte
	reads int
}

func newMemStore() *memStore { return &memStore{pages: map[PageID][]byte{}} }

func (s *memStore) ReadPage(dst []byte, id PageID) ([]byte, error) {
	b, ok := s.pages[id]
	if !ok {
		return nil, errors.New("no such page")
	}
	s.reads++
	return append(dst, b...), nil
}

func (s *memStore) NextPageID() PageID {
	next := PageID(1)
	for id := range s.pages {
		next = max(next, id+1)
	}
	return next
}

// save writes what is dirty, and gives the manifest.
func (s *memStore) save(t require.TestingT, v *Version) []byte {
	last := PageID(0)
	require.NoError(t, DirtyPages([]*Version{v}, func(id PageID, b []byte) error {
		require.Greater(t, id, last, "pages come in the order of their ids")
		last = id
		if old, ok := s.pages[id]; ok {
			require.Equal(t, old, b, "a page id has two contents")
		}
		s.pages[id] = append([]byte(nil), b...)
		return nil
	}))
	v.MarkStored()
	require.NoError(t, DirtyPages([]*Version{v}, func(PageID, []byte) error { return errors.New("still dirty") }))
	return v.Manifest(nil)
}

// rowsInOrder are the texts of all rows in the order in which a reader gives them.
func rowsInOrder(t require.TestingT, v *Version) []string {
	var rows []string
	each := func(b *vec.Batch) {
		for i := range b.N {
			rows = append(rows, fmt.Sprint(rowText(b, i, len(b.Cols)), " * ", b.Weight(i)))
		}
	}
	if v.lay.kind == kindOrdered {
		for g := range Groups {
			var c Cursor
			require.NoError(t, v.Ordered().Scan(&c, g))
			for {
				ok, err := c.Next(vec.BatchSize)
				require.NoError(t, err)
				if !ok {
					break
				}
				each(c.Batch)
			}
		}
		return rows
	}
	var s Scan
	if v.lay.kind == kindList {
		v.List().ScanFrom(&s, 0)
	} else {
		v.Hashed().Scan(&s, -1)
	}
	for {
		ok, err := s.Next()
		require.NoError(t, err)
		if !ok {
			return rows
		}
		each(s.Batch)
	}
}

// store is what the three kinds of arrangement have in common for the tests.
type store interface {
	Freeze() *Version
	Adopt(*Version) error
	Evict(int64) int64
	Release()
}

type stored struct {
	manifest []byte
	rows     []string
}

// TestStoredModel takes snapshots, evicts, goes back to and restores snapshots, while an unstored twin does the same writes:
// what was evicted and read again must answer as the twin, in the same order.
func TestStoredModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		disk := newMemStore()
		mem, twinMem := NewMemory(disk), NewMemory(nil)
		kind := rapid.SampledFrom([]layoutKind{kindHashed, kindOrdered, kindList}).Draw(t, "kind")
		spec, apply, a, twin := newPair(t, kind, mem, twinMem)
		var snapshots []stored
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				v := a.Freeze()
				snapshots = append(snapshots, stored{disk.save(t, v), rowsInOrder(t, v)})
				v.Release()
			case 1:
				before := mem.Bytes()
				require.Equal(t, before-a.Evict(1<<30), mem.Bytes())
			default:
				b := genDelta(t, spec, nil, 50000)
				require.NoError(t, apply(a, b))
				require.NoError(t, apply(twin, b))
			}
			v, w := a.Freeze(), twin.Freeze()
			require.Equal(t, rowsInOrder(t, w), rowsInOrder(t, v))
			checkBytes(t, &v.view)
			v.Release()
			w.Release()
		}
		for _, s := range snapshots {
			checkRestore(t, disk, spec, s)
		}
		a.Release()
		twin.Release()
		requireNothingLeft(t, mem)
		requireNothingLeft(t, twinMem)
	})
}

func newPair(t *rapid.T, kind layoutKind, mem, twin *Memory) (spec Spec, apply func(store, *vec.Batch) error, a, b store) {
	switch kind {
	case kindHashed:
		spec = zsetSpecs[rapid.IntRange(0, len(zsetSpecs)-1).Draw(t, "spec")]
		return spec, func(s store, b *vec.Batch) error {
			return s.(*Hashed).Apply(b, hashesOf(b, spec.Key), nil)
		}, NewHashed(mem, spec), NewHashed(twin, spec)
	case kindOrdered:
		spec = orderedSpecs[rapid.IntRange(0, len(orderedSpecs)-1).Draw(t, "spec")]
		return spec, func(s store, b *vec.Batch) error {
			return s.(*Ordered).Apply(b, hashesOf(b, spec.Key), nil)
		}, NewOrdered(mem, spec), NewOrdered(twin, spec)
	}
	spec = Spec{Types: []types.Type{bigint, text}}
	return spec, func(s store, b *vec.Batch) error {
		l := s.(*List)
		if first, end := l.Bounds(); b.N%2 == 0 {
			if err := l.DropPrefix(first + (end-first)/3); err != nil {
				return err
			}
		}
		return l.Append(b)
	}, NewList(mem, spec.Types), NewList(twin, spec.Types)
}

func checkRestore(t *rapid.T, disk *memStore, spec Spec, s stored) {
	mem := NewMemory(disk)
	v, err := Open(mem, spec, s.manifest)
	require.NoError(t, err)
	checkBytes(t, &v.view)
	require.Equal(t, s.manifest, v.Manifest(nil))
	require.Equal(t, s.rows, rowsInOrder(t, v))
	require.NoError(t, DirtyPages([]*Version{v}, func(PageID, []byte) error { return errors.New("dirty after open") }))
	ids := map[PageID]bool{}
	require.NoError(t, ManifestPages(s.manifest, func(id PageID) { ids[id] = true }))
	for id := range ids {
		require.Contains(t, disk.pages, id)
	}
	v.Release()
	requireNothingLeft(t, mem)
}

func TestOpenRefusesOtherSpec(t *testing.T) {
	mem := NewMemory(newMemStore())
	h := NewHashed(mem, Spec{Types: []types.Type{bigint}, Key: 1})
	v := h.Freeze()
	_, err := Open(mem, Spec{Types: []types.Type{text}, Key: 1}, v.Manifest(nil))
	require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
}

// TestMissingPage reads state whose page is not in the store.
func TestMissingPage(t *testing.T) {
	disk := newMemStore()
	spec := Spec{Types: []types.Type{bigint}, Key: 1}
	h := NewHashed(NewMemory(disk), spec)
	b := vec.NewBatch(spec.Types, 1)
	b.AppendRow(1, types.NewInt(1))
	require.NoError(t, h.Apply(b, hashesOf(b, 1), nil))
	manifest := disk.save(t, h.Freeze())
	clear(disk.pages)
	v, err := Open(NewMemory(disk), spec, manifest)
	require.NoError(t, err)
	var s Scan
	v.Hashed().Scan(&s, -1)
	_, err = s.Next()
	require.Equal(t, sqlerr.IOError, sqlerr.CodeOf(err))
}
