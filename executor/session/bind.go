package session

import (
	"time"

	"github.com/streamdb/streamdb/executor/txn"
	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// bindContext is what statements are bound in. A view over what the transaction has written is answered by running its query.
func (s *Session) bindContext(params []types.Type) *bind.Context {
	return &bind.Context{Catalog: s.current(), SearchPath: s.searchPath(), Env: s.env(), Params: params,
		Expand: func(oid uint32) bool { return s.tx != nil && s.tx.Wrote(oid) }}
}

// constant evaluates an expression without columns as a value of type want; clause names its place in errors.
func (s *Session) constant(e ast.Expr, want types.Type, clause string) (types.Datum, error) {
	n, err := bind.RowExpr(s.bindContext(nil), "", nil, e, clause, want)
	if err != nil {
		return types.Null, err
	}
	return txn.Constant(n, &expr.Ctx{Env: s.env()})
}

// parseInterval reads an option that is a length of time. Months have no fixed length and are refused.
func parseInterval(text string) (time.Duration, error) {
	d, err := (*types.Env)(nil).ParseText(types.T(types.Interval), []byte(text))
	if err != nil {
		return 0, err
	}
	months, days, micros := d.W.Interval()
	const most = 290 * 365 // what a time.Duration has room for
	if d, m := int64(days), micros/(24*time.Hour.Microseconds()); max(d, -d, m, -m) > most {
		return 0, sqlerr.New(sqlerr.IntervalFieldOverflow, "%q is longer than 290 years", text)
	}
	length := time.Duration(days)*24*time.Hour + time.Duration(micros)*time.Microsecond
	if months != 0 || length < 0 {
		return 0, sqlerr.New(sqlerr.InvalidParameterValue, "%q is not a fixed length of time", text).
			WithHint("Give days, hours, minutes, seconds or milliseconds.")
	}
	return length, nil
}
