package txn

import (
	"slices"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// narrow emits the rows with a scan's key, or those of its range of an index, straight from there: the relation is not frozen. It tells the
// bounds that it went by, which do not overlap; nil if neither can be read as of that view, or the values cannot be computed. Then the
// relation must be read whole, which it is then ready for.
func (r *Reader) narrow(o *database.Object, s *physical.Scan, at *view, emit func(*vec.Batch) error) ([]*relation.Bounds, error) {
	if len(s.Lookup) == 0 && s.Range == nil {
		return nil, nil
	}
	within, err := r.selected(o, s, at, emit)
	if within != nil || err != nil || r.readings[s.Relation] != nil {
		return within, err
	}
	switch ok, err := r.freeze(o); {
	case err != nil:
		return nil, err
	case !ok:
		return nil, sqlerr.New(sqlerr.SnapshotTooOld, "snapshot too old")
	}
	return nil, nil
}

// selected is narrow without what comes next if it finds no way.
func (r *Reader) selected(o *database.Object, s *physical.Scan, at *view, emit func(*vec.Batch) error) ([]*relation.Bounds, error) {
	g := s.Range
	if g == nil {
		g = &physical.IndexRange{Columns: s.Key, Equal: s.Lookup}
	}
	within := r.bounds(g)
	parts := make([]*relation.Selection, 0, len(within))
	defer func() {
		for _, x := range parts {
			x.Release()
		}
	}()
	consolidated := true
	for _, b := range within {
		var x *relation.Selection
		var err error
		if g.Index == 0 {
			x, err = o.Relation.SelectKey(b, s.Columns, at.epoch)
		} else {
			x, err = o.Relation.Select(g.Index, b, s.Columns, at.epoch)
		}
		if x == nil || err != nil {
			return nil, err
		}
		parts = append(parts, x)
		consolidated = consolidated && x.Consolidated()
	}
	scan := func(emit func(*vec.Batch) error) error {
		for _, x := range parts {
			if err := x.Scan(emit); err != nil {
				return err
			}
		}
		return nil
	}
	if consolidated {
		return within, scan(emit)
	}
	return within, summed(emit, scan)
}

// maxAlternatives is how many values of a column are looked up one by one. With more it is not slower to read the relation whole.
const maxAlternatives = 1000

// bounds computes a range's values: one for each that In has, and none if a null says that no row can be in it. It is nil if a value cannot
// be computed: whether that is an error is for the filter to say, and it may have no row to fail on.
func (r *Reader) bounds(g *physical.IndexRange) []*relation.Bounds {
	b := relation.Bounds{Columns: g.Columns, LowOpen: g.LowOpen, HighOpen: g.HighOpen}
	ok, empty := true, false
	value := func(e physical.Expr) *vec.Vector {
		if e.None() {
			return nil
		}
		d, err := r.constant(e)
		ok = ok && err == nil
		empty = empty || d.Null && err == nil
		return vec.NewConst(e.Type(), d)
	}
	for _, e := range g.Equal {
		b.Equal = append(b.Equal, value(e))
	}
	b.Low, b.High = value(g.Low), value(g.High)
	switch {
	case !ok:
		return nil
	case empty:
		return []*relation.Bounds{}
	case g.In.None():
		return []*relation.Bounds{&b}
	}
	return r.alternatives(&b, g.In)
}

// alternatives are bounds for each value that an array has, once.
func (r *Reader) alternatives(b *relation.Bounds, in physical.Expr) []*relation.Bounds {
	d, err := r.constant(in)
	if err != nil {
		return nil
	}
	out := []*relation.Bounds{}
	if d.Null {
		return out
	}
	elem := in.Type().Elem()
	array, err := types.DecodeArray(elem, d.B)
	if err != nil || len(array.Elems) > maxAlternatives {
		return nil
	}
	values := slices.DeleteFunc(array.Elems, func(d types.Datum) bool { return d.Null })
	compare := func(x, y types.Datum) int { return types.Compare(elem, x, y) }
	slices.SortFunc(values, compare)
	for _, v := range slices.CompactFunc(values, func(x, y types.Datum) bool { return compare(x, y) == 0 }) {
		one := *b
		one.Equal = append(b.Equal[:len(b.Equal):len(b.Equal)], vec.NewConst(elem, v))
		out = append(out, &one)
	}
	return out
}

func (r *Reader) constant(e physical.Expr) (types.Datum, error) {
	return Constant(e.Node, &expr.Ctx{Env: r.txn.Env, Params: r.params})
}

// selectWithin are the rows of b that are within one of several bounds, which do not overlap.
func selectWithin(b *vec.Batch, within []*relation.Bounds) []int32 {
	rows := []int32{}
	for _, g := range within {
		rows = append(rows, g.Select(b)...)
	}
	slices.Sort(rows)
	return rows
}
