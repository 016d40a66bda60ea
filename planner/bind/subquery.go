package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// bindQuery binds a subquery whose outer columns are x's.
func (x *exprContext) bindQuery(q *ast.Select) *relation {
	return x.b.selectStmt(q, x, resolveUnknown)
}

// subquery binds a subquery that yields a value.
func (x *exprContext) subquery(e ast.Expr) expr.Node {
	switch e := e.(type) {
	case *ast.Subquery:
		r := x.bindQuery(e.Query)
		x.oneColumn(r, e.Pos)
		return x.scalar(r, e.Pos)
	case *ast.Exists:
		r := x.bindQuery(e.Query)
		return x.scalar(x.countRows(r, e.Pos), e.Pos)
	case *ast.ArrayQuery:
		return x.arrayQuery(e)
	case *ast.InSubquery:
		return x.inSubquery(e)
	}
	panic(sqlerr.Internal("not a subquery: %T", e))
}

func (x *exprContext) oneColumn(r *relation, pos int) {
	if len(r.cols) != 1 {
		fail(pos, sqlerr.SyntaxError, "subquery must return only one column")
	}
}

// scalar joins a subquery of one column as a value: null where it has no row, an error where it has several.
func (x *exprContext) scalar(r *relation, pos int) expr.Node {
	node := logical.NewProject(r.node, logical.PassThrough(x.b.md, r.ids()))
	x.joins = append(x.joins, subqueryJoin{kind: physical.LeftJoin, node: &logical.MaxOneRow{Input: node}})
	return x.b.ref(r.cols[0].id, pos)
}

// aggregateOver makes the one-row relation of an expression over aggregates of a subquery's rows.
func (x *exprContext) aggregateOver(in logical.Node, calls []logical.AggCall, value expr.Node) *relation {
	agg := &logical.Aggregate{Input: in, Calls: calls, Global: true}
	col := x.b.md.New("?column?", value.Type())
	node := &logical.Project{Input: agg, Items: []logical.Item{{Col: col, Expr: value}}}
	return &relation{node: node, cols: []outCol{{"?column?", col}}}
}

// countAll is count(*), filtered.
func (x *exprContext) countAll(filter logical.ColID) logical.AggCall {
	f := fn.FindAggregate("count", nil)
	return logical.AggCall{Col: x.b.md.New("count", int8Type), Fn: f, Filter: filter}
}

func (b *binder) positive(c logical.ColID, pos int) expr.Node {
	return b.operator(ast.Operator{Pos: pos, Name: ">"}, b.md.Ref(c), expr.NewConst(int8Type, types.NewInt(0)))
}

// countRows is EXISTS as a value: whether the count of the rows is positive.
func (x *exprContext) countRows(r *relation, pos int) *relation {
	n := x.countAll(0)
	return x.aggregateOver(r.node, []logical.AggCall{n}, x.b.positive(n.Col, pos))
}

// arrayQuery is ARRAY(SELECT ...): array_agg in the query's order, and an empty array for no rows.
func (x *exprContext) arrayQuery(e *ast.ArrayQuery) expr.Node {
	r := x.bindQuery(e.Query)
	x.oneColumn(r, e.Pos)
	arg := x.b.md.Ref(r.cols[0].id)
	f, args := x.b.pickAggregate("array_agg", []expr.Node{arg}, false, false, e.Pos)
	t := f.ResultType(expr.Types(args))
	call := logical.AggCall{Col: x.b.md.New("array", t), Fn: f, Args: []logical.ColID{r.cols[0].id}, OrderBy: r.order}
	empty := expr.NewConst(t, types.ArrayDatum(t.Elem(), types.NewArray(nil)))
	value := expr.NewCoalesce(t, []expr.Node{x.b.md.Ref(call.Col), empty})
	return x.scalar(x.aggregateOver(r.node, []logical.AggCall{call}, value), e.Pos)
}

// comparison binds the comparison of IN, ANY and ALL over a subquery's row, whose columns come into scope.
func (x *exprContext) comparison(op ast.Operator, left ast.Expr, r *relation) []expr.Node {
	lefts := []ast.Expr{left}
	if row, ok := left.(*ast.Row); ok {
		lefts = row.Items
	}
	switch {
	case len(lefts) < len(r.cols):
		fail(op.Pos, sqlerr.SyntaxError, "subquery has too many columns")
	case len(lefts) > len(r.cols):
		fail(op.Pos, sqlerr.SyntaxError, "subquery has too few columns")
	}
	l, rr := make([]expr.Node, len(lefts)), make([]expr.Node, len(lefts))
	for i := range lefts {
		l[i], rr[i] = x.expr(lefts[i]), x.b.md.Ref(r.cols[i].id)
	}
	if len(lefts) == 1 {
		c := x.b.operator(op, l[0], rr[0])
		x.b.mustBool(c, op)
		return []expr.Node{c}
	}
	return expr.Conjuncts(x.compareRows(op, l, rr))
}

func (b *binder) mustBool(c *expr.Call, op ast.Operator) {
	if c.Typ.ID != types.Bool {
		fail(op.Pos, sqlerr.DatatypeMismatch, "op ANY/ALL (array) requires operator to yield boolean")
	}
}

// inSubquery is x [NOT] IN (SELECT ...) as a value.
func (x *exprContext) inSubquery(e *ast.InSubquery) expr.Node {
	n := x.anyAll(ast.Operator{Pos: e.Pos, Name: "="}, e.Expr, e.Query, false)
	if e.Not {
		return expr.NewNot(n)
	}
	return n
}

// quantified is op ANY or ALL over a subquery or an array.
func (x *exprContext) quantified(e *ast.Quantified) expr.Node {
	if e.Query != nil {
		return x.anyAll(e.Op, e.Left, e.Query, e.All)
	}
	left, right := x.expr(e.Left), x.expr(e.Array)
	if isUnknown(right.Type()) {
		elem := left.Type().Plain()
		if isUnknown(elem) {
			elem = textType
		}
		right = x.b.coerce(right, types.ArrayOf(elem), implicitCast, start(e.Array))
	}
	rt := right.Type()
	if rt.ID == types.OIDVector {
		rt = types.ArrayOf(types.T(types.OID))
		right = x.b.coerce(right, rt, explicitCast, start(e.Array))
	}
	if rt.ID == types.Int2Vector {
		rt = types.ArrayOf(types.T(types.Int2))
		right = x.b.coerce(right, rt, explicitCast, start(e.Array))
	}
	if !rt.Array {
		fail(e.Op.Pos, sqlerr.WrongObjectType, "op ANY/ALL (array) requires array on right side")
	}
	elem := rt.Elem()
	f, c, ok, many := lookupOperator(operatorName(e.Op), []types.Type{left.Type(), elem})
	if !ok || many {
		panic(undefinedOperator(e.Op.Name, []types.Type{left.Type(), elem}).At(e.Op.Pos))
	}
	if f.Ret.ID != types.Bool {
		fail(e.Op.Pos, sqlerr.DatatypeMismatch, "op ANY/ALL (array) requires operator to yield boolean")
	}
	operands := x.b.coerceArgs(c, []expr.Node{left, expr.Null(elem)}, e.Op.Pos)
	want := operands[1].Type()
	if want.Plain() != elem.Plain() {
		right = x.b.coerce(right, types.ArrayOf(want), implicitCast, start(e.Array))
	}
	return &expr.ScalarArray{Fn: f, Left: operands[0], Right: right, All: e.All}
}

// anyAll is op ANY or ALL over a subquery as a value, by its definition: ANY is true if the comparison is for a row, else null if it
// is null for one, else false.
func (x *exprContext) anyAll(op ast.Operator, left ast.Expr, q *ast.Select, all bool) expr.Node {
	r := x.bindQuery(q)
	in := x.nested()
	cmp := expr.NewAnd(in.comparison(op, left, r)...)
	// The left side's own subqueries are joined outside, as their values are outer columns of this one.
	x.joins = append(x.joins, in.joins...)
	decisive, verdict := cmp, true
	if all {
		decisive, verdict = expr.NewNot(cmp), false
	}
	hit, null := x.b.md.New("hit", boolType), x.b.md.New("null", boolType)
	node := &logical.Project{Input: r.node, Items: []logical.Item{{Col: hit, Expr: decisive}, {Col: null, Expr: expr.IsNull(cmp)}}}
	hits, nulls := x.countAll(hit), x.countAll(null)
	value := expr.NewCase(boolType, []expr.When{
		{Cond: x.b.positive(hits.Col, op.Pos), Result: expr.Bool(verdict)},
		{Cond: x.b.positive(nulls.Col, op.Pos), Result: expr.Null(boolType)},
	}, expr.Bool(!verdict))
	return x.scalar(x.aggregateOver(node, []logical.AggCall{hits, nulls}, value), op.Pos)
}

// compareRowQuery is (a, b) op (SELECT c, d).
func (x *exprContext) compareRowQuery(op ast.Operator, row *ast.Row, q *ast.Subquery) expr.Node {
	r := x.bindQuery(q.Query)
	if len(r.cols) != len(row.Items) {
		fail(op.Pos, sqlerr.SyntaxError, "subquery has too %s columns", map[bool]string{true: "few", false: "many"}[len(r.cols) < len(row.Items)])
	}
	left := x.exprs(row.Items)
	right := make([]expr.Node, len(r.cols))
	for i, c := range r.cols {
		right[i] = x.b.md.Ref(c.id)
	}
	node := logical.NewProject(r.node, logical.PassThrough(x.b.md, r.ids()))
	x.joins = append(x.joins, subqueryJoin{kind: physical.LeftJoin, node: &logical.MaxOneRow{Input: node}})
	return x.compareRows(op, left, right)
}

// semiJoin reads a condition that is a subquery predicate, possibly negated, as a semi or anti join.
func (x *exprContext) semiJoin(e ast.Expr, not bool) (subqueryJoin, bool) {
	kind := physical.SemiJoin
	switch e := e.(type) {
	case *ast.Not:
		return x.semiJoin(e.Expr, !not)
	case *ast.Exists:
		if not {
			kind = physical.AntiJoin
		}
		return subqueryJoin{kind: kind, node: x.bindQuery(e.Query).node}, true
	case *ast.InSubquery:
		return x.inJoin(ast.Operator{Pos: e.Pos, Name: "="}, e.Expr, e.Query, e.Not != not)
	case *ast.Quantified:
		if e.Query != nil && !e.All && !not {
			return x.inJoin(e.Op, e.Left, e.Query, false)
		}
	}
	return subqueryJoin{}, false
}

// inJoin is x op ANY (SELECT ...) as a semi join, and NOT IN as a null-aware anti join where a single value is compared.
func (x *exprContext) inJoin(op ast.Operator, left ast.Expr, q *ast.Select, not bool) (subqueryJoin, bool) {
	if _, row := left.(*ast.Row); row && not {
		return subqueryJoin{}, false
	}
	r := x.bindQuery(q)
	on := x.comparison(op, left, r)
	if not {
		return subqueryJoin{kind: physical.AntiJoin, node: r.node, on: on, nullAware: true}, true
	}
	return subqueryJoin{kind: physical.SemiJoin, node: r.node, on: on}, true
}
