package driver

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Root is the root's output in a task: a step's rows, gathered until the cut, and the newest watermark.
type Root struct {
	gatherer connector.Gatherer
	// Newest is the newest watermark of the output.
	Newest int64
}

// NewRoot makes one that gathers as Config.Gather says.
func NewRoot(gather func() connector.Gatherer) *Root {
	r := &Root{gatherer: &copier{}, Newest: op.NoWatermark}
	if gather != nil {
		r.gatherer = gather()
	}
	return r
}

// Take gives what has been gathered, to keep.
func (r *Root) Take() []*vec.Batch { return r.gatherer.Take() }

// Batch implements op.Output.
func (r *Root) Batch(b *vec.Batch) error { return r.gatherer.Add(b) }

// Watermark implements op.Output.
func (r *Root) Watermark(t int64) error {
	r.Newest = t
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
