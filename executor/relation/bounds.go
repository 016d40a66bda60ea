package relation

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Bounds are a stretch of the order of an index: the rows that have certain values in its first columns, and in the next one a value
// between two. A row with a null in any of these columns is outside.
type Bounds struct {
	// Columns are the relation's columns that are bound, in the index's order: those of Equal, and then, if there is a Low or a High,
	// the one that these bound.
	Columns []int
	// Equal are vectors of one value, which is not null, and so are Low and High; nil stands for no bound.
	Equal     []*vec.Vector
	Low, High *vec.Vector
	// LowOpen and HighOpen leave the bound itself out.
	LowOpen, HighOpen bool
}

// open puts a cursor at the rows within the bounds.
func (g *Bounds) open(c *state.Cursor, r *state.OrderedReader) error {
	if err := r.Open(c, g.Equal, 0, emptyKey); err != nil || len(g.Columns) == len(g.Equal) {
		return err
	}
	with := func(v *vec.Vector) []*vec.Vector { return append(g.Equal[:len(g.Equal):len(g.Equal)], v) }
	end, after := g.High, !g.HighOpen
	if end == nil { // nulls come last
		end, after = vec.NewConst(g.Low.Type, types.Null), false
	}
	if err := c.NarrowEnd(with(end), 0, after); err != nil || g.Low == nil {
		return err
	}
	return c.NarrowStart(with(g.Low), 0, g.LowOpen)
}

// Select are the rows of b, which has the relation's columns, that are within the bounds.
func (g *Bounds) Select(b *vec.Batch) []int32 {
	rows := make([]int32, 0, b.Rows())
	for k := range b.Rows() {
		rows = append(rows, int32(b.Row(k)))
	}
	keep := func(column int, v *vec.Vector, within func(order int) bool) {
		col := b.Cols[column].Flatten(b.N)
		compare, kept := vec.Comparator(col.Type), rows[:0]
		for _, i := range rows {
			if !col.IsNull(int(i)) && within(compare(col, int(i), v, 0)) {
				kept = append(kept, i)
			}
		}
		rows = kept
	}
	for k, v := range g.Equal {
		keep(g.Columns[k], v, func(order int) bool { return order == 0 })
	}
	if g.Low != nil {
		keep(g.Columns[len(g.Equal)], g.Low, func(order int) bool { return order > 0 || order == 0 && !g.LowOpen })
	}
	if g.High != nil {
		keep(g.Columns[len(g.Equal)], g.High, func(order int) bool { return order < 0 || order == 0 && !g.HighOpen })
	}
	return rows
}
