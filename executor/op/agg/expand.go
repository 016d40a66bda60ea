package agg

import (
	"cmp"
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
)

// expandRows is how many slices are brought into windows at once. They are neighbours in time and so have most windows in common: what
// they change of a window meets in the scratch before it goes into the state.
const expandRows = 1 << 14

// expand brings the changes of slices into those of windows: each into all windows that have the slice and take the change.
func (s *Slices) expand(out op.Output) error {
	from := s.slices.scratch
	n := from.index.Len()
	if n == 0 {
		return nil
	}
	s.windows.beginCalls()
	for order := s.byEnd(n); len(order) > 0; {
		part := order[:min(expandRows, len(order))]
		order = order[len(part):]
		for k := int64(0); k < s.size/s.slide; k++ {
			if !s.bounds(part, k, n) {
				continue
			}
			if err := s.bring(n); err != nil {
				return err
			}
			if err := s.windows.spill(out); err != nil {
				return err
			}
		}
	}
	from.reset()
	return nil
}

// byEnd are the numbers of the slices at hand by their ends. Few need no order.
func (s *Slices) byEnd(n int) []int32 {
	order := s.order[:0]
	for i := range int32(n) {
		order = append(order, i)
	}
	if n > expandRows {
		ends := s.slices.scratch.index.Cols[len(s.node.Keys)].I64
		slices.SortFunc(order, func(x, y int32) int {
			return cmp.Or(cmp.Compare(ends[x], ends[y]), cmp.Compare(x, y))
		})
	}
	s.order = order
	return order
}

// bounds makes s.start and s.end those of the k-th window of some slices, and s.sel those of them that have one that is open; it is false
// if none has.
func (s *Slices) bounds(part []int32, k int64, n int) bool {
	ends, firsts := s.slices.scratch.index.Cols[len(s.node.Keys)], s.slices.scratch.index.Cols[len(s.node.Keys)+1]
	s.start.Resize(s.time, n)
	s.end.Resize(s.time, n)
	s.sel = sized(s.sel, 0)
	for _, i := range part {
		slice := ends.I64[i]
		end := slice + k*s.slide
		s.start.I64[i], s.end.I64[i] = end-s.size, end
		if s.node.Of.Window == physical.Cumulate {
			s.start.I64[i] = s.floorTo(slice-1, s.size)
			if end > s.start.I64[i]+s.size {
				continue
			}
		}
		if end >= firsts.I64[i] { // else the row came too late for it
			s.sel = append(s.sel, i)
		}
	}
	return len(s.sel) > 0
}

// bring merges the selected slices' changes into the scratch of windows.
func (s *Slices) bring(n int) error {
	from, to := s.slices.scratch, s.windows.scratch
	s.keys = append(append(s.keys[:0], from.index.Cols[:len(s.node.Keys)]...), s.start, s.end)
	s.hashes = sized(s.hashes, len(s.sel))
	vec.HashRows(s.keys, s.sel, n, s.hashes)
	if _, err := to.add(s.keys, s.sel, n, s.hashes, from.count); err != nil {
		return err
	}
	for i := range s.windows.calls {
		if c := &s.windows.calls[i]; c.how == merged {
			c.fn.Merge(&s.windows.ofRows.Ctx, to.state[c.from:c.to], to.numbers, s.take(from.state[c.from:c.to]), len(s.sel))
		}
	}
	to.compact()
	return nil
}

// take gives the selected rows of columns.
func (s *Slices) take(cols []*vec.Vector) []*vec.Vector {
	for len(s.taken) < len(cols) {
		s.taken = append(s.taken, &vec.Vector{})
	}
	for c, v := range cols {
		s.taken[c].Take(v, s.sel)
	}
	return s.taken[:len(cols)]
}
