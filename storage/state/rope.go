package state

// This file is about ropes: the trees of a List and of a Log, which grow at their end only.

// ownLast makes the path to the last page the writer's own.
func (w *writer) ownLast(slot **node) (*node, error) {
	for {
		n, err := w.own(*slot)
		if err != nil {
			return nil, err
		}
		*slot = n
		if n.in == nil {
			return n, nil
		}
		slot = &n.in.kids[len(n.in.kids)-1]
	}
}

func (n *node) add(kid *node, c count) {
	n.in.kids, n.in.counts = append(n.in.kids, kid), append(n.in.counts, c)
}

// newRope makes an inner node with one child.
func (w *writer) newRope(kid *node) *node {
	n := w.newInner(maxKids, true)
	n.in.kids, n.in.counts = n.in.kids[:0], n.in.counts[:0]
	n.add(kid, w.lay.countOf(kid, kid.mem))
	return n
}

// pushLast puts a page behind all others of the rope in a slot, which may be empty.
func (w *writer) pushLast(slot **node, page *node) {
	if *slot == nil {
		*slot = page
		return
	}
	if sibling := w.push(*slot, page); sibling != nil {
		root := w.newRope(*slot)
		root.add(sibling, count{})
		*slot = root
	}
}

// push puts a page behind all others below n. When there is no room, it gives the node that is to stand behind n.
func (w *writer) push(n, page *node) (sibling *node) {
	if n.in == nil {
		return page
	}
	sibling = w.push(n.in.kids[len(n.in.kids)-1], page)
	switch {
	case sibling == nil:
		return nil
	case len(n.in.kids) < maxKids:
		n.add(sibling, count{})
		return nil
	}
	return w.newRope(sibling)
}

// recount brings the counts on the path to the last page up to date.
func (w *writer) recount(n *node) count {
	if n == nil {
		return count{}
	}
	if n.in != nil {
		last := len(n.in.kids) - 1
		n.in.counts[last] = w.recount(n.in.kids[last])
	}
	return w.lay.countOf(n, n.mem)
}

// As a rope grows at its end only, all nodes but the last of a level are full, and the number of a page, counted from the first, says in digits
// of ropeBits where it is. That is so unless a prefix was dropped.
const ropeBits = 6 // 2^ropeBits is maxKids

// lastNumber is the number of a rope's last page.
func lastNumber(n *node) (number int64) {
	for ; n.in != nil; n = n.in.kids[len(n.in.kids)-1] {
		number = number<<ropeBits | int64(len(n.in.kids)-1)
	}
	return number
}

// numbered is the page of a number in a rope; nil if there is none.
func numbered(rope *node, number int64) *node {
	level := uint(0)
	for n := rope; n != nil && n.in != nil; n = n.in.kids[0] {
		level += ropeBits
	}
	if rope == nil || number>>level != 0 {
		return nil
	}
	n := rope
	for n.in != nil {
		level -= ropeBits
		digit := int(number >> level & (1<<ropeBits - 1))
		if digit >= len(n.in.kids) {
			return nil
		}
		n = n.in.kids[digit]
	}
	return n
}
