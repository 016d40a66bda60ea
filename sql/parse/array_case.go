package parse

import "github.com/streamdb/streamdb/sql/ast"

// array spells ARRAY[...] and ARRAY(query).
func (s *speller) array(from int32) {
	pos := s.pos()
	s.expect("array")
	if s.queryAhead() {
		s.subquery()
		n := &ast.ArrayQuery{Pos: pos}
		s.call(from, n)
		s.addHole(hole{query: &n.Query})
		return
	}
	s.arrayElems(from, pos)
}

// arrayElems spells the bracketed elements of an array, of which a nested
// bracket is an inner array.
func (s *speller) arrayElems(from int32, pos int) {
	s.enter()
	s.expectPunct("[")
	var count args
	inner := s.peek().punct("[") // all elements are arrays, or none is
	if !s.peek().punct("]") {
		s.commaList(func() {
			count.next(s)
			if inner {
				s.arrayElems(s.open(), s.pos())
			} else {
				s.expr()
			}
		})
	}
	s.expectPunct("]")
	s.leave()
	n := &ast.ArrayCtor{Pos: pos, Elems: make([]ast.Expr, count)}
	s.call(from, n)
	s.fillAll(n.Elems)
}

// caseExpr spells CASE. Its arguments are the operand if there is one, each
// condition and result, and the default if there is one.
func (s *speller) caseExpr(from int32) {
	n := &ast.Case{Pos: s.pos()}
	s.enter()
	s.expect("case")
	var a args
	arg := func() {
		a.next(s)
		s.expr()
	}
	operand := !s.word("when")
	if operand {
		arg()
	}
	for s.word("when") {
		n.Whens = append(n.Whens, ast.When{Pos: s.pos()})
		s.expect("when")
		arg()
		s.expect("then")
		arg()
	}
	if n.Whens == nil {
		s.unexpected()
	}
	otherwise := s.accept("else")
	if otherwise {
		arg()
	}
	s.expect("end")
	s.leave()

	s.call(from, n)
	if operand {
		s.fill(&n.Operand)
	}
	for i := range n.Whens {
		s.fill(&n.Whens[i].Cond, &n.Whens[i].Result)
	}
	if otherwise {
		s.fill(&n.Else)
	}
}

// castFunction spells CAST(x AS type).
func (s *speller) castFunction(from int32) {
	n := &ast.Cast{Pos: s.pos(), Form: ast.CastFunction}
	s.expect("cast")
	s.enter()
	s.expectPunct("(")
	s.expr()
	s.expect("as")
	n.Type = s.typeName()
	s.expectPunct(")")
	s.leave()
	s.call(from, n)
	s.fill(&n.Expr)
}
