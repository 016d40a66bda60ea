package window

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// rangeBound finds a bound of RANGE with an offset: the first or last row whose order value is within the offset of the
// current row's. Null values are within any offset of each other and of nothing else.
type rangeBound struct {
	column int
	// limit computes the value at the bound, value brings the order column to the same type.
	limit, value *expr.Program
	ctx          *expr.Ctx
	compare      vec.CompareFunc
	// desc and nullsFirst are the order's, back says that the bound is on the side of smaller values.
	desc, nullsFirst, back bool
	// over says of which rows the value at the bound is out of the type's range: nothing lies beyond it.
	over []bool
	cols []*vec.Vector
	// limits and values are those of the block at hand.
	limits, values *vec.Vector
}

// bound evaluates the offset of a frame's bound: a number of rows or groups, or what finds the bound of a range.
func (f *factory) bound(ctx *op.Context, unit physical.FrameUnit, b *physical.Bound, which string) (int64, *rangeBound, error) {
	if b.Bound != physical.Preceding && b.Bound != physical.Following {
		return 0, nil, nil
	}
	d, err := constant(ctx, b.Offset.Node)
	if err != nil {
		return 0, nil, err
	}
	if d.Null {
		return 0, nil, sqlerr.New(sqlerr.NullValueNotAllowed, "frame %s offset must not be null", which)
	}
	t := b.Offset.Node.Type()
	zero, _ := types.ParseText(t, []byte("0"))
	negative := types.Compare(t, d, zero) < 0
	if unit != physical.Range {
		if negative {
			return 0, nil, sqlerr.New(sqlerr.InvalidPrecedingOrFollowingSize, "frame %s offset must not be negative", which)
		}
		return min(d.I, all), nil, nil
	}
	if negative || t.ID == types.Float8 && d.F != d.F {
		return 0, nil, sqlerr.New(sqlerr.InvalidPrecedingOrFollowingSize, "invalid preceding or following size in window function")
	}
	r, err := f.newRangeBound(ctx, b.Bound == physical.Preceding, expr.NewConst(t, d))
	return 0, r, err
}

// constant evaluates an expression without columns.
func constant(ctx *op.Context, n expr.Node) (types.Datum, error) {
	p, err := expr.Compile(n)
	if err != nil {
		return types.Null, err
	}
	var failed error
	c := expr.Ctx{Env: ctx.Env, Params: ctx.Params, Fail: func(_ int32, err error) { failed = err }}
	v := p.Eval(&c, &vec.Batch{N: 1})
	return v.Datum(0), failed
}

func (f *factory) newRangeBound(ctx *op.Context, preceding bool, offset expr.Node) (*rangeBound, error) {
	if len(f.node.OrderBy) != 1 {
		return nil, sqlerr.New(sqlerr.WindowingError, "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	}
	key := f.node.OrderBy[0]
	r := &rangeBound{column: key.Column, desc: key.Desc, nullsFirst: key.NullsFirst, back: preceding != key.Desc}
	limit, err := f.moved(preceding, offset)
	if err != nil {
		return nil, err
	}
	if r.limit, err = expr.Compile(limit); err != nil {
		return nil, err
	}
	t := f.types[key.Column]
	var value expr.Node = expr.NewColumn(0, t, "")
	if !t.Plain().Same(limit.Type().Plain()) {
		value = expr.NewCast(value, limit.Type().Plain(), true)
	}
	if r.value, err = expr.Compile(value); err != nil {
		return nil, err
	}
	r.compare = vec.Comparator(limit.Type())
	r.ctx = &expr.Ctx{Env: ctx.Env, Params: ctx.Params, Fail: func(i int32, _ error) { r.over[i] = true }}
	r.cols = make([]*vec.Vector, 1)
	return r, nil
}

// moved is the order column, as column 0, moved by an offset towards the front of the order or its rear.
func (f *factory) moved(front bool, offset expr.Node) (expr.Node, error) {
	key := f.node.OrderBy[0]
	t, name := f.types[key.Column], "+"
	if front != key.Desc {
		name = "-"
	}
	var column expr.Node = expr.NewColumn(0, t, "")
	by := offset.Type().Plain()
	plus := fn.Find(name, []types.Type{t.Plain(), by})
	if plus == nil { // as smallint, which has no operator with the bigint that its offset is
		if plus = fn.Find(name, []types.Type{by, by}); plus != nil && plus.Ret.Same(by) {
			column = expr.NewCast(column, by, true)
		}
	}
	if plus == nil {
		return nil, sqlerr.Unsupported("RANGE with an offset of type "+types.Format(offset.Type())+" over an order by "+types.Format(t),
			"Cast the offset to the type of the ORDER BY column.")
	}
	return expr.NewCall(plus, column, offset), nil
}

// begin computes the values at the bounds of a block's rows.
func (r *rangeBound) begin(b *block) {
	n := b.rows.N
	r.over = sized(r.over, n)
	clear(r.over)
	r.cols[0] = b.column(r.column)
	r.limits = r.limit.EvalRows(r.ctx, r.cols, n, nil)
	r.values = r.value.EvalRows(r.ctx, r.cols, n, nil)
}

// fill finds the bound of each wanted row: as these are in order, so are the bounds.
func (r *rangeBound) fill(s *segment, dst []int32, end bool) {
	nulls, values := r.split(s)
	at := values.from
	for i := s.first; i < s.last; i++ {
		switch {
		case r.cols[0].IsNull(int(i)) && end:
			dst[i] = nulls.to
		case r.cols[0].IsNull(int(i)):
			dst[i] = nulls.from
		case r.over[i]:
			if dst[i] = values.from; r.back == r.desc {
				dst[i] = values.to
			}
		default:
			for at < values.to && r.before(at, i, end) {
				at++
			}
			dst[i] = at
		}
	}
}

// before reports whether row j lies before the bound of row i, or with end not behind it.
func (r *rangeBound) before(j, i int32, end bool) bool {
	c := r.compare(r.values, int(j), r.limits, int(i))
	if r.desc {
		c = -c
	}
	return c < 0 || end && c == 0
}

// split gives the rows of a segment whose order value is null, and those where it is not.
func (r *rangeBound) split(s *segment) (nulls, values rowRange) {
	v := r.cols[0]
	at := s.from
	for at < s.to && v.IsNull(int(at)) == r.nullsFirst {
		at++
	}
	head, tail := rowRange{s.from, at}, rowRange{at, s.to}
	if r.nullsFirst {
		return head, tail
	}
	return tail, head
}
