package parse

import (
	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// fromList spells the items of FROM. Commas stay commas.
func (s *speller) fromList() {
	var a args
	s.commaList(func() {
		if a == maxFrom {
			bail(sqlerr.New(sqlerr.StatementTooComplex, "FROM has more than %d items", maxFrom).At(s.pos()))
		}
		a.next(s)
		s.tableExpr()
	})
}

// fromList un-spells FROM, which TiDB reads as cross joins without condition,
// nested to the left.
func (u *unspeller) fromList(j *tidb.Join) []ast.TableExpr {
	n := 1
	for x := j; x.Right != nil && x.On == nil; n++ {
		left, ok := x.Left.(*tidb.Join)
		if !ok {
			n++
			break
		}
		x = left
	}
	list := make([]ast.TableExpr, n)
	var rest tidb.ResultSetNode = j
	for i := n - 1; i > 0; i-- {
		x := rest.(*tidb.Join)
		list[i] = u.tableExpr(x.Right)
		rest = x.Left
	}
	list[0] = u.tableExpr(rest)
	return list
}

// tableExpr un-spells an item of FROM.
func (u *unspeller) tableExpr(node tidb.ResultSetNode) ast.TableExpr {
	switch n := node.(type) {
	case *tidb.Join:
		if n.Right == nil {
			return u.tableExpr(n.Left)
		}
		return u.join(n)
	case *tidb.TableSource:
		switch src := n.Source.(type) {
		case *tidb.TableName:
			return u.tableMark(u.mark(src.Name.O).node)
		case *tidb.SelectStmt, *tidb.SetOprStmt:
			if n.AsName.O == "" {
				return u.derived(src)
			}
			t, ok := u.mark(n.AsName.O).node.(*ast.SubqueryTable)
			if !ok {
				misread("a subquery in FROM was expected")
			}
			t.Query = u.query(src)
			return t
		}
	}
	misread("an item of FROM was expected")
	return nil
}

func (u *unspeller) tableMark(node any) ast.TableExpr {
	t, ok := node.(ast.TableExpr)
	if !ok {
		misread("a table was expected")
	}
	return t
}

// tablePrimary spells an item of FROM that is no join, and gives its node.
func (s *speller) tablePrimary() ast.TableExpr {
	from := s.open()
	t := s.matchInput()
	if s.matchAhead() {
		t = s.matchRecognize(from)
	}
	return t
}

// matchInput spells what MATCH_RECOGNIZE may stand behind.
func (s *speller) matchInput() ast.TableExpr {
	lateral := s.accept("lateral")
	t := s.peek()
	switch {
	case s.queryAhead():
		return s.subqueryTable(lateral)
	case t.punct("(") && !lateral:
		return s.parenJoin()
	case s.windowTableAhead():
		return s.windowTable()
	case t.word("rows") && s.peekAt(1).word("from"):
		return s.rowsFrom(lateral)
	case s.funcTableAhead() || lateral:
		return s.funcTable(lateral)
	}
	return s.tableName()
}

// subqueryTable spells (query) [alias].
func (s *speller) subqueryTable(lateral bool) ast.TableExpr {
	n := &ast.SubqueryTable{Pos: s.pos(), Lateral: lateral}
	s.subquery()
	s.emit(" AS ")
	s.name(n)
	if n.Alias = s.alias(); n.Alias == nil && !s.matchAhead() {
		e := sqlerr.New(sqlerr.SyntaxError, "subquery in FROM must have an alias").At(n.Pos)
		if s.toks[s.i-1].punct(")") {
			e = e.WithHint("For example, FROM (SELECT ...) [AS] foo.")
		}
		bail(e)
	}
	return n
}

// relation takes a relation's name, with ONLY, and neither alias nor clauses.
func (p *parser) relation() *ast.TableRef {
	n := &ast.TableRef{}
	switch {
	case p.accept("only"):
		n.Only = true
		paren := p.acceptPunct("(")
		n.Name = p.qualifiedName()
		if paren {
			p.expectPunct(")")
		}
	default:
		n.Name = p.qualifiedName()
		p.acceptOp("*")
	}
	return n
}

// tableName spells a relation. With AS OF SYSTEM TIME, FOR SYSTEM_TIME AS OF or
// TABLESAMPLE, whose expressions need a place, it is the derived table (SELECT `x1`(expressions)).
func (s *speller) tableName() ast.TableExpr {
	n := s.relation()
	from := s.open()
	var a args
	asOf, forTime := s.asOf(&a), s.forTime(&a)
	n.Alias = s.alias()
	if !asOf && !forTime {
		asOf, forTime = s.asOf(&a), s.forTime(&a)
	}
	seeded := false
	if s.word("tablesample") {
		n.Sample, seeded = s.sample(&a)
	}
	if a == 0 {
		s.name(n)
		return n
	}
	s.call(from, n)
	if asOf {
		s.fill(&n.AsOf)
	}
	if forTime {
		s.fill(&n.ForTime)
	}
	if n.Sample != nil {
		s.fillAll(n.Sample.Args)
		if seeded {
			s.fill(&n.Sample.Seed)
		}
	}
	s.derive(from)
	return n
}

// asOf spells AS OF SYSTEM TIME expression, if it is next.
func (s *speller) asOf(a *args) bool {
	if !s.atAsOf() {
		return false
	}
	s.i += 4
	a.next(s)
	s.expr()
	return true
}

// forTime spells FOR SYSTEM_TIME AS OF expression, if it is next.
func (s *speller) forTime(a *args) bool {
	if !s.word("for", "system_time", "as", "of") {
		return false
	}
	s.i += 4
	a.next(s)
	s.expr()
	return true
}

// sample spells TABLESAMPLE method (args) [REPEATABLE (seed)].
func (s *speller) sample(a *args) (n *ast.TableSample, seeded bool) {
	n = &ast.TableSample{Pos: s.pos()}
	s.expect("tablesample")
	n.Method = s.qualifiedName()
	count := 0
	s.parenList(func() {
		a.next(s)
		s.expr()
		count++
	})
	n.Args = make([]ast.Expr, count)
	if s.accept("repeatable") {
		seeded = true
		s.expectPunct("(")
		a.next(s)
		s.expr()
		s.expectPunct(")")
	}
	return n, seeded
}

// derive makes the call spelled since from a derived table.
func (s *speller) derive(from int32) {
	s.insert(from, piece{text: "(SELECT ", mark: noMark})
	s.emit(")")
}

// derived un-spells a derived table that is no subquery of the client's: the
// node is that of its first field.
func (u *unspeller) derived(node tidb.ResultSetNode) ast.TableExpr {
	sel, ok := node.(*tidb.SelectStmt)
	if !ok {
		misread("a derived table was expected")
	}
	if sel.From == nil {
		return u.tableMark(u.call(sel.Fields.Fields[0].Expr))
	}
	input := u.fromList(sel.From.TableRefs)[0]
	switch n := u.call(sel.Where).(type) {
	case *ast.WindowTable:
		n.Input = input
		return n
	case *ast.MatchRecognize:
		n.Input = input
		return n
	}
	misread("a window table function or MATCH_RECOGNIZE was expected")
	return nil
}
