package bind

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// windowUse is a call of a window function, its parts still expressions over the grouped rows.
type windowUse struct {
	col       logical.ColID
	window    *fn.Window
	aggregate *fn.Aggregate
	args      []expr.Node
	filter    expr.Node
	partition []expr.Node
	order     []orderExpr
	frame     logical.Frame
}

// windowCall binds f(...) OVER (...).
func (x *exprContext) windowCall(e *ast.FuncCall, name string) expr.Node {
	pos := e.Position()
	switch {
	case x.inAggregate:
		fail(pos, sqlerr.GroupingError, "aggregate function calls cannot contain window function calls")
	case x.inWindow:
		fail(pos, sqlerr.WindowingError, "window function calls cannot be nested")
	case !x.windows:
		fail(pos, sqlerr.WindowingError, "window functions are not allowed in %s", x.clause)
	case e.Distinct:
		fail(pos, sqlerr.FeatureNotSupported, "DISTINCT is not implemented for window functions")
	case e.OrderBy != nil:
		fail(pos, sqlerr.FeatureNotSupported, "aggregate ORDER BY is not implemented for window functions")
	}
	in := x.nested()
	in.inWindow, in.windows, in.sets = true, false, false
	w := windowUse{}
	args := in.args(e)
	if e.Star {
		args = nil
	}
	in.pickWindow(&w, e, name, args)
	if e.Filter != nil {
		if w.aggregate == nil {
			fail(pos, sqlerr.FeatureNotSupported, "FILTER is not implemented for non-aggregate window functions")
		}
		w.filter = in.condition(e.Filter, "FILTER")
	}
	in.window(&w, e.Over)
	ts := expr.Types(w.args)
	if w.window != nil {
		w.col = x.b.md.New(name, w.window.ResultType(ts))
	} else {
		w.col = x.b.md.New(name, w.aggregate.ResultType(ts))
	}
	x.joins = append(x.joins, in.joins...)
	q := x.scope.query
	q.windows = append(q.windows, w)
	return x.b.ref(w.col, pos)
}

// pickWindow resolves the function: a window function, or any aggregate.
func (x *exprContext) pickWindow(w *windowUse, e *ast.FuncCall, name string, args []expr.Node) {
	ws := fn.LookupWindow(name)
	if len(ws) == 0 {
		if len(fn.LookupAggregate(name)) == 0 {
			if len(fn.Lookup(name)) > 0 {
				fail(e.Position(), sqlerr.WrongObjectType, "OVER specified, but %s is not a window function nor an aggregate function", name)
			}
			panic(undefinedFunction(name, expr.Types(args)).At(e.Position()))
		}
		w.aggregate, w.args = x.b.pickAggregate(name, args, e.Star, e.Variadic, e.Position())
		if w.aggregate.OrderedSet {
			fail(e.Position(), sqlerr.WrongObjectType, "WITHIN GROUP is required for ordered-set aggregate %s", name)
		}
		return
	}
	sigs := make([]signature, len(ws))
	for i, f := range ws {
		sigs[i] = signature{args: f.Args, optional: f.Optional}
	}
	c, ok, many := pick(candidates(sigs, len(args), false), expr.Types(args))
	if !ok || many {
		panic(undefinedFunction(name, expr.Types(args)).At(e.Position()))
	}
	checkPolymorphic(name, c, args, e.Position())
	w.window, w.args = ws[c.index], x.b.coerceArgs(c, args, e.Position())
}

// window binds what stands after OVER: a named window, or a definition that may extend one.
func (x *exprContext) window(w *windowUse, def *ast.WindowDef) {
	if def.Name != "" {
		def = x.namedWindow(def.Name, def.Pos)
		x.windowDef(w, def)
		return
	}
	x.windowDef(w, def)
}

func (x *exprContext) namedWindow(name string, pos int) *ast.WindowDef {
	for _, d := range x.scope.query.windowDefs {
		if d.Name == name {
			return d
		}
	}
	fail(pos, sqlerr.UndefinedObject, "window %q does not exist", name)
	return nil
}

func (x *exprContext) windowDef(w *windowUse, def *ast.WindowDef) {
	if def.Base != "" {
		base := x.namedWindow(def.Base, def.Pos)
		switch {
		case len(def.PartitionBy) > 0:
			fail(def.Pos, sqlerr.WindowingError, "cannot override PARTITION BY clause of window %q", def.Base)
		case len(def.OrderBy) > 0 && len(base.OrderBy) > 0:
			fail(def.Pos, sqlerr.WindowingError, "cannot override ORDER BY clause of window %q", def.Base)
		case base.Frame != nil:
			e := sqlerr.New(sqlerr.WindowingError, "cannot copy window %q because it has a frame clause", def.Base)
			if len(def.OrderBy) == 0 && def.Frame == nil {
				e = e.WithHint("Omit the parentheses in this OVER clause.")
			}
			panic(e.At(def.Pos))
		}
		x.windowDef(w, base)
	}
	c := *x
	c.clause = "window definitions"
	for _, p := range def.PartitionBy {
		n := c.groupOrOrder(p)
		c.b.mustEqual(n.Type(), start(p))
		w.partition = append(w.partition, n)
	}
	if len(def.OrderBy) > 0 {
		w.order = nil
	}
	for _, o := range def.OrderBy {
		w.order = append(w.order, c.orderExpr(o, nil))
	}
	w.frame = c.frame(def, w.order)
	x.joins = c.joins
}

// groupOrOrder binds an expression of PARTITION BY; an untyped literal there is text.
func (x *exprContext) groupOrOrder(e ast.Expr) expr.Node { return x.b.resolve(x.expr(e), start(e)) }

// defaultFrame is RANGE UNBOUNDED PRECEDING.
var defaultFrame = logical.Frame{Unit: physical.Range, Start: physical.UnboundedPreceding, End: physical.CurrentRow}

var (
	frameUnits  = [...]physical.FrameUnit{physical.Range, physical.Rows, physical.Groups}
	frameBounds = [...]physical.BoundKind{physical.UnboundedPreceding, physical.Preceding, physical.CurrentRow, physical.Following, physical.UnboundedFollowing}
	exclusions  = [...]physical.Exclusion{physical.ExcludeNone, physical.ExcludeCurrentRow, physical.ExcludeGroup, physical.ExcludeTies}
)

// frame binds a frame clause, after PostgreSQL's checks of its bounds.
func (x *exprContext) frame(def *ast.WindowDef, order []orderExpr) logical.Frame {
	f := def.Frame
	if f == nil {
		return defaultFrame
	}
	end := f.End
	if !f.Between {
		end = ast.FrameBound{Kind: ast.BoundCurrentRow}
	}
	checkBounds(f, end)
	if f.Unit == ast.FrameGroups && len(order) == 0 {
		fail(def.Pos, sqlerr.WindowingError, "GROUPS mode requires an ORDER BY clause")
	}
	out := logical.Frame{Unit: frameUnits[f.Unit], Start: frameBounds[f.Start.Kind], End: frameBounds[end.Kind], Exclude: exclusions[f.Exclude]}
	out.StartOff = x.frameOffset(f, f.Start, order)
	out.EndOff = x.frameOffset(f, end, order)
	return out
}

func checkBounds(f *ast.Frame, end ast.FrameBound) {
	from, pos := f.Start.Kind, f.Pos
	if end.Offset != nil {
		pos = start(end.Offset)
	}
	switch {
	case from == ast.BoundUnboundedFollowing:
		fail(f.Pos, sqlerr.WindowingError, "frame start cannot be UNBOUNDED FOLLOWING")
	case end.Kind == ast.BoundUnboundedPreceding:
		fail(f.Pos, sqlerr.WindowingError, "frame end cannot be UNBOUNDED PRECEDING")
	case from == ast.BoundFollowing && !f.Between:
		fail(f.Pos, sqlerr.WindowingError, "frame starting from following row cannot end with current row")
	case from == ast.BoundCurrentRow && end.Kind == ast.BoundPreceding:
		fail(pos, sqlerr.WindowingError, "frame starting from current row cannot have preceding rows")
	case from == ast.BoundFollowing && (end.Kind == ast.BoundPreceding || end.Kind == ast.BoundCurrentRow):
		fail(pos, sqlerr.WindowingError, "frame starting from following row cannot have preceding rows")
	}
}

// frameOffset binds n PRECEDING or FOLLOWING: a count of rows or groups, or for RANGE a distance in the type that the order
// column's type is moved by.
func (x *exprContext) frameOffset(f *ast.Frame, bound ast.FrameBound, order []orderExpr) expr.Node {
	if bound.Offset == nil {
		return nil
	}
	pos := start(bound.Offset)
	c := x.nested()
	c.clause, c.aggregates = "window "+[...]string{"RANGE", "ROWS", "GROUPS"}[f.Unit], false
	n := c.expr(bound.Offset)
	if !logical.ExprCols(n).Empty() || len(c.joins) > 0 {
		fail(pos, sqlerr.InvalidColumnReference, "argument of %s must not contain variables", [...]string{"RANGE", "ROWS", "GROUPS"}[f.Unit])
	}
	if f.Unit != ast.FrameRange {
		return x.b.coerceTo(n, int8Type, [...]string{"RANGE", "ROWS", "GROUPS"}[f.Unit], pos)
	}
	if len(order) != 1 {
		fail(f.Pos, sqlerr.WindowingError, "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	}
	return x.b.rangeOffset(n, order[0].expr.Type(), pos)
}

// rangeTypes are, for each type that RANGE can order by, the type of its offset.
var rangeTypes = map[types.ID]types.ID{
	types.Int2: types.Int8, types.Int4: types.Int8, types.Int8: types.Int8, types.Float4: types.Float8, types.Float8: types.Float8,
	types.Numeric: types.Numeric, types.Date: types.Interval, types.Time: types.Interval, types.Timestamp: types.Interval,
	types.Timestamptz: types.Interval, types.Interval: types.Interval,
}

func (b *binder) rangeOffset(n expr.Node, order types.Type, pos int) expr.Node {
	id, ok := rangeTypes[order.ID]
	if !ok || order.Array {
		panic(sqlerr.New(sqlerr.FeatureNotSupported, "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s", order.Plain()).At(pos))
	}
	t := types.T(id)
	if !canCast(n.Type(), t, implicitCast) {
		panic(sqlerr.New(sqlerr.FeatureNotSupported, "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s and offset type %s", order.Plain(), n.Type().Plain()).
			WithHint("Cast the offset value to an appropriate type.").At(pos))
	}
	return b.coerce(n, t, implicitCast, pos)
}

// coerceTo is coerce with the message of clauses that need one type: "argument of LIMIT must be type bigint, not type text".
func (b *binder) coerceTo(n expr.Node, t types.Type, where string, pos int) expr.Node {
	if !canCast(n.Type(), t, assignmentCast) {
		fail(pos, sqlerr.DatatypeMismatch, "argument of %s must be type %s, not type %s", where, t, n.Type().Plain())
	}
	return b.coerce(n, t, assignmentCast, pos)
}

// sameWindow reports whether two calls can share an Over.
func (w *windowUse) sameWindow(v *windowUse) bool {
	return slices.EqualFunc(w.partition, v.partition, expr.Equal) && slices.EqualFunc(w.order, v.order, func(a, b orderExpr) bool {
		return a.desc == b.desc && a.nullsFirst == b.nullsFirst && expr.Equal(a.expr, b.expr)
	})
}
