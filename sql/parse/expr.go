package parse

import "github.com/streamdb/streamdb/sql/ast"

// precedence is a level of PostgreSQL's operator table, loosest first.
type precedence uint8

const (
	precNone    precedence = iota
	precOr                 // OR
	precAnd                // AND
	precNot                // NOT
	precIs                 // IS, ISNULL, NOTNULL: not associative
	precCompare            // < > = <= >= <>: not associative
	precPattern            // BETWEEN, IN, LIKE, ILIKE, SIMILAR: not associative
	precOp                 // all other operators, OPERATOR(...)
	precAdd                // + -
	precMul                // * / %
	precPower              // ^
	precAt                 // AT TIME ZONE
	precCollate            // COLLATE
	precSign               // unary + -
	precCast               // ::
)

// exprKind tells PostgreSQL's two expression grammars apart.
type exprKind bool

const (
	anyExpr exprKind = false // a_expr
	// boundExpr is b_expr, which stands before BETWEEN's AND and in some column
	// definitions: it has no boolean operators, so that they end it.
	boundExpr exprKind = true
)

// expr spells an expression that is a statement's own and gives its node.
func (p *parser) expr() ast.Expr { return p.exprOf(anyExpr) }

func (p *parser) exprOf(kind exprKind) (e ast.Expr) {
	s := p.spell()
	s.emit("SELECT ")
	s.exprPrec(precNone, kind)
	s.run(func(u *unspeller, stmt stmtNode) { e = u.expr(soleField(stmt)) })
	return e
}

// expr spells any expression.
func (s *speller) expr() { s.exprPrec(precNone, anyExpr) }

// exprPrec spells an expression of operators of at least the precedence min.
func (s *speller) exprPrec(min precedence, kind exprKind) {
	from := s.open()
	s.operand(kind)
	for wraps := 0; ; wraps++ {
		level := s.infix(kind)
		if level == precNone || level < min {
			return
		}
		if wraps > maxWraps {
			bail(tooDeep(s.pos()))
		}
		switch level {
		case precOr:
			s.junction(from, level, "or")
		case precAnd:
			s.junction(from, level, "and")
		case precIs:
			s.isTest(from, kind)
		case precCompare:
			s.comparison(from, kind)
		case precPattern:
			s.pattern(from, kind)
		case precAt:
			s.atTimeZone(from)
		case precCollate:
			s.collate(from)
		case precCast:
			s.castOperator(from)
		default:
			s.chain(from, level, kind)
		}
	}
}

// infix is the precedence of the next token as an infix or postfix operator, or
// precNone if it ends the expression.
func (s *speller) infix(kind exprKind) precedence {
	t := s.peek()
	switch t.kind {
	case tokOp:
		return opPrecedence(t.text)
	case tokPunct:
		if t.text == "::" {
			return precCast
		}
	case tokWord:
		if t.cat != ast.NotKeyword {
			return s.infixWord(t.text, kind)
		}
	}
	return precNone
}

// opPrecedence is the precedence of an operator by its spelling.
func opPrecedence(op string) precedence {
	switch op {
	case "<", ">", "=", "<=", ">=", "<>":
		return precCompare
	case "+", "-":
		return precAdd
	case "*", "/", "%":
		return precMul
	case "^":
		return precPower
	}
	return precOp
}

func (s *speller) infixWord(w string, kind exprKind) precedence {
	switch w {
	case "operator":
		if s.peekAt(1).punct("(") {
			return precOp
		}
		return precNone
	case "is":
		if kind == boundExpr && !s.word("is", "distinct") && !s.word("is", "not", "distinct") &&
			!s.word("is", "document") && !s.word("is", "not", "document") {
			return precNone
		}
		return precIs
	}
	if kind == boundExpr {
		return precNone
	}
	switch w {
	case "or":
		return precOr
	case "and":
		return precAnd
	case "isnull", "notnull":
		return precIs
	case "between", "in", "like", "ilike":
		return precPattern
	case "similar":
		// SUBSTRING(x SIMILAR y ESCAPE z) has the word without TO.
		if s.peekAt(1).word("to") {
			return precPattern
		}
	case "not":
		switch next := s.peekAt(1); {
		case next.word("between"), next.word("in"), next.word("like"), next.word("ilike"), next.word("similar"):
			return precPattern
		}
	case "at":
		if s.peekAt(1).word("time") {
			return precAt
		}
	case "collate":
		return precCollate
	}
	return precNone
}

// rightOperand spells the right side of an operator that does not associate: a
// second operator of its level behind it is an error.
func (s *speller) rightOperand(level precedence, kind exprKind) {
	s.exprPrec(level+1, kind)
	if s.infix(kind) == level {
		s.unexpected()
	}
}

// junction spells a chain of AND or OR behind its first operand.
func (s *speller) junction(from int32, level precedence, word string) {
	pos := s.pos()
	n := 1
	for s.accept(word) {
		s.emit(",")
		s.exprPrec(level+1, anyExpr)
		n++
	}
	list := make([]ast.Expr, n)
	if level == precAnd {
		s.call(from, &ast.And{Pos: pos, Args: list})
	} else {
		s.call(from, &ast.Or{Pos: pos, Args: list})
	}
	s.fillAll(list)
}

// chain spells operators of one left-associative level behind the first operand.
func (s *speller) chain(from int32, level precedence, kind exprKind) {
	if s.quantifierAhead() {
		s.quantified(from, s.operator())
		return
	}
	op := s.operator()
	s.emit(",")
	s.exprPrec(level+1, kind)
	if s.infix(kind) != level || s.quantifierAhead() {
		n := &ast.BinaryOp{Op: op}
		s.call(from, n)
		s.fill(&n.Left, &n.Right)
		return
	}
	rest := []ast.ChainLink{{Op: op}}
	for s.infix(kind) == level && !s.quantifierAhead() {
		rest = append(rest, ast.ChainLink{Op: s.operator()})
		s.emit(",")
		s.exprPrec(level+1, kind)
	}
	n := &ast.OpChain{Rest: rest}
	s.call(from, n)
	s.fill(&n.First)
	for i := range rest {
		s.fill(&rest[i].Arg)
	}
}

// comparison spells a comparison behind its left operand.
func (s *speller) comparison(from int32, kind exprKind) {
	quantified := kind == anyExpr && s.quantifierAhead()
	op := s.operator()
	if quantified {
		s.quantified(from, op)
		return
	}
	s.emit(",")
	s.rightOperand(precCompare, kind)
	n := &ast.BinaryOp{Op: op}
	s.call(from, n)
	s.fill(&n.Left, &n.Right)
}

// operand spells a prefix operator and what it applies to, or a primary.
func (s *speller) operand(kind exprKind) {
	from, t := s.open(), s.peek()
	switch {
	case t.kind == tokOp:
		level := precOp + 1
		switch opPrecedence(t.text) {
		case precAdd:
			level = precSign
		case precOp:
		default:
			s.unexpected()
		}
		s.prefixOp(from, level, kind)
	case t.kind == tokWord && t.text == "operator" && s.peekAt(1).punct("("):
		s.prefixOp(from, precOp+1, kind)
	case kind == anyExpr && t.word("not"):
		s.enter()
		s.next()
		s.exprPrec(precNot, anyExpr)
		s.leave()
		n := &ast.Not{Pos: int(t.pos)}
		s.call(from, n)
		s.fill(&n.Expr)
	default:
		s.primary()
	}
}

// prefixOp spells a prefix operator; operators of level and tighter ones belong
// to its operand.
func (s *speller) prefixOp(from int32, level precedence, kind exprKind) {
	s.enter()
	n := &ast.UnaryOp{Op: s.operator()}
	s.exprPrec(level, kind)
	s.leave()
	s.call(from, n)
	s.fill(&n.Expr)
}
