package bind

import (
	"fmt"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

var (
	boolType    = types.T(types.Bool)
	textType    = types.T(types.Text)
	int4Type    = types.T(types.Int4)
	int8Type    = types.T(types.Int8)
	unknownType = types.T(types.Unknown)
)

// isUnknown tells an untyped literal or parameter.
func isUnknown(t types.Type) bool { return t.ID == types.Unknown && !t.Array }

// expr binds an expression. Its type may be unknown: an untyped literal or parameter, which the caller coerces.
func (x *exprContext) expr(e ast.Expr) expr.Node {
	switch e := e.(type) {
	case *ast.Literal:
		return x.literal(e)
	case *ast.Param:
		return x.param(e)
	case *ast.ColumnRef:
		if e.Star {
			fail(start(e), sqlerr.SyntaxError, "row expansion via \"*\" is not supported here")
		}
		return x.column(e)
	case *ast.Cast:
		return x.cast(e)
	case *ast.Collate:
		return x.collate(e)
	case *ast.Subscript:
		return x.subscript(e)
	case *ast.Field:
		return x.field(e)
	case *ast.ArrayCtor:
		return x.array(e, types.Type{})
	case *ast.Row:
		return x.row(e)
	case *ast.Case:
		return x.caseExpr(e)
	case *ast.FuncCall:
		return x.call(e)
	case *ast.Subquery, *ast.Exists, *ast.ArrayQuery, *ast.InSubquery:
		return x.subquery(e)
	case *ast.Quantified:
		return x.quantified(e)
	}
	return x.predicate(e)
}

// predicate binds what has operators and logic in it.
func (x *exprContext) predicate(e ast.Expr) expr.Node {
	switch e := e.(type) {
	case *ast.BinaryOp:
		return x.binary(e.Op, e.Left, e.Right)
	case *ast.OpChain:
		return x.chain(e)
	case *ast.UnaryOp:
		return x.unary(e)
	case *ast.And:
		return expr.NewAnd(x.conditions(e.Args, "AND")...)
	case *ast.Or:
		return expr.NewOr(x.conditions(e.Args, "OR")...)
	case *ast.Not:
		return expr.NewNot(x.condition(e.Expr, "NOT"))
	case *ast.IsNull:
		return x.isNull(e)
	case *ast.IsBool:
		return x.isBool(e)
	case *ast.IsDistinct:
		return x.isDistinct(e)
	case *ast.Between:
		return x.between(e)
	case *ast.InList:
		return x.inList(e)
	case *ast.Like:
		return x.like(e)
	case *ast.Overlaps:
		return x.overlaps(e)
	case *ast.Default:
		fail(start(e), sqlerr.SyntaxError, "DEFAULT is not allowed in this context")
	case *ast.CurrentOf:
		unsupported(start(e), "WHERE CURRENT OF", "Name the row by its key.")
	case *ast.IsDocument:
		unsupported(start(e), "IS DOCUMENT", "The type xml does not exist in StreamDB.")
	case *ast.NamedArg:
		unsupported(start(e), "a named argument", "Give the arguments by position.")
	case *ast.GroupingSet:
		fail(start(e), sqlerr.SyntaxError, "grouping sets can stand in GROUP BY only")
	}
	panic(sqlerr.Internal("the binder does not know %s", fmt.Sprintf("%T", e)).At(start(e)))
}

func (x *exprContext) conditions(args []ast.Expr, where string) []expr.Node {
	out := make([]expr.Node, len(args))
	for i, a := range args {
		out[i] = x.condition(a, where)
	}
	return out
}

func (x *exprContext) exprs(list []ast.Expr) []expr.Node {
	out := make([]expr.Node, len(list))
	for i, e := range list {
		out[i] = x.expr(e)
	}
	return out
}

// isNull is IS [NOT] NULL; of a row it asks whether all fields are (not) null.
func (x *exprContext) isNull(e *ast.IsNull) expr.Node {
	if r, ok := e.Expr.(*ast.Row); ok {
		arms := make([]expr.Node, len(r.Items))
		for i, f := range r.Items {
			arms[i] = x.isNull(&ast.IsNull{Pos: e.Pos, Expr: f, Not: e.Not})
		}
		return expr.NewAnd(arms...)
	}
	arg := x.b.resolve(x.expr(e.Expr), start(e.Expr))
	test := expr.IsNull
	if e.Not {
		test = expr.IsNotNull
	}
	row := rowOf(arg)
	if row == nil || len(row.Fields) == 0 {
		return test(arg)
	}
	arms := make([]expr.Node, len(row.Fields))
	for i, f := range row.Fields {
		arms[i] = test(f)
	}
	return expr.NewAnd(arms...)
}

func (x *exprContext) isBool(e *ast.IsBool) expr.Node {
	name := [...]string{"TRUE", "FALSE", "UNKNOWN"}[e.Test]
	kind := [...]expr.TestKind{expr.TestTrue, expr.TestFalse, expr.TestNull}[e.Test]
	not := ""
	if e.Not {
		not = "NOT "
	}
	return &expr.Test{Arg: x.condition(e.Expr, "IS "+not+name), Kind: kind, Not: e.Not}
}

func (x *exprContext) isDistinct(e *ast.IsDistinct) expr.Node {
	lr, lok := e.Left.(*ast.Row)
	rr, rok := e.Right.(*ast.Row)
	if lok && rok {
		if len(lr.Items) != len(rr.Items) {
			fail(e.Pos, sqlerr.SyntaxError, "unequal number of entries in row expressions")
		}
		arms := make([]expr.Node, len(lr.Items))
		for i := range lr.Items {
			arms[i] = x.isDistinct(&ast.IsDistinct{Pos: e.Pos, Left: lr.Items[i], Right: rr.Items[i], Not: e.Not})
		}
		if e.Not {
			return expr.NewAnd(arms...)
		}
		return expr.NewOr(arms...)
	}
	// The sides get the types that = would give them.
	c := x.b.operator(ast.Operator{Pos: e.Pos, Name: "="}, x.expr(e.Left), x.expr(e.Right))
	l, r := x.b.sameType(c, e.Pos)
	return &expr.IsDistinct{Left: l, Right: r, Not: e.Not}
}

// sameType gives the operands of a comparison one type, which an operator like int4 = int8 does not need but IS DISTINCT FROM,
// IN and join keys do.
func (b *binder) sameType(c *expr.Call, pos int) (l, r expr.Node) {
	l, r = c.Args[0], c.Args[1]
	if l.Type().Plain() == r.Type().Plain() {
		t := l.Type()
		if t != r.Type() {
			t = t.Plain()
		}
		return expr.NewCast(l, t, false), expr.NewCast(r, t, false)
	}
	t := b.commonType([]expr.Node{l, r}, "=", []int{pos, pos})
	return b.coerce(l, t, implicitCast, pos), b.coerce(r, t, implicitCast, pos)
}

func (x *exprContext) between(e *ast.Between) expr.Node {
	arg, low, high := x.expr(e.Expr), x.expr(e.Low), x.expr(e.High)
	op := func(name string, l, r expr.Node) expr.Node {
		return x.b.operator(ast.Operator{Pos: e.Pos, Name: name}, l, r)
	}
	within := func(low, high expr.Node) expr.Node {
		if e.Not {
			return expr.NewOr(op("<", arg, low), op(">", arg, high))
		}
		return expr.NewAnd(op(">=", arg, low), op("<=", arg, high))
	}
	if !e.Symmetric {
		return within(low, high)
	}
	if e.Not {
		return expr.NewAnd(within(low, high), within(high, low))
	}
	return expr.NewOr(within(low, high), within(high, low))
}

func (x *exprContext) like(e *ast.Like) expr.Node {
	pattern := x.expr(e.Pattern)
	name := [...]string{"~~", "~~*", "~"}[e.Kind]
	switch {
	case e.Kind == ast.LikeSimilar:
		args := []expr.Node{pattern}
		if e.Escape != nil {
			args = append(args, x.expr(e.Escape))
		}
		pattern = x.b.function("similar_to_escape", args, e.Pos)
	case e.Escape != nil:
		pattern = x.b.function("like_escape", []expr.Node{pattern, x.expr(e.Escape)}, e.Pos)
	}
	if e.Not {
		name = "!" + name
	}
	return x.b.operator(ast.Operator{Pos: e.Pos, Name: name}, x.expr(e.Expr), pattern)
}

func (x *exprContext) overlaps(e *ast.Overlaps) expr.Node {
	l, lok := e.Left.(*ast.Row)
	r, rok := e.Right.(*ast.Row)
	if !lok || !rok || len(l.Items) != 2 || len(r.Items) != 2 {
		fail(e.Pos, sqlerr.SyntaxError, "wrong number of parameters on OVERLAPS expression")
	}
	return x.b.function("overlaps", x.exprs(append(append([]ast.Expr(nil), l.Items...), r.Items...)), e.Pos)
}
