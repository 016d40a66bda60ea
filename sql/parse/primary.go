package parse

import (
	"github.com/streamdb/streamdb/sql/ast"
)

// primary spells an expression that no operator takes apart: PostgreSQL's c_expr.
func (s *speller) primary() {
	from, t := s.open(), s.peek()
	switch t.kind {
	case tokInteger:
		s.literal(ast.LiteralInteger)
	case tokNumeric:
		s.literal(ast.LiteralNumeric)
	case tokString:
		s.literal(ast.LiteralString)
	case tokBits:
		s.literal(ast.LiteralBits)
	case tokParam:
		s.next()
		n := &ast.Param{Pos: int(t.pos), Number: paramNumber(t)}
		s.maxParam = max(s.maxParam, n.Number)
		s.leaf(n)
		s.indirection(from)
	case tokPunct:
		if t.text != "(" {
			s.unexpected()
		}
		s.paren(from)
	case tokQuoted:
		s.named(from)
	case tokWord:
		if s.semanticsAhead() {
			s.semantics(from)
			return
		}
		if t.cat == ast.NotKeyword || !s.keyword(from, t) {
			s.named(from)
		}
	default:
		s.unexpected()
	}
}

// literal spells the constant that is next.
func (s *speller) literal(kind ast.LiteralKind) {
	t := s.next()
	s.leaf(&ast.Literal{Pos: int(t.pos), Kind: kind, Text: t.text})
}

func stringLiteral(pos int, text string) *ast.Literal {
	return &ast.Literal{Pos: pos, Kind: ast.LiteralString, Text: text}
}

// keyword spells an expression that a keyword begins and reports whether the
// next one does; otherwise it is an ordinary name.
func (s *speller) keyword(from int32, t *token) bool {
	switch t.text {
	case "null":
		s.constant(ast.LiteralNull, "null")
	case "true", "false":
		s.constant(ast.LiteralBool, t.text)
	case "default":
		s.next()
		s.leaf(&ast.Default{Pos: int(t.pos)})
	case "case":
		s.caseExpr(from)
	case "array":
		s.array(from)
	case "row":
		if !s.peekAt(1).punct("(") {
			return false
		}
		s.row(from)
	case "exists":
		if !s.peekAt(1).punct("(") {
			return false
		}
		s.next()
		if !s.queryAhead() {
			s.expectPunct("(")
			s.unexpected()
		}
		s.subquery()
		n := &ast.Exists{Pos: int(t.pos)}
		s.call(from, n)
		s.addHole(hole{query: &n.Query})
	case "cast":
		s.castFunction(from)
	default:
		return s.typeLiteral(t) || s.specialCall(from, t)
	}
	return true
}

func (s *speller) constant(kind ast.LiteralKind, text string) {
	t := s.next()
	s.leaf(&ast.Literal{Pos: int(t.pos), Kind: kind, Text: text})
}

// named spells what begins with a name: a column, a call, or a typed literal.
func (s *speller) named(from int32) {
	first := s.peek()
	if !isColID(first) && !isFuncName(first) {
		s.unexpected()
	}
	s.next()
	name := ast.Name{Pos: int(first.pos), Parts: []string{first.text}}
	for s.peek().punct(".") && isLabel(s.peekAt(1)) {
		s.next()
		name.Parts = append(name.Parts, s.next().text)
	}
	qualified := len(name.Parts) > 1
	next := s.peek()
	switch {
	case (qualified || isFuncName(first)) && next.kind == tokString:
		s.genericLiteral(name, nil)
	case (qualified || isFuncName(first)) && next.punct("("):
		if s.stringBehind(next) {
			s.genericLiteral(name, s.typeMods())
			return
		}
		s.funcCall(from, name)
	default:
		if !isColID(first) {
			s.unexpected()
		}
		s.columnRef(from, name)
	}
}

// columnRef spells a column behind its name, with what is taken out of it.
func (s *speller) columnRef(from int32, name ast.Name) {
	ref := &ast.ColumnRef{Name: name}
	if s.peek().punct(".") && s.peekAt(1).op("*") {
		s.i += 2
		ref.Star = true
		s.name(ref)
		return
	}
	s.name(ref)
	s.indirection(from)
}

// indirection spells subscripts, slices and field selections behind a primary.
func (s *speller) indirection(from int32) {
	for wraps := 0; ; wraps++ {
		if wraps > maxWraps {
			bail(tooDeep(s.pos()))
		}
		switch t := s.peek(); {
		case t.punct("["):
			s.subscript(from)
		case t.punct("."):
			s.next()
			n := &ast.Field{Pos: int(t.pos)}
			if s.acceptOp("*") {
				n.Star = true
			} else {
				n.Name = s.label().Name
			}
			s.call(from, n)
			s.fill(&n.Expr)
			if n.Star {
				return
			}
		default:
			return
		}
	}
}

// subscript spells [i] or [lower:upper] behind what it is applied to.
func (s *speller) subscript(from int32) {
	n := &ast.Subscript{Pos: s.pos()}
	s.enter()
	s.expectPunct("[")
	lower, upper := false, false
	if !s.peek().punct(":") {
		lower = true
		s.emit(",")
		s.expr()
	}
	if n.Slice = s.acceptPunct(":"); n.Slice && !s.peek().punct("]") {
		upper = true
		s.emit(",")
		s.expr()
	}
	s.expectPunct("]")
	s.leave()
	s.call(from, n)
	s.fill(&n.Expr)
	if lower {
		s.fill(&n.Lower)
	}
	if upper {
		s.fill(&n.Upper)
	}
}

// paren spells what begins with a parenthesis: a subquery, a row, or an
// expression, whose parentheses have done their work by now.
func (s *speller) paren(from int32) {
	pos := s.pos()
	if s.queryAhead() {
		s.subquery()
		n := &ast.Subquery{Pos: pos}
		s.call(from, n)
		s.addHole(hole{query: &n.Query})
		s.indirection(from)
		return
	}
	s.enter()
	count := s.exprList("(", ")")
	s.leave()
	if count > 1 {
		n := &ast.Row{Pos: pos, Items: make([]ast.Expr, count)}
		s.call(from, n)
		s.fillAll(n.Items)
		s.overlaps(from)
		return
	}
	s.indirection(from)
}

// row spells ROW(...).
func (s *speller) row(from int32) {
	n := &ast.Row{Pos: s.pos(), Explicit: true}
	s.expect("row")
	s.enter()
	var count args
	if s.peekAt(1).punct(")") {
		s.i += 2
	} else {
		count = s.exprList("(", ")")
	}
	s.leave()
	n.Items = make([]ast.Expr, count)
	s.call(from, n)
	s.fillAll(n.Items)
	s.overlaps(from)
}

// overlaps spells OVERLAPS row behind a row, if it is next.
func (s *speller) overlaps(from int32) {
	pos := s.pos()
	if !s.accept("overlaps") {
		return
	}
	s.emit(",")
	right := s.open()
	switch {
	case s.word("row"):
		s.row(right)
	case s.peek().punct("("):
		s.paren(right)
	default:
		s.unexpected()
	}
	n := &ast.Overlaps{Pos: pos}
	s.call(from, n)
	s.fill(&n.Left, &n.Right)
}

// queryAhead reports whether the parenthesis that is next encloses a query, not
// an expression or a join. Any number of parentheses may stand around either,
// so what follows the inner ones decides.
func (p *parser) queryAhead() bool { return p.peek().punct("(") && p.queryAt(p.i) }

func (p *parser) queryAt(i int) bool {
	inner := &p.toks[i+1]
	switch {
	case inner.kind == tokWord:
		switch inner.text {
		case "select", "with", "values", "table":
			return inner.cat == ast.ReservedKeyword || p.toks[i+2].punct("(")
		}
		return false
	case !inner.punct("("), !p.queryAt(i + 1):
		return false
	case inner.match == 0: // whatever is wrong will be found in the query
		return true
	}
	behind := &p.toks[inner.match+1]
	if behind.kind == tokWord {
		switch behind.text {
		case "union", "intersect", "except", "order", "limit", "offset", "fetch", "for":
			return true
		}
	}
	return behind.punct(")")
}

// stringBehind reports whether a string literal follows the parenthesis that
// closes the one at t.
func (p *parser) stringBehind(t *token) bool {
	return t.match != 0 && p.toks[t.match+1].kind == tokString
}
