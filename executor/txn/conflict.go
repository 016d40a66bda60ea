package txn

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// conflict is ON CONFLICT at work.
type conflict struct {
	set      *WriteSet
	arbiters []int
	update   *rowMaker // nil: DO NOTHING
	where    *rowMaker
	checker  *checker
	// from is where the write set stood when the statement began: rows past it were written by the statement itself and must not be
	// updated by it again.
	from int
}

func (t *Txn) newConflict(x *physical.Conflict, w *WriteSet, c *checker, params []types.Datum) (*conflict, error) {
	k := &conflict{set: w, arbiters: x.Arbiters, checker: c, from: w.mark()}
	var err error
	if x.Update != nil {
		if k.update, err = t.newRowMaker(x.Update, params); err != nil {
			return nil, err
		}
	}
	if !x.Where.None() {
		k.where, err = t.newRowMaker([]physical.Expr{x.Where}, params)
	}
	return k, err
}

// takes reports whether a conflict over a key is the clause's business.
func (c *conflict) takes(key int) bool { return slices.Contains(c.arbiters, key) }

// resolve updates the existing row from row i of the proposed ones; it returns the new row, or nil if nothing is to be done.
func (c *conflict) resolve(existing *vec.Batch, at int, proposed *vec.Batch, i int) (*vec.Batch, error) {
	if c.update == nil {
		return nil, nil
	}
	if existing == c.set.Rows && at >= c.from {
		return nil, sqlerr.New(sqlerr.CardinalityViolation, "ON CONFLICT DO UPDATE command cannot affect row a second time").
			WithHint("Ensure that no rows proposed for insertion within the same command have duplicate constrained values.")
	}
	old := vec.NewBatch(proposed.Types(), 1)
	oldRows := *existing
	oldRows.Weights = nil
	old.AppendRows(&oldRows, []int32{int32(at)})
	both := vec.Batch{Cols: slices.Clone(old.Cols), N: 1}
	for _, col := range proposed.Cols {
		v := vec.New(col.Type, 1)
		v.AppendSelected(col, []int32{int32(i)}, proposed.N)
		both.Cols = append(both.Cols, v)
	}
	if c.where != nil {
		if rows, err := c.where.isTrue(0, &both); err != nil || len(rows) == 0 {
			return nil, err
		}
	}
	new, err := c.update.rows(&both)
	if err != nil {
		return nil, err
	}
	if err := c.checker.check(new); err != nil {
		return nil, err
	}
	c.set.add(old, -1)
	return new, c.set.addUnique(new, c.checker)
}

// addUnique adds rows after looking that their keys are free.
func (w *WriteSet) addUnique(rows *vec.Batch, c *checker) error {
	look, err := w.lookup(rows)
	if err != nil {
		return err
	}
	for i := range rows.N {
		if k, _, _ := look.conflict(rows, i); k >= 0 {
			return c.duplicate(&w.Meta.Keys[k], rows, i)
		}
	}
	if row, key := look.firstRepeat(rows); row >= 0 {
		return c.duplicate(key, rows, row)
	}
	w.add(rows, 1)
	return nil
}
