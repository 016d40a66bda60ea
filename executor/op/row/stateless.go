package row

import "github.com/streamdb/streamdb/executor/op"

// stateless is what operators with one input and no state have in common.
type stateless struct{}

// Watermark implements op.Operator.
func (stateless) Watermark(_ int, t int64, out op.Output) error { return out.Watermark(t) }

// EndStep implements op.Operator.
func (stateless) EndStep(op.Output) error { return nil }

// Close implements op.Operator.
func (stateless) Close() {}
