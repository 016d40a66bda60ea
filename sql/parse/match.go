package parse

import (
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// matchAhead reports whether MATCH_RECOGNIZE ( is next. It is no keyword, so that alone it may be an alias.
func (p *parser) matchAhead() bool { return p.word("match_recognize") && p.peekAt(1).punct("(") }

// matchRecognize spells MATCH_RECOGNIZE behind its input, which was spelled since from, as the derived table
// (SELECT ? FROM input WHERE `x1`(expressions)).
func (s *speller) matchRecognize(from int32) ast.TableExpr {
	input := s.cut(from)
	s.emit("(SELECT ")
	s.leaf(nil)
	s.emit(" FROM ")
	s.paste(s.last, input)
	s.emit(" WHERE ")
	n := &ast.MatchRecognize{Pos: s.pos()}
	s.next()
	s.enter()
	s.expectPunct("(")
	outside := s.inMatch
	s.inMatch = true
	s.matchClauses(n)
	s.inMatch = outside
	s.expectPunct(")")
	s.leave()
	s.emit(")")
	n.Alias = s.alias()
	return n
}

// matchClauses spells the clauses. Their expressions are the arguments of one call, in the order of the text.
func (s *speller) matchClauses(n *ast.MatchRecognize) {
	from := s.open()
	var a args
	if s.word("partition") {
		n.PartitionBy = s.partitionBy(&a)
	}
	if !s.word("order") {
		s.missing("ORDER BY", "The order in which rows are matched comes behind PARTITION BY and before MEASURES.")
	}
	n.OrderBy = s.orderBy(&a)
	if s.accept("measures") {
		s.commaList(func() { n.Measures = append(n.Measures, s.matchMeasure(&a)) })
	}
	n.Rows = s.matchRows()
	if s.accept("after", "match", "skip") {
		n.Skip = s.matchSkip()
	}
	if !s.word("pattern") {
		s.missing("PATTERN", "It comes behind MEASURES, ROWS PER MATCH and AFTER MATCH SKIP, and before DEFINE.")
	}
	n.Pattern = s.patternClause()
	within := s.accept("within")
	if within {
		a.next(s)
		s.expr()
	}
	if s.accept("subset") {
		s.commaList(func() { n.Subsets = append(n.Subsets, s.matchSubset()) })
	}
	if s.accept("define") {
		s.commaList(func() { n.Define = append(n.Define, s.matchDefine(&a)) })
	}
	s.call(from, n)
	s.fillAll(n.PartitionBy)
	s.fillOrder(n.OrderBy)
	for _, m := range n.Measures {
		s.fill(&m.Expr)
	}
	if within {
		s.fill(&n.Within)
	}
	for _, d := range n.Define {
		s.fill(&d.Cond)
	}
}

// missing reports a clause that has to stand here, unless what stands here is no clause at all.
func (p *parser) missing(clause, hint string) {
	for _, w := range []string{"measures", "one", "all", "after", "pattern", "subset", "define", "within", "order", "partition"} {
		if p.word(w) {
			bail(sqlerr.New(sqlerr.SyntaxError, "MATCH_RECOGNIZE needs %s", clause).WithHint("%s", hint).At(p.pos()))
		}
	}
	p.unexpected()
}

func (s *speller) matchMeasure(a *args) *ast.MatchMeasure {
	a.next(s)
	s.expr()
	s.expect("as")
	return &ast.MatchMeasure{Name: s.label()}
}

func (s *speller) matchDefine(a *args) *ast.MatchDefine {
	d := &ast.MatchDefine{Name: s.ident()}
	s.expect("as")
	a.next(s)
	s.expr()
	return d
}

func (s *speller) matchSubset() *ast.MatchSubset {
	n := &ast.MatchSubset{Name: s.ident()}
	if !s.acceptOp("=") {
		s.unexpected()
	}
	s.parenList(func() { n.Of = append(n.Of, s.ident()) })
	return n
}

// matchRows takes ONE ROW PER MATCH or ALL ROWS PER MATCH, if it is there.
func (p *parser) matchRows() ast.MatchRows {
	rows := ast.MatchRows{Pos: p.pos()}
	if p.accept("one", "row", "per", "match") || !p.accept("all", "rows", "per", "match") {
		return rows
	}
	switch {
	case p.accept("omit", "empty", "matches"):
		rows.Kind = ast.AllRowsOmitEmpty
	case p.accept("with", "unmatched", "rows"):
		rows.Kind = ast.AllRowsWithUnmatched
	default:
		p.accept("show", "empty", "matches")
		rows.Kind = ast.AllRowsShowEmpty
	}
	return rows
}

// matchSkip takes what follows AFTER MATCH SKIP.
func (p *parser) matchSkip() ast.MatchSkip {
	if p.accept("past", "last", "row") {
		return ast.MatchSkip{}
	}
	p.expect("to")
	switch {
	case p.accept("next", "row"):
		return ast.MatchSkip{Kind: ast.SkipToNextRow}
	case p.word("first") && isColID(p.peekAt(1)) && !p.patternAt(1):
		p.next()
		return ast.MatchSkip{Kind: ast.SkipToFirst, Variable: p.ident()}
	case p.word("last") && isColID(p.peekAt(1)) && !p.patternAt(1):
		p.next()
	}
	return ast.MatchSkip{Kind: ast.SkipToLast, Variable: p.ident()}
}

// patternAt reports whether the clause PATTERN ( begins k tokens ahead.
func (p *parser) patternAt(k int) bool {
	return p.peekAt(k).word("pattern") && p.peekAt(k+1).punct("(")
}

// semanticsAhead reports whether RUNNING or FINAL stands before a call, which it can in MATCH_RECOGNIZE.
func (s *speller) semanticsAhead() bool {
	return s.inMatch && (s.word("running") || s.word("final")) && isFuncName(s.peekAt(1)) && s.peekAt(2).punct("(")
}

// semantics spells RUNNING f(…) or FINAL f(…).
func (s *speller) semantics(from int32) {
	semantics := ast.SemanticsRunning
	if s.next().text == "final" {
		semantics = ast.SemanticsFinal
	}
	name := s.next()
	call := s.funcCall(from, ast.Name{Pos: int(name.pos), Parts: []string{name.text}})
	call.Semantics = semantics
}
