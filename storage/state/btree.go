package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Below each slot of the root of an Ordered hangs a B+-tree. Its leaves are sorted pages. An inner node has a page too, of
// separators: no row below child k > 0 is before row k, none below child k-1 is not. It counts weights and rows below each
// child.

const (
	maxKids = 64
	// minFull is the least number of rows of a page that is split for its size: with fewer, the rows are large, and a page
	// may be.
	minFull = 4
)

// change is a row on its way into a tree.
type change struct {
	cols   []column // in the order of the sort columns
	i      int
	weight int64
	// old is the weight the row had, rows by how many the number of rows grew.
	old  int64
	rows int64
	// full says that nothing was done as a node must be split first, for a row at row at of it.
	full bool
	at   int
}

// addSorted adds to the weight of a row.
func (w *writer) addSorted(hash uint64, c *change) error {
	if c.weight == 0 {
		return w.weightSorted(hash, c)
	}
	if err := w.ownRoot(hash); err != nil {
		return err
	}
	slot := &w.root.in.kids[GroupOf(hash)]
	if *slot == nil {
		size, capacity := w.lay.fit(1, 0, 0)
		*slot = w.newPage(size, capacity, 0, 0)
	}
	n, err := w.own(*slot)
	if err != nil {
		return err
	}
	*slot = n
	if err := w.change(n, c); err != nil {
		return err
	}
	for c.full {
		c.full = false
		*slot = w.newSortedRoot(*slot)
		if err := w.splitKid(*slot, 0, c.at); err != nil {
			return err
		}
		if err := w.change(*slot, c); err != nil {
			return err
		}
	}
	w.cur.rows += c.rows
	return w.trim(slot)
}

// weightSorted looks up the weight of a row.
func (w *writer) weightSorted(hash uint64, c *change) error {
	var n *node
	if w.root != nil {
		n = w.root.in.kids[GroupOf(hash)]
	}
	for n != nil {
		base, err := w.mem.page(w.lay, n)
		if err != nil {
			return err
		}
		if n.in != nil {
			n = n.in.kids[w.lay.kidFor(&n.shape, base, c)]
			continue
		}
		if row, found := w.lay.search(&n.shape, base, c); found {
			c.old = w.lay.weight(&n.shape, base, uint32(row))
		}
		return nil
	}
	return nil
}

// kidFor is the child that has the row of c or would have it.
func (l *layout) kidFor(p *shape, base unsafe.Pointer, c *change) int {
	return max(0, l.lowerBound(p, base, c.cols, c.i, len(l.sort), true)-1)
}

// search is the row of a leaf that is that of c, or the one before which it would be.
func (l *layout) search(p *shape, base unsafe.Pointer, c *change) (row int, found bool) {
	row = l.lowerBound(p, base, c.cols, c.i, len(l.sort), false)
	return row, row < int(p.n) && l.compare(p, base, row, c.cols, c.i, len(l.sort)) == 0
}

// change makes a change below a node that is the writer's own.
func (w *writer) change(n *node, c *change) error {
	if n.in == nil {
		w.changeLeaf(n, c)
		return nil
	}
	for {
		k := w.lay.kidFor(&n.shape, n.mem, c)
		kid, err := w.own(n.in.kids[k])
		if err != nil {
			return err
		}
		n.in.kids[k] = kid
		if err := w.change(kid, c); err != nil {
			return err
		}
		if !c.full {
			n.in.counts[k].weight += c.weight
			n.in.counts[k].rows += c.rows
			if c.rows < 0 {
				return w.rebalance(n, k)
			}
			return nil
		}
		if !w.roomForKid(n) {
			return nil
		}
		c.full = false
		if err := w.splitKid(n, k, c.at); err != nil {
			return err
		}
	}
}

func (w *writer) changeLeaf(p *node, c *change) {
	l := w.lay
	row, found := l.search(&p.shape, p.mem, c)
	weight, strs, flags, rows := c.weight, 0, pageFlags(0), uint32(0)
	if found {
		c.old = l.weight(&p.shape, p.mem, uint32(row))
		if weight += c.old; weight == 0 {
			l.removeAt(&p.shape, p.mem, row)
			c.rows = -1
			w.slim(p)
			return
		}
		flags = hasWeights
	} else {
		strs, flags = l.needSorted(c.cols, c.i, weight)
		rows = 1
	}
	if !p.hasRoom(rows, strs, flags) && !w.makeSortedRoom(p, rows, strs, flags) {
		c.full, c.at = true, row
		return
	}
	if found {
		*at[int64](l.weightsAt(&p.shape, p.mem), row) = weight
		return
	}
	l.insertAt(&p.shape, p.mem, row, c.cols, c.i, weight)
	c.rows = 1
}

// needSorted is need for columns in the order of the sort columns.
func (l *layout) needSorted(cols []column, i int, weight int64) (strs int, flags pageFlags) {
	if weight != 1 {
		flags = hasWeights
	}
	for k := range cols {
		if cols[k].null(i) {
			flags |= hasNulls
		} else if cols[k].kind == types.KindBytes {
			strs += int(at[vec.Span](cols[k].data, i).Len)
		}
	}
	return strs, flags
}

// makeSortedRoom makes room in a page unless it has to be split.
func (w *writer) makeSortedRoom(p *node, rows uint32, strs int, flags pageFlags) bool {
	size, capacity, f := w.lay.roomy(&p.shape, rows, strs, flags)
	if size > maxPage && p.n >= minFull {
		return false
	}
	w.reshape(p, size, capacity, f)
	return true
}

// slim gives a page that has become a quarter full a smaller buffer.
func (w *writer) slim(p *node) {
	if p.n == 0 || p.n > p.cap/4 {
		return
	}
	if size, capacity, f := w.lay.roomy(&p.shape, 1, 0, 0); size < int(p.size) {
		w.reshape(p, size, capacity, f)
	}
}

// countOf is the weight and number of rows below a node.
func (l *layout) countOf(n *node, base unsafe.Pointer) count {
	var c count
	if n.in != nil {
		for _, k := range n.in.counts {
			c.weight, c.rows = c.weight+k.weight, c.rows+k.rows
		}
		return c
	}
	return count{l.weightOf(&n.shape, base, int(n.n)), int64(n.n)}
}

// weightOf is the total weight of the first n rows of a page.
func (l *layout) weightOf(p *shape, base unsafe.Pointer, n int) int64 {
	if p.flags&hasWeights == 0 {
		return int64(n)
	}
	total := int64(0)
	for _, w := range unsafe.Slice((*int64)(l.weightsAt(p, base)), n) {
		total += w
	}
	return total
}
