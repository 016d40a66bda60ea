package pipelined

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// result is the root's output in a task: a step's rows, gathered until the cut, and the newest watermark.
type result struct {
	gatherer  connector.Gatherer
	watermark int64
}

func newResult(gather func() connector.Gatherer) result {
	r := result{gatherer: &copier{}, watermark: op.NoWatermark}
	if gather != nil {
		r.gatherer = gather()
	}
	return r
}

// Batch implements op.Output.
func (r *result) Batch(b *vec.Batch) error { return r.gatherer.Add(b) }

// Watermark implements op.Output.
func (r *result) Watermark(t int64) error {
	r.watermark = t
	return nil
}

// copier gathers copies of the rows, small batches in one.
type copier struct {
	full    []*vec.Batch
	filling *vec.Batch
}

// Add implements connector.Gatherer.
func (c *copier) Add(b *vec.Batch) error {
	rows := b.Rows()
	if c.filling != nil && c.filling.N+rows > vec.BatchSize {
		c.seal() // growing it would copy it
	}
	if c.filling == nil {
		c.filling = vec.NewBatch(b.Types(), rows)
	}
	c.filling.AppendBatch(b)
	return nil
}

func (c *copier) seal() {
	c.full = append(c.full, c.filling)
	c.filling = nil
}

// Take implements connector.Gatherer.
func (c *copier) Take() []*vec.Batch {
	if c.filling != nil {
		c.seal()
	}
	out := c.full
	c.full = nil
	return out
}
