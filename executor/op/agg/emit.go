package agg

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
)

// emitter gathers output rows into batches.
type emitter struct {
	out   op.Output
	batch *vec.Batch
	// weights is a buffer for the batch's.
	weights []int64
	same    []bool
	old     []int32
	new     []int32
}

func newEmitter(l *layout) emitter {
	return emitter{batch: vec.NewBatch(l.out, 0), old: []int32{}, new: []int32{}}
}

func (e *emitter) begin(out op.Output) { e.out = out }

// changes emits the rows of groups whose results differ: the old one taken back, the new one added.
func (e *emitter) changes(g *groups) error {
	before, after := &g.before, &g.after
	e.same = sized(e.same, g.n)
	if g.any {
		vec.IdenticalRows(before.show, nil, after.show, nil, e.same)
	}
	e.old, e.new = e.old[:0], e.new[:0]
	for k := range g.n {
		if before.row[k] && after.row[k] && e.same[k] {
			continue
		}
		if before.row[k] {
			e.old = append(e.old, int32(k))
		}
		if after.row[k] {
			e.new = append(e.new, int32(k))
		}
	}
	if err := e.add(before.show, e.old, g.n, -1); err != nil {
		return err
	}
	return e.add(after.show, e.new, g.n, 1)
}

// add emits rows of a weight.
func (e *emitter) add(cols []*vec.Vector, rows []int32, n int, weight int64) error {
	if len(rows) == 0 {
		return nil
	}
	b := e.batch
	for c, v := range b.Cols {
		v.AppendSelected(cols[c], rows, n)
	}
	for range rows {
		e.weights = append(e.weights, weight)
	}
	if b.N += len(rows); weight != 1 {
		b.Weights = e.weights // from here on they are not all +1
	}
	if b.N < vec.BatchSize {
		return nil
	}
	return e.flush()
}

// flush gives out what was gathered.
func (e *emitter) flush() error {
	b := e.batch
	if b.N == 0 {
		return nil
	}
	if b.Weights != nil {
		b.Weights = e.weights
	}
	err := e.out.Batch(b)
	b.Recycle()
	e.weights = e.weights[:0]
	return err
}
