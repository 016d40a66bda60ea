package row

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// WindowAssign puts each row into the windows of fixed size that hold its time, half-open and aligned to 1970 plus an offset.
//
// Where something above frees or closes windows it also judges lateness, here where rows and watermarks still come in the order in
// which they were recorded: a row is late when every window that it could still change had closed, that is when window_end
// plus the allowed lateness is at or before the watermark in force at the start of its epoch. A row that is late for some of
// its windows goes to the others.
type WindowAssign struct {
	stateless
	node *physical.WindowAssign
	refusal
	// closed is the latest window end that rows are late for, op.NoWatermark if there is none.
	closed int64

	start, end *vec.Vector
	first      *vec.Vector // of slices: the end of the first window that takes the row
	out        vec.Batch
	sel        []int32
	rows       []int32 // of the input, once for each of their windows
	taken      []*vec.Vector
	weights    []int64
}

// NewWindowAssign makes the operator of a WindowAssign node.
func NewWindowAssign(n *physical.WindowAssign) *WindowAssign {
	return &WindowAssign{node: n, refusal: newRefusal(), closed: op.NoWatermark, start: &vec.Vector{}, end: &vec.Vector{}, first: &vec.Vector{}, sel: []int32{}}
}

// Open implements op.Operator.
func (w *WindowAssign) Open(ctx *op.Context) error {
	w.ctx = ctx
	return nil
}

// Watermark implements op.Operator.
func (w *WindowAssign) Watermark(_ int, t int64, out op.Output) error {
	w.watermark = max(w.watermark, t)
	if !w.node.Judge {
		return out.Watermark(t)
	}
	if w.closed = allowing(w.watermark, w.node.Allowed); w.closed == op.NoWatermark {
		return nil
	}
	return out.Watermark(w.closed)
}

// Push implements op.Operator.
func (w *WindowAssign) Push(_ int, b *vec.Batch, out op.Output) error {
	w.begins()
	times := b.Cols[w.node.Time]
	if times.Const {
		times = times.Flatten(b.N)
	}
	push := w.several
	if w.node.Window == physical.Tumble || w.node.Slices {
		push = w.tumble
	}
	if err := push(b, times, out); err != nil {
		return err
	}
	w.tell(b)
	return nil
}

// tumble passes the batch's columns on, with the one window, or slice, of each row.
func (w *WindowAssign) tumble(b *vec.Batch, times *vec.Vector, out op.Output) error {
	n := w.node
	last := int64(0) // the end of the last window of that slice
	w.start.Resize(times.Type, b.N)
	w.end.Resize(times.Type, b.N)
	w.first.Resize(times.Type, b.N)
	w.sel = slices.Grow(w.sel[:0], b.Rows())
	from, to := int64(0), int64(0) // the window of the row before: times come in order, more or less
	for k := range b.Rows() {
		i := b.Row(k)
		if !timed(times, i) {
			w.untimed = append(w.untimed, int32(i))
			continue
		}
		if t := times.I64[i]; t < from || t >= to {
			from = floor(t-n.Offset, n.Slide)*n.Slide + n.Offset
			to = from + n.Slide
			_, last, _ = w.windows(t)
		}
		if w.node.Judge && last <= w.closed {
			w.late = append(w.late, int32(i))
			continue
		}
		w.start.I64[i], w.end.I64[i], w.first.I64[i] = from, to, w.open(to)
		w.sel = append(w.sel, int32(i))
	}
	if len(w.sel) == 0 {
		return nil
	}
	w.out = vec.Batch{Cols: append(append(w.out.Cols[:0], b.Cols...), w.start, w.end), N: b.N, Sel: w.sel, Weights: b.Weights}
	if n.Slices {
		w.out.Cols = append(w.out.Cols, w.first)
	}
	if len(w.sel) == b.N {
		w.out.Sel = nil
	}
	return out.Batch(&w.out)
}

// open is the first end that has not closed, of windows from one that ends at end on.
func (w *WindowAssign) open(end int64) int64 {
	if !w.node.Judge || end > w.closed {
		return end
	}
	return end + (floor(w.closed-end, w.node.Slide)+1)*w.node.Slide
}

// several repeats each row for each of its windows.
func (w *WindowAssign) several(b *vec.Batch, times *vec.Vector, out op.Output) error {
	w.beginRows(times.Type)
	for k := range b.Rows() {
		i := b.Row(k)
		if !timed(times, i) {
			w.untimed = append(w.untimed, int32(i))
			continue
		}
		first, last, start := w.windows(times.I64[i])
		late := true
		for end := first; end <= last; end += w.node.Slide {
			if w.node.Judge && end <= w.closed {
				continue
			}
			late = false
			if w.node.Window == physical.Hop {
				start = end - w.node.Size
			}
			w.rows = append(w.rows, int32(i))
			w.start.I64, w.end.I64 = append(w.start.I64, start), append(w.end.I64, end)
			if len(w.rows) < vec.BatchSize {
				continue
			}
			if err := w.flush(b, out); err != nil {
				return err
			}
		}
		if late {
			w.late = append(w.late, int32(i))
		}
	}
	return w.flush(b, out)
}

// windows are the ends of the first and the last window that hold t, in steps of the slide, and where those of CUMULATE start.
func (w *WindowAssign) windows(t int64) (first, last, start int64) {
	n := w.node
	first = floor(t-n.Offset, n.Slide)*n.Slide + n.Offset + n.Slide
	if n.Window != physical.Cumulate {
		return first, first - n.Slide + n.Size, 0
	}
	start = floor(t-n.Offset, n.Size)*n.Size + n.Offset
	return first, start + n.Size, start
}

// floor is t / size, rounded down.
func floor(t, size int64) int64 {
	q := t / size
	if t%size < 0 {
		q--
	}
	return q
}

func (w *WindowAssign) beginRows(t types.Type) {
	w.rows = w.rows[:0]
	w.start.Resize(t, 0)
	w.end.Resize(t, 0)
}

// flush emits the rows that were repeated.
func (w *WindowAssign) flush(b *vec.Batch, out op.Output) error {
	if len(w.rows) == 0 {
		return nil
	}
	for len(w.taken) < len(b.Cols) {
		w.taken = append(w.taken, &vec.Vector{})
	}
	w.out = vec.Batch{Cols: w.out.Cols[:0], N: len(w.rows)}
	for c, v := range b.Cols {
		w.taken[c].Take(v, w.rows)
		w.out.Cols = append(w.out.Cols, w.taken[c])
	}
	w.out.Cols = append(w.out.Cols, w.start, w.end)
	if b.Weights != nil {
		w.weights = w.weights[:0]
		for _, i := range w.rows {
			w.weights = append(w.weights, b.Weights[i])
		}
		w.out.Weights = w.weights
	}
	err := out.Batch(&w.out)
	w.beginRows(w.start.Type)
	return err
}
