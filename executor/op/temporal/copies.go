package temporal

import (
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// copies are rows with a time behind their columns, by key, and of a key those of the earliest time first.
type copies struct {
	lay  *sorted.Layout
	rows *state.Ordered
	cur  state.Cursor
	same func(a []*vec.Vector, i int, b []*vec.Vector, j int) int

	view  vec.Batch
	key   []*vec.Vector
	taken *vec.Batch
	// from are the rows of view that are taken, and weights by row what is taken of each.
	from    []int32
	weights []int64
}

func newCopies(timed []types.Type, keys []int, mem *state.Memory) *copies {
	last := len(timed) - 1
	c := &copies{lay: sorted.NewLayout(timed, keys, []physical.SortKey{{Column: last}}), taken: vec.NewBatch(timed, 0), same: vec.RowComparator(timed[:last])}
	c.rows = state.NewOrdered(mem, c.lay.Spec)
	return c
}

func (c *copies) apply(timed *vec.Batch, h *hasher) error {
	c.lay.View(timed, &c.view)
	return c.rows.Apply(&c.view, h.hashes(timed), nil)
}

// find gives the copies that the negative weights of a dense batch, which has no times, take back, with the weight of what is taken of
// each; nil for none. They are good until the next call.
func (c *copies) find(b *vec.Batch, h *hasher) (*vec.Batch, error) {
	if b.Weights == nil {
		return nil, nil
	}
	c.taken.Recycle()
	hashes := h.hashes(b)
	for i, w := range b.Weights[:b.N] {
		if w >= 0 {
			continue
		}
		if err := c.take(b, i, hashes[i], -w); err != nil {
			return nil, err
		}
	}
	if c.taken.N == 0 {
		return nil, nil
	}
	return c.taken, nil
}

// take notes up to so many copies of a row as taken.
func (c *copies) take(b *vec.Batch, i int, hash uint64, left int64) error {
	c.key = c.key[:0]
	for _, k := range c.lay.Cols[:c.lay.Key] {
		c.key = append(c.key, b.Cols[k])
	}
	if err := c.rows.Open(&c.cur, c.key, i, hash); err != nil {
		return err
	}
	for left > 0 {
		more, err := c.cur.Next(vec.BatchSize)
		if err != nil || !more {
			return err
		}
		c.lay.Unview(c.cur.Batch, &c.view)
		c.from, c.weights = c.from[:0], append(c.weights[:0], make([]int64, c.view.N)...)
		for j := 0; j < c.view.N && left > 0; j++ {
			if c.same(b.Cols, i, c.view.Cols, j) == 0 {
				n := min(left, c.view.Weight(j))
				left -= n
				c.from, c.weights[j] = append(c.from, int32(j)), -n
			}
		}
		c.view.Weights = c.weights
		c.taken.AppendRows(&c.view, c.from)
	}
	return nil
}
