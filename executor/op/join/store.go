package join

import (
	"cmp"
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// store keeps rows by their join key: in a Hashed, or, where the watermark frees them, in slices by their time. Where it frees them by
// what each has in a column, they are in a Hashed that is swept (sweep.go).
type store struct {
	hashed *state.Hashed
	sweep  *sweep
	sliced *state.Sliced
	// time is the column of the rows' times and width the length of a slice, if there are slices.
	time  int
	width int64

	byTime byTime
	ch     state.Changes
}

// newStore makes an empty store; width 0 is one without slices.
func newStore(mem *state.Memory, spec state.Spec, time int, width int64) *store {
	s := &store{time: time, width: width}
	if width == 0 {
		s.hashed = state.NewHashed(mem, spec)
	} else {
		s.sliced = state.NewSliced(mem, spec)
	}
	return s
}

// newSweptStore makes an empty store of rows that end by what they have in a column.
func newSweptStore(mem *state.Memory, spec state.Spec, until int) *store {
	return &store{hashed: state.NewHashed(mem, spec), sweep: newSweep(spec, until)}
}

func (s *store) state() op.State {
	if s.sliced != nil {
		return s.sliced
	}
	return s.hashed
}

// rows is the number of distinct rows.
func (s *store) rows() int64 {
	if s.sliced != nil {
		return s.sliced.Rows()
	}
	return s.hashed.Rows()
}

// apply is Hashed.Apply.
func (s *store) apply(b *vec.Batch, hashes []uint64, ch *state.Changes) error {
	if s.sliced == nil {
		return s.hashed.Apply(b, hashes, ch)
	}
	if ch == nil {
		return s.inSlices(b, hashes, func(h *state.Hashed, part *vec.Batch, hashes []uint64, _ []int32) error {
			return h.Apply(part, hashes, nil)
		})
	}
	ch.Old, ch.New = fill(ch.Old, len(hashes), 0), fill(ch.New, len(hashes), 0)
	return s.inSlices(b, hashes, func(h *state.Hashed, part *vec.Batch, hashes []uint64, chosen []int32) error {
		if err := h.Apply(part, hashes, &s.ch); err != nil {
			return err
		}
		for i, k := range chosen {
			ch.Old[k], ch.New[k] = s.ch.Old[i], s.ch.New[i]
		}
		return nil
	})
}

// insert is Hashed.Insert.
func (s *store) insert(b *vec.Batch, hashes []uint64) error {
	if s.sliced == nil {
		return s.hashed.Insert(b, hashes)
	}
	return s.inSlices(b, hashes, func(h *state.Hashed, part *vec.Batch, hashes []uint64, _ []int32) error {
		return h.Insert(part, hashes)
	})
}

// inSlices calls f with each slice that selected rows of b belong to, the batch with these selected, and their hashes and positions in b's
// selection.
func (s *store) inSlices(b *vec.Batch, hashes []uint64, f func(h *state.Hashed, part *vec.Batch, hashes []uint64, chosen []int32) error) error {
	times := s.byTime.sort(b.Cols[s.time], b.Sel, b.N)
	part := *b
	for from := 0; from < len(times); {
		start := floor(times[from], s.width)
		to := from + 1
		for to < len(times) && times[to] < add(start, s.width) {
			to++
		}
		var partHashes []uint64
		part.Sel, partHashes = s.byTime.part(from, to, hashes)
		if err := f(s.sliced.Ensure(start), &part, partHashes, s.byTime.chosen); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// reach says where the partners of rows with a given time are: from lo before it to hi after it, in the column time.
type reach struct {
	time   int
	lo, hi int64
}

// near calls f with each arrangement that may have partners of selected rows, and the selection of these rows with the hashes of
// their keys. r is the reach of the rows.
func (s *store) near(cols []*vec.Vector, sel []int32, n int, hashes []uint64, r reach,
	f func(h *state.Hashed, sel []int32, hashes []uint64) error) error {
	if s.sliced == nil {
		return f(s.hashed, sel, hashes)
	}
	times := s.byTime.sort(cols[r.time], sel, n)
	if len(times) == 0 {
		return nil
	}
	first, last := sub(times[0], r.lo), add(times[len(times)-1], r.hi)
	s.byTime.starts = s.sliced.Starts(s.byTime.starts[:0])
	for _, start := range s.byTime.starts {
		end := add(start, s.width-1)
		if end < first {
			continue
		}
		if start > last {
			return nil
		}
		from, _ := slices.BinarySearch(times, sub(start, r.hi))
		to, _ := slices.BinarySearch(times, add(add(end, r.lo), 1))
		if end == types.TimestampInfinity {
			to = len(times)
		}
		if from >= to {
			continue
		}
		part, partHashes := s.byTime.part(from, to, hashes)
		if err := f(s.sliced.Slice(start), part, partHashes); err != nil {
			return err
		}
	}
	return nil
}

// drop frees the slices with no row at time least or later, or sweeps.
func (s *store) drop(least int64) error {
	switch {
	case least == op.NoWatermark:
	case s.sweep != nil:
		return s.sweep.run(s.hashed, least)
	case s.sliced == nil:
	case least == op.EndOfTime:
		s.sliced.Clear()
	default:
		s.sliced.DropBefore(add(sub(least, s.width), 1))
	}
	return nil
}

// dropThrough frees the slices that begin at last or before.
func (s *store) dropThrough(last int64) {
	if last == op.EndOfTime {
		s.sliced.Clear()
		return
	}
	s.sliced.DropBefore(last + 1)
}

func (s *store) release() { s.state().Release() }

// byTime is a selection in the order of time.
type byTime struct {
	sel    []int32
	times  []int64
	sorted bool    // in the selection itself
	order  []int32 // the selected rows by position in the selection
	starts []int64
	// chosen are the positions in the selection, rows the physical rows, and hashes those of a part.
	chosen, rows []int32
	hashes       []uint64
}

// sort gives the times of selected rows, ascending. They are not null.
func (b *byTime) sort(v *vec.Vector, sel []int32, n int) []int64 {
	v = v.Flatten(n)
	b.sel, b.times, b.order, b.sorted = sel, b.times[:0], b.order[:0], true
	if sel != nil {
		n = len(sel)
	}
	for k := range int32(n) {
		t := v.I64[b.row(k)]
		b.sorted = b.sorted && (k == 0 || t >= b.times[k-1])
		b.times, b.order = append(b.times, t), append(b.order, k)
	}
	if !b.sorted {
		slices.SortFunc(b.order, func(x, y int32) int { return cmp.Or(cmp.Compare(b.times[x], b.times[y]), cmp.Compare(x, y)) })
		slices.Sort(b.times)
	}
	return b.times
}

// row is the physical row at a position in the selection.
func (b *byTime) row(k int32) int32 {
	if b.sel != nil {
		return b.sel[k]
	}
	return k
}

// part is the selection of the rows from one place in the order of time to another, in the order of the batch, with their hashes.
func (b *byTime) part(from, to int, hashes []uint64) ([]int32, []uint64) {
	b.chosen = append(b.chosen[:0], b.order[from:to]...)
	if !b.sorted {
		slices.Sort(b.chosen)
	}
	b.rows, b.hashes = b.rows[:0], b.hashes[:0]
	for _, k := range b.chosen {
		b.rows, b.hashes = append(b.rows, b.row(k)), append(b.hashes, hashes[k])
	}
	return b.rows, b.hashes
}

// floor is the last multiple of width that is not after t.
func floor(t, width int64) int64 {
	r := t % width
	if r < 0 {
		r += width
	}
	return sub(t, r)
}

// add is t + d, and no further than a time can be. The infinite times stay what they are.
func add(t, d int64) int64 {
	switch sum := t + d; {
	case t == types.TimestampInfinity || t == types.TimestampNegInfinity:
		return t
	case d > 0 && sum < t:
		return types.TimestampInfinity
	case d < 0 && sum > t:
		return types.TimestampNegInfinity
	default:
		return sum
	}
}

// sub is t - d likewise.
func sub(t, d int64) int64 { return add(t, -d) }
