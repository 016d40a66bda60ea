package txn

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// asOf is the view that AS OF SYSTEM TIME names: an epoch, or the newest one closed at a time.
func (r *Reader) asOf(s *physical.Scan) (*view, error) {
	d, err := Constant(s.AsOf.Node, &expr.Ctx{Env: r.txn.Env, Params: r.params})
	if err != nil {
		return nil, err
	}
	if d.Null {
		return nil, sqlerr.New(sqlerr.NullValueNotAllowed, "AS OF SYSTEM TIME must not be null")
	}
	epoch := uint64(d.I)
	if s.AsOf.Type().ID == types.Timestamptz {
		var ok bool
		if epoch, ok, err = r.txn.db.Log().EpochAt(d.I); err != nil {
			return nil, err
		} else if !ok {
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "nothing was there at that time")
		}
	}
	if epoch > r.view.epoch {
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "epoch %d has not come yet", epoch).
			WithHint("The newest epoch is %d.", r.view.epoch)
	}
	return &view{epoch: epoch, positions: r.view.positions}, nil
}

// Constant evaluates an expression without columns.
func Constant(n expr.Node, ctx *expr.Ctx) (types.Datum, error) {
	p, err := expr.Compile(n)
	if err != nil {
		return types.Null, err
	}
	var failure error
	c := *ctx
	c.Fail = func(_ int32, err error) { failure = err }
	v := p.Eval(&c, &vec.Batch{N: 1})
	if failure != nil {
		return types.Null, failure
	}
	return v.Datum(0), nil
}
