package sorted

import (
	"cmp"
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Store has the rows of partitions: in one arrangement, or, where partitions are of windows that close, in one for each window end, so that
// it is freed whole.
type Store struct {
	whole  *state.Ordered       // empty where there are slices
	sliced *state.SlicedOrdered // nil where there are none
	end    int
	ends   Ends
	hashes []uint64
}

// NewStore makes an empty store of rows in a layout. end is the layout's column of window ends, or less than 0.
func NewStore(l *Layout, end int, mem *state.Memory) *Store {
	s := &Store{whole: state.NewOrdered(mem, l.Spec), end: end}
	if end >= 0 {
		s.sliced = state.NewSlicedOrdered(mem, l.Spec)
	}
	return s
}

// State is the state of the operator whose rows they are.
func (s *Store) State() op.State {
	if s.sliced != nil {
		return s.sliced
	}
	return s.whole
}

// Rows is the number of distinct rows.
func (s *Store) Rows() int64 {
	if s.sliced != nil {
		return s.sliced.Rows()
	}
	return s.whole.Rows()
}

// Open is Ordered.Open for the partition in row i of keys.
func (s *Store) Open(c *state.Cursor, keys []*vec.Vector, i int, hash uint64) error {
	arr := s.whole
	if s.sliced != nil {
		if slice := s.sliced.Slice(EndOf(keys[s.end], i)); slice != nil {
			arr = slice
		}
	}
	return arr.Open(c, keys, i, hash)
}

// Apply is Ordered.Apply.
func (s *Store) Apply(b *vec.Batch, hashes []uint64) error {
	if s.sliced == nil {
		return s.whole.Apply(b, hashes, nil)
	}
	return s.ends.Each(b.Cols[s.end], b.Sel, b.N, func(end int64, sel, at []int32) error {
		part := *b
		part.Sel, s.hashes = sel, s.hashes[:0]
		for _, k := range at {
			s.hashes = append(s.hashes, hashes[k])
		}
		return s.sliced.Ensure(end).Apply(&part, s.hashes, nil)
	})
}

// Close frees the rows of windows that end at end or before.
func (s *Store) Close(end int64) {
	if s.sliced != nil {
		CloseSlices(s.sliced, end)
	}
}

// CloseSlices drops the slices, one for each window end, of windows that end at end or before.
func CloseSlices(slices interface {
	Clear()
	DropBefore(start int64)
}, end int64) {
	switch end {
	case op.NoWatermark:
	case op.EndOfTime:
		slices.Clear()
	default:
		slices.DropBefore(end + 1)
	}
}

// EndOf is the window end in row i. A null one is of no window that closes before the end of time.
func EndOf(ends *vec.Vector, i int) int64 {
	if ends.IsNull(i) {
		return op.EndOfTime
	}
	if ends.Const {
		i = 0
	}
	return ends.I64[i]
}

// Ends divides rows by their window ends, which are few.
type Ends struct {
	order []int32
	sel   []int32
	times []int64
}

// Each calls f for each window end, ascending, with the rows of a selection (nil: all n) that have it, and their places in the selection.
func (e *Ends) Each(ends *vec.Vector, sel []int32, n int, f func(end int64, rows, at []int32) error) error {
	if sel != nil {
		n = len(sel)
	}
	row := func(k int32) int32 {
		if sel != nil {
			return sel[k]
		}
		return k
	}
	e.order, e.times = e.order[:0], e.times[:0]
	for k := range int32(n) {
		e.order, e.times = append(e.order, k), append(e.times, EndOf(ends, int(row(k))))
	}
	ascending := func(x, y int32) int { return cmp.Compare(e.times[x], e.times[y]) }
	if !slices.IsSortedFunc(e.order, ascending) {
		slices.SortStableFunc(e.order, ascending)
	}
	for from := 0; from < n; {
		end := e.times[e.order[from]]
		to := from
		e.sel = e.sel[:0]
		for ; to < n && e.times[e.order[to]] == end; to++ {
			e.sel = append(e.sel, row(e.order[to]))
		}
		if err := f(end, e.sel, e.order[from:to]); err != nil {
			return err
		}
		from = to
	}
	return nil
}
