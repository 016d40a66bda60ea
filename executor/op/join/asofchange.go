package join

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// changed finds the left rows, as of the last cut, whose right row may be another after a step's changes of the right side.
//
// A right row that comes or goes at time t concerns left rows from t on (looking back: ">=" and ">"; else up to t), as far as the time
// u of the next right row that was there and has not changed: a left row beyond u has that, or a nearer one.
type changed struct {
	j      *Asof
	latest bool
	// rows are what was found.
	rows *delta.Rows

	touched  *delta.Index // the keys and times of the changes, each once
	hashes   []uint64     // of the keys
	order    []int32
	group    []int32 // the part of order with one key
	keys     []vec.CompareFunc
	times    vec.CompareFunc
	a, b     state.Cursor
	limit    []*vec.Vector // a key and u, in one row
	limited  bool
	repeated []uint64
}

func newChanged(j *Asof, latest bool) changed {
	s := j.right
	time := s.types[s.bound.time]
	touched := append(slices.Clone(s.keyTypes()), time)
	c := changed{j: j, latest: latest, rows: delta.NewRows(j.left.types), touched: delta.NewKeyIndex(touched),
		times: vec.OrderComparator(time, vec.Order{})}
	for _, t := range s.keyTypes() {
		c.keys = append(c.keys, vec.OrderComparator(t, vec.Order{}))
	}
	for _, t := range touched {
		c.limit = append(c.limit, vec.New(t, 1))
	}
	c.b.Cols = []int{s.bound.time}
	return c
}

// find fills rows, before the right side's changes are in its state.
func (c *changed) find() error {
	defer c.touched.Reset()
	s := c.j.right
	for _, x := range s.in.Chunks {
		cols := append(x.Cols[:s.keys:s.keys], x.Cols[s.bound.time])
		if _, err := c.touched.Add(cols, nil, x.N, nil, nil); err != nil {
			return err
		}
	}
	c.sort()
	for from := 0; from < len(c.order); {
		to := from + 1
		for to < len(c.order) && c.compareKeys(int(c.order[from]), int(c.order[to])) == 0 {
			to++
		}
		c.group = c.order[from:to]
		if err := c.findKey(); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// sort orders what is touched by key and time, and hashes the keys.
func (c *changed) sort() {
	cols, n := c.touched.Cols, c.touched.Len()
	c.hashes = fill(c.hashes, n, 0)
	vec.HashRows(cols[:c.j.right.keys], nil, n, c.hashes)
	c.order = c.order[:0]
	for i := range int32(n) {
		c.order = append(c.order, i)
	}
	slices.SortFunc(c.order, func(x, y int32) int {
		if r := c.compareKeys(int(x), int(y)); r != 0 {
			return r
		}
		return c.compare(int(x), cols[len(cols)-1], int(y))
	})
}

// compareKeys compares the keys of two of what is touched; several forms of one key are equal.
func (c *changed) compareKeys(x, y int) int {
	for k, compare := range c.keys {
		if r := compare(c.touched.Cols[k], x, c.touched.Cols[k], y); r != 0 {
			return r
		}
	}
	return 0
}

// compare compares the time of what is touched with another.
func (c *changed) compare(i int, times *vec.Vector, k int) int {
	return c.times(c.touched.Cols[len(c.touched.Cols)-1], i, times, k)
}

// findKey finds the rows of a key: from its earliest change on where joins look back, from its latest where they look ahead.
func (c *changed) findKey() error {
	c.limited = false
	for k := range c.group {
		at := c.group[k]
		if !c.latest {
			at = c.group[len(c.group)-1-k]
		}
		if k > 0 && (!c.limited || c.within(int(at))) {
			continue // found with the one before
		}
		if err := c.findLimit(int(at)); err != nil {
			return err
		}
		if err := c.take(int(at)); err != nil {
			return err
		}
	}
	return nil
}

// within reports whether a change is nearer than the limit of the one before.
func (c *changed) within(i int) bool {
	r := c.compare(i, c.limit[len(c.limit)-1], 0)
	if c.latest {
		return r < 0
	}
	return r > 0
}

// findLimit finds the next right row that was there and has not changed.
func (c *changed) findLimit(i int) error {
	keys := c.j.right.keys
	cols := c.touched.Cols
	if err := c.j.b.Open(&c.b, cols[:keys], i, c.hashes[i]); err != nil {
		return err
	}
	if err := c.b.Seek(cols, i, false); err != nil {
		return err
	}
	for {
		ok, err := c.b.Prev(1)
		if err != nil || !ok {
			c.limited = false
			return err
		}
		u := c.b.Batch.Cols[0]
		_, touched := slices.BinarySearchFunc(c.group, 0, func(at int32, _ int) int { return c.compare(int(at), u, 0) })
		if touched {
			continue
		}
		c.limited = true
		for k, v := range c.limit {
			src, row := u, int32(0)
			if k < keys {
				src, row = cols[k], int32(i)
			}
			setOnly(v, src, row)
		}
		return nil
	}
}

// setOnly makes a value the only one of a column.
func setOnly(v, src *vec.Vector, i int32) {
	v.Reset(v.Type)
	v.AppendSelected(src, []int32{i}, 0)
}

// take adds the left rows between a change and the limit.
func (c *changed) take(i int) error {
	keys, cols, strict := c.j.right.keys, c.touched.Cols, c.j.near.strict
	if err := c.j.a.Open(&c.a, cols[:keys], i, c.hashes[i]); err != nil {
		return err
	}
	from, to, after := c.a.NarrowStart, c.a.NarrowEnd, strict
	if !c.latest {
		from, to, after = c.a.NarrowEnd, c.a.NarrowStart, !strict
	}
	if err := from(cols, i, after); err != nil {
		return err
	}
	if c.limited {
		if err := to(c.limit, 0, after); err != nil {
			return err
		}
	}
	c.a.SeekStart()
	for {
		ok, err := c.a.Next(vec.BatchSize)
		if err != nil || !ok {
			return err
		}
		c.repeated = fill(c.repeated, c.a.Batch.N, c.hashes[i])
		c.rows.Add(c.a.Batch, c.repeated)
	}
}
