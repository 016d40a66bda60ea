package agg

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// bringLate brings rows that were late for some windows into the state, after those windows have been put together: these end before the
// first that takes the row. So it does not matter whether the rows of several epochs, and the watermarks between them, come in order. Rows
// whose first window is further than behind the next that a watermark lets close wait.
func (x *assembly) bringLate(watermark int64, out op.Output) error {
	late := x.s.late
	if late.Len() == 0 {
		return nil
	}
	for _, first := range x.firsts() {
		before := first - x.s.slide
		if before > watermark {
			break
		}
		if err := x.advance(before, out); err != nil {
			return err
		}
		for _, c := range late.Chunks {
			if b := x.lateRows(c, func(f int64) bool { return f == first }); b.Rows() > 0 {
				if err := x.s.slices.gather(b); err != nil {
					return err
				}
			}
		}
		if err := x.bringScratch(); err != nil {
			return err
		}
	}
	left := delta.NewRows(x.s.slices.in)
	for _, c := range late.Chunks {
		left.Add(x.lateRows(c, func(f int64) bool { return f-x.s.slide > watermark }), nil)
	}
	x.s.late = left
	return nil
}

// firsts are the ends of the first windows of the late rows, each once, ascending.
func (x *assembly) firsts() []int64 {
	var out []int64
	for _, c := range x.s.late.Chunks {
		out = append(out, c.Cols[x.s.node.First].I64[:c.N]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lateRows are those late rows of a chunk of which want is true.
func (x *assembly) lateRows(c *delta.Chunk, want func(first int64) bool) *vec.Batch {
	b := c.Batch
	b.Sel = []int32{}
	for i, f := range c.Cols[x.s.node.First].I64[:c.N] {
		if want(f) {
			b.Sel = append(b.Sel, int32(i))
		}
	}
	return &b
}

// revise adds the cells at hand to a slice of the block before, of which some windows are out and others are not. Few rows come so late, and
// each is followed by itself: it adds to the sums of its slice and of those before it.
func (x *assembly) revise(end int64) error {
	late := newCells(x.l, len(x.at.keys))
	for k := range x.at.n {
		late.take(x.at, []int32{int32(k)})
		if err := x.reviseOne(late, end); err != nil {
			return err
		}
	}
	return nil
}

func (x *assembly) reviseOne(c *cells, end int64) error {
	if err := x.have.find(x.front, c, x.l); err != nil {
		return err
	}
	first := int64(nowhere) // of the key's slices
	if x.have.any {
		first = x.have.link.I64[0]
	}
	before, at := int64(nowhere), first
	for at != nowhere && at <= end {
		link, err := x.addTo(x.ahead.Slice(at), c)
		if err != nil {
			return err
		}
		if at == end {
			return x.setFront(c, first)
		}
		before, at = at, link
	}
	if err := x.insert(c, end, at); err != nil {
		return err
	}
	if before == nowhere {
		return x.setFront(c, end)
	}
	if err := x.link(x.ahead.Slice(before), c, end); err != nil {
		return err
	}
	return x.setFront(c, first)
}

// addTo adds a cell to one that is there and gives that one's link.
func (x *assembly) addTo(h *state.Hashed, c *cells) (int64, error) {
	if err := x.have.find(h, c, x.l); err != nil {
		return 0, err
	}
	x.have.merge(c, x.s.windows)
	return x.have.link.I64[0], x.have.put(h, c, &x.have.refs)
}

// insert makes a cell for a slice that the key was not in: its sum is that of the slice behind it, with what is added.
func (x *assembly) insert(c *cells, end, behind int64) error {
	sum := c
	if behind != nowhere {
		if err := x.have.find(x.ahead.Slice(behind), c, x.l); err != nil {
			return err
		}
		x.have.merge(c, x.s.windows)
		sum = x.have
	}
	sum.setLink(behind)
	return sum.put(x.ahead.Ensure(end), c, nil)
}

// link makes a cell that is there link to a slice.
func (x *assembly) link(h *state.Hashed, c *cells, to int64) error {
	if err := x.have.find(h, c, x.l); err != nil {
		return err
	}
	x.have.setLink(to)
	return x.have.put(h, c, &x.have.refs)
}

// setFront adds a cell to front, whose first slice is first.
func (x *assembly) setFront(c *cells, first int64) error {
	if err := x.have.find(x.front, c, x.l); err != nil {
		return err
	}
	sum := c
	if x.have.any {
		x.have.merge(c, x.s.windows)
		sum = x.have
	}
	sum.setLink(first)
	return sum.put(x.front, c, nil)
}
