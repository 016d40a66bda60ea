package join

import (
	"slices"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// deferred are rows that the indexes of logs do not have yet, by slice. They go there before anybody looks, at the end of the step, or when they
// are many. An index takes them in the order of their hashes, so the more there are the more go to one page: keys that come in any order would
// otherwise each fetch a page into the cache.
type deferred struct {
	types  []types.Type
	slices []*deferredRows
	free   []*deferredRows
	rows   int64
	all    []int32 // 0, 1, 2, …
}

// deferredRows are those of a slice, with the hashes of their keys.
type deferredRows struct {
	start  int64
	batch  *vec.Batch
	hashes []uint64
}

// mostDeferred is how many rows of a slice wait: so many hashes, in two orders, are in the second-level cache.
const mostDeferred = 1 << 15

// defers reports whether rows with such columns may wait. Strings do not: so many of them may be large.
func defers(ts []types.Type) bool {
	return !slices.ContainsFunc(ts, func(t types.Type) bool { return t.Kind() == types.KindBytes })
}

// add adds the selected rows of b, and gives those of their slice.
func (d *deferred) add(start int64, b *vec.Batch, hashes []uint64) *deferredRows {
	r := d.of(start)
	sel := b.Sel
	if sel == nil {
		for i := int32(len(d.all)); int(i) < b.N; i++ {
			d.all = append(d.all, i)
		}
		sel = d.all[:b.N]
	}
	r.batch.AppendRows(b, sel)
	r.hashes = append(r.hashes, hashes...)
	d.rows += int64(len(hashes))
	return r
}

// of gives the rows of a slice, which may be none.
func (d *deferred) of(start int64) *deferredRows {
	for _, r := range d.slices {
		if r.start == start {
			return r
		}
	}
	r := &deferredRows{batch: vec.NewBatch(d.types, 0)}
	if n := len(d.free); n > 0 {
		r, d.free = d.free[n-1], d.free[:n-1]
	}
	r.start = start
	d.slices = append(d.slices, r)
	return r
}

// forget takes out the rows of the slices for which gone is true.
func (d *deferred) forget(gone func(start int64) bool) {
	d.slices = slices.DeleteFunc(d.slices, func(r *deferredRows) bool {
		if !gone(r.start) {
			return false
		}
		d.rows -= int64(len(r.hashes))
		r.batch.Recycle()
		r.hashes = r.hashes[:0]
		d.free = append(d.free, r)
		return true
	})
}
