package order

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// firstOutput is a change of the first rows, up to a batch of it at a time.
type firstOutput struct {
	// rows are numbers of the pool, weights and partitions theirs; places are those that they have, from 1 on.
	rows       []int32
	weights    []int64
	partitions []int32
	places     []int64

	hashes []uint64
	inLog  []int64 // the rows' places in kept's log
	batch  *vec.Batch
	emit   vec.Batch
	place  vec.Vector
}

func newFirstOutput(l *sorted.Layout) firstOutput {
	return firstOutput{batch: vec.NewBatch(l.Spec.Types, 0), place: vec.Vector{Type: types.T(types.Int8)}}
}

func (o *firstOutput) add(p, row int32, weight int64, place int) {
	o.rows, o.weights = append(o.rows, row), append(o.weights, weight)
	o.partitions, o.places = append(o.partitions, p), append(o.places, int64(place)+1)
}

func (o *firstOutput) reset() {
	o.rows, o.weights, o.partitions, o.places = o.rows[:0], o.weights[:0], o.partitions[:0], o.places[:0]
}

// emit brings the step's change into the state and emits it.
func (f *FirstRows) emit(out op.Output) error {
	partitions := f.order.Of(f.keys.Hashes()) // so that the state is written page by page
	if err := f.each(partitions, f.moved, func() error { return f.flush(out) }); err != nil || !f.node.Number {
		return err
	}
	return f.each(partitions, f.renumbered, func() error { return f.flushNumbered(out) })
}

// each gathers how partitions have changed, flushing what has been gathered from time to time.
func (f *FirstRows) each(partitions []int32, change func(p int32), flush func() error) error {
	f.out.reset()
	for k, p := range partitions {
		change(p)
		if len(f.out.rows) >= vec.BatchSize || k+1 == len(partitions) {
			if err := flush(); err != nil {
				return err
			}
			f.out.reset()
		}
	}
	return nil
}

// moved gathers which rows partition p has lost and which it has got. As nothing is ever taken back, what it has kept is the beginning of what it
// was, with rows that came in between.
func (f *FirstRows) moved(p int32) {
	was, now := f.ranks.of(f.ranks.was[p]), f.ranks.of(f.ranks.now[p])
	stayed := 0
	for _, row := range now {
		if stayed < len(was) && was[stayed] == row {
			stayed++
		}
	}
	f.addRows(p, was[stayed:], -1)
	f.rows = f.rows[:0]
	for _, row := range now {
		if len(was) > 0 && was[0] == row {
			was = was[1:]
		} else {
			f.rows = append(f.rows, row)
		}
	}
	f.addRows(p, f.rows, 1)
}

// addRows adds rows of partition p that have come or gone. Copies of one stand together.
func (f *FirstRows) addRows(p int32, rows []int32, weight int64) {
	for k, row := range rows {
		if k > 0 && rows[k-1] == row {
			f.out.weights[len(f.out.weights)-1] += weight
			continue
		}
		f.out.add(p, row, weight, 0)
	}
}

// renumbered gathers the places of partition p whose row is another.
func (f *FirstRows) renumbered(p int32) {
	was, now := f.ranks.of(f.ranks.was[p]), f.ranks.of(f.ranks.now[p])
	for k, row := range now {
		if k < len(was) {
			if was[k] == row {
				continue
			}
			f.out.add(p, was[k], -1, k)
		}
		f.out.add(p, row, 1, k)
	}
}

// take makes the batch what has been gathered.
func (f *FirstRows) take() *vec.Batch {
	b := f.out.batch
	for c, v := range f.pool.Cols {
		b.Cols[c].Take(v, f.out.rows)
	}
	b.N, b.Sel, b.Weights = len(f.out.rows), nil, f.out.weights
	return b
}

func (f *FirstRows) flush(out op.Output) error {
	if len(f.out.rows) == 0 {
		return nil
	}
	b := f.take()
	if !f.ctx.Once {
		if err := f.apply(b); err != nil {
			return err
		}
	}
	if f.node.Number {
		return nil
	}
	f.lay.Unview(b, &f.out.emit)
	return out.Batch(&f.out.emit)
}

// apply brings a change into the state.
func (f *FirstRows) apply(b *vec.Batch) error {
	change := *b
	o := &f.out
	o.hashes = o.hashes[:0]
	if f.kept.unique { // a row that came is written over the one that it replaces
		f.rows = f.rows[:0]
	}
	for k, p := range o.partitions {
		if f.kept.unique {
			if o.weights[k] < 0 {
				continue
			}
			f.rows = append(f.rows, int32(k))
		}
		o.hashes = append(o.hashes, f.keys.Hashes()[p])
	}
	if f.kept.unique {
		change.Sel = f.rows
	}
	o.inLog = o.inLog[:0]
	for _, row := range o.rows {
		o.inLog = append(o.inLog, f.places[row])
	}
	return f.kept.apply(&change, o.hashes, o.inLog)
}

func (f *FirstRows) flushNumbered(out op.Output) error {
	if len(f.out.rows) == 0 {
		return nil
	}
	f.lay.Unview(f.take(), &f.out.emit)
	f.out.place.I64 = f.out.places
	f.out.emit.Cols = append(f.out.emit.Cols, &f.out.place)
	return out.Batch(&f.out.emit)
}
