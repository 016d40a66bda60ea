package order

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// kept is the state of FirstRows: the first rows of each partition, found by the hash of the partition. A partition's only row is overwritten
// in its place; where there may be several, they are a Z-set. Partitions of windows that close have an arrangement for each window end.
type kept struct {
	whole  *state.Hashed // empty where there are slices
	sliced *state.Sliced // nil where there are none
	unique bool
	end    int
	ends   sorted.Ends
	probe  state.Probe
	hashes []uint64
}

// newKept makes an empty state of rows in a layout. end is the layout's column of window ends, or less than 0.
func newKept(l *sorted.Layout, limit, end int, mem *state.Memory) *kept {
	spec := state.Spec{Types: l.Spec.Types, Key: l.Key, Unique: limit == 1}
	k := &kept{whole: state.NewHashed(mem, spec), unique: spec.Unique, end: end}
	if end >= 0 {
		k.sliced = state.NewSliced(mem, spec)
	}
	return k
}

func (k *kept) state() op.State {
	if k.sliced != nil {
		return k.sliced
	}
	return k.whole
}

// load gives the rows of the partitions at some indices of keys, with the index of each row's.
func (k *kept) load(keys []*vec.Vector, sel []int32, hashes []uint64, give func(b *vec.Batch, of []int32)) error {
	if k.sliced == nil {
		return k.loadFrom(k.whole, keys, sel, hashes, give)
	}
	return k.ends.Each(keys[k.end], sel, 0, func(end int64, sel, at []int32) error {
		slice := k.sliced.Slice(end)
		if slice == nil {
			return nil
		}
		return k.loadFrom(slice, keys, sel, k.pick(hashes, at), give)
	})
}

func (k *kept) loadFrom(arr *state.Hashed, keys []*vec.Vector, sel []int32, hashes []uint64, give func(b *vec.Batch, of []int32)) error {
	if arr.Rows() == 0 {
		return nil
	}
	n := int(sel[len(sel)-1]) + 1
	if err := arr.Probe(&k.probe, keys, hashes, sel, n); err != nil {
		return err
	}
	for {
		ok, err := k.probe.Next()
		if err != nil || !ok {
			return err
		}
		give(k.probe.Batch, k.probe.Rows)
	}
}

// apply brings a change into the state. hashes are those of the rows' partitions.
func (k *kept) apply(b *vec.Batch, hashes []uint64) error {
	if k.sliced == nil {
		return k.applyTo(k.whole, b, hashes)
	}
	return k.ends.Each(b.Cols[k.end], b.Sel, b.N, func(end int64, sel, at []int32) error {
		part := *b
		part.Sel = sel
		return k.applyTo(k.sliced.Ensure(end), &part, k.pick(hashes, at))
	})
}

func (k *kept) applyTo(arr *state.Hashed, b *vec.Batch, hashes []uint64) error {
	if k.unique {
		return arr.Put(b, hashes, nil)
	}
	return arr.Apply(b, hashes, nil)
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
}
