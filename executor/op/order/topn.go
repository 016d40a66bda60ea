package order

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// TopN keeps the rows of a window of places in each partition.
type TopN struct {
	node *physical.TopN
	ctx  *op.Context
	// appends says that nothing is ever retracted.
	appends bool
	lay     *sorted.Layout
	win     window
	arr     *sorted.Store
	in      *sorted.Changes
	// out gathers the step's output, in the layout's order of columns.
	out  *delta.Set
	emit vec.Batch

	cur     state.Cursor
	parts   []part
	weights []int64
	// marks are rows that places stand before, markWeights what the output has of them besides.
	marks       *vec.Batch
	markWeights []int64
	// times says of each changed row how often its weight counts for the output: 1, 0 or -1. Rows that were dropped count 0.
	times []int8

	bound bounded
	// watermark closes partitions of windows.
	watermark int64
}

// part is a partition that was changed in the step.
type part struct {
	// replaced says that the window is read before and after; else from and to are its places as of the last cut.
	replaced bool
	from, to place
}

// NewTopN makes the operator of a TopN node over an input with columns of types ts.
func NewTopN(n *physical.TopN, ts []types.Type, mem *state.Memory) (*TopN, error) {
	lay := sorted.NewLayout(ts, n.PartitionBy, n.OrderBy)
	return &TopN{node: n, appends: n.AppendOnly, lay: lay, arr: sorted.NewStore(lay, lay.End(n.Closing), mem), in: sorted.NewChanges(lay),
		out: delta.NewSet(lay.Spec.Types), marks: vec.NewBatch(lay.Spec.Types, 0), bound: newBounded(lay), watermark: op.NoWatermark}, nil
}

// Open implements op.Operator.
func (t *TopN) Open(ctx *op.Context) (err error) {
	t.ctx = ctx
	t.win, err = newWindow(ctx, t.node)
	return err
}

// passes says that the window is everything: then there is nothing to keep.
func (t *TopN) passes() bool { return t.win.offset == 0 && t.win.end == unlimited }

// bounds says that state is bounded by the windows.
func (t *TopN) bounds() bool { return t.appends && t.win.end != unlimited }

// Push implements op.Operator.
func (t *TopN) Push(_ int, b *vec.Batch, out op.Output) error {
	switch {
	case t.passes():
		return out.Batch(b)
	case t.win.end <= t.win.offset:
		return nil
	case t.bounds():
		return t.pushBounded(b)
	}
	t.in.Gather(b)
	return nil
}

// Watermark implements op.Operator.
func (t *TopN) Watermark(_ int, at int64, out op.Output) error {
	t.watermark = max(t.watermark, at)
	return out.Watermark(at)
}

// EndStep implements op.Operator.
func (t *TopN) EndStep(out op.Output) error {
	defer t.arr.Close(t.watermark)
	if t.in.Len() == 0 && !t.bound.absorbed() {
		return nil
	}
	defer t.reset()
	if err := t.step(); err != nil {
		return err
	}
	return t.out.Batches(func(b *vec.Batch) error {
		t.lay.Unview(b, &t.emit)
		return out.Batch(&t.emit)
	})
}

func (t *TopN) step() error {
	if t.ctx.Once && !t.appends && !t.in.Retracts && t.win.end != unlimited && t.in.Len() > minHeld {
		t.appends = true // as it turns out
		return t.absorbAll()
	}
	if t.bound.absorbed() {
		return t.finishAbsorbed()
	}
	if err := t.in.Group(); err != nil {
		return err
	}
	t.times = t.times[:0]
	for range t.in.Len() {
		t.times = append(t.times, 0)
	}
	t.parts = t.parts[:0]
	if err := t.before(); err != nil {
		return err
	}
	if t.bounds() {
		if err := t.dropBehind(); err != nil { // of an append-only input
			return err
		}
	}
	if err := t.apply(); err != nil {
		return err
	}
	for p := range t.parts {
		if err := t.after(p); err != nil {
			return err
		}
	}
	if err := t.setBar(); err != nil {
		return err
	}
	return t.emitChanged()
}

// open puts the cursor on partition p.
func (t *TopN) open(p int) error {
	return t.arr.Open(&t.cur, t.in.Keys.Cols, p, t.in.Keys.Hashes()[p])
}

// before looks at the partitions as they were.
func (t *TopN) before() error {
	for p := range t.in.Keys.Len() {
		if err := t.open(p); err != nil {
			return err
		}
		x := part{replaced: t.cur.Weight() == 0 || int64(len(t.in.Of(p))) >= t.win.end-t.win.offset}
		var err error
		if x.replaced {
			err = t.readWindow(-1)
		} else if x.from, err = t.placeAt(min(t.win.offset, t.cur.Weight())); err == nil {
			var end int64
			if end, err = t.end(); err == nil {
				x.to, err = t.placeAt(end)
			}
		}
		if err != nil {
			return err
		}
		t.parts = append(t.parts, x)
	}
	return nil
}

// apply brings the changes into the state.
func (t *TopN) apply() error {
	for _, c := range t.in.Chunks {
		if err := t.arr.Apply(&c.Batch, c.Hashes); err != nil {
			return err
		}
	}
	return nil
}

// after emits how the window of partition p has changed.
func (t *TopN) after(p int) error {
	if err := t.open(p); err != nil {
		return err
	}
	x := &t.parts[p]
	if x.replaced {
		if err := t.readWindow(1); err != nil {
			return err
		}
	} else {
		end, err := t.end()
		if err != nil {
			return err
		}
		if err := t.move(p, x.to, end, 1); err != nil {
			return err
		}
		if err := t.move(p, x.from, min(t.win.offset, t.cur.Weight()), -1); err != nil {
			return err
		}
	}
	if t.bounds() {
		return t.trim(p)
	}
	return nil
}

// emitChanged emits the changed rows that count, and the parts of marks.
func (t *TopN) emitChanged() error {
	if t.marks.N > 0 {
		if _, err := t.out.Add(&vec.Batch{Cols: t.marks.Cols, N: t.marks.N, Weights: t.markWeights}); err != nil {
			return err
		}
	}
	times := t.times
	for _, c := range t.in.Chunks {
		t.weights = t.weights[:0]
		some := false
		for i := range c.N {
			t.weights = append(t.weights, int64(times[i])*c.Weight(i))
			some = some || times[i] != 0
		}
		times = times[c.N:]
		if !some {
			continue
		}
		b := vec.Batch{Cols: c.Cols, N: c.N, Sel: c.Sel, Weights: t.weights}
		if _, err := t.out.Add(&b); err != nil {
			return err
		}
	}
	return nil
}

func (t *TopN) reset() {
	t.in.Reset()
	t.out.Reset()
	t.marks.Recycle()
	t.markWeights = t.markWeights[:0]
	t.bound.reset()
}

// State implements op.Stateful.
func (t *TopN) State() []op.State { return []op.State{t.arr.State()} }

// Close implements op.Operator.
func (t *TopN) Close() { t.arr.State().Release() }
