package row

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// WindowAssign puts each row into the windows of fixed size that hold its time, half-open and aligned to 1970 plus an offset.
//
// Where something above frees or closes windows, it also judges lateness, here where rows and watermarks still come in the order in
// which they were recorded: a row is late when every window that it could still change had closed, that is when window_end
// plus the allowed lateness is at or before the watermark in force at the start of its epoch. A row that is late for some of its
// windows goes to the others.
type WindowAssign struct {
	stateless
	node     *physical.WindowAssign
	judge    bool
	lateness int64
	ctx      *op.Context
	low      int64

	rows       []int32 // input rows, once for each of their windows
	starts     []int64
	ends       []int64
	late       []int32
	out        vec.Batch
	taken      []*vec.Vector
	start, end *vec.Vector
}

// NewWindowAssign makes the operator of a WindowAssign node. judge says that late rows are left out.
func NewWindowAssign(n *physical.WindowAssign, judge bool, lateness int64) *WindowAssign {
	return &WindowAssign{node: n, judge: judge, lateness: lateness, low: op.NoWatermark, start: &vec.Vector{}, end: &vec.Vector{}}
}

// Open implements op.Operator.
func (w *WindowAssign) Open(ctx *op.Context) error {
	w.ctx = ctx
	return nil
}

// Watermark implements op.Operator.
func (w *WindowAssign) Watermark(_ int, t int64, out op.Output) error {
	w.low = max(w.low, t)
	return out.Watermark(t)
}

// Push implements op.Operator.
func (w *WindowAssign) Push(_ int, b *vec.Batch, out op.Output) error {
	w.rows, w.starts, w.ends, w.late = w.rows[:0], w.starts[:0], w.ends[:0], w.late[:0]
	times := b.Cols[w.node.Time]
	for k := range b.Rows() {
		i := b.Row(k)
		at := i
		if times.Const {
			at = 0
		}
		t := times.I64[at]
		if times.IsNull(i) || t == types.TimestampInfinity || t == types.TimestampNegInfinity {
			continue
		}
		n := len(w.rows)
		w.assign(int32(i), t)
		if w.judge && n == len(w.rows) {
			w.late = append(w.late, int32(i))
		}
	}
	if len(w.late) > 0 {
		w.ctx.LateRows += int64(len(w.late))
		if w.ctx.Late != nil {
			w.ctx.Late(b, w.late, w.low)
		}
	}
	if len(w.rows) == 0 {
		return nil
	}
	return out.Batch(w.build(b))
}

// assign adds the open windows that hold time t.
func (w *WindowAssign) assign(row int32, t int64) {
	n := w.node
	first := floor(t-n.Offset, n.Slide)*n.Slide + n.Offset
	switch n.Window {
	case physical.Cumulate:
		start := floor(t-n.Offset, n.Size)*n.Size + n.Offset
		for end := first + n.Slide; end <= start+n.Size; end += n.Slide {
			w.add(row, start, end)
		}
	default: // a tumbling window is a hopping one that slides by its size
		for start := first; start > t-n.Size; start -= n.Slide {
			w.add(row, start, start+n.Size)
		}
	}
}

func (w *WindowAssign) add(row int32, start, end int64) {
	if w.judge && end <= w.low-w.lateness && w.low != op.NoWatermark {
		return
	}
	w.rows = append(w.rows, row)
	w.starts = append(w.starts, start)
	w.ends = append(w.ends, end)
}

// floor is t / size, rounded down.
func floor(t, size int64) int64 {
	q := t / size
	if t%size < 0 {
		q--
	}
	return q
}

// build makes the output: the input's columns for each window, then its start and end.
func (w *WindowAssign) build(b *vec.Batch) *vec.Batch {
	ts := b.Cols[w.node.Time].Type
	w.out = vec.Batch{Cols: w.out.Cols[:0], N: len(w.rows)}
	for c, col := range b.Cols {
		if len(w.taken) <= c {
			w.taken = append(w.taken, &vec.Vector{})
		}
		w.taken[c].Take(col, w.rows)
		w.out.Cols = append(w.out.Cols, w.taken[c])
	}
	w.start.Resize(ts, len(w.rows))
	w.end.Resize(ts, len(w.rows))
	copy(w.start.I64, w.starts)
	copy(w.end.I64, w.ends)
	w.out.Cols = append(w.out.Cols, w.start, w.end)
	if b.Weights != nil {
		w.out.Weights = make([]int64, len(w.rows))
		for k, i := range w.rows {
			w.out.Weights[k] = b.Weights[i]
		}
	}
	return &w.out
}
