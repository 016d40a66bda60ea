package state

import "unsafe"

// A place in a tree is told by the rows and the weight before it: a cursor needs no path, and finds its page again by
// descending by counts.

// group is the tree of a key group.
func (v *view) group(hash uint64) *node {
	if v.root == nil {
		return nil
	}
	return v.root.in.kids[GroupOf(hash)]
}

// rank is what stands before the first row that is not before row i of cols by the first len(cols) sort columns, or with after
// before the first that is behind it.
func (v *view) rank(n *node, cols []column, i int, after bool) (before count, err error) {
	m := len(cols)
	for n != nil {
		base, err := v.mem.page(v.lay, n)
		if err != nil {
			return count{}, err
		}
		row := v.lay.lowerBound(&n.shape, base, cols, i, m, after)
		if n.in == nil {
			before.rows += int64(row)
			before.weight += v.lay.weightOf(&n.shape, base, row)
			break
		}
		k := max(0, row-1)
		for _, c := range n.in.counts[:k] {
			before.rows, before.weight = before.rows+c.rows, before.weight+c.weight
		}
		n = n.in.kids[k]
	}
	return before, nil
}

// leafAt is the leaf with row number at, and which row of it that is.
func (v *view) leafAt(n *node, at int64) (p *node, base unsafe.Pointer, row int, err error) {
	for n.in != nil {
		k := 0
		for ; k < len(n.in.counts)-1 && at >= n.in.counts[k].rows; k++ {
			at -= n.in.counts[k].rows
		}
		n = n.in.kids[k]
	}
	base, err = v.mem.page(v.lay, n)
	return n, base, int(at), err
}

// rankOfWeight is what stands before the row that covers position at of the total weight, among the rows start to end. Their
// weights are positive; what others weigh does not matter.
func (v *view) rankOfWeight(n *node, at, start, end int64) (before count, err error) {
	// skip passes over what cannot have the row, as long as it does not reach the end: the row is there.
	skip := func(c count) bool {
		rows := before.rows + c.rows
		if rows > start && (rows >= end || before.weight+c.weight > at) {
			return false
		}
		before = count{before.weight + c.weight, rows}
		return true
	}
	for n != nil && n.in != nil {
		k := 0
		for k < len(n.in.counts)-1 && skip(n.in.counts[k]) {
			k++
		}
		n = n.in.kids[k]
	}
	if n == nil {
		return before, nil
	}
	base, err := v.mem.page(v.lay, n)
	if err != nil {
		return count{}, err
	}
	for row := range n.n {
		if !skip(count{v.lay.weight(&n.shape, base, row), 1}) {
			break
		}
	}
	return before, nil
}
