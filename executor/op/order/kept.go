package order

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// kept is the state of FirstRows: the first rows of each partition, found by the hash of the partition. A partition's only row is overwritten
// in its place; where there may be several, they are a Z-set. Partitions of windows that close have an arrangement for each window end.
// Where rows are large, all this has the partition and the place of the rest of the row in a log (logged.go).
type kept struct {
	whole  *state.Hashed // empty where there are slices
	sliced *state.Sliced // nil where there are none
	// log or logs belong to whole or sliced; all three are nil where these have whole rows.
	log    *state.Log
	logs   *state.SlicedLog
	logged *logged

	unique bool
	write  func(rows *state.Hashed, b *vec.Batch, hashes []uint64) error
	end    int
	ends   sorted.Ends
	probe  state.Probe
	hashes []uint64
	starts []int64
}

// noPlace is the place of a row that is in no log.
const noPlace = -1

// newKept makes an empty state of rows in a layout. end is the layout's column of window ends, or less than 0.
func newKept(l *sorted.Layout, limit, end int, mem *state.Memory) *kept {
	spec := state.Spec{Types: l.Spec.Types, Key: l.Key, Unique: limit == 1}
	k := &kept{unique: spec.Unique, write: writes(spec), end: end}
	rest := l.Spec.Types[l.Key:]
	if state.LogPays(rest) {
		spec = state.IndexSpec(l.Spec.Types[:l.Key], spec.Unique)
		k.logged = newLogged(spec, rest, mem)
	}
	k.whole = state.NewHashed(mem, spec)
	switch {
	case end >= 0:
		if k.sliced = state.NewSliced(mem, spec); k.logged != nil {
			k.logs = state.NewSlicedLog(mem, rest)
		}
	case k.logged != nil:
		k.log = state.NewLog(mem, rest)
	}
	return k
}

func (k *kept) states() []op.State {
	switch {
	case k.logs != nil:
		return []op.State{k.sliced, k.logs}
	case k.sliced != nil:
		return []op.State{k.sliced}
	case k.log != nil:
		return []op.State{k.whole, k.log}
	}
	return []op.State{k.whole}
}

// keptRows are a part of the state: all, or what there is of a window end.
type keptRows struct {
	rows *state.Hashed
	log  *state.Log
}

// load gives the rows of the partitions at some indices of keys, with the index of each row's, and their places if they are in a log.
func (k *kept) load(keys []*vec.Vector, sel []int32, hashes []uint64, give func(b *vec.Batch, places []int64, of []int32)) error {
	if k.sliced == nil {
		return k.loadFrom(keptRows{k.whole, k.log}, keys, sel, hashes, give)
	}
	return k.ends.Each(keys[k.end], sel, 0, func(end int64, sel, at []int32) error {
		part := keptRows{rows: k.sliced.Slice(end)}
		if part.rows == nil {
			return nil
		}
		if k.logs != nil {
			part.log = k.logs.Slice(end)
		}
		return k.loadFrom(part, keys, sel, k.pick(hashes, at), give)
	})
}

func (k *kept) loadFrom(from keptRows, keys []*vec.Vector, sel []int32, hashes []uint64, give func(b *vec.Batch, places []int64, of []int32)) error {
	if from.rows.Rows() == 0 {
		return nil
	}
	n := int(sel[len(sel)-1]) + 1
	if err := from.rows.Probe(&k.probe, keys, hashes, sel, n); err != nil {
		return err
	}
	for {
		ok, err := k.probe.Next()
		if err != nil || !ok {
			return err
		}
		b, places := k.probe.Batch, []int64(nil)
		if from.log != nil {
			if b, places, err = k.logged.whole(b, from.log); err != nil {
				return err
			}
		}
		give(b, places, k.probe.Rows)
	}
}

// apply brings a change into the state. hashes are those of the rows' partitions. places, by physical row, are those of rows that come from a log,
// or noPlace; they are used up.
func (k *kept) apply(b *vec.Batch, hashes []uint64, places []int64) error {
	if k.sliced == nil {
		return k.applyTo(keptRows{k.whole, k.log}, b, hashes, places)
	}
	return k.ends.Each(b.Cols[k.end], b.Sel, b.N, func(end int64, sel, at []int32) error {
		part := *b
		part.Sel = sel
		to := keptRows{rows: k.sliced.Ensure(end)}
		if k.logs != nil {
			to.log = k.logs.Ensure(end)
		}
		return k.applyTo(to, &part, k.pick(hashes, at), places)
	})
}

func (k *kept) applyTo(to keptRows, b *vec.Batch, hashes []uint64, places []int64) error {
	if to.log != nil {
		var err error
		if b, err = k.logged.log(b, hashes, places, to.log); err != nil {
			return err
		}
	}
	return k.write(to.rows, b, hashes)
}

// writes is how an arrangement takes a change: the only row of a key is written over.
func writes(spec state.Spec) func(rows *state.Hashed, b *vec.Batch, hashes []uint64) error {
	if spec.Unique {
		return func(rows *state.Hashed, b *vec.Batch, hashes []uint64) error { return rows.Put(b, hashes, nil) }
	}
	return func(rows *state.Hashed, b *vec.Batch, hashes []uint64) error { return rows.Apply(b, hashes, nil) }
}

func (k *kept) pick(hashes []uint64, at []int32) []uint64 {
	k.hashes = k.hashes[:0]
	for _, i := range at {
		k.hashes = append(k.hashes, hashes[i])
	}
	return k.hashes
}

// close frees the rows of windows that end at end or before.
func (k *kept) close(end int64) {
	if k.sliced != nil {
		sorted.CloseSlices(k.sliced, end)
	}
	if k.logs != nil {
		sorted.CloseSlices(k.logs, end)
	}
}

// compact takes rows that have gone out of the logs where they are many.
func (k *kept) compact() error {
	switch {
	case k.log != nil:
		return k.logged.compact(keptRows{k.whole, k.log})
	case k.logs != nil:
		k.starts = k.sliced.Starts(k.starts[:0])
		for _, end := range k.starts {
			if err := k.logged.compact(keptRows{k.sliced.Slice(end), k.logs.Ensure(end)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *kept) release() {
	for _, s := range k.states() {
		s.Release()
	}
}
