package parse

import (
	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// query reads a whole query, which may stand in parentheses, as a statement.
func (p *parser) query() (sel *ast.Select) {
	s := p.spell()
	s.query()
	s.run(func(u *unspeller, stmt stmtNode) { sel = u.query(stmt) })
	return sel
}

// subquery spells a parenthesised query as TiDB's parser wants it.
func (s *speller) subquery() {
	s.enter()
	s.expectPunct("(")
	s.emit("(")
	s.query()
	s.emit(")")
	s.expectPunct(")")
	s.leave()
}

// query spells a query with all its clauses: WITH, the body, and a tail that
// stands as the one key of ORDER BY, `x1`(keys..., limit, offset).
func (s *speller) query() {
	s.queryTail(s.with())
}

// queryTail spells a query behind its WITH clause.
func (s *speller) queryTail(with *ast.With) {
	sel := &ast.Select{Pos: s.pos(), With: with}
	if with != nil {
		sel.Pos = with.Pos
	}
	if with != nil || !s.plainParens() {
		s.body()
	}
	from := s.open()
	var a args
	limits := s.tailClauses(sel, &a)
	if a == 0 && with == nil && sel.Locking == nil {
		return
	}
	s.call(from, sel)
	s.insert(from, piece{text: " ORDER BY ", mark: noMark})
	s.fillOrder(sel.OrderBy)
	s.fill(limits...)
}

// plainParens spells a query that is nothing but another one in parentheses as
// that one, and reports whether it was so.
func (s *speller) plainParens() bool {
	t := s.peek()
	if !t.punct("(") || t.match == 0 {
		return false
	}
	switch behind := &s.toks[t.match+1]; {
	case behind.kind == tokEOF, behind.punct(")"), behind.punct(";"):
	default:
		return false
	}
	if !s.queryAhead() {
		s.next()
		s.unexpected()
	}
	s.enter()
	s.next()
	s.query()
	s.expectPunct(")")
	s.leave()
	return true
}

// tailClauses spells ORDER BY, LIMIT, OFFSET, FETCH and FOR UPDATE. LIMIT and
// OFFSET come in either order; limits are their holes as they were spelled.
func (s *speller) tailClauses(sel *ast.Select, a *args) (limits []*ast.Expr) {
	if s.word("order") {
		sel.OrderBy = s.orderBy(a)
	}
	limit, offset := false, false
	for {
		switch {
		case s.word("limit") && !limit:
			limit = true
			if s.limit(a) {
				limits = append(limits, &sel.Limit)
			}
		case s.word("fetch") && !limit:
			limit = true
			s.fetchFirst(sel, a)
			limits = append(limits, &sel.Limit)
		case s.word("offset") && !offset:
			offset = true
			s.next()
			a.next(s)
			s.expr()
			limits = append(limits, &sel.Offset)
			_ = s.accept("row") || s.accept("rows")
		case s.word("for") && s.locking(sel):
		default:
			return limits
		}
	}
}

// limit spells LIMIT and reports whether it limits anything.
func (s *speller) limit(a *args) bool {
	s.expect("limit")
	if s.accept("all") {
		return false
	}
	a.next(s)
	s.expr()
	if s.peek().punct(",") {
		bail(sqlerr.New(sqlerr.SyntaxError, "LIMIT #,# syntax is not supported").At(s.pos()).
			WithHint("Use separate LIMIT and OFFSET clauses."))
	}
	return true
}

// fetchFirst spells FETCH FIRST n ROWS ONLY | WITH TIES.
func (s *speller) fetchFirst(sel *ast.Select, a *args) {
	s.expect("fetch")
	s.expectAny("first", "next")
	a.next(s)
	s.fetchCount()
	s.expectAny("row", "rows")
	if s.accept("with") {
		s.expect("ties")
		sel.WithTies = true
	} else {
		s.expect("only")
	}
}

// fetchCount spells the count of FETCH FIRST, which is 1 if not written.
func (s *speller) fetchCount() {
	if s.word("row") || s.word("rows") {
		s.leaf(&ast.Literal{Pos: s.pos(), Kind: ast.LiteralInteger, Text: "1"})
		return
	}
	from := s.open()
	if s.peek().op("-") || s.peek().op("+") {
		s.prefixOp(from, precSign, anyExpr)
		return
	}
	s.primary()
}

// lockStrengths are the words behind FOR and what they mean.
var lockStrengths = []struct {
	words    []string
	strength ast.LockStrength
}{
	{[]string{"for", "no", "key", "update"}, ast.LockNoKeyUpdate},
	{[]string{"for", "key", "share"}, ast.LockKeyShare},
	{[]string{"for", "update"}, ast.LockUpdate},
	{[]string{"for", "share"}, ast.LockShare},
}

// locking takes FOR UPDATE and its kin; FOR READ ONLY is no lock.
func (s *speller) locking(sel *ast.Select) bool {
	if s.accept("for", "read", "only") {
		return true
	}
	pos := s.pos()
	for _, l := range lockStrengths {
		if !s.accept(l.words...) {
			continue
		}
		lock := &ast.Locking{Pos: pos, Strength: l.strength}
		if s.accept("of") {
			lock.Of = s.nameList()
		}
		switch {
		case s.accept("nowait"):
			lock.Wait = ast.LockNoWait
		case s.accept("skip", "locked"):
			lock.Wait = ast.LockSkip
		}
		sel.Locking = append(sel.Locking, lock)
		return true
	}
	return false
}

// query un-spells a query.
func (u *unspeller) query(node tidb.Node) *ast.Select {
	var body ast.SelectBody
	var order *tidb.OrderByClause
	var with *tidb.WithClause
	switch n := node.(type) {
	case *tidb.SelectStmt:
		body, order, with = u.core(n), n.OrderBy, n.With
	case *tidb.SetOprStmt:
		body, order, with = u.setOp(n), n.OrderBy, n.With
	default:
		misread("a query was expected")
	}
	sel := &ast.Select{Pos: body.Position()}
	if order != nil {
		tail, ok := u.call(order.Items[0].Expr).(*ast.Select)
		if !ok {
			misread("a query's tail was expected")
		}
		sel = tail
	}
	u.with(sel.With, with)
	// A query in parentheses of its own is spelled as its only operand.
	if nested, ok := body.(*ast.Select); ok && hasNoClauses(sel) {
		return nested
	}
	sel.Body = body
	return sel
}

// hasNoClauses reports whether a query is its body and no more.
func hasNoClauses(s *ast.Select) bool {
	return s.With == nil && s.OrderBy == nil && s.Limit == nil && s.Offset == nil && s.Locking == nil
}

// bodyOf is the query as an operand of a set operation or of its own clauses.
func bodyOf(s *ast.Select) ast.SelectBody {
	if hasNoClauses(s) {
		return s.Body
	}
	return s
}
