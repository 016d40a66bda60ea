package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
)

// Stream is an inner join of append-only inputs: each batch meets what the other side has so far, so its output can never be
// revised, and is emitted in Push.
type Stream struct {
	base
}

// Push implements op.Operator.
func (j *Stream) Push(port int, b *vec.Batch, out op.Output) error {
	from, to := j.sides[port], j.sides[1-port]
	d := from.look(b)
	if d.Rows() == 0 {
		return nil
	}
	j.emit.begin(out, true)
	err := j.pairs.each(d, from, to, func() error { return j.emit.pairs(j.pairs) })
	if err != nil {
		return err
	}
	return from.arr.Apply(&d.Batch, d.Hashes, nil)
}

// EndStep implements op.Operator.
func (j *Stream) EndStep(op.Output) error { return nil }
