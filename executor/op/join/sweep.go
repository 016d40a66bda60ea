package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// sweep takes the rows out of an arrangement that are over. They end by a column of their own, so slices of time would be many
// or free nothing. It looks at all rows when there are twice as many as it left the last time, or all that it left are over: so a row is
// looked at a few times, however long it lives, and no more is kept than twice what there was.
type sweep struct {
	until, keys int
	// next is how many rows there are when it sweeps, and last when all have ended that it left. least is by what it swept.
	next, last, least int64

	scan    state.Scan
	over    *delta.Rows
	sel     []int32
	hashes  []uint64
	weights []int64
}

// fewRows are not worth a sweep.
const fewRows = 4

func newSweep(spec state.Spec, until int) *sweep {
	return &sweep{until: until, keys: spec.Key, next: fewRows, last: op.NoWatermark, least: op.NoWatermark, over: delta.NewRows(spec.Types), sel: []int32{}}
}

// run sweeps if it is time to: rows that have less than least in until go.
func (s *sweep) run(h *state.Hashed, least int64) error {
	switch n := h.Rows(); {
	case least == op.EndOfTime:
		h.Clear()
		return nil
	case least <= s.least, n < fewRows, n < s.next && least <= s.last:
		return nil
	}
	s.last, s.least = op.NoWatermark, least
	for group := range state.Groups {
		if err := s.group(h, group); err != nil {
			return err
		}
	}
	s.next = 2*h.Rows() + fewRows
	return nil
}

// group sweeps a key group: a part of all, as what goes is gathered first.
func (s *sweep) group(h *state.Hashed, group int) error {
	defer s.over.Reset()
	h.Scan(&s.scan, group)
	for {
		ok, err := s.scan.Next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		s.gather(*s.scan.Batch)
	}
	for _, c := range s.over.Chunks {
		if err := h.Apply(&c.Batch, c.Hashes, nil); err != nil {
			return err
		}
	}
	return nil
}

// gather takes the rows of a batch that are over, as retractions.
func (s *sweep) gather(b vec.Batch) {
	s.sel, s.weights = s.sel[:0], s.weights[:0]
	for i, t := range b.Cols[s.until].I64[:b.N] {
		if t < s.least {
			s.sel = append(s.sel, int32(i))
		} else {
			s.last = max(s.last, t)
		}
		s.weights = append(s.weights, -b.Weight(i))
	}
	if len(s.sel) == 0 {
		return
	}
	s.hashes = fill(s.hashes, len(s.sel), 0)
	vec.HashRows(b.Cols[:s.keys], s.sel, b.N, s.hashes)
	b.Sel, b.Weights = s.sel, s.weights
	s.over.Add(&b, s.hashes)
}
