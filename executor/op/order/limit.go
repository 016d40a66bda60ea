package order

import (
	"math"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// window is which places of a partition are wanted: from offset to end, which is unlimited where there is no limit.
type window struct{ offset, end int64 }

const unlimited = math.MaxInt64

// newWindow evaluates LIMIT and OFFSET.
func newWindow(ctx *op.Context, n *physical.TopN) (window, error) {
	w := window{end: unlimited}
	offset, some, err := count(ctx, n.Offset)
	if err != nil {
		return w, err
	}
	if some {
		if offset < 0 {
			return w, sqlerr.New(sqlerr.InvalidRowCountInOffset, "OFFSET must not be negative")
		}
		w.offset = offset
	}
	limit, some, err := count(ctx, n.Limit)
	if err != nil || !some {
		return w, err
	}
	if limit < 0 {
		return w, sqlerr.New(sqlerr.InvalidRowCountInLimit, "LIMIT must not be negative")
	}
	if limit < unlimited-w.offset {
		w.end = w.offset + limit
	}
	return w, nil
}

// count evaluates an int8 expression without columns; some is false when it is missing or null.
func count(ctx *op.Context, e physical.Expr) (n int64, some bool, err error) {
	if e.None() {
		return 0, false, nil
	}
	p, err := expr.Compile(e.Node)
	if err != nil {
		return 0, false, err
	}
	var failed error
	c := expr.Ctx{Env: ctx.Env, Params: ctx.Params, Fail: func(_ int32, err error) { failed = err }}
	v := p.Eval(&c, &vec.Batch{N: 1})
	if failed != nil || v.IsNull(0) {
		return 0, false, failed
	}
	return v.Datum(0).I, true, nil
}
