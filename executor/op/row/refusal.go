package row

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// refusal gathers the rows of a batch that windows refuse, and tells the context of them: rows that are late, and those that have no event
// time.
type refusal struct {
	ctx *op.Context
	// watermark is the last one received.
	watermark     int64
	late, untimed []int32
}

func newRefusal() refusal { return refusal{watermark: op.NoWatermark} }

// begins forgets the batch before.
func (r *refusal) begins() { r.late, r.untimed = r.late[:0], r.untimed[:0] }

// timed reports whether row i has a time that windows can hold.
func timed(times *vec.Vector, i int) bool {
	t := times.I64[i]
	return t != types.TimestampInfinity && t != types.TimestampNegInfinity && !times.IsNull(i)
}

// tell counts the rows of b that were refused, each once: what takes a row back does not count.
func (r *refusal) tell(b *vec.Batch) {
	r.report(b, r.late, r.watermark)
	if len(r.untimed) > 0 {
		there := r.untimed[:0]
		for _, i := range r.untimed {
			if b.Weight(int(i)) > 0 {
				there = append(there, i)
			}
		}
		r.report(b, there, op.NoWatermark)
	}
}

func (r *refusal) report(b *vec.Batch, rows []int32, watermark int64) {
	if len(rows) == 0 {
		return
	}
	r.ctx.LateRows += int64(len(rows))
	if r.ctx.Late != nil {
		r.ctx.Late(b, rows, watermark)
	}
}

// allowing is a watermark that stays behind another by what is allowed.
func allowing(watermark, lateness int64) int64 {
	switch {
	case watermark == op.EndOfTime:
		return op.EndOfTime
	case watermark <= op.NoWatermark+lateness:
		return op.NoWatermark
	}
	return watermark - lateness
}
