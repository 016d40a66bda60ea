package agg

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// store is a keyed arrangement, in slices by window end where groups belong to windows: when windows close, whole slices go.
type store struct {
	whole  *state.Hashed
	sliced *state.Sliced

	order  []int32
	sorted []int32
	starts []int32
	ends   []int64
}

func newStore(mem *state.Memory, spec state.Spec, windowed bool) store {
	if windowed {
		return store{sliced: state.NewSliced(mem, spec)}
	}
	return store{whole: state.NewHashed(mem, spec)}
}

func (s *store) arrangement() op.State {
	if s.sliced != nil {
		return s.sliced
	}
	return s.whole
}

func (s *store) rows() int64 {
	if s.sliced != nil {
		return s.sliced.Rows()
	}
	return s.whole.Rows()
}

// each calls f for rows with such hashes and window ends (nil where there are none), by slice, up to vec.BatchSize rows at a time.
// fresh says that the slice was empty when its first rows were given, so that no row can be there: rows are distinct.
func (s *store) each(ends *vec.Vector, hashes []uint64, f func(h *state.Hashed, rows []int32, fresh bool) error) error {
	n := len(hashes)
	s.order = s.order[:0]
	for i := range n {
		s.order = append(s.order, int32(i))
	}
	if n > 2*vec.BatchSize {
		s.neighbours(hashes)
	}
	if s.sliced == nil {
		return inChunks(s.whole, s.order, f)
	}
	s.byEnd(ends)
	for k, end := range s.ends {
		if err := inChunks(s.sliced.Ensure(end), s.order[s.starts[k]:s.starts[k+1]], f); err != nil {
			return err
		}
	}
	return nil
}

// byEnd sorts s.order by window end: s.ends are the different ones, ascending, and their rows begin at s.starts. They are few.
func (s *store) byEnd(ends *vec.Vector) {
	s.ends = s.ends[:0]
	at := 0 // of the row before: rows of one window come together, more or less
	place := func(end int64) (found bool) {
		if at < len(s.ends) && s.ends[at] == end {
			return true
		}
		at, found = slices.BinarySearch(s.ends, end)
		return found
	}
	for _, i := range s.order {
		if end := sorted.EndOf(ends, int(i)); !place(end) {
			s.ends = slices.Insert(s.ends, at, end)
		}
	}
	s.starts = zeroed(s.starts[:0], len(s.ends)+2)
	for _, i := range s.order {
		place(sorted.EndOf(ends, int(i)))
		s.starts[at+2]++
	}
	for k := range s.ends {
		s.starts[k+2] += s.starts[k+1]
	}
	s.sorted = sized(s.sorted, len(s.order))
	for _, i := range s.order {
		place(sorted.EndOf(ends, int(i)))
		s.sorted[s.starts[at+1]] = i
		s.starts[at+1]++
	}
	s.order, s.sorted = s.sorted, s.order
}

// neighbours sorts s.order by the upper bits of the hashes, as pages lie: rows of one page then meet while it is in the cache.
func (s *store) neighbours(hashes []uint64) {
	const bits = 12
	s.starts = zeroed(s.starts[:0], 1<<bits+1)
	for _, h := range hashes {
		s.starts[h>>(64-bits)+1]++
	}
	for k := range 1 << bits {
		s.starts[k+1] += s.starts[k]
	}
	s.sorted = sized(s.sorted, len(hashes))
	for _, i := range s.order {
		at := &s.starts[hashes[i]>>(64-bits)]
		s.sorted[*at] = i
		*at++
	}
	s.order, s.sorted = s.sorted, s.order
}

func inChunks(h *state.Hashed, rows []int32, f func(h *state.Hashed, rows []int32, fresh bool) error) error {
	fresh := h.Rows() == 0
	for from := 0; from < len(rows); from += vec.BatchSize {
		if err := f(h, rows[from:min(from+vec.BatchSize, len(rows))], fresh); err != nil {
			return err
		}
	}
	return nil
}

// drop frees the slices whose window ends are at most end.
func (s *store) drop(end int64) {
	if end == op.EndOfTime {
		s.sliced.Clear()
		return
	}
	s.sliced.DropBefore(end + 1)
}
