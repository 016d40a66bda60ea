package txn

import (
	"context"
	"errors"

	"github.com/streamdb/streamdb/executor/query"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Insert runs an INSERT: it gives out RETURNING's rows and returns how many rows were inserted or updated.
func (t *Txn) Insert(ctx context.Context, x *physical.Insert, params []types.Datum, out func(*vec.Batch) error) (int64, error) {
	ins, err := t.NewInserter(ctx, x, params, out)
	if err != nil {
		return 0, err
	}
	r, err := t.Read(ctx, x.Source, params)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	// A source that reads the target must not see what is being inserted, so its rows are gathered before.
	if contains(x.Source.Relations(), x.Target.Relation) {
		var rows []*vec.Batch
		err := query.Run(ctx, x.Source, r, query.Options{Env: t.Env, Params: params}, func(b *vec.Batch) error {
			rows = append(rows, b.Clone())
			return nil
		})
		for i := 0; err == nil && i < len(rows); i++ {
			err = ins.Add(rows[i])
		}
		return ins.Rows, err
	}
	err = query.Run(ctx, x.Source, r, query.Options{Env: t.Env, Params: params}, ins.Add)
	return ins.Rows, err
}

func contains(oids []uint32, oid uint32) bool {
	for _, x := range oids {
		if x == oid {
			return true
		}
	}
	return false
}

// Inserter puts rows into a relation: INSERT's source feeds it, and COPY.
type Inserter struct {
	// Rows is how many rows were inserted or updated so far.
	Rows int64
	// Where, if set, is the context line of a row of the batch at hand, for errors about it: COPY's line.
	Where func(row int) string

	txn       *Txn
	set       *WriteSet
	row       *rowMaker
	checker   *checker
	conflict  *conflict
	returning *rowMaker
	where     *rowMaker // COPY's
	out       func(*vec.Batch) error
}

// NewInserter prepares the insertion, taking the target's lock. out may be nil without RETURNING.
func (t *Txn) NewInserter(ctx context.Context, x *physical.Insert, params []types.Datum, out func(*vec.Batch) error) (*Inserter, error) {
	w, err := t.writeTo(ctx, &x.Target, "INSERT")
	if err != nil {
		return nil, err
	}
	ins := &Inserter{txn: t, set: w, out: out}
	if ins.row, err = t.newRowMaker(x.Row, params); err != nil {
		return nil, err
	}
	if ins.checker, err = t.newChecker(w, x.Target.Checks, params); err != nil {
		return nil, err
	}
	if x.Conflict != nil {
		if ins.conflict, err = t.newConflict(x.Conflict, w, ins.checker, params); err != nil {
			return nil, err
		}
	}
	if x.Returning != nil {
		if ins.returning, err = t.newRowMaker(x.Returning, params); err != nil {
			return nil, err
		}
	}
	return ins, nil
}

// Add inserts the rows of a source's batch.
func (ins *Inserter) Add(b *vec.Batch) error {
	rows, err := ins.row.rows(spread(b))
	if err != nil {
		return err
	}
	return ins.insert(rows)
}

// spread is b with each row as many times as its weight says.
func spread(b *vec.Batch) *vec.Batch {
	if b.Weights == nil {
		return b
	}
	var rows []int32
	for k := range b.Rows() {
		i := b.Row(k)
		for range b.Weight(i) {
			rows = append(rows, int32(i))
		}
	}
	out := vec.NewBatch(b.Types(), len(rows))
	plain := *b
	plain.Weights = nil
	out.AppendRows(&plain, rows)
	return out
}

// insert puts whole rows of the target into the write set.
func (ins *Inserter) insert(rows *vec.Batch) error {
	if err := ins.checker.check(rows); err != nil {
		return err
	}
	if len(ins.set.keys) == 0 {
		return ins.append(rows)
	}
	stored, err := ins.unique(rows)
	if err != nil {
		return err
	}
	return ins.give(stored)
}

// append is the way of relations without keys: nothing to look up.
func (ins *Inserter) append(rows *vec.Batch) error {
	ins.Rows += int64(rows.N)
	if err := ins.set.append(ins.txn, rows); err != nil {
		return err
	}
	return ins.give(rows)
}

// give computes RETURNING.
func (ins *Inserter) give(rows *vec.Batch) error {
	if ins.returning == nil || rows == nil || rows.N == 0 {
		return nil
	}
	b, err := ins.returning.rows(rows)
	if err != nil {
		return err
	}
	return ins.out(b)
}

// unique inserts rows one after the other, as a row of a statement may conflict with one before it. What the content has of
// their keys is looked up for the whole batch before. It returns the rows that were stored.
func (ins *Inserter) unique(rows *vec.Batch) (*vec.Batch, error) {
	look, err := ins.set.lookup(rows)
	if err != nil {
		return nil, err
	}
	if ins.conflict == nil && !look.anyFound() {
		if bad, key := look.firstRepeat(rows); bad < 0 {
			ins.Rows += int64(rows.N)
			ins.set.add(rows, 1)
			return rows, nil
		} else {
			return nil, ins.checker.duplicate(key, rows, bad)
		}
	}
	stored := vec.NewBatch(rows.Types(), rows.N)
	one := make([]int32, 1)
	for i := range rows.N {
		k, existing, at := look.conflict(rows, i)
		if k < 0 {
			one[0] = int32(i)
			ins.set.add(&vec.Batch{Cols: rows.Cols, N: rows.N, Sel: one}, 1)
			stored.AppendRows(rows, one)
			ins.Rows++
			continue
		}
		if ins.conflict == nil || !ins.conflict.takes(k) {
			return nil, ins.checker.duplicate(&ins.set.Meta.Keys[k], rows, i)
		}
		updated, err := ins.conflict.resolve(existing, at, rows, i)
		if err != nil {
			return nil, err
		}
		if updated != nil {
			stored.AppendBatch(updated)
			ins.Rows++
		}
	}
	return stored, nil
}

// lookup is what is known of the keys of a batch.
type lookup struct {
	set    *WriteSet
	found  []*relation.Found // by key; nil where the relation is not at work yet
	hashes [][]uint64
	nulls  [][]bool // rows with a null in the key, which conflict with nothing
}

func (w *WriteSet) lookup(rows *vec.Batch) (*lookup, error) {
	l := &lookup{set: w, found: make([]*relation.Found, len(w.keys)), hashes: make([][]uint64, len(w.keys)), nulls: make([][]bool, len(w.keys))}
	for k, x := range w.keys {
		cols := pickCols(rows, x.columns)
		l.hashes[k] = make([]uint64, rows.N)
		vec.HashRows(cols, nil, rows.N, l.hashes[k])
		for _, c := range cols {
			if c.HasNulls() {
				l.nulls[k] = nullRows(cols, rows.N)
				break
			}
		}
		if w.Relation == nil {
			continue
		}
		var err error
		if l.found[k], _, err = w.Relation.Find(x.columns, cols, rows.N); err != nil {
			return nil, err
		}
		l.found[k].Rows = w.padding.Pad(l.found[k].Rows)
	}
	return l, nil
}

func nullRows(cols []*vec.Vector, n int) []bool {
	out := make([]bool, n)
	for i := range out {
		for _, c := range cols {
			out[i] = out[i] || c.IsNull(i)
		}
	}
	return out
}

// anyFound reports whether the content has any of the keys.
func (l *lookup) anyFound() bool {
	for k, f := range l.found {
		if f == nil {
			continue
		}
		for i := range l.hashes[k] {
			if f.Has(i) && !l.null(k, i) {
				return true
			}
		}
	}
	return false
}

func (l *lookup) null(key, row int) bool { return l.nulls[key] != nil && l.nulls[key][row] }

// firstRepeat finds a row whose key is that of a row before it, in the batch or the write set; -1 if there is none.
func (l *lookup) firstRepeat(rows *vec.Batch) (row int, key *catalog.Key) {
	for k, x := range l.set.keys {
		cols := pickCols(rows, x.columns)
		seen := make(map[uint64]int32, rows.N)
		for i, h := range l.hashes[k] {
			if l.null(k, i) {
				continue
			}
			if at, ok := x.find(l.set.Rows, cols, i, h); ok && l.set.Rows.Weights[at] > 0 {
				return i, &l.set.Meta.Keys[k]
			}
			if j, ok := seen[h]; ok && sameKey(cols, i, int(j)) {
				return i, &l.set.Meta.Keys[k]
			}
			seen[h] = int32(i)
		}
	}
	return -1, nil
}

func sameKey(cols []*vec.Vector, i, j int) bool {
	for _, c := range cols {
		if !vec.Equal(c, i, c, j) {
			return false
		}
	}
	return true
}

// conflict finds the first key of row i that is there, and the row that has it: at an index of a batch. key is -1 if none is.
func (l *lookup) conflict(rows *vec.Batch, i int) (key int, existing *vec.Batch, at int) {
	for k, x := range l.set.keys {
		if l.null(k, i) {
			continue
		}
		if row, ok := x.find(l.set.Rows, pickCols(rows, x.columns), i, l.hashes[k][i]); ok {
			if l.set.Rows.Weights[row] > 0 {
				return k, l.set.Rows, int(row)
			}
			continue // deleted by this transaction
		}
		if l.found[k] != nil && l.found[k].Has(i) {
			return k, l.found[k].Rows, i
		}
	}
	return -1, nil, 0
}

// AddWhere is Add for COPY: of the rows made, only those for which a condition is true are inserted.
func (ins *Inserter) AddWhere(b *vec.Batch, where physical.Expr) error {
	rows, err := ins.row.rows(b)
	if err != nil {
		return err
	}
	if !where.None() {
		if ins.where == nil {
			if ins.where, err = ins.txn.newRowMaker([]physical.Expr{where}, nil); err != nil {
				return err
			}
		}
		keep, err := ins.where.isTrue(0, rows)
		if err != nil || len(keep) == 0 {
			return err
		}
		kept := vec.NewBatch(rows.Types(), len(keep))
		kept.AppendRows(rows, keep)
		return ins.located(ins.insert(kept), keep)
	}
	return ins.located(ins.insert(rows), nil)
}

// located adds to an error about a row where that row is from. of are the rows of the batch that were inserted; nil is all.
func (ins *Inserter) located(err error, of []int32) error {
	var e *rowError
	if ins.Where == nil || !errors.As(err, &e) {
		return err
	}
	row := e.row
	if of != nil {
		row = int(of[row])
	}
	return e.err.WithWhere("%s", ins.Where(row))
}
