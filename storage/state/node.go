package state

import (
	"sync/atomic"
	"unsafe"
)

// node is a node of the tree that an arrangement is: a page (in is nil) or an inner node. The first cache line has all that a
// search reads.
//
// A node may be written only by the writer whose generation it carries; everything else may be shared with versions and
// never changes, but for mem, refs and marks.
type node struct {
	// mem is the page, of size bytes: nil while it is evicted. An inner node of an Ordered has its separators there.
	mem unsafe.Pointer
	in  *inner
	shape
	refs  atomic.Int32
	marks atomic.Uint32
	gen   uint64
	id    PageID
}

// shape is what says where things lie in a page.
type shape struct {
	// n of cap rows are used; strings end at strs, and dead bytes of them belong to no row.
	n, cap, size, strs, dead uint32
	// depth is how many bits of the hash all rows of a page of a Hashed share.
	depth uint8
	flags pageFlags
}

// inner is what only inner nodes have.
type inner struct {
	// kids are the children. In a directory a page stands in as many neighbouring slots as its depth leaves open, and counts
	// as one reference; nil means no rows.
	kids []*node
	// counts are, in Ordered and List, the total weight and the rows below each child.
	counts []count
}

type count struct{ weight, rows int64 }

const (
	// markStored says that the page store has the page, or of an inner node that it has all pages below.
	markStored = 1 << iota
	// markUsed says that the page was read since the evictor last came by.
	markUsed
)

const nodeBytes = int64(unsafe.Sizeof(node{}))

func innerBytes(kids int, counted bool) int64 {
	n := nodeBytes + int64(unsafe.Sizeof(inner{})) + 8*int64(kids)
	if counted {
		n += int64(unsafe.Sizeof(count{})) * int64(kids)
	}
	return n
}

// bytes is the memory of the node itself, evicted or not.
func (n *node) bytes() int64 {
	if n.in == nil {
		return nodeBytes + int64(n.size)
	}
	return innerBytes(cap(n.in.kids), n.in.counts != nil) + int64(n.size)
}

func (n *node) marked(mark uint32) bool { return n.marks.Load()&mark != 0 }

// newPage makes an empty page of the writer's generation.
func (w *writer) newPage(size int, capacity uint32, flags pageFlags, depth uint8) *node {
	p := &node{gen: w.gen, id: w.mem.newID()}
	p.shape = shape{size: uint32(size), cap: capacity, flags: flags, depth: depth}
	p.strs = w.lay.stringsAt(capacity, flags)
	p.refs.Store(1)
	p.mem = w.mem.alloc(size)
	w.lay.reindex(&p.shape, p.mem)
	w.mem.addNode(nodeBytes)
	w.cur.bytes += p.bytes()
	return p
}

// newInner makes an inner node of the writer's generation.
func (w *writer) newInner(kids int, counted bool) *node {
	n := &node{gen: w.gen, in: &inner{kids: make([]*node, kids)}}
	if counted {
		n.in.counts = make([]count, kids)
	}
	n.refs.Store(1)
	w.mem.addNode(innerBytes(kids, counted))
	w.cur.bytes += n.bytes()
	return n
}

func (m *Memory) addNode(bytes int64) {
	m.nodes.Add(1)
	m.bytes.Add(bytes)
}

// release drops one reference, and with the last one the node and its references to others.
func (m *Memory) release(n *node) {
	if n == nil || n.refs.Add(-1) > 0 {
		return
	}
	bytes := n.bytes() - int64(n.size)
	if n.in != nil {
		for i, kid := range n.in.kids {
			if i == 0 || kid != n.in.kids[i-1] {
				m.release(kid)
			}
		}
		n.in.kids = nil
	}
	if p := atomic.SwapPointer(&n.mem, nil); p != nil {
		m.recycle(p, int(n.size))
	}
	n.gen = 0
	m.nodes.Add(-1)
	m.bytes.Add(-bytes)
}

// own makes the node in a slot, whose parent the writer owns already, one that the writer may write: it is taken over when
// nothing else refers to it, else copied. It returns the node that is now in the slot; the caller puts it there.
func (w *writer) own(n *node) (*node, error) {
	if n.gen == w.gen {
		return n, nil
	}
	var base unsafe.Pointer
	if n.size != 0 {
		var err error
		if base, err = w.mem.page(w.lay, n); err != nil {
			return nil, err
		}
	}
	if n.refs.Load() == 1 {
		n.gen = w.gen
		n.marks.Store(markUsed)
		if n.size != 0 {
			n.id = w.mem.newID()
		}
		return n, nil
	}
	c := w.copyNode(n, base)
	w.mem.release(n)
	return c, nil
}

// copyNode makes a copy of the writer's generation; both then refer to the children. base is n's buffer, if it has one.
func (w *writer) copyNode(n *node, base unsafe.Pointer) *node {
	c := &node{shape: n.shape, gen: w.gen}
	c.refs.Store(1)
	c.marks.Store(markUsed)
	if n.size != 0 {
		c.id = w.mem.newID()
		c.mem = w.mem.allocate(int(n.size), true)
		copy(unsafe.Slice((*byte)(c.mem), n.size), unsafe.Slice((*byte)(base), n.size))
	}
	if n.in != nil {
		c.in = &inner{kids: append(make([]*node, 0, cap(n.in.kids)), n.in.kids...)}
		if n.in.counts != nil {
			c.in.counts = append(make([]count, 0, cap(n.in.counts)), n.in.counts...)
		}
		for i, kid := range c.in.kids {
			if kid != nil && (i == 0 || kid != c.in.kids[i-1]) {
				kid.refs.Add(1)
			}
		}
	}
	w.mem.addNode(c.bytes() - int64(c.size))
	return c
}
