package state

import (
	"slices"
)

// newSortedInner makes an inner node without children, with a page for n separators.
func (w *writer) newSortedInner(n int, flags pageFlags) *node {
	size, capacity := w.lay.fit(uint32(n), 0, flags)
	in := w.newPage(size, capacity, flags, 0)
	w.makeInner(in)
	return in
}

// makeInner makes a page the separators of an inner node that has no children yet.
func (w *writer) makeInner(n *node) {
	before := n.bytes()
	n.in = &inner{kids: make([]*node, 0, maxKids), counts: make([]count, 0, maxKids)}
	w.mem.bytes.Add(n.bytes() - before)
	w.cur.bytes += n.bytes() - before
}

// newSortedRoot puts an inner node over a root, with that as the only child.
func (w *writer) newSortedRoot(root *node) *node {
	n := w.newSortedInner(2, 0)
	w.insertKid(n, 0, root)
	return n
}

// insertKid makes a node, which is the writer's own, child k, with its first row as separator.
func (w *writer) insertKid(n *node, k int, kid *node) {
	w.insertSeparator(n, k, kid, 0)
	n.in.kids = slices.Insert(n.in.kids, k, kid)
	n.in.counts = slices.Insert(n.in.counts, k, w.lay.countOf(kid, kid.mem))
}

// insertSeparator copies a row of another node's page as separator k.
func (w *writer) insertSeparator(n *node, k int, from *node, row int) {
	cols := w.kidCols[:0]
	for _, s := range w.lay.sort {
		cols = append(cols, w.lay.column(&from.shape, from.mem, s.col))
	}
	w.kidCols = cols
	strs, flags := w.lay.needSorted(cols, row, 1)
	if !n.hasRoom(1, strs, flags) {
		size, capacity, f := w.lay.roomy(&n.shape, 1, strs, flags)
		w.reshape(n, size, capacity, f)
	}
	w.lay.insertAt(&n.shape, n.mem, k, cols, row, 1)
}

// roomForKid reports whether a node may take one more child.
func (w *writer) roomForKid(n *node) bool {
	return len(n.in.kids) < maxKids && (n.size <= maxPage || len(n.in.kids) < minFull)
}

// splitKid splits child k in two. The node and the child are the writer's own. A child that is full because rows come at
// one of its ends, as with time, is split near that end.
func (w *writer) splitKid(n *node, k, at int) error {
	kid := n.in.kids[k]
	m := int(kid.n) / 2
	if kid.in == nil {
		switch edge := int(kid.n) / 8; {
		case at >= int(kid.n):
			m = int(kid.n) - max(edge, 1)
		case at == 0:
			m = max(edge, 1)
		}
	}
	left, right := w.slice(kid, 0, m), w.slice(kid, m, int(kid.n))
	n.in.kids[k], n.in.counts[k] = left, w.lay.countOf(left, left.mem)
	w.insertKid(n, k+1, right)
	w.drop(kid)
	return nil
}

// slice makes a node of rows and children from to end of another.
func (w *writer) slice(n *node, from, end int) *node {
	rows := w.rows[0][:0]
	for row := from; row < end; row++ {
		rows = append(rows, uint32(row))
	}
	w.rows[0] = rows
	part := w.extract(n, rows, 0)
	if n.in != nil {
		w.makeInner(part)
		part.in.kids = append(part.in.kids, n.in.kids[from:end]...)
		part.in.counts = append(part.in.counts, n.in.counts[from:end]...)
		for _, kid := range part.in.kids {
			kid.refs.Add(1)
		}
	}
	return part
}

// rebalance removes child k, from which a row went, when it is empty, and joins it with a neighbour when both are small.
func (w *writer) rebalance(n *node, k int) error {
	kid := n.in.kids[k]
	if kid.n == 0 {
		w.removeKid(n, k)
		w.drop(kid)
		return nil
	}
	if kid.in != nil && len(kid.in.kids) > maxKids/8 || kid.in == nil && int(kid.size) > maxPage/8 {
		return nil
	}
	if k > 0 {
		k--
	} else if k+1 == len(n.in.kids) {
		return nil
	}
	return w.joinKids(n, k)
}

// joinKids joins children k and k+1 unless what comes of it is more than half full.
func (w *writer) joinKids(n *node, k int) error {
	l := w.lay
	a, b := n.in.kids[k], n.in.kids[k+1]
	size, capacity, flags := l.roomy(&a.shape, b.n, l.liveStrings(&b.shape), b.flags)
	if size > maxPage/2 || a.in != nil && len(a.in.kids)+len(b.in.kids) > maxKids/2 {
		return nil
	}
	a, err := w.own(a)
	if err != nil {
		return err
	}
	n.in.kids[k] = a
	base, err := w.mem.page(l, b)
	if err != nil {
		return err
	}
	w.reshape(a, size, capacity, flags)
	l.copyRows(&a.shape, a.mem, &b.shape, base, nil)
	if a.in != nil {
		// The first separator of b was never looked at and may be too high: n's is the true one.
		first := len(a.in.kids)
		l.removeAt(&a.shape, a.mem, first)
		w.insertSeparator(a, first, n, k+1)
		for _, kid := range b.in.kids {
			kid.refs.Add(1)
		}
		a.in.kids = append(a.in.kids, b.in.kids...)
		a.in.counts = append(a.in.counts, b.in.counts...)
	}
	n.in.counts[k].weight += n.in.counts[k+1].weight
	n.in.counts[k].rows += n.in.counts[k+1].rows
	w.removeKid(n, k+1)
	w.drop(b)
	return nil
}

// removeKid takes child k out, without releasing it.
func (w *writer) removeKid(n *node, k int) {
	w.lay.removeAt(&n.shape, n.mem, k)
	n.in.kids = slices.Delete(n.in.kids, k, k+1)
	n.in.counts = slices.Delete(n.in.counts, k, k+1)
}

// trim takes levels with a single child, and a tree without rows, off a slot of the root.
func (w *writer) trim(slot **node) error {
	for {
		n := *slot
		switch {
		case n.n == 0:
			*slot = nil
			w.drop(n)
			return nil
		case n.in == nil || len(n.in.kids) > 1:
			return nil
		}
		kid, err := w.own(n.in.kids[0])
		if err != nil {
			return err
		}
		kid.refs.Add(1)
		*slot = kid
		n.in.kids[0] = kid
		w.drop(n)
	}
}
