package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
)

// maxGathered is how many different rows of output are consolidated together. A step that gives more passes them on in
// several parts, so that a large cross product is never in memory as a whole.
const maxGathered = 1 << 18

// emitter passes a join's output on: straight, when the step can retract nothing, or consolidated.
type emitter struct {
	lay    *layout
	out    op.Output
	direct bool
	set    *delta.Set

	batch vec.Batch
	vecs  []vec.Vector
}

func newEmitter(l *layout) *emitter {
	e := &emitter{lay: l, set: delta.NewSet(l.outTypes), vecs: make([]vec.Vector, len(l.output))}
	e.batch.Cols = make([]*vec.Vector, len(l.output))
	return e
}

func (e *emitter) begin(out op.Output, direct bool) { e.out, e.direct = out, direct }

// pairs emits the pairs at hand.
func (e *emitter) pairs(p *pairs) error { return e.rows(&p.Batch) }

// rows emits rows of the pair columns.
func (e *emitter) rows(b *vec.Batch) error {
	for k, c := range e.lay.output {
		e.batch.Cols[k] = b.Cols[c]
	}
	e.batch.N, e.batch.Sel, e.batch.Weights = b.N, b.Sel, b.Weights
	return e.emit(&e.batch)
}

// alone emits rows of one side, of which cols are the kept columns, with nulls for the other side.
func (e *emitter) alone(s *side, cols []*vec.Vector, sel []int32, n int, weights []int64) error {
	for k, c := range e.lay.output {
		if c -= s.offset; c >= 0 && c < len(s.cols) {
			e.batch.Cols[k] = cols[c]
			continue
		}
		e.vecs[k].SetNullConst(e.lay.outTypes[k])
		e.batch.Cols[k] = &e.vecs[k]
	}
	e.batch.N, e.batch.Sel, e.batch.Weights = n, sel, weights
	return e.emit(&e.batch)
}

func (e *emitter) emit(b *vec.Batch) error {
	if b.Rows() == 0 {
		return nil
	}
	if e.direct {
		return e.out.Batch(b)
	}
	if _, err := e.set.Add(b); err != nil {
		return err
	}
	if e.set.Len() >= maxGathered {
		return e.flush()
	}
	return nil
}

// flush passes on what was gathered.
func (e *emitter) flush() error {
	defer e.set.Reset()
	return e.set.Batches(e.out.Batch)
}
