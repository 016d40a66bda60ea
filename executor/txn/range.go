package txn

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// narrow emits the row with a scan's key, or the rows of its range of an index. It is false if the relation must be read whole, which it is
// then ready for.
func (r *Reader) narrow(o *database.Object, s *physical.Scan, at *view, emit func(*vec.Batch) error) (done bool, err error) {
	switch {
	case len(s.Lookup) > 0:
		done, err = r.lookup(o, s, at, emit)
	case s.Range != nil:
		done, err = r.selectRange(o, s, at, emit)
	default:
		return false, nil
	}
	if done || err != nil || r.readings[s.Relation] != nil {
		return done, err
	}
	if !r.freeze(o) {
		return false, sqlerr.New(sqlerr.SnapshotTooOld, "snapshot too old")
	}
	return false, nil
}

// selectRange emits the rows of a scan's range of an index. It is false if the index cannot be read as of that view, or the bounds cannot
// be computed; then the relation is read whole.
func (r *Reader) selectRange(o *database.Object, s *physical.Scan, at *view, emit func(*vec.Batch) error) (bool, error) {
	bounds, empty, ok := r.bounds(s.Range)
	if empty || !ok {
		return ok, nil
	}
	x, err := o.Relation.Select(s.Range.Index, bounds, s.Columns, at.epoch)
	if x == nil || err != nil {
		return false, err
	}
	defer x.Release()
	if x.Consolidated() {
		return true, x.Scan(emit)
	}
	return true, summed(emit, x.Scan)
}

// bounds computes a range's values. empty says that no row can be in it, as one of them is null; not ok that one has none: whether that
// is an error is for the filter to say, and it may have no row to fail on.
func (r *Reader) bounds(g *physical.IndexRange) (b *relation.Bounds, empty, ok bool) {
	b = &relation.Bounds{Columns: g.Columns, LowOpen: g.LowOpen, HighOpen: g.HighOpen}
	ok = true
	value := func(e physical.Expr) *vec.Vector {
		if e.None() {
			return nil
		}
		d, err := Constant(e.Node, &expr.Ctx{Env: r.txn.Env, Params: r.params})
		ok = ok && err == nil
		empty = empty || d.Null && err == nil
		v := vec.NewConst(e.Type(), d)
		v.Const = false
		return v
	}
	for _, e := range g.Equal {
		b.Equal = append(b.Equal, value(e))
	}
	b.Low, b.High = value(g.Low), value(g.High)
	return b, empty && ok, ok
}
