package row

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Stamp appends to each row the watermark, and the epoch, by which Session, where the rows of several tasks meet, is to judge it.
type Stamp struct {
	stateless
	node *physical.Stamp
	refusal
	mark  *vec.Vector
	epoch *vec.Vector
	sel   []int32
	out   vec.Batch
}

// NewStamp makes the operator of a Stamp node.
func NewStamp(n *physical.Stamp) *Stamp {
	return &Stamp{node: n, refusal: newRefusal(), mark: vec.NewConst(types.T(types.Int8), types.NewInt(op.NoWatermark)),
		epoch: vec.NewConst(types.T(types.Int8), types.NewInt(0)), sel: []int32{}}
}

// Open implements op.Operator.
func (s *Stamp) Open(ctx *op.Context) error {
	s.ctx = ctx
	return nil
}

// Watermark implements op.Operator.
func (s *Stamp) Watermark(_ int, t int64, out op.Output) error {
	s.watermark = max(s.watermark, t)
	if !s.node.Judge {
		return out.Watermark(t)
	}
	closed := allowing(s.watermark, s.node.Allowed)
	if closed == op.NoWatermark {
		return nil
	}
	s.mark = vec.NewConst(s.mark.Type, types.NewInt(closed)) // a new one: who got the old may still have it
	return out.Watermark(closed)
}

// Push implements op.Operator.
func (s *Stamp) Push(_ int, b *vec.Batch, out op.Output) error {
	s.begins()
	times := b.Cols[s.node.Time]
	if times.Const {
		times = times.Flatten(b.N)
	}
	s.sel = slices.Grow(s.sel[:0], b.Rows())
	for k := range b.Rows() {
		if i := b.Row(k); timed(times, i) {
			s.sel = append(s.sel, int32(i))
		} else {
			s.untimed = append(s.untimed, int32(i))
		}
	}
	s.tell(b)
	if len(s.sel) == 0 {
		return nil
	}
	s.out = vec.Batch{Cols: append(append(s.out.Cols[:0], b.Cols...), s.mark), N: b.N, Sel: s.sel, Weights: b.Weights}
	if s.node.Epochs {
		if e := int64(s.ctx.Epoch); e != s.epoch.I64[0] {
			s.epoch = vec.NewConst(s.epoch.Type, types.NewInt(e)) // a new one, likewise
		}
		s.out.Cols = append(s.out.Cols, s.epoch)
	}
	if len(s.sel) == b.N {
		s.out.Sel = nil
	}
	return out.Batch(&s.out)
}
