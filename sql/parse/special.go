package parse

import "github.com/streamdb/streamdb/sql/ast"

// specialCall spells a function that has SQL's own syntax, and reports whether
// one is next. Each becomes a call of the function that PostgreSQL's grammar
// gives for it, with FuncCall.Form set.
func (s *speller) specialCall(from int32, t *token) bool {
	pos := int(t.pos)
	switch t.text {
	case "current_catalog", "current_date", "current_role", "current_user", "session_user", "user":
		s.next()
		s.leaf(&ast.FuncCall{Name: systemFunc(pos, t.text), Form: ast.FormKeyword})
		return true
	case "current_schema":
		if s.peekAt(1).punct("(") {
			return false
		}
		s.next()
		s.leaf(&ast.FuncCall{Name: systemFunc(pos, t.text), Form: ast.FormKeyword})
		return true
	case "current_time", "current_timestamp", "localtime", "localtimestamp":
		s.next()
		s.leaf(&ast.FuncCall{Name: systemFunc(pos, t.text), Args: s.optionalPrecision(), Form: ast.FormKeyword})
		return true
	case "collation":
		if !s.word("collation", "for") {
			return false
		}
		s.i += 2
		s.form(from, pos, "pg_collation_for", ast.FormCollationFor, func(*ast.FuncCall) []int { return []int{s.arg(0)} })
		return true
	}
	if t.cat != ast.ColumnKeyword || !s.peekAt(1).punct("(") {
		return false
	}
	return s.specialFunc(from, pos, t.text)
}

// specialFunc spells what a keyword that is no ordinary function's name and its
// parenthesis begin.
func (s *speller) specialFunc(from int32, pos int, name string) bool {
	switch name {
	case "coalesce", "greatest", "least", "nullif", "grouping":
		s.next()
		s.plainCall(from, ast.Name{Pos: pos, Parts: []string{name}})
	case "extract":
		s.next()
		s.form(from, pos, "extract", ast.FormExtract, s.extractArgs)
	case "position":
		s.next()
		s.form(from, pos, "position", ast.FormPosition, s.positionArgs)
	case "overlay":
		s.next()
		s.form(from, pos, "overlay", ast.FormOverlay, s.overlayArgs)
	case "substring":
		s.next()
		s.form(from, pos, "substring", ast.FormSubstring, s.substringArgs)
	case "trim":
		s.next()
		s.form(from, pos, "btrim", ast.FormTrim, s.trimArgs)
	case "normalize":
		s.next()
		s.form(from, pos, "normalize", ast.FormNormalize, s.normalizeArgs)
	case "treat":
		refuse(pos, "TREAT", "Use CAST.")
	case "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlparse", "xmlpi", "xmlroot", "xmlserialize":
		refuse(pos, "XML", "Use jsonb.")
	default:
		return false
	}
	return true
}

// plainCall spells a call that has a plain list of arguments and nothing else.
func (s *speller) plainCall(from int32, name ast.Name) {
	n := &ast.FuncCall{Name: name}
	s.enter()
	count := s.exprList("(", ")")
	s.leave()
	n.Args = make([]ast.Expr, count)
	s.call(from, n)
	s.fillAll(n.Args)
}

// form spells the parenthesised arguments of a special function. read spells
// them in the client's order and gives for each its place among the function's.
func (s *speller) form(from int32, pos int, name string, form ast.FuncForm, read func(*ast.FuncCall) []int) {
	n := &ast.FuncCall{Name: systemFunc(pos, name), Form: form}
	s.enter()
	s.expectPunct("(")
	places := read(n)
	s.expectPunct(")")
	s.leave()
	n.Args = make([]ast.Expr, len(places))
	s.call(from, n)
	for _, place := range places {
		s.fill(&n.Args[place])
	}
}

// arg spells an argument whose place among the function's is given.
func (s *speller) arg(place int) int {
	s.expr()
	return place
}

// moreArg is arg for any but the first.
func (s *speller) moreArg(place int) int {
	s.emit(",")
	return s.arg(place)
}

// moreArgs spells a comma-separated rest of the arguments from place on.
func (s *speller) moreArgs(places []int) []int {
	for s.acceptPunct(",") {
		places = append(places, s.moreArg(len(places)))
	}
	return places
}

// extractArgs spells field FROM x.
func (s *speller) extractArgs(*ast.FuncCall) []int {
	t := s.peek()
	_, unit := intervalRanges[t.text]
	if t.kind != tokString && (!isLabel(t) || t.cat != ast.NotKeyword && !unit) {
		s.unexpected()
	}
	s.next()
	s.leaf(stringLiteral(int(t.pos), t.text))
	s.expect("from")
	return []int{0, s.moreArg(1)}
}

// positionArgs spells sub IN x, which is position(x, sub).
func (s *speller) positionArgs(*ast.FuncCall) []int {
	s.exprPrec(precNone, boundExpr)
	s.expect("in")
	s.emit(",")
	s.exprPrec(precNone, boundExpr)
	return []int{1, 0}
}

// overlayArgs spells x PLACING y FROM i [FOR n], or a plain list.
func (s *speller) overlayArgs(n *ast.FuncCall) []int {
	places := []int{s.arg(0)}
	if !s.accept("placing") {
		return s.asPlain(n, s.moreArgs(places))
	}
	places = append(places, s.moreArg(1))
	s.expect("from")
	places = append(places, s.moreArg(2))
	if s.accept("for") {
		places = append(places, s.moreArg(3))
	}
	return places
}

// asPlain notes that a special function was written as an ordinary call.
func (s *speller) asPlain(n *ast.FuncCall, places []int) []int {
	n.Form = ast.FormCall
	n.Name.Parts = n.Name.Parts[1:]
	return places
}

// substringArgs spells x FROM i [FOR n], x FOR n [FROM i], x SIMILAR p ESCAPE e,
// or a plain list.
func (s *speller) substringArgs(n *ast.FuncCall) []int {
	if s.peek().punct(")") {
		return s.asPlain(n, nil)
	}
	places := []int{s.arg(0)}
	switch {
	case s.accept("similar"):
		n.Form = ast.FormSimilar
		places = append(places, s.moreArg(1))
		s.expect("escape")
		return append(places, s.moreArg(2))
	case s.accept("from"):
		places = append(places, s.moreArg(1))
		if s.accept("for") {
			places = append(places, s.moreArg(2))
		}
		return places
	case s.accept("for"):
		places = append(places, s.moreArg(2))
		if s.accept("from") {
			return append(places, s.moreArg(1))
		}
		s.emit(",")
		s.leaf(&ast.Literal{Pos: ast.NoPos, Kind: ast.LiteralInteger, Text: "1"})
		return append(places, 1)
	}
	return s.asPlain(n, s.moreArgs(places))
}

// trimArgs spells [BOTH | LEADING | TRAILING] [characters FROM | FROM] x, ...
func (s *speller) trimArgs(n *ast.FuncCall) []int {
	switch s.acceptAny("both", "leading", "trailing") {
	case "leading":
		n.Name.Parts[1] = "ltrim"
	case "trailing":
		n.Name.Parts[1] = "rtrim"
	}
	if s.accept("from") {
		return s.moreArgs([]int{s.arg(0)})
	}
	s.expr()
	if !s.accept("from") {
		return s.moreArgs([]int{0})
	}
	places := s.moreArgs([]int{s.moreArg(0)})
	return append([]int{len(places)}, places...)
}

// normalizeArgs spells x [, NFC | NFD | NFKC | NFKD].
func (s *speller) normalizeArgs(*ast.FuncCall) []int {
	places := []int{s.arg(0)}
	if s.acceptPunct(",") {
		pos := s.pos()
		s.emit(",")
		s.leaf(stringLiteral(pos, s.expectAny("nfc", "nfd", "nfkc", "nfkd")))
		places = append(places, 1)
	}
	return places
}
