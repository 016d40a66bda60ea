package join

import (
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// side is one input of a join: its rows as of the last cut, and what has changed since.
type side struct {
	sideLayout
	index int
	arr   *store
	// in are the changes of rows that may have partners, alone those of rows that cannot, having a null key.
	in, alone *delta.Rows
	set       *delta.Set

	view  delta.Chunk // of the batch at hand
	nulls []int32     // its rows that have a null key
	// timeless of them, the first, have a null as time.
	timeless int
	sel      []int32
	lone     delta.Chunk
	first    state.Probe
	exists   []bool
}

func newSide(l *layout, index int, mem *state.Memory) *side {
	s := newInput(l, index)
	s.arr = s.newStore(mem)
	return s
}

// newInput makes a side that only gathers.
func newInput(l *layout, index int) *side {
	s := &side{sideLayout: l.sides[index], index: index}
	s.in, s.alone = delta.NewRows(s.types), delta.NewRows(s.types)
	s.sel = []int32{} // never nil, which is all rows
	s.view.Cols = make([]*vec.Vector, len(s.cols))
	s.first.Cols, s.first.First = []int{}, true
	return s
}

// newStore makes a store for rows of the side.
func (s *sideLayout) newStore(mem *state.Memory) *store {
	spec := state.Spec{Types: s.types, Key: s.keys}
	time, width := 0, int64(0)
	if s.bound != nil {
		time, width = s.bound.time, s.bound.width
	}
	switch {
	case s.bound != nil && width == 0:
		return newSweptStore(mem, spec, s.bound.until)
	case s.logged:
		return newLoggedStore(mem, s, time, width)
	}
	return newStore(mem, spec, time, width)
}

func (s *side) keyTypes() []types.Type { return s.types[:s.keys] }

// look makes s.view the kept columns and the matchable rows of an input batch, with the hashes of their keys. s.nulls are the
// other rows. It is valid as long as the batch.
func (s *side) look(b *vec.Batch) *delta.Chunk {
	for i, c := range s.cols {
		s.view.Cols[i] = b.Cols[c]
	}
	return s.split(b)
}

// lookStored is look for a batch of the kept columns.
func (s *side) lookStored(b *vec.Batch) *delta.Chunk {
	copy(s.view.Cols, b.Cols)
	return s.split(b)
}

// split takes the rows of a batch apart whose columns s.view has.
func (s *side) split(b *vec.Batch) *delta.Chunk {
	s.view.N, s.view.Weights = b.N, b.Weights
	s.view.Sel, s.nulls = b.Sel, s.nulls[:0]
	if s.bound != nil {
		if v := s.view.Cols[s.bound.time]; v.HasNulls() {
			s.dropNulls(v)
		}
	}
	s.timeless = len(s.nulls)
	if s.bound != nil && s.bound.until != s.bound.time {
		if v := s.view.Cols[s.bound.until]; v.HasNulls() {
			s.dropNulls(v)
		}
	}
	for k := range s.keys {
		if v := s.view.Cols[k]; v.HasNulls() && (k >= len(s.nullsEqual) || !s.nullsEqual[k]) {
			s.dropNulls(v)
		}
	}
	n := s.view.Rows()
	if cap(s.view.Hashes) < n {
		s.view.Hashes = make([]uint64, n, max(n, vec.BatchSize))
	}
	s.view.Hashes = s.view.Hashes[:n]
	vec.HashRows(s.view.Cols[:s.keys], s.view.Sel, b.N, s.view.Hashes)
	return &s.view
}

// dropNulls takes the rows that are null in v out of the selection.
func (s *side) dropNulls(v *vec.Vector) {
	n := s.view.Rows()
	if cap(s.sel) < n {
		s.sel = make([]int32, 0, max(n, vec.BatchSize))
	}
	keep := s.sel[:0] // it may be the selection itself: it is written no faster than read
	for k := range n {
		if i := s.view.Row(k); v.IsNull(i) {
			s.nulls = append(s.nulls, int32(i))
		} else {
			keep = append(keep, int32(i))
		}
	}
	s.view.Sel = keep
}

// gather keeps an input batch's rows for the cut; those without any chance of a partner only if they are wanted.
func (s *side) gather(b *vec.Batch, wantAlone bool) {
	c := s.look(b)
	s.in.Add(&c.Batch, c.Hashes)
	if wantAlone && len(s.nulls) > 0 {
		s.lone.Batch = c.Batch
		s.lone.Sel = s.nulls
		s.alone.Add(&s.lone.Batch, nil)
	}
}

// consolidate adds up the changes of the step. Without retractions nothing can cancel, and it is not worth while.
func (s *side) consolidate(always bool) error {
	if !s.in.Retracts && !always || s.in.Len() == 0 {
		return nil
	}
	if s.set == nil {
		s.set = delta.NewSet(s.types)
	}
	return s.in.Consolidate(s.set, s.keys)
}

// apply brings the changes into the state. seen is told the weights before and after; it may be nil.
func (s *side) apply(seen func(ch *state.Changes)) error {
	var ch *state.Changes
	if seen != nil {
		ch = &state.Changes{}
	}
	for _, c := range s.in.Chunks {
		if err := s.arr.apply(&c.Batch, c.Hashes, ch); err != nil {
			return err
		}
		if seen != nil {
			seen(ch)
		}
	}
	return nil
}

// has tells which of the selected keys there are among the side's rows: the result has an element for each physical row, of
// which the selected count, and is valid until the next call.
func (s *side) has(keys []*vec.Vector, sel []int32, n int, hashes []uint64) ([]bool, error) {
	if cap(s.exists) < n {
		s.exists = make([]bool, n, max(n, vec.BatchSize))
	}
	s.exists = s.exists[:n]
	if sel == nil {
		clear(s.exists)
	}
	for _, i := range sel {
		s.exists[i] = false
	}
	err := s.arr.near(keys, sel, n, hashes, s.keyReach(), func(at shelf, sel []int32, hashes []uint64) error {
		return s.hasIn(at.rows, keys, sel, n, hashes)
	})
	return s.exists, err
}

// hasIn notes which keys there are in one arrangement.
func (s *side) hasIn(h *state.Hashed, keys []*vec.Vector, sel []int32, n int, hashes []uint64) error {
	if err := h.Probe(&s.first, keys, hashes, sel, n); err != nil {
		return err
	}
	for {
		ok, err := s.first.Next()
		if err != nil || !ok {
			return err
		}
		for _, i := range s.first.Rows {
			s.exists[i] = true
		}
	}
}

// endStep forgets the step's changes.
func (s *side) endStep() {
	s.in.Reset()
	s.alone.Reset()
}
