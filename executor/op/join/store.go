package join

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// store keeps rows by their join key: in a Hashed, or, where the watermark frees them, in slices by their time. Where it frees them by
// what each has in a column, they are in a Hashed that is swept (sweep.go). Where rows are large and never change, these have only their keys,
// and a log the rest (shelf.go).
type store struct {
	hashed *state.Hashed
	sweep  *sweep
	sliced *state.Sliced
	// log or logs belong to hashed or sliced; both are nil, and logger, where these have whole rows.
	log    *state.Log
	logs   *state.SlicedLog
	logger *logger
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

// newLoggedStore makes an empty store of rows that never change.
func newLoggedStore(mem *state.Memory, l *sideLayout, time int, width int64) *store {
	s := newStore(mem, state.IndexSpec(l.types[:l.keys], false), time, width)
	s.logger = newLogger(l)
	if rest := l.types[l.keys:]; width == 0 {
		s.log = state.NewLog(mem, rest)
	} else {
		s.logs = state.NewSlicedLog(mem, rest)
	}
	return s
}

func (s *store) state() op.State {
	if s.sliced != nil {
		return s.sliced
	}
	return s.hashed
}

// logState is the state of the log; nil if there is none.
func (s *store) logState() op.State {
	switch {
	case s.log != nil:
		return s.log
	case s.logs != nil:
		return s.logs
	}
	return nil
}

// shelf is the shelf of a slice, or the only one.
func (s *store) shelf(start int64) shelf {
	if s.sliced == nil {
		return shelf{rows: s.hashed, log: s.log}
	}
	at := shelf{start: start, rows: s.sliced.Slice(start)}
	if s.logs != nil {
		at.log = s.logs.Slice(start)
	}
	return at
}

// look is shelf for who looks for rows.
func (s *store) look(start int64) (shelf, error) {
	at := s.shelf(start)
	if s.logger == nil {
		return at, nil
	}
	return at, s.logger.settle(at)
}

// ensure is shelf, making the slice if there is none.
func (s *store) ensure(start int64) shelf {
	part := shelf{start: start, rows: s.sliced.Ensure(start)}
	if s.logs != nil {
		part.log = s.logs.Ensure(start)
	}
	return part
}

// rows is the number of distinct rows.
func (s *store) rows() int64 {
	n := int64(0)
	if s.logger != nil {
		n = s.logger.waiting.rows
	}
	if s.sliced != nil {
		return n + s.sliced.Rows()
	}
	return n + s.hashed.Rows()
}

// settle brings all rows to where they are found and frozen: at the end of a step.
func (s *store) settle() error {
	for s.logger != nil && len(s.logger.waiting.slices) > 0 {
		start := s.logger.waiting.slices[0].start
		if err := s.logger.settle(s.shelf(start)); err != nil {
			return err
		}
	}
	return nil
}

// apply is Hashed.Apply. Rows of a log do not change.
func (s *store) apply(b *vec.Batch, hashes []uint64, ch *state.Changes) error {
	if s.logger != nil {
		return sqlerr.Internal("rows of a log are to change")
	}
	if s.sliced == nil {
		return s.hashed.Apply(b, hashes, ch)
	}
	if ch == nil {
		return s.inSlices(b, hashes, func(at shelf, part *vec.Batch, hashes []uint64, _ []int32) error {
			return at.rows.Apply(part, hashes, nil)
		})
	}
	ch.Old, ch.New = fill(ch.Old, len(hashes), 0), fill(ch.New, len(hashes), 0)
	return s.inSlices(b, hashes, func(at shelf, part *vec.Batch, hashes []uint64, chosen []int32) error {
		if err := at.rows.Apply(part, hashes, &s.ch); err != nil {
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
		return s.insertIn(s.shelf(0), b, hashes)
	}
	return s.inSlices(b, hashes, func(at shelf, part *vec.Batch, hashes []uint64, _ []int32) error {
		return s.insertIn(at, part, hashes)
	})
}

func (s *store) insertIn(at shelf, b *vec.Batch, hashes []uint64) error {
	if at.log == nil {
		return at.rows.Insert(b, hashes)
	}
	return s.logger.insert(at, b, hashes)
}

// inSlices calls f with each slice that selected rows of b belong to, the batch with these selected, and their hashes and positions in b's
// selection.
func (s *store) inSlices(b *vec.Batch, hashes []uint64, f func(at shelf, part *vec.Batch, hashes []uint64, chosen []int32) error) error {
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
		if err := f(s.ensure(start), &part, partHashes, s.byTime.chosen); err != nil {
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

// near calls f with each shelf that may have partners of selected rows, and the selection of these rows with the hashes of
// their keys. r is the reach of the rows.
func (s *store) near(cols []*vec.Vector, sel []int32, n int, hashes []uint64, r reach,
	f func(at shelf, sel []int32, hashes []uint64) error) error {
	if s.sliced == nil {
		at, err := s.look(0)
		if err != nil {
			return err
		}
		return f(at, sel, hashes)
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
		at, err := s.look(start)
		if err != nil {
			return err
		}
		part, partHashes := s.byTime.part(from, to, hashes)
		if err := f(at, part, partHashes); err != nil {
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
		s.clearSlices()
	default:
		s.dropSlices(add(sub(least, s.width), 1))
	}
	return nil
}

// dropSlices frees the slices that begin before start.
func (s *store) dropSlices(start int64) {
	s.sliced.DropBefore(start)
	if s.logs != nil {
		s.logs.DropBefore(start)
		s.logger.waiting.forget(func(of int64) bool { return of < start })
	}
}

func (s *store) clearSlices() {
	s.sliced.Clear()
	if s.logs != nil {
		s.logs.Clear()
		s.logger.waiting.forget(func(int64) bool { return true })
	}
}

// dropThrough frees the slices that begin at last or before.
func (s *store) dropThrough(last int64) {
	if last == op.EndOfTime {
		s.clearSlices()
		return
	}
	s.dropSlices(last + 1)
}

func (s *store) release() {
	s.state().Release()
	if log := s.logState(); log != nil {
		log.Release()
	}
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
