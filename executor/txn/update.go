package txn

import (
	"context"

	"github.com/streamdb/streamdb/executor/query"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Update runs an UPDATE: it gives out RETURNING's rows and returns how many rows were updated.
func (t *Txn) Update(ctx context.Context, x *physical.Update, params []types.Datum, out func(*vec.Batch) error) (int64, error) {
	w, source, err := t.gather(ctx, &x.Target, x.Source, params, "UPDATE")
	if err != nil || source == nil {
		return 0, err
	}
	row, err := t.newRowMaker(x.Row, params)
	if err != nil {
		return 0, err
	}
	rows, err := row.rows(source)
	if err != nil {
		return 0, err
	}
	c, err := t.newChecker(w, x.Target.Checks, params)
	if err != nil {
		return 0, err
	}
	if err := c.check(rows); err != nil {
		return 0, err
	}
	// All old rows go before any new one comes: a statement may pass keys on from row to row.
	w.add(&vec.Batch{Cols: source.Cols[:len(w.Meta.Columns)], N: source.N}, -1)
	if err := w.addUnique(rows, c); err != nil {
		return 0, err
	}
	both := &vec.Batch{Cols: append(append([]*vec.Vector{}, rows.Cols...), source.Cols...), N: rows.N}
	return int64(rows.N), t.returning(x.Returning, both, params, out)
}

// Delete runs a DELETE: it gives out RETURNING's rows and returns how many rows were deleted.
func (t *Txn) Delete(ctx context.Context, x *physical.Delete, params []types.Datum, out func(*vec.Batch) error) (int64, error) {
	w, source, err := t.gather(ctx, &x.Target, x.Source, params, "DELETE")
	if err != nil || source == nil {
		return 0, err
	}
	w.add(&vec.Batch{Cols: source.Cols[:len(w.Meta.Columns)], N: source.N}, -1)
	return int64(source.N), t.returning(x.Returning, source, params, out)
}

// Truncate deletes all rows of a table.
func (t *Txn) Truncate(ctx context.Context, all *physical.Plan, oid uint32) error {
	w, source, err := t.gather(ctx, &physical.Target{Relation: oid}, all, nil, "TRUNCATE TABLE")
	if err != nil || source == nil {
		return err
	}
	w.add(source, -1)
	return nil
}

// gather takes the target's lock and then runs the statement's source, whole: what it changes must not be seen by itself.
// The rows are nil if there are none.
func (t *Txn) gather(ctx context.Context, target *physical.Target, source *physical.Plan, params []types.Datum, verb string) (*WriteSet, *vec.Batch, error) {
	w, err := t.writeTo(ctx, target, verb)
	if err != nil {
		return nil, nil, err
	}
	r, err := t.Read(ctx, source, params)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	var rows *vec.Batch
	err = query.Run(ctx, source, r, query.Options{Env: t.Env, Params: params}, func(b *vec.Batch) error {
		if rows == nil {
			rows = vec.NewBatch(b.Types(), b.Rows())
		}
		rows.AppendBatch(spread(b))
		return nil
	})
	if err != nil || rows == nil {
		return w, nil, err
	}
	return w, rows, t.stillThere(w, rows)
}

// stillThere refuses rows that somebody has changed since a REPEATABLE READ transaction's epoch. In READ COMMITTED the lock was
// there before the rows were read.
func (t *Txn) stillThere(w *WriteSet, rows *vec.Batch) error {
	if t.Isolation == ReadCommitted || w.Relation == nil || w.Relation.Cut() <= t.view.epoch {
		return nil
	}
	whole := &vec.Batch{Cols: rows.Cols[:len(w.Meta.Columns)], N: rows.N}
	has, err := w.Relation.Contains(whole)
	if err != nil {
		return err
	}
	own := w.own(whole)
	for i := range has {
		if !has[i] && !own[i] {
			return sqlerr.New(sqlerr.SerializationFailure, "could not serialize access due to concurrent update")
		}
	}
	return nil
}

// own reports which rows were written by the transaction itself.
func (w *WriteSet) own(b *vec.Batch) []bool {
	out := make([]bool, b.N)
	for i := range out {
		for j := 0; j < w.Rows.N && !out[i]; j++ {
			out[i] = w.Rows.Weights[j] > 0 && identical(b, i, w.Rows, j)
		}
	}
	return out
}

func identical(a *vec.Batch, i int, b *vec.Batch, j int) bool {
	for c := range a.Cols {
		if !vec.Identical(a.Cols[c], i, b.Cols[c], j) {
			return false
		}
	}
	return true
}

// returning computes RETURNING over rows.
func (t *Txn) returning(exprs []physical.Expr, rows *vec.Batch, params []types.Datum, out func(*vec.Batch) error) error {
	if exprs == nil {
		return nil
	}
	m, err := t.newRowMaker(exprs, params)
	if err != nil {
		return err
	}
	b, err := m.rows(rows)
	if err != nil {
		return err
	}
	return out(b)
}
