package snapshot

import (
	"cmp"
	"slices"

	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// retained is what is kept of some snapshots, in order: each namespace, if it is a live one, stays in the newest that have it. A snapshot
// goes with its last part.
func (s *Store) retained(all []*Snapshot, live func(namespace uint64) bool) []*Snapshot {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *Snapshot) int { return cmp.Compare(b.Epoch, a.Epoch) })
	newer := map[uint64]int{} // snapshots that have a namespace
	var kept []*Snapshot
	for _, x := range all {
		stays := slices.DeleteFunc(slices.Clone(x.parts), func(p *part) bool { return newer[p.Namespace] >= s.keep || !live(p.Namespace) })
		for namespace := range x.namespaces() {
			newer[namespace]++
		}
		switch len(stays) {
		case 0:
		case len(x.parts):
			kept = append(kept, x)
		default:
			kept = append(kept, &Snapshot{Head: x.Head, store: s, parts: stays})
		}
	}
	slices.SortFunc(kept, compareSnapshots)
	return kept
}

func anyNamespace(uint64) bool { return true }

func (s *Snapshot) namespaces() map[uint64]bool {
	out := map[uint64]bool{}
	for _, p := range s.parts {
		out[p.Namespace] = true
	}
	return out
}

// Retain removes from all snapshots the states of namespaces that are not live: of relations that exist no more.
func (s *Store) Retain(live func(namespace uint64) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for namespace := range s.snaps.holders {
		if !live(namespace) {
			var b kv.Batch
			all := s.snaps.all()
			return s.replace(&b, all, s.retained(all, live))
		}
	}
	return nil
}

// replace commits b, and with it puts kept in the place of snapshots that there are: heads, parts and pages that only those needed are
// removed. No other snapshot has a part in common with those that lose one.
func (s *Store) replace(b *kv.Batch, was, kept []*Snapshot) error {
	gone, come := except(was, kept), except(kept, was)
	for _, snap := range gone {
		b.Delete(kv.SnapshotHeadKey(snap.Group, snap.Epoch))
	}
	for _, snap := range come {
		snap.put(b)
	}
	live := partsOf(kept)
	dead := slices.DeleteFunc(partsOf(gone), func(p *part) bool {
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
	s.garbage.waiting = left
	s.snaps.swap(gone, come)
	return nil
}

// except are the snapshots of a list that are not in another.
func except(list, other []*Snapshot) []*Snapshot {
	there := make(map[*Snapshot]bool, len(other))
	for _, x := range other {
		there[x] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(x *Snapshot) bool { return there[x] })
}

// put stores the head.
func (s *Snapshot) put(b *kv.Batch) {
	key := kv.SnapshotHeadKey(s.Group, s.Epoch)
	b.SetInPlace(key, func(dst []byte) []byte {
		return kv.Seal(dst, key, headVersion, func(dst []byte) []byte { return appendHead(dst, &s.Head, s.parts) })
	})
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
	pins    []*pin
	waiting []heap
}

type heap struct {
	turn  uint64
	pages []pageAt
}

// pin is what Pages.Pin keeps: a namespace's pages that become garbage after a turn.
type pin struct {
	namespace, turn uint64
}

// Pin implements state.Pinner. The next commit of a snapshot after the release removes what the pin kept.
func (p *Pages) Pin() (release func()) {
	s := p.store
	s.mu.Lock()
	defer s.mu.Unlock()
	x := &pin{p.namespace, s.garbage.turn}
	s.garbage.pins = append(s.garbage.pins, x)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.garbage.pins = slices.DeleteFunc(s.garbage.pins, func(o *pin) bool { return o == x })
	}
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
		kept := h.pages[:0:0]
		for _, at := range h.pages {
			if g.pinned(at.namespace, h.turn) {
				kept = append(kept, at)
			} else {
				b.Delete(at.key(nil))
			}
		}
		if len(kept) > 0 {
			left = append(left, heap{h.turn, kept})
		}
	}
	return left
}

func (g *garbage) pinned(namespace, turn uint64) bool {
	return slices.ContainsFunc(g.pins, func(p *pin) bool { return p.namespace == namespace && p.turn < turn })
}

// vacuumPages is how many pages Vacuum removes in one commit.
const vacuumPages = 4096

// Vacuum removes the pages that a crash left below the newest page ids: of snapshots that were being written while another
// was completed, and those that a pin kept. It reads all page keys, so it is for the background, once after Open; it goes
// on until stop says so or it is done. It gives the number of pages removed.
func (s *Store) Vacuum(stop func() bool) (removed int, err error) {
	s.mu.Lock()
	used := pagesOf(partsOf(s.snaps.all()))
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
