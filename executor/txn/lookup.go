package txn

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/vec"
)

// lookup emits the row with the scan's key, straight from the content between two cuts: nothing is frozen. It is false if the
// content is past the epoch that the statement reads, or has no such key; then the relation is read whole.
func (r *Reader) lookup(o *database.Object, s *physical.Scan, at *view, emit func(*vec.Batch) error) (bool, error) {
	if !o.Relation.HasKey(s.Key) {
		return false, nil
	}
	keys := make([]*vec.Vector, len(s.Lookup))
	for i, e := range s.Lookup {
		d, err := Constant(e.Node, &expr.Ctx{Env: r.txn.Env, Params: r.params})
		if err != nil {
			return false, nil // the filter says so, if it has a row to fail on
		}
		if d.Null {
			return true, nil
		}
		keys[i] = vec.NewConst(e.Type(), d)
		keys[i].Const = false
	}
	found, cut, err := o.Relation.Find(s.Key, keys, 1)
	if err != nil || cut > at.epoch {
		return false, err
	}
	if !found.Has(0) {
		return true, nil
	}
	return true, emit(pick(found.Rows, s.Columns))
}
