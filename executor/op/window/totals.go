package window

import (
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

// totals are the states of the running aggregates over whole partitions, kept by partition.
type totals struct {
	arr *state.Hashed
	key int
	// at is where each call's states begin in the columns behind the key; -1 if it is not a running aggregate.
	at []int
	// cols are the states of the step's partitions, by number: as of the last cut, then before the first affected row, then as
	// of this cut.
	cols []*vec.Vector

	refs state.Refs
	tmp  vec.Vector
	sel  []int32
	hash []uint64
}

// newTotals gives nil if no call is a running aggregate.
func newTotals(n *physical.Over, ts []types.Type, l *sorted.Layout, mem *state.Memory) *totals {
	t := &totals{key: l.Key}
	spec := state.Spec{Types: append([]types.Type(nil), l.Spec.Types[:l.Key]...), Key: l.Key, Unique: true}
	for i := range n.Calls {
		c := &n.Calls[i]
		t.at = append(t.at, -1)
		if !c.Aggregate {
			continue
		}
		if agg := fn.FindAggregate(c.Name, c.ArgTypes); agg != nil && running(agg, &c.Frame) {
			t.at[i] = len(spec.Types) - l.Key
			spec.Types = append(spec.Types, agg.State(argTypes(c, ts))...)
		}
	}
	if len(spec.Types) == l.Key {
		return nil
	}
	for _, st := range spec.Types[l.Key:] {
		t.cols = append(t.cols, vec.New(st, 0))
	}
	t.arr = state.NewHashed(mem, spec)
	return t
}

// load makes cols the states of partitions as of the last cut; those of new partitions are zero.
func (t *totals) load(keys []*vec.Vector, hashes []uint64) error {
	for _, v := range t.cols {
		v.Reset(v.Type)
	}
	for from := 0; from < len(hashes); from += vec.BatchSize {
		to := min(from+vec.BatchSize, len(hashes))
		t.sel = t.sel[:0]
		for p := from; p < to; p++ {
			t.sel = append(t.sel, int32(p))
		}
		if err := t.arr.Lookup(keys, hashes[from:to], t.sel, len(hashes), &t.refs); err != nil {
			return err
		}
		for c, v := range t.cols {
			t.arr.Gather(&t.refs, t.key+c, &t.tmp)
			for k := range to - from {
				d := t.tmp.Datum(k)
				if !t.refs.Found(k) {
					d = types.Datum{}
				}
				v.Append(d)
			}
		}
	}
	return nil
}

// store brings the states of partitions into the arrangement, and removes those of the partitions that have gone.
func (t *totals) store(keys []*vec.Vector, hashes []uint64, parts []part) error {
	b := vec.Batch{Cols: append(append([]*vec.Vector(nil), keys...), t.cols...), N: len(hashes)}
	for _, gone := range []bool{true, false} {
		t.sel, t.hash = t.sel[:0], t.hash[:0]
		for p := range parts {
			if parts[p].gone == gone {
				t.sel, t.hash = append(t.sel, int32(p)), append(t.hash, hashes[p])
			}
		}
		if len(t.sel) == 0 {
			continue
		}
		if gone {
			if _, err := t.arr.Delete(keys, t.hash, t.sel, b.N); err != nil {
				return err
			}
			continue
		}
		if b.Sel = t.sel; len(b.Sel) > 0 {
			if err := t.arr.Put(&b, t.hash, nil); err != nil {
				return err
			}
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
