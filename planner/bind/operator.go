package bind

import (
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// binary binds Left op Right; comparisons of rows become comparisons of their fields.
func (x *exprContext) binary(op ast.Operator, left, right ast.Expr) expr.Node {
	l, lok := left.(*ast.Row)
	r, rok := right.(*ast.Row)
	if lok && rok {
		return x.compareRows(op, x.exprs(l.Items), x.exprs(r.Items))
	}
	if lok {
		if q, ok := right.(*ast.Subquery); ok {
			return x.compareRowQuery(op, l, q)
		}
	}
	return x.b.operator(op, x.expr(left), x.expr(right))
}

// chain binds a run of operators of one precedence from the left.
func (x *exprContext) chain(e *ast.OpChain) expr.Node {
	args, concat := []expr.Node{x.expr(e.First)}, true
	for _, l := range e.Rest {
		args = append(args, x.expr(l.Arg))
		concat = concat && l.Op.Name == "||"
	}
	if concat && allText(args) {
		return x.b.concat(e.Rest, args)
	}
	n := args[0]
	for i, l := range e.Rest {
		n = x.b.operator(l.Op, n, args[i+1])
	}
	return n
}

// allText reports whether all are strings, and one is known to be.
func allText(args []expr.Node) bool {
	known := false
	for _, a := range args {
		t := a.Type()
		if !isUnknown(t) && t.Plain() != textType && t.Plain() != types.T(types.Varchar) {
			return false
		}
		known = known || !isUnknown(t)
	}
	return known
}

// concat binds a chain of || over strings as a balanced tree, as it does not matter where it is bracketed: so even a very long one has
// little depth.
func (b *binder) concat(links []ast.ChainLink, args []expr.Node) expr.Node {
	if len(args) == 1 {
		return b.coerce(args[0], textType, implicitCast, b.at(args[0], ast.NoPos))
	}
	half := len(args) / 2
	return b.operator(links[half-1].Op, b.concat(links[:half-1], args[:half]), b.concat(links[half:], args[half:]))
}

// unary binds a prefix operator. A minus before a number is a negative constant, so that the smallest integer can be written.
func (x *exprContext) unary(e *ast.UnaryOp) expr.Node {
	if lit, ok := e.Expr.(*ast.Literal); ok && e.Op.Name == "-" && (lit.Kind == ast.LiteralInteger || lit.Kind == ast.LiteralNumeric) {
		return x.literal(&ast.Literal{Pos: lit.Pos, Kind: lit.Kind, Text: "-" + lit.Text})
	}
	return x.b.operator(e.Op, x.expr(e.Expr))
}

func operatorName(op ast.Operator) string {
	switch op.Name {
	case "!=":
		return "<>"
	}
	return op.Name
}

// operator resolves an operator over one or two operands.
func (b *binder) operator(op ast.Operator, args ...expr.Node) *expr.Call {
	if len(op.Schema) > 0 && op.Schema[len(op.Schema)-1] != "pg_catalog" {
		fail(op.Pos, sqlerr.UndefinedFunction, "operator does not exist: %s", operatorText(op.Schema[len(op.Schema)-1]+"."+op.Name, expr.Types(args)))
	}
	return b.overload(operatorName(op), args, op.Pos)
}

// overload resolves an operator by name.
func (b *binder) overload(name string, args []expr.Node, pos int) *expr.Call {
	f, c, ok, many := findOperator(name, expr.Types(args))
	switch {
	case many:
		panic(sqlerr.New(sqlerr.AmbiguousFunction, "operator is not unique: %s", operatorText(name, expr.Types(args))).
			WithHint("Could not choose a best candidate operator. You might need to add explicit type casts.").At(pos))
	case !ok:
		panic(undefinedOperator(name, expr.Types(args)).At(pos))
	}
	b.checkVolatility(f, pos)
	return expr.NewCall(f, b.coerceArgs(c, args, pos)...)
}

// operatorKey is what an operator's overload follows from.
type operatorKey struct {
	name        string
	n           int
	left, right types.Type
}

// operatorMatch is the overload that was found.
type operatorMatch struct {
	f        *fn.Func
	c        candidate
	ok, many bool
}

// operatorsFound are the answers of lookupOperator by operatorKey: it always gives the same, and looking through the many overloads
// of = is dearer than all else in binding a small statement. Those without an overload are left out, as a client can think up any
// number of them.
var operatorsFound sync.Map

// findOperator is lookupOperator, asked once for each operator and types.
func findOperator(name string, ts []types.Type) (f *fn.Func, c candidate, ok, many bool) {
	k := operatorKey{name: name, n: len(ts), left: ts[0].Plain(), right: ts[len(ts)-1].Plain()}
	if found, ok := operatorsFound.Load(k); ok {
		m := found.(*operatorMatch)
		return m.f, m.c, m.ok, m.many
	}
	f, c, ok, many = lookupOperator(name, ts)
	if f != nil {
		operatorsFound.Store(k, &operatorMatch{f, c, ok, many})
	}
	return f, c, ok, many
}

// lookupOperator finds the overload for operands of these types. One untyped operand is first taken to be of the other's type, as
// PostgreSQL's binary_oper_exact does.
func lookupOperator(name string, ts []types.Type) (f *fn.Func, c candidate, ok, many bool) {
	fs := fn.LookupOperator(name)
	cands := operatorCandidates(fs, ts)
	if len(ts) == 2 && isUnknown(ts[0]) != isUnknown(ts[1]) {
		known := ts[0]
		if isUnknown(known) {
			known = ts[1]
		}
		for _, c := range cands {
			if exact(c, []types.Type{known, known}) {
				return fs[c.index], c, true, false
			}
		}
	}
	c, ok, many = pick(cands, ts)
	if !ok || many {
		return nil, c, ok, many
	}
	return fs[c.index], c, true, false
}

// operatorCandidates are the overloads that operands of these types can mean. PostgreSQL has operators of float4 and float8 that draw whatever
// meets a float4 to float8; here they are the float8 ones over casts. An operator over "any" (||) takes no arrays.
func operatorCandidates(fs []*fn.Func, ts []types.Type) []candidate {
	float4, float8 := types.T(types.Float4), types.T(types.Float8)
	all := candidates(funcSignatures(fs), len(ts), false)
	bothFloats := len(ts) == 2 && slices.ContainsFunc(all, func(c candidate) bool { return exact(c, []types.Type{float4, float4}) })
	var out []candidate
	for _, c := range all {
		arrays := false
		for i, p := range c.params {
			arrays = arrays || p.ID == types.Any && (ts[i].Array || category(ts[i]) == 'A')
		}
		if arrays {
			continue
		}
		out = append(out, c)
		if bothFloats && exact(c, []types.Type{float8, float8}) {
			for _, mixed := range [][]types.Type{{float4, float8}, {float8, float4}} {
				out = append(out, candidate{params: mixed, index: c.index, as: c.params})
			}
		}
	}
	return out
}

func operatorText(name string, ts []types.Type) string {
	if len(ts) == 1 {
		return name + " " + ts[0].Plain().String()
	}
	return ts[0].Plain().String() + " " + name + " " + ts[1].Plain().String()
}

func undefinedOperator(name string, ts []types.Type) *sqlerr.Error {
	hint := "No operator matches the given name and argument types. You might need to add explicit type casts."
	if len(ts) == 1 {
		hint = "No operator matches the given name and argument type. You might need to add an explicit type cast."
	}
	return sqlerr.New(sqlerr.UndefinedFunction, "operator does not exist: %s", operatorText(name, ts)).WithHint("%s", hint)
}

// compareRows compares rows field by field: = and <> by all, the orders lexicographically.
func (x *exprContext) compareRows(op ast.Operator, l, r []expr.Node) expr.Node {
	if len(l) != len(r) {
		fail(op.Pos, sqlerr.SyntaxError, "unequal number of entries in row expressions")
	}
	if len(l) == 0 {
		fail(op.Pos, sqlerr.FeatureNotSupported, "cannot compare rows of zero length")
	}
	name := operatorName(op)
	each := func(name string, i int) expr.Node {
		return x.b.operator(ast.Operator{Pos: op.Pos, Name: name}, l[i], r[i])
	}
	switch name {
	case "=", "<>":
		arms := make([]expr.Node, len(l))
		for i := range l {
			arms[i] = each(name, i)
		}
		if name == "=" {
			return expr.NewAnd(arms...)
		}
		return expr.NewOr(arms...)
	case "<", "<=", ">", ">=":
		// (a, b) < (c, d) is a < c OR a = c AND b < d; the last field takes the operator itself.
		strict := name[:1]
		out := each(name, len(l)-1)
		for i := len(l) - 2; i >= 0; i-- {
			out = expr.NewOr(each(strict, i), expr.NewAnd(each("=", i), out))
		}
		return out
	}
	panic(sqlerr.New(sqlerr.FeatureNotSupported, "could not determine interpretation of row comparison operator %s", op.Name).
		WithHint("Row comparison operators must be associated with btree operator families.").At(op.Pos))
}

// inList is x [NOT] IN (list): the elements get one type with x where there is one, else each is compared by its own =.
func (x *exprContext) inList(e *ast.InList) expr.Node {
	if row, ok := e.Expr.(*ast.Row); ok {
		return x.inRows(e, row)
	}
	nodes, pos := []expr.Node{x.expr(e.Expr)}, []int{start(e.Expr)}
	for _, el := range e.List {
		nodes, pos = append(nodes, x.expr(el)), append(pos, start(el))
	}
	ts := expr.Types(nodes)
	if t, ok := inType(ts); ok {
		for i := range nodes {
			nodes[i] = x.b.coerce(nodes[i], t, implicitCast, pos[i])
		}
		return expr.NewInList(nodes[0], nodes[1:], e.Not)
	}
	name := "="
	if e.Not {
		name = "<>"
	}
	arms := make([]expr.Node, len(e.List))
	for i := range arms {
		arms[i] = x.b.operator(ast.Operator{Pos: e.Pos, Name: name}, nodes[0], nodes[i+1])
	}
	if e.Not {
		return expr.NewAnd(arms...)
	}
	return expr.NewOr(arms...)
}

// inType is the one type in which a list can be compared, if = exists for it and nobody's conversion changes the comparison.
func inType(ts []types.Type) (types.Type, bool) {
	best := unknownType
	for _, t := range ts {
		switch {
		case isUnknown(t) || best.Same(t):
		case isUnknown(best):
			best = t.Plain()
		case category(best) != category(t):
			return best, false
		case canCast(best, t, implicitCast) && !canCast(t, best, implicitCast):
			best = t.Plain()
		}
	}
	if isUnknown(best) {
		best = textType
	}
	for _, t := range ts {
		if !canCast(t, best, implicitCast) {
			return best, false
		}
	}
	best = commonModifier(ts, best)
	f, c, ok, many := lookupOperator("=", []types.Type{best, best})
	return best, ok && !many && f != nil && (c.params[0].Same(best) || category(c.params[0]) == category(best))
}

func (x *exprContext) inRows(e *ast.InList, row *ast.Row) expr.Node {
	left := x.exprs(row.Items)
	arms := make([]expr.Node, len(e.List))
	for i, el := range e.List {
		r, ok := el.(*ast.Row)
		if !ok {
			fail(start(el), sqlerr.UndefinedFunction, "operator does not exist: record = %s", x.b.resolve(x.expr(el), start(el)).Type())
		}
		arms[i] = x.compareRows(ast.Operator{Pos: e.Pos, Name: "="}, left, x.exprs(r.Items))
	}
	if e.Not {
		return expr.NewNot(expr.NewOr(arms...))
	}
	return expr.NewOr(arms...)
}
