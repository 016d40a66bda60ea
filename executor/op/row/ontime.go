package row

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
)

// OnTime leaves out the rows that are late for operators above that free state by the time of a row, as interval joins do.
type OnTime struct {
	stateless
	node *physical.OnTime
	refusal
	// least is the least time that is not late.
	least int64

	sel []int32
	out vec.Batch
}

// NewOnTime makes the operator of an OnTime node.
func NewOnTime(n *physical.OnTime) *OnTime {
	return &OnTime{node: n, refusal: newRefusal(), least: op.NoWatermark, sel: []int32{}}
}

// Open implements op.Operator.
func (o *OnTime) Open(ctx *op.Context) error {
	o.ctx = ctx
	return nil
}

// Watermark implements op.Operator.
func (o *OnTime) Watermark(_ int, t int64, out op.Output) error {
	o.watermark = max(o.watermark, t)
	if o.least = allowing(o.watermark, o.node.Allowed); o.least == op.NoWatermark {
		return nil
	}
	return out.Watermark(o.least)
}

// Push implements op.Operator.
func (o *OnTime) Push(_ int, b *vec.Batch, out op.Output) error {
	times := b.Cols[o.node.Time]
	if times.Const {
		times = times.Flatten(b.N)
	}
	if !o.anyLate(b, times) {
		return out.Batch(b)
	}
	o.begins()
	o.sel = slices.Grow(o.sel[:0], b.Rows())
	for k := range b.Rows() {
		i := b.Row(k)
		if times.I64[i] < o.least && !times.IsNull(i) {
			o.late = append(o.late, int32(i))
		} else {
			o.sel = append(o.sel, int32(i))
		}
	}
	o.tell(b)
	if len(o.sel) == 0 {
		return nil
	}
	o.out = *b
	o.out.Sel = o.sel
	return out.Batch(&o.out)
}

// anyLate reports whether a row may be late; mostly none is.
func (o *OnTime) anyLate(b *vec.Batch, times *vec.Vector) bool {
	for k := range b.Rows() {
		if times.I64[b.Row(k)] < o.least {
			return true
		}
	}
	return false
}
