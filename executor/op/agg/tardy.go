package agg

import "github.com/streamdb/streamdb/storage/state"

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
