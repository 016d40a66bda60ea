package sorted

import (
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
)

// Changes are a step's changed rows, in the layout's order of columns, and by partition.
type Changes struct {
	delta.Rows
	// Keys are the partitions that were changed; Index numbers them.
	Keys *delta.Index

	lay     *Layout
	view    vec.Batch
	hashes  []uint64
	numbers []int32
	of      []int32 // row → partition
	starts  []int32 // partition → its first in rows
	rows    []int32
}

// NewChanges makes an empty collection.
func NewChanges(l *Layout) *Changes {
	return &Changes{Rows: *delta.NewRows(l.Spec.Types), Keys: delta.NewKeyIndex(l.Spec.Types[:l.Key]), lay: l}
}

// Gather keeps the rows of an input batch.
func (c *Changes) Gather(b *vec.Batch) {
	c.lay.View(b, &c.view)
	n := b.Rows()
	if cap(c.hashes) < n {
		c.hashes = make([]uint64, n, max(n, vec.BatchSize))
	}
	vec.HashRows(c.view.Cols[:c.lay.Key], b.Sel, b.N, c.hashes[:n])
	c.Rows.Add(&c.view, c.hashes[:n])
}

// Group finds the partitions of the rows gathered since the last Reset. To be called once they are all there.
func (c *Changes) Group() (err error) {
	c.of = c.of[:0]
	for _, chunk := range c.Chunks {
		if c.numbers, err = c.Keys.Add(chunk.Cols[:c.lay.Key], nil, chunk.N, chunk.Hashes, c.numbers); err != nil {
			return err
		}
		c.of = append(c.of, c.numbers...)
	}
	c.starts = zeros(c.starts, c.Keys.Len()+1)
	for _, p := range c.of {
		c.starts[p+1]++
	}
	for p := range c.Keys.Len() {
		c.starts[p+1] += c.starts[p]
	}
	c.rows = zeros(c.rows, len(c.of))
	next := append(c.numbers[:0], c.starts...)
	for row, p := range c.of {
		c.rows[next[p]] = int32(row)
		next[p]++
	}
	c.numbers = next
	return nil
}

func zeros(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n, 2*n)
	}
	s = s[:n]
	clear(s)
	return s
}

// Of are the rows of partition p: Row gives them.
func (c *Changes) Of(p int) []int32 { return c.rows[c.starts[p]:c.starts[p+1]] }

// Row is where a row lies: its chunk and its index there.
func (c *Changes) Row(row int32) (*delta.Chunk, int) {
	return c.Chunks[row/vec.BatchSize], int(row % vec.BatchSize)
}

// Reset forgets all rows and partitions.
func (c *Changes) Reset() {
	c.Rows.Reset()
	c.Keys.Reset()
}
