package snapshot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// Store is the snapshots in a store. Its methods may be called from any goroutine.
type Store struct {
	kv     kv.Store
	keep   int
	buffer pageBuffer
	// between is called between two pages that are written.
	between func()

	mu       sync.Mutex
	snaps    index
	running  []*Writer
	nextPart uint64
	next     map[uint64]state.PageID // a namespace's next page id
	opened   map[uint64]state.PageID // what next was at Open
	garbage  garbage
}

// Snapshot is a complete snapshot.
type Snapshot struct {
	Head
	store *Store
	parts []*part // by name
}

// Open gives the snapshots in store, of which the newest keep (at least one) that have a namespace are kept, and removes what a
// crash left of snapshots that were not complete.
func Open(store kv.Store, keep int) (*Store, error) {
	s := &Store{kv: store, keep: max(keep, 1), nextPart: 1, next: map[uint64]state.PageID{}, between: func() {}}
	s.buffer.pages, s.buffer.limit = map[pageAt][]byte{}, bufferBytes
	snaps, heads, err := s.readHeads()
	if err != nil {
		return nil, err
	}
	var b kv.Batch
	if err := s.readParts(&b, snaps, heads); err != nil {
		return nil, err
	}
	s.snaps = newIndex(snaps)
	for _, p := range partsOf(snaps) {
		if n := len(p.Pages); n > 0 {
			s.next[p.Namespace] = max(s.next[p.Namespace], p.Pages[n-1]+1)
		}
	}
	s.opened = maps.Clone(s.next)
	if err := s.sweepPages(&b); err != nil {
		return nil, err
	}
	if b.Len() == 0 {
		return s, nil
	}
	// Synced, as the ids of what is removed are given again.
	return s, store.Commit(&b, true)
}

// Between has f called between two pages that are written, by who writes them: a large snapshot is not to take a processor for long. It must
// be called before the first Begin, and f must not use the store.
func (s *Store) Between(f func()) { s.between = f }

// readHeads reads all heads, and gives the part numbers that each names.
func (s *Store) readHeads() (snaps []*Snapshot, parts [][]uint64, err error) {
	it, err := s.kv.Scan(kv.AllSnapshotHeads())
	if err != nil {
		return nil, nil, err
	}
	defer it.Close()
	for it.Next() {
		value, err := it.Value()
		if err != nil {
			return nil, nil, err
		}
		h, names, err := decodeHead(it.Key(), value)
		if err != nil {
			return nil, nil, err
		}
		snaps = append(snaps, &Snapshot{Head: h, store: s})
		parts = append(parts, names)
	}
	return snaps, parts, it.Err()
}

// readParts reads all parts, gives them to the snapshots that name them, and removes the others.
func (s *Store) readParts(b *kv.Batch, snaps []*Snapshot, heads [][]uint64) error {
	it, err := s.kv.Scan(kv.AllSnapshotParts())
	if err != nil {
		return err
	}
	defer it.Close()
	parts := map[uint64]*part{}
	for it.Next() {
		value, err := it.Value()
		if err != nil {
			return err
		}
		p, err := decodePart(it.Key(), value)
		if err != nil {
			return err
		}
		p.Data = nil // read when asked for
		parts[p.number] = p
		s.nextPart = max(s.nextPart, p.number+1)
	}
	if it.Err() != nil {
		return it.Err()
	}
	for i, snap := range snaps {
		for _, number := range heads[i] {
			p := parts[number]
			if p == nil {
				return kv.Damaged(fmt.Sprintf("snapshot of group %d at epoch %d", snap.Group, snap.Epoch),
					fmt.Sprintf("its part %d is missing", number))
			}
			snap.parts = append(snap.parts, p)
		}
	}
	for _, p := range partsOf(snaps) {
		delete(parts, p.number)
	}
	for _, number := range slices.Sorted(maps.Keys(parts)) {
		b.Delete(kv.SnapshotPartKey(number))
	}
	return nil
}

// sweepPages removes the pages at or above each namespace's next id: they belong to snapshots that were not completed.
func (s *Store) sweepPages(b *kv.Batch) error {
	it, err := s.kv.Scan(kv.AllPageRange())
	if err != nil {
		return err
	}
	defer it.Close()
	for ok := it.Next(); ok; {
		namespace, _ := kv.PageNumbers(it.Key())
		tail := kv.PageRange(namespace, uint64(s.next[namespace]))
		if it.Seek(tail.Lower) && string(it.Key()) < string(tail.Upper) {
			b.DeleteRange(tail)
		}
		ok = it.Err() == nil && it.Seek(tail.Upper)
	}
	return it.Err()
}

// Newest is the newest complete snapshot of a group, or nil if there is none.
func (s *Store) Newest(group uint64) *Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.snaps.newest(group)
}

// Holding is the newest snapshot, of whichever group, that has the state of that name; nil if there is none. Groups merge and are split,
// so a state may be in one of another group than it is in now.
func (s *Store) Holding(name string) (newest *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, snap := range s.snaps.all() {
		if (newest == nil || snap.Epoch > newest.Epoch) && snap.part(name) != nil {
			newest = snap
		}
	}
	return newest
}

// States is the names of the states in a snapshot, ascending.
func (s *Snapshot) States() []string {
	var names []string
	for _, p := range s.parts {
		names = append(names, p.Name)
	}
	return names
}

// State reads the manifest of a state. ok is false if the snapshot has none of that name. It is an error if the snapshot
// was dropped meanwhile.
func (s *Snapshot) State(name string) (st State, ok bool, err error) {
	p := s.part(name)
	if p == nil {
		return State{}, false, nil
	}
	key := kv.SnapshotPartKey(p.number)
	value, ok, err := s.store.kv.Get(key)
	if err != nil {
		return State{}, false, err
	}
	if !ok {
		return State{}, false, sqlerr.Internal("the snapshot of group %d at epoch %d was dropped while it was read", s.Group, s.Epoch)
	}
	stored, err := decodePart(key, value)
	if err != nil {
		return State{}, false, err
	}
	return stored.State, true, nil
}

func (s *Snapshot) part(name string) *part {
	i, ok := slices.BinarySearchFunc(s.parts, name, func(p *part, name string) int { return cmp.Compare(p.Name, name) })
	if !ok {
		return nil
	}
	return s.parts[i]
}

// Info is a row of the list of snapshots.
type Info struct {
	Group, Epoch      uint64
	Started, Duration int64
	Bytes             uint64
	// Complete is false while the snapshot is being written; Duration and Bytes are then 0 and what was put so far.
	Complete bool
}

// List is all snapshots, also those being written, by group and epoch.
func (s *Store) List() []Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Info
	for _, x := range s.snaps.all() {
		list = append(list, Info{x.Group, x.Epoch, x.Started, x.Duration, x.Bytes, true})
	}
	for _, w := range s.running {
		list = append(list, Info{w.head.Group, w.head.Epoch, w.head.Started, 0, w.bytes.Load(), false})
	}
	slices.SortFunc(list, func(a, b Info) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Epoch, b.Epoch)) })
	return list
}
