package state

import (
	"cmp"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// page gives the buffer of a page, reading it from the store when it was evicted. The caller may go on reading the buffer
// whatever happens to the node.
func (m *Memory) page(l *layout, n *node) (unsafe.Pointer, error) {
	if m.store != nil && !n.marked(markUsed) {
		n.marks.Or(markUsed)
	}
	if p := atomic.LoadPointer(&n.mem); p != nil {
		return p, nil
	}
	return m.load(l, n)
}

// load reads an evicted page again. Of several readers that do so at once, one keeps its copy.
func (m *Memory) load(l *layout, n *node) (unsafe.Pointer, error) {
	if m.store == nil {
		return nil, sqlerr.Internal("page %d is not in memory, and there is no store", n.id)
	}
	b, err := m.store.ReadPage(nil, n.id)
	if sqlerr.CodeOf(err) == sqlerr.DataCorrupted {
		return nil, err // the store knows better what is wrong
	}
	if err != nil {
		return nil, sqlerr.Wrap(err, sqlerr.IOError, "cannot read page %d of stored state", n.id)
	}
	if err := l.checkPage(b, n.id, n.shape); err != nil {
		return nil, err
	}
	p := m.alloc(int(n.size))
	copy(unsafe.Slice((*byte)(p), n.size), b)
	for !atomic.CompareAndSwapPointer(&n.mem, nil, p) {
		if q := atomic.LoadPointer(&n.mem); q != nil {
			m.recycle(p, int(n.size))
			return q, nil
		}
	}
	return p, nil
}

// Evict drops up to about want bytes of pages that are stored (Version.MarkStored) from memory, those not used since the
// last call first, and returns how many bytes it dropped. They are read again from the PageStore when used.
func (w *writer) Evict(want int64) int64 {
	freed := int64(0)
	if w.root == nil || w.mem.store == nil {
		return 0
	}
	w.mem.absent.Store(true)
	// Each call begins where the last one stopped, so that no group pays for the others.
	for pass := 0; pass < 2; pass++ {
		for range Groups {
			if freed >= want {
				return freed
			}
			freed += w.evictBelow(w.root.in.kids[w.hand], want-freed, pass > 0)
			w.hand = (w.hand + 1) % Groups
		}
	}
	return freed
}

// evictBelow evicts pages below n. A page that was used since the last pass is spared, once.
func (w *writer) evictBelow(n *node, want int64, used bool) int64 {
	if n == nil {
		return 0
	}
	freed := int64(0)
	if n.in != nil {
		for i, kid := range n.in.kids {
			if freed < want && (i == 0 || kid != n.in.kids[i-1]) {
				freed += w.evictBelow(kid, want-freed, used)
			}
		}
		return freed
	}
	if !n.marked(markStored) {
		return 0
	}
	if !used && n.marked(markUsed) {
		n.marks.And(^uint32(markUsed))
		return 0
	}
	if p := atomic.SwapPointer(&n.mem, nil); p != nil {
		w.mem.forget(int(n.size))
		return int64(n.size)
	}
	return 0
}

// DirtyPages calls write with each page of some versions that is not yet marked as stored: what an incremental snapshot has to
// write. They come in the order of their ids, which is not that of the trees: a store that is given ascending keys writes runs
// that do not overlap, and never has to merge them. The buffer is valid during the call only. A page id names one content for
// good, so writing one twice does no harm.
func DirtyPages(versions []*Version, write func(PageID, []byte) error) error {
	type dirtyPage struct {
		*node
		of *view
	}
	var pages []dirtyPage
	for _, v := range versions {
		v.dirty(func(of *view, n *node) {
			if n.size != 0 {
				pages = append(pages, dirtyPage{n, of})
			}
		})
	}
	slices.SortFunc(pages, func(a, b dirtyPage) int { return cmp.Compare(a.id, b.id) })
	var buf []byte
	for _, p := range pages {
		base, err := p.of.mem.page(p.of.lay, p.node)
		if err != nil {
			return err
		}
		buf = p.of.lay.encodePage(buf[:0], p.node, base)
		if err := write(p.id, buf); err != nil {
			return err
		}
	}
	return nil
}

// MarkStored says that the pages of DirtyPages are durable: later versions that share them do not give them again, and they
// may be evicted.
func (v *Version) MarkStored() {
	v.dirty(func(_ *view, n *node) { n.marks.Or(markStored) })
}

// dirty visits the nodes that are not stored, children first: only when all below a node are stored is it.
func (v *Version) dirty(visit func(*view, *node)) {
	v.eachView(func(s *view) {
		var walk func(n *node)
		walk = func(n *node) {
			if n == nil || n.marked(markStored) {
				return
			}
			if n.in != nil {
				for i, kid := range n.in.kids {
					if i == 0 || kid != n.in.kids[i-1] {
						walk(kid)
					}
				}
			}
			visit(s, n)
		}
		walk(s.root)
	})
}
