package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// exprContext is a clause in which expressions are bound.
type exprContext struct {
	b     *binder
	scope *scope
	// clause is what PostgreSQL's messages call the place: "WHERE", "JOIN conditions".
	clause string
	// aggregates, windows and sets say which functions may stand here.
	aggregates, windows, sets bool
	// noSets names a construct whose arms are not always evaluated, so that no set-returning function may stand in it; "" for none.
	noSets string
	// inAggregate and inWindow say that it is an argument of such a function.
	inAggregate, inWindow bool
	// match is the MATCH_RECOGNIZE that it is a clause of, nil for none; navigating names the function that finds the row on which
	// it is evaluated, "" for none.
	match      *recognition
	navigating string
	// joins are the subqueries met, to be joined below the operator that evaluates the expressions.
	joins []subqueryJoin
}

// subqueryJoin is a subquery of an expression as the right side of a dependent join.
type subqueryJoin struct {
	kind      physical.JoinKind
	node      logical.Node
	on        []expr.Node
	nullAware bool
}

// context is a clause of scope s in which neither aggregates nor window functions may stand.
func (b *binder) context(s *scope, clause string) *exprContext {
	return &exprContext{b: b, scope: s, clause: clause}
}

// attach puts the subqueries met so far below what comes next.
func (x *exprContext) attach(n logical.Node) logical.Node {
	for _, j := range x.joins {
		n = &logical.Join{Kind: j.kind, Left: n, Right: j.node, On: j.on, NullAware: j.nullAware}
	}
	x.joins = nil
	return n
}

// mapJoins rewrites the expressions of the subqueries met so far.
func (x *exprContext) mapJoins(f func(expr.Node) expr.Node) {
	for i := range x.joins {
		j := &x.joins[i]
		j.node = logical.MapExprs(j.node, f)
		for k := range j.on {
			j.on[k] = f(j.on[k])
		}
	}
}

// conditional marks that what is bound from here on stands in CASE or COALESCE, until the function that it gives is called.
func (x *exprContext) conditional(construct string) func() {
	saved := x.noSets
	x.noSets = construct
	return func() { x.noSets = saved }
}

// nested is the context of a function's arguments: the same place with other rules.
func (x *exprContext) nested() *exprContext {
	c := *x
	c.joins = nil
	return &c
}

// condition binds a boolean expression; where names the clause in the error (PostgreSQL: "argument of WHERE must be type
// boolean, not type integer").
func (x *exprContext) condition(e ast.Expr, where string) expr.Node {
	return x.b.toBool(x.expr(e), where, start(e))
}

func (b *binder) toBool(n expr.Node, where string, pos int) expr.Node {
	t := n.Type()
	if isUnknown(t) {
		return b.coerce(n, boolType, implicitCast, pos)
	}
	if t.ID != types.Bool || t.Array {
		fail(pos, sqlerr.DatatypeMismatch, "argument of %s must be type boolean, not type %s", where, t)
	}
	return n
}

// boundFilter is a bound WHERE or HAVING condition. Subqueries that are conjuncts of their own have become semi and anti joins;
// others are joined first, as values.
type boundFilter struct {
	conds         []expr.Node
	values, semis *exprContext
}

// filter binds the condition of a WHERE, HAVING or ON clause; nil is no condition.
func (x *exprContext) filter(e ast.Expr) *boundFilter {
	f := &boundFilter{values: x, semis: x.nested()}
	if e == nil {
		return f
	}
	clause := conditionOf(x.clause)
	if _, ok := e.(*ast.And); ok {
		clause = "AND"
	}
	for _, arm := range conjuncts(e) {
		if j, ok := x.semiJoin(arm, false); ok {
			f.semis.joins = append(f.semis.joins, j)
			continue
		}
		f.conds = append(f.conds, x.condition(arm, clause))
	}
	return f
}

// conditionOf is what type errors call a clause's condition.
func conditionOf(clause string) string {
	if clause == "JOIN conditions" {
		return "JOIN/ON"
	}
	return clause
}

// rewrite changes the expressions of the condition.
func (f *boundFilter) rewrite(r func(expr.Node) expr.Node) {
	for i := range f.conds {
		f.conds[i] = r(f.conds[i])
	}
	f.values.mapJoins(r)
	f.semis.mapJoins(r)
}

// apply filters a plan.
func (f *boundFilter) apply(n logical.Node) logical.Node {
	return f.semis.attach(logical.NewFilter(f.values.attach(n), f.conds...))
}

// conjuncts are the arms of AND at the top of an expression; parentheses have left nested ANDs.
func conjuncts(e ast.Expr) []ast.Expr {
	and, ok := e.(*ast.And)
	if !ok {
		return []ast.Expr{e}
	}
	var out []ast.Expr
	for _, a := range and.Args {
		out = append(out, conjuncts(a)...)
	}
	return out
}
