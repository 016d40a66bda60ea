package state

import (
	"slices"

	"github.com/streamdb/streamdb/sql/vec"
)

// Ordered is an arrangement sorted by (key, order columns, all other columns) within each key group. Groups do not
// follow each other in key order; an arrangement that needs one order over everything has Key 0. Rows, hashes and errors
// are as with Hashed.
type Ordered struct {
	OrderedReader
	writer
	cols  []column
	order []int32
}

// OrderedReader is what can be asked of an ordered arrangement: of the writer at any time, or of a Version by any number of
// goroutines.
type OrderedReader struct{ v *view }

// Rows is the number of distinct rows.
func (o *OrderedReader) Rows() int64 { return o.v.Rows() }

// NewOrdered makes an empty arrangement whose pages live in mem.
func NewOrdered(mem *Memory, spec Spec) *Ordered {
	o := &Ordered{writer: newWriter(mem, kindOrdered.layout(spec))}
	o.v = &o.view
	return o
}

// sortedColumns appends the columns of a row in the order of the sort columns.
func (l *layout) sortedColumns(dst []column, cols []*vec.Vector, n int) []column {
	for _, s := range l.sort {
		dst = append(dst, vectorColumn(cols[s.col].Flatten(n)))
	}
	return dst
}

// Apply adds a delta: weights of identical rows are summed, and a row of weight 0 is removed (a weight may be negative for a
// while). b has all columns; hashes are those of its keys; ch may be nil.
func (o *Ordered) Apply(b *vec.Batch, hashes []uint64, ch *Changes) error {
	if err := o.lay.checkRows(b); err != nil {
		return err
	}
	if ch != nil {
		ch.reset(len(hashes))
	}
	o.cols = o.lay.sortedColumns(o.cols[:0], b.Cols, b.N)
	o.sortRows(b, hashes)
	for _, k := range o.order {
		i := physical(b.Sel, int(k))
		c := change{cols: o.cols, i: i, weight: b.Weight(i)}
		if err := o.addSorted(hashes[k], &c); err != nil {
			return err
		}
		if ch != nil {
			ch.Old[k], ch.New[k] = c.old, c.old+c.weight
		}
	}
	return nil
}

// sortRows puts the rows of a delta in the order of the tree, so that neighbours find the same nodes in the cache. Equal rows
// stay as they came.
func (o *Ordered) sortRows(b *vec.Batch, hashes []uint64) {
	o.order = o.order[:0]
	for k := range hashes {
		o.order = append(o.order, int32(k))
	}
	if len(hashes) == 1 {
		return
	}
	slices.SortStableFunc(o.order, func(x, y int32) int {
		if gx, gy := GroupOf(hashes[x]), GroupOf(hashes[y]); gx != gy {
			return gx - gy
		}
		i, j := physical(b.Sel, int(x)), physical(b.Sel, int(y))
		for k, s := range o.lay.sort {
			if r := o.lay.compareColumn(s, &o.cols[k], i, &o.cols[k], j); r != 0 {
				return r
			}
		}
		return 0
	})
}
