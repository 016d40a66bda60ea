package state

import "encoding/binary"

// manifestReader reads the tree of a manifest; either into nodes of mem, or giving the ids to page. The first damage makes it
// fail, after which everything it reads is zero.
type manifestReader struct {
	b           []byte
	kind        layoutKind
	sliced      bool
	fingerprint uint64
	failed      bool
	mem         *Memory
	lay         *layout
	gen         uint64
	page        func(PageID)
}

func (r *manifestReader) fail() {

	r.failed, r.b = true, nil
}

func (r *manifestReader) uvarint() uint64 {
	x, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return x
}

func (r *manifestReader) varint() int64 {
	x, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return x
}

func (r *manifestReader) byte() byte {
	if len(r.b) == 0 {
		r.fail()
		return 0
	}
	x := r.b[0]
	r.b = r.b[1:]
	return x
}

// version reads the state of v, or of its slices.
func (r *manifestReader) version(v *Version) {
	if !r.sliced {
		r.view(&v.view)
		return
	}
	for n := r.uvarint(); n > 0 && !r.failed; n-- {
		start := r.varint()
		if k := len(v.slices); k > 0 && v.slices[k-1].start >= start {
			r.fail()
			return
		}
		v.slices = append(v.slices, slicedView{start, view{mem: v.mem, lay: v.lay}})
		r.view(&v.slices[len(v.slices)-1].view)
	}
}

func (r *manifestReader) view(v *view) {
	for i := range v.groups {
		v.groups[i] = groupStats{int64(r.uvarint()), int64(r.uvarint())}
	}
	v.first, v.base = r.varint(), r.varint()
	if r.byte() != 0 {
		r.trie(0, func(n *node) { v.root = n })
	}
}

// trie reads an inner node of a directory and gives it to put before its children, so that what was made can be released
// whenever it fails.
func (r *manifestReader) trie(level uint, put func(*node)) {
	if r.byte() != tagTrie || level >= 64 {
		r.fail()
		return
	}
	slots := 1 << levelBits(level)
	n := r.inner(slots, false)
	n.in.kids = n.in.kids[:slots]
	put(n)
	for i := 0; i < slots && !r.failed; {
		switch below := level + levelBits(level); r.peek() {
		case tagNil:
			r.byte()
			k := r.uvarint()
			if k == 0 || k > uint64(slots-i) {
				r.fail()
				return
			}
			i += int(k)
		case tagPage:
			r.byte()
			p := r.leaf()
			if p == nil {
				return
			}
			run := 1
			if r.kind == kindHashed {
				if uint(p.depth) <= level || uint(p.depth) > below || level == 0 && p.depth != groupBits {
					r.fail()
				} else if run = 1 << (below - uint(p.depth)); i%run != 0 {
					r.fail()
				}
			}
			for k := range run {
				n.in.kids[i+k] = p
			}
			i += run
		default:
			slot := &n.in.kids[i]
			r.node(below, func(kid *node) { *slot = kid })
			i++
		}
	}
}

func (r *manifestReader) peek() byte {
	if len(r.b) == 0 {
		r.fail()
		return tagPage
	}
	return r.b[0]
}

// node reads an inner node below the root, or below a node of the same kind.
func (r *manifestReader) node(level uint, put func(*node)) {
	if r.kind == kindHashed {
		r.trie(level, put)
		return
	}
	switch r.byte() {
	case tagPage:
		if p := r.leaf(); p != nil {
			put(p)
		}
	case tagInner:
		r.counted(level, put)
	default:
		r.fail()
	}
}

// counted reads an inner node of a B+-tree or a list.
func (r *manifestReader) counted(level uint, put func(*node)) {
	kids := int(min(r.uvarint(), maxKids+1))
	if kids == 0 || kids > maxKids || level >= 64 {
		r.fail()
		return
	}
	n := r.inner(maxKids, true)
	put(n)
	n.in.counts = n.in.counts[:kids]
	for i := range n.in.counts {
		n.in.counts[i] = count{r.varint(), int64(r.uvarint())}
	}
	if r.byte() == 1 {
		id, s, ok := r.shape()
		if !ok || int(s.n) != kids {
			r.fail()
			return
		}
		n.id, n.shape = id, s
	} else if r.kind == kindOrdered {
		r.fail()
	}
	for range kids {
		if r.failed {
			return
		}
		r.node(level+1, func(kid *node) { n.in.kids = append(n.in.kids, kid) })
	}
}

// inner makes an inner node without children.
func (r *manifestReader) inner(kids int, counted bool) *node {
	n := &node{gen: r.gen, in: &inner{kids: make([]*node, 0, kids)}}
	if counted {
		n.in.counts = make([]count, 0, kids)
	}
	n.refs.Store(1)
	n.marks.Store(markStored)
	if r.mem != nil {
		r.mem.addNode(innerBytes(kids, counted))
	}
	return n
}

// leaf reads a page after its tag.
func (r *manifestReader) leaf() *node {
	id, s, ok := r.shape()
	if !ok {
		r.fail()
		return nil
	}
	p := &node{gen: r.gen, id: id, shape: s}
	p.refs.Store(1)
	p.marks.Store(markStored)
	if r.mem != nil {
		r.mem.addNode(nodeBytes)
	}
	return p
}

func (r *manifestReader) shape() (id PageID, s shape, ok bool) {
	id = PageID(r.uvarint())
	s.depth, s.flags = r.byte(), pageFlags(r.byte())
	for _, x := range []*uint32{&s.n, &s.cap, &s.size, &s.strs, &s.dead} {
		u := r.uvarint()
		if u > maxPageSize {
			return 0, shape{}, false
		}
		*x = uint32(u)
	}
	if r.failed || id == 0 || r.lay != nil && !r.lay.possible(s) {
		return 0, shape{}, false
	}
	if r.page != nil {
		r.page(id)
	}
	return id, s, true
}
