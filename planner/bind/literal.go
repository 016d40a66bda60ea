package bind

import (
	"math"
	"strconv"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// literal gives a constant the type that PostgreSQL's lexer does: integers are the first of int4, int8 and numeric that
// holds them; strings and NULL have none yet.
func (x *exprContext) literal(e *ast.Literal) expr.Node {
	switch e.Kind {
	case ast.LiteralNull:
		return expr.Null(unknownType)
	case ast.LiteralBool:
		return expr.Bool(e.Text == "true")
	case ast.LiteralString:
		n := expr.NewConst(unknownType, types.NewText(e.Text))
		x.b.positions[n] = e.Pos
		return n
	case ast.LiteralInteger:
		if i, err := strconv.ParseInt(e.Text, 10, 64); err == nil {
			if i >= math.MinInt32 && i <= math.MaxInt32 {
				return expr.NewConst(int4Type, types.NewInt(i))
			}
			return expr.NewConst(int8Type, types.NewInt(i))
		}
		return x.b.parse(e.Text, types.T(types.Numeric), e.Pos)
	case ast.LiteralNumeric:
		return x.b.parse(e.Text, types.T(types.Numeric), e.Pos)
	}
	unsupported(e.Pos, "the type bit", "Use an integer, or bytea for bytes.")
	return nil
}

// param is $n, of the type that the client or an earlier use gave it.
func (x *exprContext) param(e *ast.Param) expr.Node {
	if e.Number < 1 || e.Number > math.MaxUint16 {
		fail(e.Pos, sqlerr.UndefinedParameter, "there is no parameter $%d", e.Number)
	}
	if x.b.View {
		fail(e.Pos, sqlerr.UndefinedParameter, "there is no parameter $%d", e.Number)
	}
	for len(x.b.params) < e.Number {
		x.b.params = append(x.b.params, unknownType)
	}
	n := expr.NewParam(e.Number-1, x.b.params[e.Number-1])
	x.b.positions[n] = e.Pos
	return n
}

// cast is x::type. An untyped literal is read as the type at once, and ARRAY[] takes its element type from it.
func (x *exprContext) cast(e *ast.Cast) expr.Node {
	t := x.b.typeName(e.Type)
	if a, ok := e.Expr.(*ast.ArrayCtor); ok && t.Array {
		return x.b.coerce(x.array(a, t.Elem().Plain()), t, explicitCast, e.Pos)
	}
	return x.b.coerce(x.expr(e.Expr), t, explicitCast, castPosition(e))
}

// castPosition is where PostgreSQL sees an error of a cast: at the literal that cannot be read, else at the cast. A number has a type
// of its own.
func castPosition(e *ast.Cast) int {
	switch arg := e.Expr.(type) {
	case *ast.Literal:
		if arg.Kind == ast.LiteralString || arg.Kind == ast.LiteralNull {
			return start(arg)
		}
	case *ast.Param:
		return start(arg)
	}
	return e.Pos
}

// collate takes the collations that all mean the one order there is.
func (x *exprContext) collate(e *ast.Collate) expr.Node {
	switch e.Collation.Last() {
	case "C", "POSIX", "default", "ucs_basic":
	default:
		panic(sqlerr.New(sqlerr.UndefinedObject, "collation %q for encoding \"UTF8\" does not exist", e.Collation.Last()).
			WithHint("StreamDB orders text by its bytes: collation \"C\".").At(e.Pos))
	}
	arg := x.b.resolve(x.expr(e.Expr), start(e.Expr))
	if category(arg.Type()) != 'S' && !arg.Type().Array {
		fail(e.Pos, sqlerr.DatatypeMismatch, "collations are not supported by type %s", arg.Type())
	}
	return arg
}

// subscript is x[i] or x[i:j] of an array, or x['key'] of a jsonb.
func (x *exprContext) subscript(e *ast.Subscript) expr.Node {
	// a[i][j] is one look-up in an array of two dimensions.
	var path []*ast.Subscript
	base := ast.Expr(e)
	for {
		s, ok := base.(*ast.Subscript)
		if !ok {
			break
		}
		path = append([]*ast.Subscript{s}, path...)
		base = s.Expr
	}
	arg := x.b.resolve(x.expr(base), start(base))
	if arg.Type().ID == types.JSONB && !arg.Type().Array {
		for _, s := range path {
			if s.Slice {
				fail(s.Pos, sqlerr.DatatypeMismatch, "jsonb subscript does not support slices")
			}
			arg = x.b.operator(ast.Operator{Pos: s.Pos, Name: "->"}, arg, x.expr(s.Lower))
		}
		return arg
	}
	if t := arg.Type(); t.ID == types.Name && !t.Array && len(path) == 1 && !path[0].Slice {
		return x.letter(arg, path[0])
	}
	if !arg.Type().Array && arg.Type().ID != types.OIDVector && arg.Type().ID != types.Int2Vector {
		fail(start(base), sqlerr.DatatypeMismatch, "cannot subscript type %s because it does not support subscripting", arg.Type())
	}
	args := []expr.Node{arg}
	for _, s := range path {
		if s.Slice {
			return x.slice(arg, path)
		}
		args = append(args, x.b.coerce(x.expr(s.Lower), int4Type, assignmentCast, start(s.Lower)))
	}
	return x.b.overload("[]", args, e.Pos)
}

// letter is n[i] of a name, whose characters PostgreSQL counts from 0: pg_dump tells arrays by it.
func (x *exprContext) letter(name expr.Node, s *ast.Subscript) expr.Node {
	one := expr.NewConst(int4Type, types.NewInt(1))
	at := x.b.coerce(x.expr(s.Lower), int4Type, assignmentCast, start(s.Lower))
	from := x.b.operator(ast.Operator{Pos: s.Pos, Name: "+"}, at, one)
	letter := x.b.callFunction("substr", "substr", []expr.Node{x.b.coerce(name, textType, implicitCast, s.Pos), from, one}, false, s.Pos)
	return x.b.coerce(letter, types.T(types.Char), assignmentCast, s.Pos)
}

// slice is a[m:n] of the first dimension; a bound that is left out is the array's own.
func (x *exprContext) slice(arg expr.Node, path []*ast.Subscript) expr.Node {
	if len(path) > 1 {
		unsupported(path[0].Pos, "a slice of several dimensions", "Take the elements one by one, or unnest the array.")
	}
	bound := func(e ast.Expr, otherwise int64) expr.Node {
		if e == nil {
			return expr.NewConst(int4Type, types.NewInt(otherwise))
		}
		return x.b.coerce(x.expr(e), int4Type, assignmentCast, start(e))
	}
	args := []expr.Node{arg, bound(path[0].Lower, math.MinInt32), bound(path[0].Upper, math.MaxInt32)}
	return x.b.overload("[:]", args, path[0].Pos)
}

// array is ARRAY[...]; elem, if it is set, is the element type that a cast asks for.
func (x *exprContext) array(e *ast.ArrayCtor, elem types.Type) expr.Node {
	nodes, pos := make([]expr.Node, len(e.Elems)), make([]int, len(e.Elems))
	for i, el := range e.Elems {
		if inner, ok := el.(*ast.ArrayCtor); ok {
			nodes[i] = x.array(inner, elem)
		} else {
			nodes[i] = x.expr(el)
		}
		pos[i] = start(el)
	}
	if elem == (types.Type{}) {
		if len(nodes) == 0 {
			panic(sqlerr.New(sqlerr.IndeterminateDatatype, "cannot determine type of empty array").
				WithHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].").At(e.Pos))
		}
		elem = x.b.commonType(nodes, "ARRAY", pos)
	}
	nested := len(nodes) > 0 && nodes[0].Type().Array
	t := types.ArrayOf(elem)
	if elem.Array {
		t = elem
	}
	for i := range nodes {
		want := t.Elem()
		if nested {
			want = t
		}
		nodes[i] = x.b.coerce(nodes[i], want, implicitCast, pos[i])
	}
	return &expr.ArrayCtor{Typ: t, Elems: nodes}
}

func (x *exprContext) row(e *ast.Row) expr.Node {
	fields := make([]expr.Node, len(e.Items))
	for i, it := range e.Items {
		fields[i] = x.b.resolve(x.expr(it), start(it))
	}
	return &expr.RowCtor{Fields: fields}
}
