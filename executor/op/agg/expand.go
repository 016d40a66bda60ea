package agg

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
)

// expand brings the changes of slices into those of windows: each into all windows that have the slice and are open.
func (s *Slices) expand(out op.Output) error {
	from := s.slices.scratch
	n := from.index.Len()
	if n == 0 {
		return nil
	}
	s.windows.beginCalls()
	for k := int64(0); k < s.size/s.slide; k++ {
		if !s.bounds(n, k) {
			continue
		}
		if err := s.bring(n); err != nil {
			return err
		}
		if err := s.windows.spill(out); err != nil {
			return err
		}
	}
	from.reset()
	return nil
}

// bounds makes s.start and s.end those of the k-th window of each slice, and s.sel the slices that have one that is open; it is false if
// none has.
func (s *Slices) bounds(n int, k int64) bool {
	ends := s.slices.scratch.index.Cols[len(s.node.Keys)]
	s.start.Resize(s.time, n)
	s.end.Resize(s.time, n)
	s.sel = sized(s.sel, 0)
	closed, any := s.windows.closed()
	for i := range n {
		slice := ends.I64[i]
		end := slice + k*s.slide
		s.start.I64[i], s.end.I64[i] = end-s.size, end
		if s.node.Of.Window == physical.Cumulate {
			s.start.I64[i] = s.floorTo(slice-1, s.size)
			if end > s.start.I64[i]+s.size {
				continue
			}
		}
		if any && end <= closed {
			continue
		}
		s.sel = append(s.sel, int32(i))
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
		c := &s.windows.calls[i]
		if c.how != merged {
			continue
		}
		src := from.state[c.from:c.to]
		if len(s.sel) < n {
			src = s.take(src)
		}
		c.fn.Merge(&s.windows.ofRows.Ctx, to.state[c.from:c.to], to.numbers, src, len(s.sel))
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
