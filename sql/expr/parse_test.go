package expr_test

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// parser reads the little language of the goldens: SQL in which every literal has a type (int4 '1'), every operator
// application that is an operand stands in parentheses, and no cast happens by itself. PostgreSQL reads the same text.
type parser struct {
	toks []string
	at   int
}

func parseExpr(text string) (n expr.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v in %q", r, text)
		}
	}()
	p := &parser{toks: lex(text)}
	n = p.expr()
	if p.at < len(p.toks) {
		panic("unexpected " + p.toks[p.at])
	}
	return n, nil
}

func lex(s string) []string {
	var toks []string
	for i := 0; i < len(s); {
		start := i
		switch c := s[i]; {
		case c == ' ':
			i++
			continue
		case c == '\'':
			for i++; i < len(s) && (s[i] != '\'' || i+1 < len(s) && s[i+1] == '\''); i++ {
				if s[i] == '\'' {
					i++
				}
			}
			i++
		case unicode.IsLetter(rune(c)) || c == '_':
			for i < len(s) && (isWordByte(s[i])) {
				i++
			}
		case c >= '0' && c <= '9':
			for i < len(s) && s[i] >= '0' && s[i] <= '9' {
				i++
			}
		case strings.IndexByte("()[],", c) >= 0:
			i++
		default:
			for i < len(s) && strings.IndexByte("+-*/<>=~!@#%^&|`?:", s[i]) >= 0 {
				i++
			}
			if i == start {
				panic("cannot read " + s[i:])
			}
		}
		toks = append(toks, s[start:i])
	}
	return toks
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *parser) peek() string {
	if p.at < len(p.toks) {
		return p.toks[p.at]
	}
	return ""
}

func (p *parser) accept(words ...string) bool {
	for k, w := range words {
		if p.at+k >= len(p.toks) || !strings.EqualFold(p.toks[p.at+k], w) {
			return false
		}
	}
	p.at += len(words)
	return true
}

func (p *parser) expect(w string) {
	if !p.accept(w) {
		panic("expected " + w + " before " + p.peek())
	}
}

func (p *parser) next() string { p.at++; return p.toks[p.at-1] }

// expr is an operand, or one operator between operands.
func (p *parser) expr() expr.Node {
	if p.accept("NOT") {
		return expr.NewNot(p.operand())
	}
	left := p.operand()
	for {
		switch {
		case p.accept("AND"):
			left = expr.NewAnd(left, p.operand())
		case p.accept("OR"):
			left = expr.NewOr(left, p.operand())
		case p.accept("IS", "NOT", "DISTINCT", "FROM"):
			left = &expr.IsDistinct{Left: left, Right: p.operand(), Not: true}
		case p.accept("IS", "DISTINCT", "FROM"):
			left = &expr.IsDistinct{Left: left, Right: p.operand()}
		case p.accept("IS"):
			not := p.accept("NOT")
			kind := map[string]expr.TestKind{"null": expr.TestNull, "true": expr.TestTrue, "false": expr.TestFalse}[strings.ToLower(p.next())]
			left = &expr.Test{Arg: left, Kind: kind, Not: not}
		case p.accept("NOT", "IN"):
			left = expr.NewInList(left, p.list(), true)
		case p.accept("IN"):
			left = expr.NewInList(left, p.list(), false)
		case isOperatorToken(p.peek()):
			left = p.infix(left, p.next())
		default:
			return left
		}
	}
}

func isOperatorToken(t string) bool {
	return t != "" && strings.IndexByte("+-*/<>=~!@#%^&|`?", t[0]) >= 0
}

func (p *parser) infix(left expr.Node, op string) expr.Node {
	for _, all := range []bool{false, true} {
		if p.accept(map[bool]string{false: "ANY", true: "ALL"}[all]) {
			p.expect("(")
			right := p.expr()
			p.expect(")")
			f := resolve(fn.LookupOperator(op), []types.Type{left.Type(), right.Type().Elem()})
			return &expr.ScalarArray{Fn: f, Left: left, Right: right, All: all}
		}
	}
	right := p.operand()
	f := resolve(fn.LookupOperator(op), []types.Type{left.Type(), right.Type()})
	if f == nil {
		panic(fmt.Sprintf("no operator %v %s %v", left.Type(), op, right.Type()))
	}
	return expr.NewCall(f, left, right)
}

// operand is a primary with its casts and subscripts.
func (p *parser) operand() expr.Node {
	n := p.primary()
	for {
		switch {
		case p.accept("::"):
			t := p.typeName(p.next())
			if c, ok := n.(*expr.Const); ok && c.Value.Null {
				n = expr.Null(t)
			} else if ok && c.Typ.ID == types.Unknown {
				n = literal(t, string(c.Value.B))
			} else {
				n = expr.NewCast(n, t, true)
			}
		case p.accept("["):
			args := []expr.Node{n, p.expr()}
			name := "[]"
			if p.accept(":") {
				name, args = "[:]", append(args, p.expr())
			}
			p.expect("]")
			n = call(fn.LookupOperator(name), name, args)
		default:
			return n
		}
	}
}

func (p *parser) primary() expr.Node {
	t := p.next()
	switch lower := strings.ToLower(t); {
	case t == "(":
		n := p.expr()
		p.expect(")")
		return n
	case t[0] == '\'':
		return expr.NewConst(types.T(types.Unknown), types.NewText(unquote(t)))
	case lower == "null":
		return expr.Null(types.T(types.Unknown))
	case lower == "case":
		return p.caseExpr()
	case lower == "array":
		p.expect("[")
		elems := p.items("]")
		et := elems[0].Type()
		return &expr.ArrayCtor{Typ: types.ArrayOf(types.T(et.ID)), Elems: elems}
	case lower == "row":
		return &expr.RowCtor{Fields: p.list()}
	case isOperatorToken(t):
		arg := p.operand()
		return call(fn.LookupOperator(t), t, []expr.Node{arg})
	case lower == "coalesce", lower == "greatest", lower == "least":
		args := p.list()
		if lower == "coalesce" {
			return expr.NewCoalesce(args[0].Type(), args)
		}
		return expr.NewExtreme(args[0].Type(), lower == "least", args)
	case lower == "nullif":
		args := p.list()
		return expr.NewNullIf(args[0], call(fn.LookupOperator("="), "=", args))
	case p.peek() == "(" && typeID(lower) == nil:
		return call(fn.Lookup(lower), lower, p.list())
	}
	return p.literal(t)
}

func (p *parser) literal(name string) expr.Node {
	t := p.typeName(name)
	return literal(t, unquote(p.next()))
}

// literal is a constant of the text; what cannot be read is a cast that fails when it is evaluated.
func literal(t types.Type, text string) expr.Node {
	d, err := types.ParseText(t, []byte(text))
	if err != nil {
		return expr.NewCast(expr.NewConst(types.T(types.Text), types.NewText(text)), t, true)
	}
	return expr.NewConst(t, d)
}

func unquote(s string) string { return strings.ReplaceAll(s[1:len(s)-1], "''", "'") }

func typeID(name string) *types.Type {
	t, ok := types.BySQLName(name)
	if !ok {
		return nil
	}
	return &t
}

func (p *parser) typeName(name string) types.Type {
	var mods []int32
	if typeID(name) == nil {
		panic("unknown type " + name)
	}
	if p.accept("(") {
		for {
			var m int32
			fmt.Sscan(p.next(), &m)
			mods = append(mods, m)
			if p.accept(")") {
				break
			}
			p.expect(",")
		}
	}
	t, err := types.FromSQL(name, mods)
	if err != nil {
		panic(err)
	}
	if p.accept("[", "]") {
		t = types.ArrayOf(t)
	}
	return t
}

func (p *parser) list() []expr.Node {
	p.expect("(")
	return p.items(")")
}

func (p *parser) items(end string) []expr.Node {
	var nodes []expr.Node
	for !p.accept(end) {
		if len(nodes) > 0 {
			p.expect(",")
		}
		nodes = append(nodes, p.expr())
	}
	return nodes
}

func (p *parser) caseExpr() expr.Node {
	var whens []expr.When
	for p.accept("WHEN") {
		cond := p.expr()
		p.expect("THEN")
		whens = append(whens, expr.When{Cond: cond, Result: p.expr()})
	}
	var otherwise expr.Node
	if p.accept("ELSE") {
		otherwise = p.expr()
	}
	p.expect("END")
	return expr.NewCase(whens[0].Result.Type(), whens, otherwise)
}

func call(overloads []*fn.Func, name string, args []expr.Node) expr.Node {
	ts := expr.Types(args)
	f := resolve(overloads, ts)
	if f == nil {
		panic(fmt.Sprintf("no function %s%v", name, ts))
	}
	for i, a := range args {
		if c, ok := a.(*expr.Const); ok && c.Typ.ID == types.Unknown && i < len(f.Args) {
			t := f.Args[i]
			if c.Value.Null {
				args[i] = expr.Null(t)
			} else {
				args[i] = literal(t, string(c.Value.B))
			}
		}
	}
	return expr.NewCall(f, args...)
}

// resolve takes the overload whose parameters are exactly the arguments' types, polymorphic ones allowed.
func resolve(overloads []*fn.Func, args []types.Type) *fn.Func {
	for _, exact := range []bool{true, false} {
		for _, f := range overloads {
			if fits(f, args, exact) {
				return f
			}
		}
	}
	return nil
}

func fits(f *fn.Func, args []types.Type, exact bool) bool {
	n := len(f.Args)
	if len(args) > n && !f.Variadic || len(args) < n-f.Optional && !(f.Variadic && len(args) >= n-1) {
		return false
	}
	for i, a := range args {
		p := f.Args[min(i, n-1)]
		if f.Variadic && i >= n-1 && p.Array {
			p = p.Elem()
		}
		switch {
		case p.Same(a), a.ID == types.Unknown && !exact:
		case exact:
			return false
		case p.ID == types.Any, p.ID == types.AnyElement && (!a.Array || n == 1), p.ID == types.AnyArray && (a.Array || a.ID == types.OIDVector || a.ID == types.Int2Vector):
		default:
			return false
		}
	}
	return true
}
