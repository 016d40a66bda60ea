package set

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// counts is a Z-set of rows in which all columns are the key: how often each row is there, and which one stands for those that SQL
// does not tell apart.
type counts struct {
	rows   *state.Hashed
	probe  state.Probe
	hashes []uint64
	less   func(a []*vec.Vector, i int, b []*vec.Vector, j int) int
	all    []int
}

func newCounts(ts []types.Type, mem *state.Memory) *counts {
	c := &counts{rows: state.NewHashed(mem, state.Spec{Types: ts, Key: len(ts)}), less: vec.RowComparator(ts)}
	for i := range ts {
		c.all = append(c.all, i)
	}
	return c
}

func (c *counts) hash(b *vec.Batch) []uint64 {
	n := b.Rows()
	if cap(c.hashes) < n {
		c.hashes = make([]uint64, max(n, vec.BatchSize))
	}
	vec.HashRows(b.Cols, b.Sel, b.N, c.hashes[:n])
	return c.hashes[:n]
}

// apply adds a delta.
func (c *counts) apply(b *vec.Batch) error { return c.rows.Apply(b, c.hash(b), nil) }

// total is what is there of each selected row of b, by position: the sum of the weights of all rows that are not distinct
// from it, and the row that stands for them, as a row of reps (-1: none has a positive weight).
type total struct {
	count []int64
	rep   []int32
	reps  *vec.Batch
}

func (c *counts) totals(b *vec.Batch, t *total) error {
	n := b.Rows()
	t.count, t.rep = make([]int64, n), make([]int32, n)
	t.reps = vec.NewBatch(b.Types(), n)
	position := make(map[int32]int, 0)
	if b.Sel != nil {
		for k, i := range b.Sel {
			position[i] = k
		}
	}
	for k := range t.rep {
		t.rep[k] = -1
	}
	if err := c.rows.Probe(&c.probe, b.Cols, c.hash(b), b.Sel, b.N); err != nil {
		return err
	}
	for {
		more, err := c.probe.Next()
		if err != nil || !more {
			return err
		}
		found := c.probe.Batch
		for j, i := range c.probe.Rows {
			k := int(i)
			if b.Sel != nil {
				k = position[i]
			}
			w := found.Weight(j)
			t.count[k] += w
			if w > 0 && (t.rep[k] < 0 || c.less(found.Cols, j, t.reps.Cols, int(t.rep[k])) < 0) {
				t.rep[k] = int32(t.reps.N)
				one := *found
				one.Weights = nil
				t.reps.AppendRows(&one, []int32{int32(j)})
			}
		}
	}
}
