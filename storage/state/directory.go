package state

import "math/bits"

// The directory of a Hashed is a radix trie over the hashes of its rows. The root has a slot for each key group, every node
// below 64 slots for the next six bits. A page whose rows share depth bits stands in all slots of its parent that begin with
// those bits (extendible hashing, a node at a time: Fagin et al. 1979), so that a full page splits in two and not in 64.

const nodeBits = 6

// levelBits is how many bits a node at level (the number of bits above it) looks at.
func levelBits(level uint) uint {
	if level == 0 {
		return groupBits
	}
	return nodeBits
}

// slotIn is the slot of a hash in a node at level.
func slotIn(level uint, hash uint64) int {
	return int(hash << level >> (64 - levelBits(level)))
}

// leaf is the page that would have a row with the hash; nil when there is none.
func (v *view) leaf(hash uint64) *node {
	if v.root == nil {
		return nil
	}
	n := v.root.in.kids[hash>>(64-groupBits)]
	for shift := 64 - groupBits - nodeBits; n != nil && n.in != nil; shift -= nodeBits {
		n = n.in.kids[hash>>shift&(1<<nodeBits-1)]
	}
	return n
}

// run is the slots of a node at level that begin with the first depth bits of the hash.
func run(level uint, hash uint64, depth uint8) (first, end int) {
	n := 1 << (level + levelBits(level) - uint(depth))
	first = slotIn(level, hash) &^ (n - 1)
	return first, first + n
}

func setRun(parent *node, level uint, hash uint64, depth uint8, n *node) {
	first, end := run(level, hash, depth)
	for i := first; i < end; i++ {
		parent.in.kids[i] = n
	}
}

// ownRoot makes the root the writer's own, and the group of the hash the one that is counted.
func (w *writer) ownRoot(hash uint64) error {
	w.cur = &w.groups[GroupOf(hash)]
	if w.root == nil {
		w.root = w.newRoot()
		return nil
	}
	root, err := w.own(w.root)
	if err == nil {
		w.root = root
	}
	return err
}

// ownLeaf gives the page for a hash as the writer's own; an empty one is made where there is none.
func (w *writer) ownLeaf(hash uint64) (*node, error) {
	w.cur = &w.groups[GroupOf(hash)]
	if p := w.leaf(hash); p != nil && p.gen == w.gen {
		return p, nil // then so is all above it
	}
	if err := w.ownRoot(hash); err != nil {
		return nil, err
	}
	for parent, level := w.root, uint(0); ; {
		kid := parent.in.kids[slotIn(level, hash)]
		if kid == nil {
			depth := freeRun(parent, level, hash)
			size, capacity := w.lay.fit(1, 0, 0)
			p := w.newPage(size, capacity, 0, depth)
			setRun(parent, level, hash, depth, p)
			return p, nil
		}
		n, err := w.own(kid)
		if err != nil {
			return nil, err
		}
		if n.in == nil {
			setRun(parent, level, hash, n.depth, n)
			return n, nil
		}
		parent.in.kids[slotIn(level, hash)] = n
		parent, level = n, level+levelBits(level)
	}
}

// ownPage is ownLeaf where the page for the hash is known, if there is one.
func (w *writer) ownPage(p *node, hash uint64) (*node, error) {
	if p != nil && p.gen == w.gen {
		w.cur = &w.groups[GroupOf(hash)]
		return p, nil
	}
	return w.ownLeaf(hash)
}

// freeRun is the least depth of a page that would cover only free slots.
func freeRun(parent *node, level uint, hash uint64) uint8 {
	depth := uint8(level + levelBits(level))
	if level == 0 {
		return depth // a key group has its own slot
	}
	for uint(depth) > level+1 {
		first, end := run(level, hash, depth-1)
		for _, kid := range parent.in.kids[first:end] {
			if kid != nil {
				return depth
			}
		}
		depth--
	}
	return depth
}

// split divides a page, which is the writer's own, by the first bit in which its rows and more with hashes from one to another
// differ. False: they do not, or it has none.
func (w *writer) split(p *node, hash, last uint64) bool {
	if p.n == 0 {
		return false
	}
	first := hashAt(p.mem, 0)
	differ := (first ^ hash) | (hash ^ last)
	for row := range p.n {
		differ |= hashAt(p.mem, row) ^ first
	}
	if differ == 0 {
		return false
	}
	bit := uint(bits.LeadingZeros64(differ))
	parent, level := w.parentOf(p, hash)
	setRun(parent, level, hash, p.depth, nil)
	for bit >= level+levelBits(level) {
		n := w.newInner(1<<nodeBits, false)
		parent.in.kids[slotIn(level, hash)] = n
		parent, level = n, level+levelBits(level)
	}
	var sides [2][]uint32
	sides[0], sides[1] = w.rows[0][:0], w.rows[1][:0]
	for row := range p.n {
		side := hashAt(p.mem, row) >> (63 - bit) & 1
		sides[side] = append(sides[side], row)
	}
	w.rows = sides
	for side, rows := range sides {
		if len(rows) > 0 {
			q := w.extract(p, rows, uint8(bit)+1)
			setRun(parent, level, hash&^(1<<(63-bit))|uint64(side)<<(63-bit), q.depth, q)
		}
	}
	w.drop(p)
	return true
}

// drop releases a node that was taken out of the tree.
func (w *writer) drop(n *node) {
	w.cur.bytes -= n.bytes()
	w.mem.release(n)
}

// parentOf is the parent of a page in the writer's own tree, and its level.
func (w *writer) parentOf(p *node, hash uint64) (*node, uint) {
	parent, level := w.root, uint(0)
	for {
		kid := parent.in.kids[slotIn(level, hash)]
		if kid == p {
			return parent, level
		}
		parent, level = kid, level+levelBits(level)
	}
}

// insert adds row i of cols, which takes strs bytes of strings and the optional parts flags. p is the page for the hash, if there is one.
func (w *writer) insert(p *node, hash uint64, cols []column, i int, weight int64, strs int, flags pageFlags) (err error) {
	for {
		if p, err = w.ownPage(p, hash); err != nil {
			return err
		}
		if !p.hasRoom(1, strs, flags) && !w.makeRoom(p, hash, 1, strs, flags) {
			continue // p is gone, and its generation with it
		}
		w.lay.append(&p.shape, p.mem, cols, i, hash, weight)
		w.cur.rows++
		return nil
	}
}

// tooLarge says that a page is better split than made so large.
func tooLarge(size int, capacity uint32) bool { return size > maxPage || capacity > maxRows }

// makeRoom makes room in a page for rows more rows. False: the page was split, and is gone.
func (w *writer) makeRoom(p *node, hash uint64, rows uint32, strs int, flags pageFlags) bool {
	size, capacity, f := w.lay.roomy(&p.shape, rows, strs, flags)
	if tooLarge(size, capacity) && w.split(p, hash, hash) {
		return false
	}
	w.reshape(p, size, capacity, f)
	return true
}
