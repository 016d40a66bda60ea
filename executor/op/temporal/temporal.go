package temporal

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Temporal is the operator of a Temporal node.
type Temporal struct {
	node *physical.Temporal
	ctx  *op.Context
	// waiting and shown are nil where there is no such bound.
	waiting, shown *timeline
	in             *delta.Rows
	out            *delta.Set
	hasher         hasher
	// due is what Due gives; known says that it has been worked out since the state came to be.
	due   int64
	known bool

	later, now []int32 // rows of a batch whose time has not come, and that are there now
}

// New makes the operator over an input with columns of types ts.
func New(n *physical.Temporal, ts []types.Type, mem *state.Memory) *Temporal {
	t := &Temporal{node: n, in: delta.NewRows(ts), out: delta.NewSet(ts), hasher: hasher{keys: n.Keys}, due: op.EndOfTime}
	if n.From != physical.NoColumn {
		t.waiting = newTimeline(ts, n.From, mem)
	}
	if n.To != physical.NoColumn {
		t.shown = newTimeline(ts, n.To, mem)
	}
	return t
}

// Open implements op.Operator.
func (t *Temporal) Open(ctx *op.Context) error {
	t.ctx = ctx
	return nil
}

// Push implements op.Operator.
func (t *Temporal) Push(_ int, b *vec.Batch, _ op.Output) error {
	t.in.Add(b, nil)
	return nil
}

// Watermark implements op.Operator.
func (t *Temporal) Watermark(_ int, w int64, out op.Output) error { return out.Watermark(w) }

// EndStep implements op.Operator.
func (t *Temporal) EndStep(out op.Output) error {
	if t.in.Len() == 0 && t.known && t.due > t.ctx.Time {
		return nil
	}
	defer t.in.Reset()
	defer t.out.Reset()
	if err := t.pass(); err != nil {
		return err
	}
	for _, c := range t.in.Chunks {
		if err := t.place(&c.Batch); err != nil {
			return err
		}
	}
	if err := t.look(); err != nil {
		return err
	}
	return t.out.Batches(out.Batch)
}

// pass lets the time go by: rows whose time has come are placed anew, and those whose time is over go.
func (t *Temporal) pass() error {
	if t.waiting != nil {
		if err := t.waiting.take(t.ctx.Time, &t.hasher, t.place); err != nil {
			return err
		}
	}
	if t.shown == nil {
		return nil
	}
	return t.shown.take(t.ctx.Time, &t.hasher, func(b *vec.Batch) error {
		gone := *b
		gone.Weights = make([]int64, b.N)
		for i := range gone.Weights {
			gone.Weights[i] = -b.Weight(i)
		}
		_, err := t.out.Add(&gone)
		return err
	})
}

// place takes a dense batch of changes to where its rows belong at this time.
func (t *Temporal) place(b *vec.Batch) error {
	t.sort(b)
	if len(t.later) > 0 {
		if err := t.waiting.apply(b, t.later, &t.hasher); err != nil {
			return err
		}
	}
	if len(t.now) == 0 {
		return nil
	}
	part := *b
	part.Sel = t.now
	if _, err := t.out.Add(&part); err != nil || t.shown == nil {
		return err
	}
	return t.shown.apply(b, t.now, &t.hasher)
}

// sort finds the rows whose time has not come, and those that are there now.
func (t *Temporal) sort(b *vec.Batch) {
	t.later, t.now = t.later[:0], t.now[:0]
	from, to := column(b, t.node.From), column(b, t.node.To)
	for i := range b.N {
		switch {
		case from != nil && from.IsNull(i), to != nil && (to.IsNull(i) || to.I64[i] <= t.ctx.Time):
		case from != nil && from.I64[i] > t.ctx.Time:
			if to == nil || from.I64[i] < to.I64[i] {
				t.later = append(t.later, int32(i))
			}
		default:
			t.now = append(t.now, int32(i))
		}
	}
}

// column is a column of a dense batch; nil for NoColumn.
func column(b *vec.Batch, c int) *vec.Vector {
	if c == physical.NoColumn {
		return nil
	}
	return b.Cols[c].Flatten(b.N)
}

// look works out when the clock changes the output next.
func (t *Temporal) look() error {
	t.due, t.known = op.EndOfTime, true
	for _, l := range []*timeline{t.waiting, t.shown} {
		if l == nil {
			continue
		}
		first, err := l.first()
		if err != nil {
			return err
		}
		t.due = min(t.due, first)
	}
	return nil
}

// Due implements op.Clocked.
func (t *Temporal) Due() int64 { return t.due }

// State implements op.Stateful.
func (t *Temporal) State() (out []op.State) {
	for _, l := range []*timeline{t.waiting, t.shown} {
		if l != nil {
			out = append(out, l.rows)
		}
	}
	return out
}

// Close implements op.Operator.
func (t *Temporal) Close() {}
