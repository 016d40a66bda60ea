package state

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// Cursor stands between two rows of the range it was opened on. It may be reused, which keeps its buffers. It is invalid
// after the arrangement was written, or the version released.
type Cursor struct {
	// Cols are the columns to give; nil means all. To be set before the first read.
	Cols []int
	// Batch has the rows of the last Next or Prev, with their weights, until the next call.
	Batch *vec.Batch

	v    *view
	tree *node
	cols []column
	out  output
	// start, end and at are what stands in the tree before the range, before its end, and before the cursor.
	start, end, at count
}

// Open puts c at the beginning of the rows whose first columns, in sort order (key columns, order columns, the others), are
// not distinct from row i of prefix, which has at least the key columns. hash is that of the key.
func (o *OrderedReader) Open(c *Cursor, prefix []*vec.Vector, i int, hash uint64) error {
	if len(prefix) < o.v.lay.spec.Key {
		return sqlerr.Internal("a cursor needs all key columns")
	}
	c.v, c.tree = o.v, o.v.group(hash)
	c.out.reset()
	if err := c.setColumns(prefix, i); err != nil {
		return err
	}
	var err error
	if c.start, err = c.v.rank(c.tree, c.cols, i, false); err != nil {
		return err
	}
	c.at = c.start
	c.end, err = c.v.rank(c.tree, c.cols, i, true)
	return err
}

// setColumns makes c.cols the columns of a prefix of the sort columns.
func (c *Cursor) setColumns(prefix []*vec.Vector, i int) error {
	l := c.v.lay
	if len(prefix) > len(l.sort) {
		return sqlerr.Internal("a prefix of %d columns for an order of %d", len(prefix), len(l.sort))
	}
	for k, v := range prefix {
		want := l.kinds[l.sort[k].col]
		if v.Kind() != want && !(isInteger(v.Kind()) && isInteger(want)) {
			return sqlerr.Internal("column %d of a prefix is of another kind", k)
		}
	}
	c.cols = vectorColumns(c.cols[:0], prefix, i+1)
	return nil
}

// Rows is the number of distinct rows of the range.
func (c *Cursor) Rows() int64 { return c.end.rows - c.start.rows }

// Weight is the total weight of the range: the number of SQL rows in it.
func (c *Cursor) Weight() int64 { return c.end.weight - c.start.weight }

// Position is the total weight of the rows of the range before the cursor.
func (c *Cursor) Position() int64 { return c.at.weight - c.start.weight }

// SeekStart puts c before the first row of the range.
func (c *Cursor) SeekStart() { c.at = c.start }

// SeekEnd puts c behind the last row of the range.
func (c *Cursor) SeekEnd() { c.at = c.end }

// SeekWeight puts c before the row that covers position at (0 is the first) and returns how much of that row's weight lies
// before it: so OFFSET and row_number find their row by counting nodes. Past the end it stands at the end. The weights of
// the range must be positive.
func (c *Cursor) SeekWeight(at int64) (into int64, err error) {
	if at >= c.Weight() {
		c.at = c.end
		return 0, nil
	}
	at = max(at, 0) + c.start.weight
	if c.at, err = c.v.rankOfWeight(c.tree, at, c.start.rows, c.end.rows); err != nil {
		return 0, err
	}
	return at - c.at.weight, nil
}

// Seek puts c before the first row of the range that by its first columns, in sort order, is not before row i of prefix, or
// with after before the first that is behind it. The prefix begins with the columns that c was opened with.
func (c *Cursor) Seek(prefix []*vec.Vector, i int, after bool) (err error) {
	c.at, err = c.place(prefix, i, after)
	return err
}

// NarrowStart makes the range begin where Seek would go, and puts c there.
func (c *Cursor) NarrowStart(prefix []*vec.Vector, i int, after bool) (err error) {
	c.start, err = c.place(prefix, i, after)
	c.at = c.start
	return err
}

// NarrowEnd makes the range end where Seek would go, and puts c at its start.
func (c *Cursor) NarrowEnd(prefix []*vec.Vector, i int, after bool) (err error) {
	c.end, err = c.place(prefix, i, after)
	c.at = c.start
	return err
}

// place is the place of the range that Seek goes to.
func (c *Cursor) place(prefix []*vec.Vector, i int, after bool) (count, error) {
	if err := c.setColumns(prefix, i); err != nil {
		return count{}, err
	}
	at, err := c.v.rank(c.tree, c.cols, i, after)
	switch {
	case err != nil:
		return count{}, err
	case at.rows < c.start.rows:
		return c.start, nil
	case at.rows > c.end.rows:
		return c.end, nil
	}
	return at, nil
}

// Next reads up to limit distinct rows (at most vec.BatchSize) and moves behind them; false means the range is at its end.
func (c *Cursor) Next(limit int) (bool, error) {
	c.out.reset()
	limit = min(limit, vec.BatchSize)
	for limit > 0 && c.at.rows < c.end.rows {
		p, base, row, err := c.v.leafAt(c.tree, c.at.rows)
		if err != nil {
			return false, err
		}
		n := min(int(p.n)-row, limit, int(c.end.rows-c.at.rows))
		for r := row; r < row+n; r++ {
			c.out.add(p, base, uint32(r))
			c.at.weight += c.v.lay.weight(&p.shape, base, uint32(r))
		}
		c.at.rows += int64(n)
		limit -= n
	}
	c.Batch = c.out.give(c.v.lay, c.Cols)
	return c.Batch != nil, nil
}

// Prev reads up to limit distinct rows before the cursor, the nearest first, and moves before them; false means the cursor is
// at the start of the range.
func (c *Cursor) Prev(limit int) (bool, error) {
	c.out.reset()
	limit = min(limit, vec.BatchSize)
	for limit > 0 && c.at.rows > c.start.rows {
		p, base, row, err := c.v.leafAt(c.tree, c.at.rows-1)
		if err != nil {
			return false, err
		}
		n := min(row+1, limit, int(c.at.rows-c.start.rows))
		for r := row; r > row-n; r-- {
			c.out.add(p, base, uint32(r))
			c.at.weight -= c.v.lay.weight(&p.shape, base, uint32(r))
		}
		c.at.rows -= int64(n)
		limit -= n
	}
	c.Batch = c.out.give(c.v.lay, c.Cols)
	return c.Batch != nil, nil
}

// Scan opens c on all rows of a key group.
func (o *OrderedReader) Scan(c *Cursor, group int) error {
	c.v, c.tree = o.v, o.v.group(uint64(group)<<(64-groupBits))
	c.out.reset()
	c.start, c.at, c.end = count{}, count{}, count{}
	if c.tree == nil {
		return nil
	}
	base, err := c.v.mem.page(c.v.lay, c.tree)
	if err != nil {
		return err
	}
	c.end = c.v.lay.countOf(c.tree, base)
	return nil
}
