package row

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
)

// Union is the bag union of its inputs. Its watermark is the lowest of theirs.
type Union struct {
	stateless
	low op.LowWatermark
}

// NewUnion makes the operator of a Union node with so many inputs.
func NewUnion(inputs int) *Union { return &Union{low: op.NewLowWatermark(inputs)} }

// Open implements op.Operator.
func (u *Union) Open(*op.Context) error { return nil }

// Push implements op.Operator.
func (u *Union) Push(_ int, b *vec.Batch, out op.Output) error { return out.Batch(b) }

// Watermark implements op.Operator.
func (u *Union) Watermark(port int, t int64, out op.Output) error {
	if low, moved := u.low.Update(port, t); moved {
		return out.Watermark(low)
	}
	return nil
}
