package temporal

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Expiry is the operator of an Expiry node. Inside, each row has a last column more: when it goes.
type Expiry struct {
	node *physical.Expiry
	ctx  *op.Context
	// shown are the rows that are out, by when they go.
	shown *timeline
	// copies are the same rows by key; nil where none is ever taken back.
	copies *copies
	in     *delta.Rows
	sum    *delta.Set // of a step's input
	out    *delta.Set
	hasher hasher
	due    int64
	known  bool // due has been worked out since the state came to be

	adds []int32 // rows of a batch that come
}

// NewExpiry makes the operator over an input with columns of types ts.
func NewExpiry(n *physical.Expiry, ts []types.Type, mem *state.Memory) *Expiry {
	timed := append(ts[:len(ts):len(ts)], types.T(types.Timestamptz))
	e := &Expiry{node: n, shown: newTimeline(timed, len(ts), mem), in: delta.NewRows(ts), sum: delta.NewSet(ts), out: delta.NewSet(ts),
		hasher: hasher{keys: n.Keys}, due: op.EndOfTime}
	if !n.AppendOnly {
		e.copies = newCopies(timed, n.Keys, mem)
	}
	return e
}

// Open implements op.Operator.
func (e *Expiry) Open(ctx *op.Context) error {
	e.ctx = ctx
	return nil
}

// Push implements op.Operator.
func (e *Expiry) Push(_ int, b *vec.Batch, _ op.Output) error {
	e.in.Add(b, nil)
	return nil
}

// Watermark implements op.Operator.
func (e *Expiry) Watermark(_ int, w int64, out op.Output) error { return out.Watermark(w) }

// EndStep implements op.Operator. What is over goes first: it is not there any more for what the step takes back.
func (e *Expiry) EndStep(out op.Output) error {
	if e.in.Len() == 0 && e.known && e.due > e.ctx.Time {
		return nil
	}
	defer e.out.Reset()
	if err := e.shown.take(e.ctx.Time, &e.hasher, e.expire); err != nil {
		return err
	}
	if err := e.change(); err != nil {
		return err
	}
	first, err := e.shown.first()
	if err != nil {
		return err
	}
	e.due, e.known = first, true
	return e.out.Batches(out.Batch)
}

// change works the step's changes in.
func (e *Expiry) change() error {
	defer e.in.Reset()
	defer e.sum.Reset()
	for _, c := range e.in.Chunks {
		if _, err := e.sum.Add(&c.Batch); err != nil {
			return err
		}
	}
	return e.sum.Batches(func(b *vec.Batch) error {
		if err := e.add(b); err != nil || e.copies == nil {
			return err
		}
		taken, err := e.copies.find(b, &e.hasher)
		if err != nil || taken == nil {
			return err
		}
		if err := e.emit(taken); err != nil {
			return err
		}
		return e.put(taken)
	})
}

// add shows the rows of a batch that have come.
func (e *Expiry) add(b *vec.Batch) error {
	e.adds = e.adds[:0]
	for i := range b.N {
		if b.Weight(i) > 0 {
			e.adds = append(e.adds, int32(i))
		}
	}
	if len(e.adds) == 0 {
		return nil
	}
	goes := vec.NewConst(types.T(types.Timestamptz), types.NewInt(e.ctx.Time+e.node.After))
	timed := vec.Batch{Cols: append(b.Cols[:len(b.Cols):len(b.Cols)], goes.Flatten(b.N)), N: b.N, Sel: e.adds, Weights: b.Weights}
	if err := e.emit(&timed); err != nil {
		return err
	}
	return e.put(&timed)
}

// put adds rows, with their weights, to those that are shown.
func (e *Expiry) put(timed *vec.Batch) error {
	if err := e.shown.apply(timed, timed.Sel, &e.hasher); err != nil || e.copies == nil {
		return err
	}
	return e.copies.apply(timed, &e.hasher)
}

// expire takes rows back whose time is over. They have left shown.
func (e *Expiry) expire(timed *vec.Batch) error {
	gone := *timed
	gone.Weights = make([]int64, timed.N)
	for i := range gone.Weights {
		gone.Weights[i] = -timed.Weight(i)
	}
	if err := e.emit(&gone); err != nil || e.copies == nil {
		return err
	}
	return e.copies.apply(&gone, &e.hasher)
}

// emit gives out a change of rows, without when they go.
func (e *Expiry) emit(timed *vec.Batch) error {
	rows := *timed
	rows.Cols = rows.Cols[:len(rows.Cols)-1]
	_, err := e.out.Add(&rows)
	return err
}

// Due implements op.Clocked.
func (e *Expiry) Due() int64 { return e.due }

// State implements op.Stateful.
func (e *Expiry) State() []op.State {
	if e.copies == nil {
		return []op.State{e.shown.rows}
	}
	return []op.State{e.shown.rows, e.copies.rows}
}

// Close implements op.Operator.
func (e *Expiry) Close() {}
