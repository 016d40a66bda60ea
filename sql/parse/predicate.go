package parse

import "github.com/streamdb/streamdb/sql/ast"

// isTest spells IS ..., ISNULL and NOTNULL behind their operand.
func (s *speller) isTest(from int32, kind exprKind) {
	pos := s.pos()
	switch s.expectAny("is", "isnull", "notnull") {
	case "isnull":
		s.isNull(from, pos, false)
		return
	case "notnull":
		s.isNull(from, pos, true)
		return
	}
	not := s.accept("not")
	if s.isNormalized(from, pos, not) {
		return
	}
	switch s.expectAny("null", "true", "false", "unknown", "distinct", "document") {
	case "null":
		s.isNull(from, pos, not)
	case "true":
		s.isBool(from, pos, ast.TestTrue, not)
	case "false":
		s.isBool(from, pos, ast.TestFalse, not)
	case "unknown":
		s.isBool(from, pos, ast.TestUnknown, not)
	case "distinct":
		s.expect("from")
		s.emit(",")
		s.rightOperand(precIs, kind)
		n := &ast.IsDistinct{Pos: pos, Not: not}
		s.call(from, n)
		s.fill(&n.Left, &n.Right)
	case "document":
		n := &ast.IsDocument{Pos: pos, Not: not}
		s.call(from, n)
		s.fill(&n.Expr)
	}
}

func (s *speller) isNull(from int32, pos int, not bool) {
	n := &ast.IsNull{Pos: pos, Not: not}
	s.call(from, n)
	s.fill(&n.Expr)
}

func (s *speller) isBool(from int32, pos int, test ast.BoolTest, not bool) {
	n := &ast.IsBool{Pos: pos, Test: test, Not: not}
	s.call(from, n)
	s.fill(&n.Expr)
}

// isNormalized spells IS [NOT] [NFC | NFD | NFKC | NFKD] NORMALIZED, which is
// [NOT] is_normalized(x [, form]), and reports whether that was next.
func (s *speller) isNormalized(from int32, pos int, not bool) bool {
	n := &ast.FuncCall{Name: systemFunc(pos, "is_normalized"), Args: make([]ast.Expr, 1, 2), Form: ast.FormIsNormalized}
	if !s.word("normalized") && !s.peekAt(1).word("normalized") {
		return false
	}
	if form := s.acceptAny("nfc", "nfd", "nfkc", "nfkd"); form != "" {
		s.emit(",")
		s.leaf(stringLiteral(pos, form))
		n.Args = n.Args[:2]
	}
	s.expect("normalized")
	s.call(from, n)
	s.fillAll(n.Args)
	if not {
		outer := &ast.Not{Pos: pos}
		s.call(from, outer)
		s.fill(&outer.Expr)
	}
	return true
}

// pattern spells [NOT] BETWEEN, IN, LIKE, ILIKE and SIMILAR TO behind their
// operand.
func (s *speller) pattern(from int32, kind exprKind) {
	pos := s.pos()
	not := s.accept("not")
	switch s.expectAny("between", "in", "like", "ilike", "similar") {
	case "between":
		s.between(from, pos, not)
	case "in":
		s.in(from, pos, not)
	case "like":
		s.like(from, pos, not, ast.LikeSensitive)
	case "ilike":
		s.like(from, pos, not, ast.LikeInsensitive)
	case "similar":
		s.expect("to")
		s.like(from, pos, not, ast.LikeSimilar)
	}
}

func (s *speller) between(from int32, pos int, not bool) {
	n := &ast.Between{Pos: pos, Not: not, Symmetric: s.accept("symmetric")}
	if !n.Symmetric {
		s.accept("asymmetric")
	}
	s.emit(",")
	s.exprPrec(precNone, boundExpr)
	s.expect("and")
	s.emit(",")
	s.rightOperand(precPattern, anyExpr)
	s.call(from, n)
	s.fill(&n.Expr, &n.Low, &n.High)
}

func (s *speller) in(from int32, pos int, not bool) {
	s.emit(",")
	if s.queryAhead() {
		s.subquery()
		n := &ast.InSubquery{Pos: pos, Not: not}
		s.call(from, n)
		s.fill(&n.Expr)
		s.addHole(hole{query: &n.Query})
		return
	}
	s.enter()
	count := s.exprList("(", ")")
	s.leave()
	n := &ast.InList{Pos: pos, Not: not, List: make([]ast.Expr, count)}
	s.call(from, n)
	s.fill(&n.Expr)
	s.fillAll(n.List)
}

// exprList spells a bracketed, non-empty list and counts it.
func (s *speller) exprList(left, right string) (count args) {
	s.expectPunct(left)
	s.commaList(func() {
		count.next(s)
		s.expr()
	})
	s.expectPunct(right)
	return count
}

// likeOperators are the operators that LIKE ANY and its kin stand for.
var likeOperators = map[ast.LikeKind][2]string{
	ast.LikeSensitive:   {"~~", "!~~"},
	ast.LikeInsensitive: {"~~*", "!~~*"},
}

func (s *speller) like(from int32, pos int, not bool, kind ast.LikeKind) {
	if ops, ok := likeOperators[kind]; ok && (s.word("any") || s.word("some") || s.word("all")) {
		op := ast.Operator{Pos: pos, Name: ops[0]}
		if not {
			op.Name = ops[1]
		}
		s.quantified(from, op)
		return
	}
	n := &ast.Like{Pos: pos, Kind: kind, Not: not}
	s.emit(",")
	s.exprPrec(precPattern+1, anyExpr)
	escaped := s.accept("escape")
	if escaped {
		s.emit(",")
		s.exprPrec(precPattern+1, anyExpr)
	}
	if s.infix(anyExpr) == precPattern {
		s.unexpected()
	}
	s.call(from, n)
	s.fill(&n.Expr, &n.Pattern)
	if escaped {
		s.fill(&n.Escape)
	}
}
