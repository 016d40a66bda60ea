package window

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// running reports whether an aggregate over a frame is a running one that can be taken back: then its state before any row is
// that of the whole partition less the rows from there on, and no row before the first affected one is needed.
func running(agg *fn.Aggregate, f *physical.Frame) bool {
	return agg.Retractable && f.Start.Bound == physical.UnboundedPreceding && f.End.Bound == physical.CurrentRow &&
		f.Exclude == physical.ExcludeNone && f.Unit != physical.Groups
}

// totals is what is kept by partition: the states of running aggregates over all its rows and, where rows are freed, what calls that look
// back to the partition's first row need of those that are gone.
type totals struct {
	arr *state.Hashed // empty where there are slices
	// sliced has them by window end, in the key's column end, where partitions are of windows that close.
	sliced *state.Sliced
	end    int
	ends   sorted.Ends
	key    int
	// at is where each call's states begin in the columns behind the key; -1 if it has none. freed is the column of how many rows have been
	// freed; -1 if nobody asks.
	at    []int
	freed int
	// cols are the states of the step's partitions, by number: as of the last cut, then before the first affected row, then as
	// of this cut.
	cols []*vec.Vector

	refs state.Refs
	tmp  vec.Vector
	sel  []int32
	hash []uint64
}

// newTotals gives nil if no call has a state.
func newTotals(n *physical.Over, ts []types.Type, l *sorted.Layout, mem *state.Memory) *totals {
	t := &totals{key: l.Key, freed: -1}
	spec := state.Spec{Types: append([]types.Type(nil), l.Spec.Types[:l.Key]...), Key: l.Key, Unique: true}
	counted := false
	for i := range n.Calls {
		c := &n.Calls[i]
		t.at = append(t.at, -1)
		if states := statesOf(c, ts, n.Frees); len(states) > 0 {
			t.at[i] = len(spec.Types) - l.Key
			spec.Types = append(spec.Types, states...)
		}
		counted = counted || n.Frees && (c.Name == "row_number" || c.Name == "rank") && !c.Aggregate
	}
	if counted {
		t.freed = len(spec.Types) - l.Key
		spec.Types = append(spec.Types, types.T(types.Int8))
	}
	if len(spec.Types) == l.Key {
		return nil
	}
	for _, st := range spec.Types[l.Key:] {
		t.cols = append(t.cols, vec.New(st, 0))
	}
	t.arr, t.end = state.NewHashed(mem, spec), l.End(n.Closing)
	if t.end >= 0 {
		t.sliced = state.NewSliced(mem, spec)
	}
	return t
}

// statesOf are the types of what is kept of a partition for a call.
func statesOf(c *physical.WindowCall, ts []types.Type, frees bool) []types.Type {
	begins := frees && c.Frame.Start.Bound == physical.UnboundedPreceding
	switch agg := fn.FindAggregate(c.Name, c.ArgTypes); {
	case c.Aggregate:
		if agg != nil && (begins || running(agg, &c.Frame)) {
			return agg.State(argTypes(c, ts))
		}
	case c.Name == "dense_rank" && frees:
		return []types.Type{types.T(types.Int8)} // groups
	case c.Name == "first_value" && begins:
		return []types.Type{types.T(types.Int8), ts[c.Args[0]]} // whether there is one
	}
	return nil
}

func (t *totals) state() op.State {
	if t.sliced != nil {
		return t.sliced
	}
	return t.arr
}

// close frees the states of windows that end at end or before.
func (t *totals) close(end int64) {
	switch {
	case t.sliced == nil || end == op.NoWatermark:
	case end == op.EndOfTime:
		t.sliced.Clear()
	default:
		t.sliced.DropBefore(end + 1)
	}
}

// each calls f with each arrangement that has some of the selected partitions (nil: all n), up to vec.BatchSize of these at a time.
func (t *totals) each(keys []*vec.Vector, sel []int32, n int, f func(h *state.Hashed, sel []int32) error) error {
	chunks := func(h *state.Hashed, sel []int32) error {
		for from := 0; from < len(sel); from += vec.BatchSize {
			if err := f(h, sel[from:min(from+vec.BatchSize, len(sel))]); err != nil {
				return err
			}
		}
		return nil
	}
	if t.sliced != nil {
		return t.ends.Each(keys[t.end], sel, n, func(end int64, rows, _ []int32) error { return chunks(t.sliced.Ensure(end), rows) })
	}
	if sel == nil {
		for p := range int32(n) {
			sel = append(sel, p)
		}
	}
	return chunks(t.arr, sel)
}

// load makes cols the states of partitions as of the last cut; those of new partitions are zero.
func (t *totals) load(keys []*vec.Vector, hashes []uint64) error {
	for _, v := range t.cols {
		v.Reset(v.Type)
		for range hashes {
			v.Append(types.Datum{})
		}
	}
	return t.each(keys, nil, len(hashes), func(h *state.Hashed, sel []int32) error {
		if h.Rows() == 0 {
			return nil
		}
		if err := h.Lookup(keys, t.hashesOf(hashes, sel), sel, len(hashes), &t.refs); err != nil {
			return err
		}
		for c, v := range t.cols {
			h.Gather(&t.refs, t.key+c, &t.tmp)
			for k, p := range sel {
				if t.refs.Found(k) {
					copyValue(v, int(p), &t.tmp, k)
				}
			}
		}
		return nil
	})
}

// hashesOf are the hashes of selected partitions.
func (t *totals) hashesOf(hashes []uint64, sel []int32) []uint64 {
	t.hash = t.hash[:0]
	for _, p := range sel {
		t.hash = append(t.hash, hashes[p])
	}
	return t.hash
}

// store brings the states of partitions into the arrangement, and removes those of the partitions that have gone.
func (t *totals) store(keys []*vec.Vector, hashes []uint64, parts []part) error {
	b := vec.Batch{Cols: append(append([]*vec.Vector(nil), keys...), t.cols...), N: len(hashes)}
	for _, gone := range []bool{true, false} {
		t.sel = t.sel[:0]
		for p := range parts {
			if parts[p].gone == gone {
				t.sel = append(t.sel, int32(p))
			}
		}
		err := t.each(keys, t.sel, b.N, func(h *state.Hashed, sel []int32) error {
			hash := t.hashesOf(hashes, sel)
			if gone {
				_, err := h.Delete(keys, hash, sel, b.N)
				return err
			}
			b.Sel = sel
			return h.Put(&b, hash, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// get makes a call's state that of a partition.
func (t *totals) get(at, p int, into []*vec.Vector) {
	for c, v := range into {
		v.Reset(v.Type)
		v.Append(t.cols[at+c].Datum(p))
	}
}

// set notes a call's state for a partition.
func (t *totals) set(at, p int, from []*vec.Vector) {
	for c, v := range from {
		copyValue(t.cols[at+c], p, v, 0)
	}
}

// column is where the states of call i begin; -1 if it has none.
func (t *totals) column(i int) int {
	if t == nil {
		return -1
	}
	return t.at[i]
}

// number is a number that is kept of a partition.
func (t *totals) number(at, p int) int64 { return t.cols[at].I64[p] }

// add adds to a number of a partition.
func (t *totals) add(at, p int, n int64) { t.cols[at].I64[p] += n }

// free notes that n more rows of a partition are freed.
func (t *totals) free(p int, n int64) {
	if t.freed >= 0 {
		t.add(t.freed, p, n)
	}
}

// freedOf is how many rows of a partition have been freed.
func (t *totals) freedOf(p int) int64 {
	if t == nil || t.freed < 0 {
		return 0
	}
	return t.number(t.freed, p)
}
