package bind

import (
	"strings"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// call binds a function call: a construct with rules of its own, a window function, an aggregate, a set-returning function or a
// plain one.
func (x *exprContext) call(e *ast.FuncCall) expr.Node {
	if e.Form == ast.FormKeyword {
		return x.keyword(e)
	}
	if x.match != nil {
		if n := x.matchCall(e); n != nil {
			return n
		}
	}
	if len(e.Name.Qualifier()) == 0 {
		switch e.Name.Last() {
		case "coalesce":
			return x.coalesce(e)
		case "greatest", "least":
			return x.extreme(e)
		case "nullif":
			return x.nullIf(e)
		case "grouping":
			return x.grouping(e)
		case "proctime":
			return x.procTime(e)
		}
	}
	name := x.b.functionName(e.Name)
	switch {
	case e.Over != nil && e.WithinGroup != nil:
		fail(e.Position(), sqlerr.FeatureNotSupported, "OVER is not supported for ordered-set aggregate %s", name)
	case e.Over != nil:
		return x.windowCall(e, name)
	case len(fn.LookupAggregate(name)) > 0:
		return x.aggregate(e, name)
	case len(fn.LookupWindow(name)) > 0:
		fail(e.Position(), sqlerr.WrongObjectType, "window function %s requires an OVER clause", name)
	}
	x.onlyAggregate(e, name)
	if e.Semantics != ast.SemanticsDefault {
		fail(e.Position(), sqlerr.SyntaxError, "RUNNING and FINAL can stand before FIRST, LAST and aggregates only")
	}
	args := x.args(e)
	n := x.b.callFunction(name, strings.Join(e.Name.Parts, "."), args, e.Variadic, e.Position())
	if c, ok := n.(*expr.Call); ok && c.Fn.Set {
		return x.setCall(c, e.Position())
	}
	return n
}

// onlyAggregate refuses the clauses that aggregates alone take.
func (x *exprContext) onlyAggregate(e *ast.FuncCall, name string) {
	pos := e.Position()
	switch {
	case e.Star:
		fail(pos, sqlerr.WrongObjectType, "%s(*) specified, but %s is not an aggregate function", name, name)
	case e.Distinct:
		fail(pos, sqlerr.WrongObjectType, "DISTINCT specified, but %s is not an aggregate function", name)
	case e.OrderBy != nil:
		fail(pos, sqlerr.WrongObjectType, "ORDER BY specified, but %s is not an aggregate function", name)
	case e.WithinGroup != nil:
		fail(pos, sqlerr.WrongObjectType, "WITHIN GROUP specified, but %s is not an aggregate function", name)
	case e.Filter != nil:
		fail(pos, sqlerr.WrongObjectType, "FILTER specified, but %s is not an aggregate function", name)
	}
}

func (x *exprContext) args(e *ast.FuncCall) []expr.Node {
	args := x.exprs(e.Args)
	for i, a := range args {
		if _, known := x.b.positions[a]; !known {
			x.b.positions[a] = start(e.Args[i])
		}
	}
	return args
}

// keywords are the functions behind SQL's keywords without parentheses.
var keywords = map[string]string{
	"current_catalog": "current_database", "current_role": "current_user", "user": "current_user", "session_user": "session_user",
	"current_user": "current_user", "current_schema": "current_schema",
}

// timeKeywords are the casts of now() behind SQL's time keywords.
var timeKeywords = map[string]types.Type{
	"current_date": types.T(types.Date), "current_timestamp": types.T(types.Timestamptz), "localtimestamp": types.T(types.Timestamp),
	"localtime": types.T(types.Time), "current_time": types.T(types.Time),
}

func (x *exprContext) keyword(e *ast.FuncCall) expr.Node {
	name := e.Name.Last()
	if f, ok := keywords[name]; ok {
		return x.b.function(f, nil, e.Position())
	}
	t, ok := timeKeywords[name]
	if !ok {
		panic(sqlerr.Unsupported(name, "").At(e.Position()))
	}
	if name == "current_time" {
		unsupported(e.Position(), "the type time with time zone", "Use LOCALTIME.")
	}
	if len(e.Args) == 1 {
		t = x.b.withMods(t, e.Args, e.Position())
	}
	return expr.NewCast(x.b.function("now", nil, e.Position()), t, true)
}

func (x *exprContext) positions(list []ast.Expr) []int {
	pos := make([]int, len(list))
	for i, e := range list {
		pos[i] = start(e)
	}
	return pos
}

func (x *exprContext) coalesce(e *ast.FuncCall) expr.Node {
	defer x.conditional("COALESCE")()
	args := x.exprs(e.Args)
	t := x.b.unify(args, "COALESCE", x.positions(e.Args))
	return expr.NewCoalesce(t, args)
}

func (x *exprContext) extreme(e *ast.FuncCall) expr.Node {
	least := e.Name.Last() == "least"
	what := "GREATEST"
	if least {
		what = "LEAST"
	}
	args := x.exprs(e.Args)
	t := x.b.unify(args, what, x.positions(e.Args))
	return expr.NewExtreme(t, least, args)
}

// nullIf has the first argument's type; the comparison is whatever = is for the two.
func (x *exprContext) nullIf(e *ast.FuncCall) expr.Node {
	if len(e.Args) != 2 {
		fail(e.Position(), sqlerr.SyntaxError, "NULLIF requires two arguments")
	}
	l, r := x.expr(e.Args[0]), x.expr(e.Args[1])
	eq := x.b.operator(ast.Operator{Pos: e.Position(), Name: "="}, l, r)
	if isUnknown(l.Type()) {
		l = eq.Args[0]
	}
	return expr.NewNullIf(l, eq)
}

// caseExpr is CASE. The operand of a simple CASE is compared with each WHEN by the = that fits.
func (x *exprContext) caseExpr(e *ast.Case) expr.Node {
	defer x.conditional("CASE")()
	var operand expr.Node
	if e.Operand != nil {
		operand = x.b.resolve(x.expr(e.Operand), start(e.Operand))
	}
	conds, results, pos := make([]expr.Node, len(e.Whens)), []expr.Node(nil), []int(nil)
	for i, w := range e.Whens {
		if operand != nil {
			conds[i] = x.b.operator(ast.Operator{Pos: start(w.Cond), Name: "="}, operand, x.expr(w.Cond))
		} else {
			conds[i] = x.condition(w.Cond, "CASE/WHEN")
		}
		results, pos = append(results, x.expr(w.Result)), append(pos, start(w.Result))
	}
	otherwise := expr.Node(expr.Null(unknownType))
	at := e.Pos
	if e.Else != nil {
		otherwise, at = x.expr(e.Else), start(e.Else)
	}
	// The type of ELSE comes first in the choice, as in PostgreSQL.
	all, allPos := append([]expr.Node{otherwise}, results...), append([]int{at}, pos...)
	t := x.b.unify(all, "CASE", allPos)
	whens := make([]expr.When, len(conds))
	for i := range conds {
		whens[i] = expr.When{Cond: conds[i], Result: all[i+1]}
	}
	return expr.NewCase(t, whens, all[0])
}

// setCall lets a set-returning function stand in a select list: the rows that it makes come from a TableFunc below.
func (x *exprContext) setCall(c *expr.Call, pos int) expr.Node {
	refuse := func(format string, args ...any) {
		panic(sqlerr.New(sqlerr.FeatureNotSupported, format, args...).
			WithHint("You might be able to move the set-returning function into a LATERAL FROM item.").At(pos))
	}
	switch {
	case x.inAggregate:
		refuse("aggregate function calls cannot contain set-returning function calls")
	case x.inWindow:
		refuse("window function calls cannot contain set-returning function calls")
	case x.noSets != "":
		refuse("set-returning functions are not allowed in %s", x.noSets)
	case !x.sets:
		fail(pos, sqlerr.FeatureNotSupported, "set-returning functions are not allowed in %s", x.clause)
	}
	use := setUse{call: c}
	defer func() { x.scope.query.sets = append(x.scope.query.sets, use) }()
	if len(c.Fn.Columns) < 2 {
		use.cols = []logical.ColID{x.b.md.New(c.Fn.Name, c.Typ)}
		return x.b.ref(use.cols[0], pos)
	}
	row := &expr.RowCtor{}
	for _, col := range x.callColumns(c, nil) {
		use.cols = append(use.cols, col.id)
		row.Fields, row.Names = append(row.Fields, x.b.ref(col.id, pos)), append(row.Names, col.name)
	}
	return row
}
