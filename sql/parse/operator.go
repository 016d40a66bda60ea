package parse

import "github.com/streamdb/streamdb/sql/ast"

// operator takes an operator in either spelling: +, or OPERATOR(schema.+).
func (p *parser) operator() ast.Operator {
	t := p.next()
	if t.kind == tokOp {
		return ast.Operator{Pos: int(t.pos), Name: t.text}
	}
	op := ast.Operator{Pos: int(t.pos)}
	p.expectPunct("(")
	for p.peek().kind != tokOp {
		op.Schema = append(op.Schema, p.ident().Name)
		p.expectPunct(".")
	}
	op.Name = p.next().text
	p.expectPunct(")")
	return op
}

// quantifierAhead reports whether ANY, SOME or ALL follows the operator that is next.
func (p *parser) quantifierAhead() bool {
	k := 1
	if t := p.peek(); t.kind == tokWord {
		k = int(p.peekAt(1).match) - p.i + 1
	}
	next := p.peekAt(max(k, 1))
	return next.word("any") || next.word("some") || next.word("all")
}

// quantified spells ANY | SOME | ALL (array or query) behind the left operand
// and the operator.
func (s *speller) quantified(from int32, op ast.Operator) {
	n := &ast.Quantified{Op: op, All: s.expectAny("any", "some", "all") == "all"}
	s.emit(",")
	if s.queryAhead() {
		s.subquery()
		s.call(from, n)
		s.fill(&n.Left)
		s.addHole(hole{query: &n.Query})
		return
	}
	s.enter()
	s.expectPunct("(")
	s.expr()
	s.expectPunct(")")
	s.leave()
	s.call(from, n)
	s.fill(&n.Left, &n.Array)
}

// atTimeZone spells x AT TIME ZONE zone, which is timezone(zone, x).
func (s *speller) atTimeZone(from int32) {
	pos := s.pos()
	s.expect("at", "time", "zone")
	s.emit(",")
	s.exprPrec(precAt+1, anyExpr)
	n := &ast.FuncCall{Name: systemFunc(pos, "timezone"), Args: make([]ast.Expr, 2), Form: ast.FormAtTimeZone}
	s.call(from, n)
	s.fill(&n.Args[1], &n.Args[0])
}

// collate spells x COLLATE name.
func (s *speller) collate(from int32) {
	n := &ast.Collate{Pos: s.pos()}
	s.expect("collate")
	n.Collation = s.qualifiedName()
	s.call(from, n)
	s.fill(&n.Expr)
}

// castOperator spells x::type.
func (s *speller) castOperator(from int32) {
	n := &ast.Cast{Pos: s.pos(), Form: ast.CastOperator}
	s.expectPunct("::")
	n.Type = s.typeName()
	s.call(from, n)
	s.fill(&n.Expr)
}
