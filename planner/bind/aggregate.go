package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// aggUse is a call of an aggregate in a query, its arguments still expressions over the rows that are grouped.
type aggUse struct {
	col      logical.ColID
	fn       *fn.Aggregate
	args     []expr.Node
	distinct bool
	filter   expr.Node // nil for none
	order    []orderExpr
	// direct is how many of the first arguments are an ordered-set aggregate's direct ones, which must be grouped.
	direct int
}

// aggregate binds a call of an aggregate and gives the column of its result. The aggregate belongs to the innermost query whose
// columns its arguments read, which may be an outer one.
func (x *exprContext) aggregate(e *ast.FuncCall, name string) expr.Node {
	if x.match != nil {
		return x.matchAggregate(e, name)
	}
	pos := e.Position()
	in := x.nested()
	in.clause, in.inAggregate, in.aggregates, in.windows = "aggregate arguments", true, false, false
	use := in.aggUse(e, name)
	owner := x.owner(use, in.joins)
	owner.checkAggregate(pos)
	q := owner.scope.query
	use.col = x.b.md.New(name, use.fn.ResultType(expr.Types(use.args)))
	if c, ok := q.findAggregate(use); ok && len(in.joins) == 0 {
		return x.b.ref(c, pos)
	}
	q.aggs = append(q.aggs, use)
	q.aggJoins = append(q.aggJoins, in.joins...)
	return x.b.ref(use.col, pos)
}

// checkAggregate fails where an aggregate may not stand.
func (x *exprContext) checkAggregate(pos int) {
	switch {
	case x.inAggregate:
		fail(pos, sqlerr.GroupingError, "aggregate function calls cannot be nested")
	case !x.aggregates:
		fail(pos, sqlerr.GroupingError, "aggregate functions are not allowed in %s", x.clause)
	}
}

// owner is the context of the query that an aggregate belongs to. Of subqueries in its arguments counts what they read, not
// their results, which are columns of no query.
func (x *exprContext) owner(use aggUse, subqueries []subqueryJoin) *exprContext {
	used := logical.ExprCols(use.args...)
	used.AddAll(logical.ExprCols(use.filter))
	for _, o := range use.order {
		used.AddAll(logical.ExprCols(o.expr))
	}
	for _, q := range subqueries {
		used.AddAll(logical.ExprCols(q.on...))
		used.AddAll(logical.Free(q.node))
	}
	for _, q := range subqueries {
		used = used.Minus(logical.OutputSet(q.node))
	}
	for c := x; c != nil; c = c.scope.outer {
		if used.Empty() || used.Intersects(c.scope.columns()) || c.scope.outer == nil {
			if c.scope.query == nil {
				break
			}
			return c
		}
	}
	return x
}

// aggUse resolves the call and its clauses.
func (x *exprContext) aggUse(e *ast.FuncCall, name string) aggUse {
	pos := e.Position()
	args := x.args(e)
	if e.Star {
		args = nil
	}
	within := x.within(e, &args)
	a, args := x.b.pickAggregate(name, args, e.Star, e.Variadic, pos)
	use := aggUse{fn: a, args: args, distinct: e.Distinct, direct: len(args) - len(within)}
	switch {
	case a.OrderedSet && e.WithinGroup == nil:
		fail(pos, sqlerr.WrongObjectType, "WITHIN GROUP is required for ordered-set aggregate %s", name)
	case !a.OrderedSet && e.WithinGroup != nil:
		fail(pos, sqlerr.WrongObjectType, "%s is not an ordered-set aggregate, so it cannot have WITHIN GROUP", name)
	case !a.OrderedSet:
		use.direct = 0
	}
	for i, o := range within {
		o.expr = args[use.direct+i]
		use.order = append(use.order, o)
	}
	if e.Filter != nil {
		f := *x
		f.clause, f.inAggregate = "FILTER", false
		use.filter = f.condition(e.Filter, "FILTER")
		x.joins = f.joins
	}
	for _, o := range e.OrderBy {
		use.order = append(use.order, x.orderExpr(o, nil))
	}
	if !e.Distinct {
		return use
	}
	for _, t := range expr.Types(args) {
		x.b.mustEqual(t, pos)
	}
	for _, o := range use.order {
		if !containsExpr(args, o.expr) {
			fail(o.pos, sqlerr.InvalidColumnReference, "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
		}
	}
	return use
}

// within binds WITHIN GROUP's order, whose keys are arguments behind the direct ones.
func (x *exprContext) within(e *ast.FuncCall, args *[]expr.Node) []orderExpr {
	var order []orderExpr
	for _, o := range e.WithinGroup {
		k := orderExpr{expr: x.expr(o.Expr), pos: start(o.Expr)}
		k.desc, k.nullsFirst = direction(o)
		*args = append(*args, k.expr)
		order = append(order, k)
	}
	return order
}

func containsExpr(list []expr.Node, n expr.Node) bool {
	for _, m := range list {
		if expr.Equal(m, n) {
			return true
		}
	}
	return false
}

// pickAggregate resolves an aggregate and coerces its arguments.
func (b *binder) pickAggregate(name string, args []expr.Node, star, spread bool, pos int) (*fn.Aggregate, []expr.Node) {
	aggs := fn.LookupAggregate(name)
	sigs := make([]signature, len(aggs))
	for i, a := range aggs {
		sigs[i] = signature{args: a.Args}
	}
	ts := expr.Types(args)
	if spread {
		unsupported(pos, "VARIADIC in an aggregate", "")
	}
	c, ok, many := pick(candidates(sigs, len(args), false), ts)
	switch {
	case many:
		panic(sqlerr.New(sqlerr.AmbiguousFunction, "function %s is not unique", callText(name, ts)).
			WithHint("Could not choose a best candidate function. You might need to add explicit type casts.").At(pos))
	case !ok && star:
		fail(pos, sqlerr.UndefinedFunction, "function %s(*) does not exist", name)
	case ok && len(args) == 0 && !star:
		fail(pos, sqlerr.WrongObjectType, "%s(*) must be used to call a parameterless aggregate function", name)
	case !ok:
		panic(undefinedFunction(name, ts).At(pos))
	}
	checkPolymorphic(name, c, args, pos)
	return aggs[c.index], b.coerceArgs(c, args, pos)
}

// mustEqual fails for types whose values cannot be told apart: what DISTINCT, GROUP BY and set operations need.
func (b *binder) mustEqual(t types.Type, pos int) {
	elem := t.Elem()
	if elem.ID == types.JSON || elem.ID == types.PGNodeTree || elem.ID == types.ACLItem {
		fail(pos, sqlerr.UndefinedFunction, "could not identify an equality operator for type %s", t.Plain())
	}
}

// mustOrder fails for types without an order.
func (b *binder) mustOrder(t types.Type, pos int) {
	switch t.Elem().ID {
	case types.JSON, types.PGNodeTree, types.ACLItem, types.XID:
		panic(sqlerr.New(sqlerr.UndefinedFunction, "could not identify an ordering operator for type %s", t.Plain()).
			WithHint("Use an explicit ordering operator or modify the query.").At(pos))
	}
}
