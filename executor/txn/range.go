package txn

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// narrow emits the row with a scan's key, or the rows of its range of an index, straight from there: the relation is not frozen. It tells
// the bounds that it went by; nil if neither can be read as of that view, or the values cannot be computed. Then the relation must be
// read whole, which it is then ready for.
func (r *Reader) narrow(o *database.Object, s *physical.Scan, at *view, emit func(*vec.Batch) error) (*relation.Bounds, error) {
	if len(s.Lookup) == 0 && s.Range == nil {
		return nil, nil
	}
	within, err := r.selected(o, s, at, emit)
	if within != nil || err != nil || r.readings[s.Relation] != nil {
		return within, err
	}
	if !r.freeze(o) {
		return nil, sqlerr.New(sqlerr.SnapshotTooOld, "snapshot too old")
	}
	return nil, nil
}

// selected is narrow without what comes next if it finds no way.
func (r *Reader) selected(o *database.Object, s *physical.Scan, at *view, emit func(*vec.Batch) error) (within *relation.Bounds, err error) {
	g := s.Range
	if len(s.Lookup) > 0 {
		g = &physical.IndexRange{Columns: s.Key, Equal: s.Lookup}
	}
	bounds, empty, ok := r.bounds(g)
	if empty || !ok {
		return bounds, nil
	}
	var x *relation.Selection
	if len(s.Lookup) > 0 {
		x, err = o.Relation.SelectKey(bounds, s.Columns, at.epoch)
	} else {
		x, err = o.Relation.Select(g.Index, bounds, s.Columns, at.epoch)
	}
	if x == nil || err != nil {
		return nil, err
	}
	defer x.Release()
	if x.Consolidated() {
		return bounds, x.Scan(emit)
	}
	return bounds, summed(emit, x.Scan)
}

// bounds computes a range's values. empty says that no row can be in it, as one of them is null. Not ok, it has none: whether that is an
// error is for the filter to say, and it may have no row to fail on.
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
	if !ok {
		return nil, false, false
	}
	return b, empty, true
}
