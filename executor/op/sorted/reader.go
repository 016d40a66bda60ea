package sorted

import (
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Reader reads the rows of a partition out one by one: a row of weight n comes n times.
type Reader struct{ copies []int32 }

// Append appends the rows at positions from to to (not including it) of what c was opened on, counted by weight, to dst, which has no
// weights.
func (r *Reader) Append(dst *vec.Batch, c *state.Cursor, from, to int64) error {
	into, err := c.SeekWeight(from)
	if err != nil {
		return err
	}
	for left := to - from; left > 0; {
		ok, err := c.Next(int(min(left, vec.BatchSize)))
		if err != nil {
			return err
		}
		if !ok {
			return sqlerr.Internal("a partition ends before its rows do")
		}
		r.copies = r.copies[:0]
		for i := range c.Batch.N {
			n := min(c.Batch.Weight(i)-into, left)
			for range n {
				r.copies = append(r.copies, int32(i))
			}
			left, into = left-n, 0
		}
		rows := *c.Batch
		rows.Weights = nil
		dst.AppendRows(&rows, r.copies)
		if err := addressable(dst); err != nil {
			return err
		}
	}
	return nil
}

// addressable refuses what indices and offsets of 32 bits cannot name.
func addressable(b *vec.Batch) error {
	for _, v := range b.Cols {
		if len(v.Data) > math.MaxUint32 {
			return sqlerr.New(sqlerr.ProgramLimitExceeded, "more than 4 GiB of text in one column of a window partition")
		}
	}
	if b.N > math.MaxInt32-vec.BatchSize {
		return sqlerr.New(sqlerr.ProgramLimitExceeded, "more than 2^31 rows in a window partition")
	}
	return nil
}
