package query

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
)

// root takes the plan's output: it passes rows on as they come, or gathers and sorts them.
type root struct {
	visible int
	order   []physical.SortKey
	out     func(*vec.Batch) error
	all     *vec.Batch
	view    vec.Batch
}

func newRoot(plan *physical.Plan) root {
	r, node := plan.Root(), plan.Output()
	x := root{visible: len(node.Types) - r.Hidden, order: r.OrderBy}
	if len(x.order) > 0 {
		x.all = vec.NewBatch(node.Types, 0)
	}
	return x
}

// Batch implements op.Output.
func (r *root) Batch(b *vec.Batch) error {
	if r.all != nil {
		r.all.AppendBatch(b)
		return nil
	}
	return r.emit(b)
}

// Watermark implements op.Output.
func (r *root) Watermark(int64) error { return nil }

// emit gives out the visible columns of b.
func (r *root) emit(b *vec.Batch) error {
	r.view = *b
	r.view.Cols = b.Cols[:r.visible]
	return r.out(&r.view)
}

// finish gives out what was gathered.
func (r *root) finish() error {
	if r.all == nil {
		return nil
	}
	rows := Sort(r.all, r.order)
	for len(rows) > 0 {
		n := min(len(rows), vec.BatchSize)
		b := vec.NewBatch(r.all.Types(), n)
		b.AppendRows(r.all, rows[:n])
		if err := r.emit(b); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Sort is the order of b's rows by keys, closed by all columns ascending with nulls last.
func Sort(b *vec.Batch, keys []physical.SortKey) []int32 {
	rows := make([]int32, b.N)
	for i := range rows {
		rows[i] = int32(i)
	}
	cmp := make([]vec.CompareFunc, len(keys))
	for k, key := range keys {
		cmp[k] = vec.OrderComparator(b.Cols[key.Column].Type, vec.Order{Desc: key.Desc, NullsFirst: key.NullsFirst})
	}
	ties := vec.RowComparator(b.Types())
	slices.SortFunc(rows, func(x, y int32) int {
		for k, key := range keys {
			c := b.Cols[key.Column]
			if r := cmp[k](c, int(x), c, int(y)); r != 0 {
				return r
			}
		}
		return ties(b.Cols, int(x), b.Cols, int(y))
	})
	return rows
}
