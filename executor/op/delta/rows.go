package delta

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Chunk is a dense batch of gathered rows with a hash for each.
type Chunk struct {
	vec.Batch
	Hashes []uint64

	spare []int64 // a buffer for Weights
}

// append copies rows of b.
func (c *Chunk) append(b *vec.Batch, rows []int32) {
	if c.Weights == nil && b.Weights != nil {
		c.Weights = c.spare[:0]
		for range c.N {
			c.Weights = append(c.Weights, 1)
		}
		if c.Weights == nil {
			c.Weights = make([]int64, 0, vec.BatchSize)
		}
	}
	c.AppendRows(b, rows)
}

func (c *Chunk) recycle() {
	if c.Weights != nil {
		c.spare = c.Weights
	}
	c.Recycle()
	c.Hashes = c.Hashes[:0]
}

// Rows gathers rows as they come, as chunks of up to vec.BatchSize rows.
type Rows struct {
	// Chunks are what was gathered, in order.
	Chunks []*Chunk
	// Retracts says that a row with a negative weight is among them.
	Retracts bool

	types []types.Type
	free  []*Chunk
	rows  []int32
	ks    []int32
	// hashes is scratch for Consolidate.
	hashes []uint64
}

// NewRows makes an empty collection of rows with columns of types ts.
func NewRows(ts []types.Type) *Rows { return &Rows{types: ts} }

// Len is the number of rows.
func (r *Rows) Len() int {
	if len(r.Chunks) == 0 {
		return 0
	}
	return (len(r.Chunks)-1)*vec.BatchSize + r.Chunks[len(r.Chunks)-1].N
}

// Add copies the selected rows of b, but not those of weight zero. hashes go with the selection; nil says that they do not
// matter.
func (r *Rows) Add(b *vec.Batch, hashes []uint64) {
	r.rows, r.ks = r.rows[:0], r.ks[:0]
	for k := range b.Rows() {
		i := b.Row(k)
		w := b.Weight(i)
		if w == 0 {
			continue
		}
		r.Retracts = r.Retracts || w < 0
		r.rows, r.ks = append(r.rows, int32(i)), append(r.ks, int32(k))
	}
	for from := 0; from < len(r.rows); {
		c := r.last()
		to := min(from+vec.BatchSize-c.N, len(r.rows))
		c.append(b, r.rows[from:to])
		if hashes != nil {
			for _, k := range r.ks[from:to] {
				c.Hashes = append(c.Hashes, hashes[k])
			}
		}
		from = to
	}
}

// last is the chunk to be appended to.
func (r *Rows) last() *Chunk {
	if n := len(r.Chunks); n > 0 && r.Chunks[n-1].N < vec.BatchSize {
		return r.Chunks[n-1]
	}
	var c *Chunk
	if n := len(r.free); n > 0 {
		c, r.free = r.free[n-1], r.free[:n-1]
	} else {
		c = &Chunk{Batch: *vec.NewBatch(r.types, 0)}
	}
	r.Chunks = append(r.Chunks, c)
	return c
}

// Reset forgets all rows.
func (r *Rows) Reset() {
	for _, c := range r.Chunks {
		if len(r.free) >= keepRows/vec.BatchSize {
			break
		}
		c.recycle()
		r.free = append(r.free, c)
	}
	clear(r.Chunks)
	r.Chunks, r.Retracts = r.Chunks[:0], false
}
