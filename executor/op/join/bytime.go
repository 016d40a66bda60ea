package join

import (
	"cmp"
	"slices"

	"github.com/streamdb/streamdb/sql/vec"
)

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
