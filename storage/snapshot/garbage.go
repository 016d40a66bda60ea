package snapshot

import (
	"cmp"
	"slices"

	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// retained is the snapshots to be kept once snap is there, in order: of its group the newest ones, of the others all.
func (s *Store) retained(snap *Snapshot) []*Snapshot {
	kept := append(slices.Clone(s.snaps), snap)
	slices.SortStableFunc(kept, func(a, b *Snapshot) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Epoch, b.Epoch))
	})
	later := 0 // snapshots of the group from the one looked at on
	for _, x := range kept {
		if x.Group == snap.Group {
			later++
		}
	}
	return slices.DeleteFunc(kept, func(x *Snapshot) bool {
		if x.Group != snap.Group {
			return false
		}
		later--
		return later >= s.keep
	})
}

// DropGroup removes all snapshots of a group that exists no more, or whose jobs are in a snapshot of another group now.
func (s *Store) DropGroup(group uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b kv.Batch
	return s.replace(&b, slices.DeleteFunc(slices.Clone(s.snaps), func(x *Snapshot) bool { return x.Group == group }))
}

// replace commits b, and with it makes kept the snapshots that there are: heads, parts and pages that only others needed
// are removed.
func (s *Store) replace(b *kv.Batch, kept []*Snapshot) error {
	for _, snap := range s.snaps {
		if !slices.Contains(kept, snap) {
			b.Delete(kv.SnapshotHeadKey(snap.Group, snap.Epoch))
		}
	}
	live := partsOf(kept)
	dead := slices.DeleteFunc(partsOf(s.snaps), func(p *part) bool {
		_, ok := slices.BinarySearchFunc(live, p.number, comparePart)
		return ok
	})
	for _, p := range dead {
		b.Delete(kv.SnapshotPartKey(p.number))
	}
	s.garbage.add(unused(dead, live))
	left := s.garbage.collect(b)
	if err := s.kv.Commit(b, true); err != nil {
		return err
	}
	s.garbage.waiting, s.snaps = left, kept
	return nil
}

// partsOf is the parts of snapshots, each once, by number.
func partsOf(snaps []*Snapshot) []*part {
	var parts []*part
	for _, snap := range snaps {
		parts = append(parts, snap.parts...)
	}
	slices.SortFunc(parts, func(a, b *part) int { return comparePart(a, b.number) })
	return slices.Compact(parts)
}

func comparePart(p *part, number uint64) int { return cmp.Compare(p.number, number) }

// unused is the pages of dead parts that no live part has.
func unused(dead, live []*part) []pageAt {
	pages := pagesOf(dead)
	for _, p := range live {
		if of := pages[p.Namespace]; len(of) > 0 {
			pages[p.Namespace] = without(of, p.Pages)
		}
	}
	var out []pageAt
	for namespace, ids := range pages {
		for _, id := range ids {
			out = append(out, pageAt{namespace, id})
		}
	}
	slices.SortFunc(out, comparePages)
	return out
}

// pagesOf is the pages of parts by namespace, each once, ascending.
func pagesOf(parts []*part) map[uint64][]state.PageID {
	pages := map[uint64][]state.PageID{}
	for _, p := range parts {
		pages[p.Namespace] = append(pages[p.Namespace], p.Pages...)
	}
	for namespace, ids := range pages {
		slices.Sort(ids)
		pages[namespace] = slices.Compact(ids)
	}
	return pages
}

// without is the ids of an ascending list, which it overwrites, that are not in another one.
func without(ids, others []state.PageID) []state.PageID {
	out := ids[:0]
	for _, id := range ids {
		for len(others) > 0 && others[0] < id {
			others = others[1:]
		}
		if len(others) == 0 || others[0] != id {
			out = append(out, id)
		}
	}
	return out
}

// garbage is pages that no snapshot uses any more, but that somebody who holds a pin may still read.
type garbage struct {
	turn    uint64 // rises with each add
	pins    []*Pin
	waiting []heap
}

type heap struct {
	turn  uint64
	pages []pageAt
}

// Pin keeps pages readable: see Store.Pin.
type Pin struct {
	store *Store
	turn  uint64
}

// Pin keeps the pages of all snapshots that there are now, and of those to come, until it is released: for whoever holds
// a version whose pages may have been evicted, and reads on while snapshots come and go.
func (s *Store) Pin() *Pin {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &Pin{s, s.garbage.turn}
	s.garbage.pins = append(s.garbage.pins, p)
	return p
}

// Release ends the pin. The next commit of a snapshot removes what it kept.
func (p *Pin) Release() {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	p.store.garbage.pins = slices.DeleteFunc(p.store.garbage.pins, func(o *Pin) bool { return o == p })
}

func (g *garbage) add(pages []pageAt) {
	if len(pages) > 0 {
		g.turn++
		g.waiting = append(g.waiting, heap{g.turn, pages})
	}
}

// collect adds to b the removal of the pages that no pin keeps, and gives those that remain.
func (g *garbage) collect(b *kv.Batch) (left []heap) {
	for _, h := range g.waiting {
		if slices.ContainsFunc(g.pins, func(p *Pin) bool { return p.turn < h.turn }) {
			left = append(left, h)
			continue
		}
		for _, at := range h.pages {
			b.Delete(at.key(nil))
		}
	}
	return left
}

// vacuumPages is how many pages Vacuum removes in one commit.
const vacuumPages = 4096

// Vacuum removes the pages that a crash left below the newest page ids: of snapshots that were being written while another
// was completed, and those that a pin kept. It reads all page keys, so it is for the background, once after Open; it goes
// on until stop says so or it is done. It gives the number of pages removed.
func (s *Store) Vacuum(stop func() bool) (removed int, err error) {
	s.mu.Lock()
	used := pagesOf(partsOf(s.snaps))
	pinned := map[pageAt]bool{}
	for _, h := range s.garbage.waiting {
		for _, at := range h.pages {
			pinned[at] = true
		}
	}
	s.mu.Unlock()
	it, err := s.kv.Scan(kv.AllPageRange())
	if err != nil {
		return 0, err
	}
	defer it.Close()
	var b kv.Batch
	for ok := it.Next(); ok && !stop(); ok = it.Next() {
		namespace, page := kv.PageNumbers(it.Key())
		at := pageAt{namespace, state.PageID(page)}
		if _, ok := slices.BinarySearch(used[namespace], at.id); ok || pinned[at] || at.id >= s.opened[namespace] {
			continue
		}
		b.Delete(it.Key())
		if removed++; b.Len() == vacuumPages {
			if err := s.kv.Commit(&b, false); err != nil {
				return removed, err
			}
			b.Reset()
		}
	}
	if it.Err() != nil {
		return removed, it.Err()
	}
	return removed, s.kv.Commit(&b, false)
}
