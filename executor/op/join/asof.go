package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Asof joins each left row with the right row that is nearest to it in time. Right rows lie by key and by time, the nearest first, so
// that a left row finds its own by one search. Left rows lie by key and by time too: a right row that comes or goes concerns those
// between its time and that of the next right row, as far as that was there before and stays (asofchange.go).
//
// With Frees, rows are forgotten when the watermarks prove that they are done with (asoffree.go).
type Asof struct {
	node        *physical.Asof
	emit        *emitter
	left, right *side
	// a has left rows, b right ones; a is nil where left rows only wait for the watermark.
	a, b *state.Ordered
	near nearest
	free *asofFree // nil without Frees
	low  op.LowWatermark
	ctx  *op.Context

	changed changed
}

// NewAsof makes the operator of an Asof node over inputs with columns of these types.
func NewAsof(n *physical.Asof, leftTypes, rightTypes []types.Type, mem *state.Memory) (*Asof, error) {
	latest, strict := false, false
	switch n.Compare {
	case ">=":
		latest = true
	case ">":
		latest, strict = true, true
	case "<=":
	case "<":
		strict = true
	default:
		return nil, sqlerr.Internal("an ASOF join by %q", n.Compare)
	}
	var all []int // of the right columns: rows of one time go by all of them
	for c := range rightTypes {
		all = append(all, len(leftTypes)+c)
	}
	l := newLayout(&physical.Join{LeftKeys: n.LeftKeys, RightKeys: n.RightKeys, NullsEqual: n.NullsEqual, Output: n.Output,
		Bound: &physical.JoinBound{Left: n.LeftTime, Right: n.RightTime}}, leftTypes, rightTypes, all...)
	j := &Asof{node: n, low: op.NewLowWatermark(2)}
	j.emit = newEmitter(l)
	j.left, j.right = newInput(l, left), newInput(l, right)
	j.b = ordered(j.right, mem, latest)
	j.near = newNearest(j.right, l, strict)
	if !n.OnClose {
		j.a = ordered(j.left, mem, false)
		j.changed = newChanged(j, latest)
	}
	if n.Frees {
		j.free = newAsofFree(j, mem)
	}
	return j, nil
}

// ordered makes an arrangement of a side's rows by key and time.
func ordered(s *side, mem *state.Memory, desc bool) *state.Ordered {
	return state.NewOrdered(mem, state.Spec{Types: s.types, Key: s.keys, Order: []state.Order{{Col: s.bound.time, Order: vec.Order{Desc: desc}}}})
}

// Open implements op.Operator.
func (j *Asof) Open(ctx *op.Context) error {
	j.ctx = ctx
	return nil
}

// Push implements op.Operator.
func (j *Asof) Push(port int, b *vec.Batch, _ op.Output) error {
	if port == left {
		j.left.gather(b, j.node.Outer)
	} else {
		j.right.gather(b, false)
	}
	return nil
}

// Watermark implements op.Operator.
func (j *Asof) Watermark(port int, t int64, out op.Output) error {
	if j.free != nil {
		j.free.marks[port] = max(j.free.marks[port], t)
	}
	low, moved := j.low.Update(port, t)
	if !moved {
		return nil
	}
	if j.free != nil && low != op.EndOfTime {
		low-- // a row at the watermark itself may still come, and change
	}
	return out.Watermark(low)
}

// EndStep implements op.Operator.
func (j *Asof) EndStep(out op.Output) error {
	if err := j.step(out); err != nil {
		return err
	}
	if j.free == nil {
		return nil
	}
	j.emit.begin(out, true)
	return j.free.endStep()
}

// step emits what the step's changes make.
func (j *Asof) step(out op.Output) error {
	l, r := j.left, j.right
	if l.in.Len()+r.in.Len()+l.alone.Len() == 0 {
		return nil
	}
	defer l.endStep()
	defer r.endStep()
	for _, s := range []*side{l, r} {
		if err := s.consolidate(false); err != nil {
			return err
		}
	}
	j.emit.begin(out, j.node.OnClose || !l.in.Retracts && !l.alone.Retracts && (r.in.Len() == 0 || j.a.Rows() == 0))
	for _, c := range l.alone.Chunks {
		if err := j.emit.alone(l, c.Cols, nil, c.N, c.Weights); err != nil {
			return err
		}
	}
	if err := j.applyRight(); err != nil {
		return err
	}
	if err := j.applyLeft(); err != nil {
		return err
	}
	return j.emit.flush()
}

// applyRight brings the right side's changes into its state, and emits what becomes of the left rows as of the last cut.
func (j *Asof) applyRight() error {
	again := !j.node.OnClose && j.a.Rows() > 0 && j.right.in.Len() > 0
	if again {
		if err := j.changed.find(); err != nil {
			return err
		}
		defer j.changed.rows.Reset()
		if err := j.pair(j.changed.rows, -1); err != nil {
			return err
		}
	}
	for _, c := range j.right.in.Chunks {
		if err := j.b.Apply(&c.Batch, c.Hashes, nil); err != nil {
			return err
		}
		if j.free != nil {
			if err := j.free.right.rows.Apply(&c.Batch, c.Hashes, nil); err != nil {
				return err
			}
		}
	}
	if again {
		return j.pair(j.changed.rows, 1)
	}
	return nil
}

// applyLeft emits the pairs of the left side's changes, unless they wait, and brings them into the state.
func (j *Asof) applyLeft() error {
	if !j.node.OnClose {
		if err := j.pair(j.left.in, 1); err != nil || j.ctx.Once {
			return err
		}
	}
	for _, c := range j.left.in.Chunks {
		if j.a != nil {
			if err := j.a.Apply(&c.Batch, c.Hashes, nil); err != nil {
				return err
			}
		}
		if j.free != nil {
			if err := j.free.left.rows.Apply(&c.Batch, c.Hashes, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair emits left rows with their right ones, their weights times sign.
func (j *Asof) pair(rows *delta.Rows, sign int64) error {
	for _, c := range rows.Chunks {
		if err := j.pairBatch(&c.Batch, c.Hashes, sign); err != nil {
			return err
		}
	}
	return nil
}

// pairBatch is pair for a dense batch of the left side's kept columns.
func (j *Asof) pairBatch(b *vec.Batch, hashes []uint64, sign int64) error {
	n := &j.near
	if err := n.find(j.b, b, hashes, j.left.bound.time); err != nil {
		return err
	}
	pairs := vec.Batch{Cols: append(append(n.pairs[:0], b.Cols...), n.cols...), N: b.N, Weights: b.Weights}
	n.pairs = pairs.Cols
	if sign < 0 {
		n.weights = n.weights[:0]
		for i := range b.N {
			n.weights = append(n.weights, -b.Weight(i))
		}
		pairs.Weights = n.weights
	}
	if !j.node.Outer {
		pairs.Sel = n.found
	}
	return j.emit.rows(&pairs)
}

// State implements op.Stateful.
func (j *Asof) State() []op.State {
	out := []op.State{j.b}
	if j.a != nil {
		out = append(out, j.a)
	}
	if j.free != nil {
		out = append(out, j.free.left.rows, j.free.right.rows)
	}
	return out
}

// Close implements op.Operator.
func (j *Asof) Close() {
	for _, s := range j.State() {
		s.Release()
	}
}

// nearest finds the right rows of left ones.
type nearest struct {
	right  *side
	keys   int
	strict bool

	cursor state.Cursor
	prefix []*vec.Vector
	nulls  []*vec.Vector
	first  [1]int32
	// cols are the right columns of a batch, null where there is no row, and found the left rows that have one.
	cols  []*vec.Vector
	found []int32

	pairs   []*vec.Vector
	weights []int64
}

func newNearest(right *side, l *layout, strict bool) nearest {
	n := nearest{right: right, keys: right.keys, strict: strict, found: []int32{}}
	for _, t := range l.sides[1].types {
		null := &vec.Vector{}
		null.SetNullConst(t)
		n.cols, n.nulls = append(n.cols, vec.New(t, 0)), append(n.nulls, null)
	}
	return n
}

// find looks up the right row of each row of a dense batch of left ones, whose time is in a column. hashes are those of the keys.
func (n *nearest) find(b *state.Ordered, rows *vec.Batch, hashes []uint64, time int) error {
	for c, v := range n.cols {
		data := v.Data // never shared: AppendSelected copies
		v.Reset(n.right.types[c])
		v.Data = data[:0]
	}
	n.found = n.found[:0]
	n.prefix = n.prefix[:0]
	for _, v := range append(rows.Cols[:n.keys:n.keys], rows.Cols[time]) {
		n.prefix = append(n.prefix, v.Flatten(rows.N))
	}
	for i := range rows.N {
		if err := b.Open(&n.cursor, n.prefix[:n.keys], i, hashes[i]); err != nil {
			return err
		}
		if err := n.cursor.Seek(n.prefix, i, n.strict); err != nil {
			return err
		}
		ok, err := n.cursor.Next(1)
		if err != nil {
			return err
		}
		if ok {
			n.found = append(n.found, int32(i))
		}
		for c, v := range n.cols {
			from := n.nulls[c]
			if ok {
				from = n.cursor.Batch.Cols[c]
			}
			v.AppendSelected(from, n.first[:], 0)
		}
	}
	return nil
}
