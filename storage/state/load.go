package state

import (
	"cmp"
	"slices"
	"sync/atomic"
	"unsafe"
)

// Scanner is a PageStore that reads many pages faster than each for itself.
type Scanner interface {
	PageStore
	// ScanPages gives the bytes of pages, whose ids ascend, as far as they can be read: they are valid during the call only.
	ScanPages(ids []PageID, page func(i int, b []byte)) error
}

// Load reads pages of the version that are in the store alone, up to about most bytes of them, in the order in which they lie there. It is for
// state that will soon be used all over, as by a replay; each page that is looked up alone is sought and read in a block with others, again and
// again. What cannot be read is left to those who need it, and who are told why they do not get it.
func (v *Version) Load(most int64) {
	store, ok := v.mem.store.(Scanner)
	if !ok {
		return
	}
	var nodes []*node
	v.eachView(func(s *view) { nodes = absent(nodes, s.root, &most) })
	slices.SortFunc(nodes, func(a, b *node) int { return cmp.Compare(a.id, b.id) })
	ids := make([]PageID, len(nodes))
	for i, n := range nodes {
		ids[i] = n.id
	}
	_ = store.ScanPages(ids, func(i int, b []byte) { v.mem.place(v.lay, nodes[i], b) }) // see above
}

// absent appends the nodes below n, and itself, whose pages are not in memory, up to so many bytes of them.
func absent(dst []*node, n *node, most *int64) []*node {
	if n == nil || *most < 0 {
		return dst
	}
	if n.size != 0 && atomic.LoadPointer(&n.mem) == nil {
		dst = append(dst, n)
		*most -= int64(n.size)
	}
	if n.in != nil {
		for i, kid := range n.in.kids {
			if i == 0 || kid != n.in.kids[i-1] {
				dst = absent(dst, kid, most)
			}
		}
	}
	return dst
}

// place puts a page that was read where it belongs, unless it is damaged, or another reader was faster.
func (m *Memory) place(l *layout, n *node, b []byte) {
	if len(b) > int(n.size) {
		return
	}
	p := m.alloc(int(n.size))
	own := unsafe.Slice((*byte)(p), n.size)[:copy(unsafe.Slice((*byte)(p), n.size), b)]
	if l.checkPage(own, n.id, n.shape) != nil || !atomic.CompareAndSwapPointer(&n.mem, nil, p) {
		m.recycle(p, int(n.size))
	}
}
