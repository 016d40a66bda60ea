package parse

import (
	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// tableExpr spells an item of FROM, joins included, and gives its node. Every
// join is spelled with a condition, ON `x1`(condition if any), whose mark is the
// join; the kinds are MySQL's, with STRAIGHT_JOIN, which PostgreSQL lacks, for
// FULL JOIN.
func (s *speller) tableExpr() ast.TableExpr {
	from := s.open()
	return s.joins(from, s.tablePrimary())
}

// joins spells the joins behind their first table.
func (s *speller) joins(from int32, left ast.TableExpr) ast.TableExpr {
	for wraps := 0; s.joinAhead(); wraps++ {
		if wraps > maxNesting {
			bail(tooDeep(s.pos()))
		}
		left = s.join()
	}
	return left
}

func (s *speller) joinAhead() bool {
	t := s.peek()
	if s.asofAhead() {
		return true
	}
	if t.kind != tokWord || t.cat == ast.NotKeyword {
		return false
	}
	switch t.text {
	case "join", "inner", "left", "right", "full", "cross", "natural":
		return true
	}
	return false
}

// asofAhead reports whether ASOF JOIN is next.
func (p *parser) asofAhead() bool { return p.word("asof", "join") }

// joinSpelling is MySQL's spelling of each kind of join.
var joinSpelling = [...]string{
	ast.JoinInner: " JOIN ",
	ast.JoinLeft:  " LEFT JOIN ",
	ast.JoinRight: " RIGHT JOIN ",
	ast.JoinFull:  " STRAIGHT_JOIN ",
	ast.JoinCross: " JOIN ",
}

// join spells one join behind its left side.
func (s *speller) join() *ast.Join {
	n := &ast.Join{Pos: s.pos(), Natural: s.accept("natural")}
	switch s.acceptAny("inner", "left", "right", "full", "cross") {
	case "left":
		n.Kind = ast.JoinLeft
	case "right":
		n.Kind = ast.JoinRight
	case "full":
		n.Kind = ast.JoinFull
	case "cross":
		if n.Natural {
			s.i--
			s.unexpected()
		}
		n.Kind = ast.JoinCross
	}
	if n.Kind == ast.JoinLeft || n.Kind == ast.JoinRight || n.Kind == ast.JoinFull {
		s.accept("outer")
	}
	s.asof(n)
	s.expect("join")
	s.emit(joinSpelling[n.Kind])
	switch {
	case n.Asof:
		s.tablePrimary()
		s.matchCondition(n)
		return n
	case n.Natural || n.Kind == ast.JoinCross:
		s.tablePrimary()
	default:
		s.joinRight()
	}
	s.condition(n)
	return n
}

// asof takes ASOF, which stands before JOIN.
func (s *speller) asof(n *ast.Join) {
	if !s.asofAhead() {
		return
	}
	if n.Natural || n.Kind != ast.JoinInner && n.Kind != ast.JoinLeft {
		bail(sqlerr.Unsupported("ASOF with this kind of join", "Write ASOF JOIN or LEFT ASOF JOIN.").At(s.pos()))
	}
	n.Asof = s.accept("asof")
}

// matchCondition spells MATCH_CONDITION (comparison) [ON condition | USING (columns)] as ON `x1`(comparison, condition).
func (s *speller) matchCondition(n *ast.Join) {
	if !s.word("match_condition") {
		bail(sqlerr.New(sqlerr.SyntaxError, "ASOF JOIN needs MATCH_CONDITION").At(s.pos()).
			WithHint("Write … ASOF JOIN b MATCH_CONDITION (a.at >= b.at) ON a.id = b.id."))
	}
	s.next()
	s.emit(" ON ")
	from := s.open()
	var a args
	s.expectPunct("(")
	a.next(s)
	s.expr()
	s.expectPunct(")")
	holes := []*ast.Expr{&n.Match}
	switch s.acceptAny("on", "using") {
	case "on":
		a.next(s)
		s.expr()
		holes = append(holes, &n.On)
	case "using":
		s.using(n)
	}
	s.call(from, n)
	s.fill(holes...)
}

// using takes the columns of USING.
func (s *speller) using(n *ast.Join) {
	n.Using = s.names()
	if s.accept("as") {
		n.UsingAlias = s.ident().Name
	}
}

// joinRight spells the right side of a join that has a condition. A join that
// begins before the condition belongs to the right side.
func (s *speller) joinRight() {
	from := s.open()
	right := s.tablePrimary()
	if !s.joinAhead() {
		return
	}
	s.enter()
	s.joins(from, right)
	s.leave()
	s.insert(from, piece{text: "(", mark: noMark})
	s.emit(")")
}

// condition spells ON or USING.
func (s *speller) condition(n *ast.Join) {
	s.emit(" ON ")
	from := s.open()
	if n.Natural || n.Kind == ast.JoinCross {
		s.call(from, n)
		return
	}
	if s.expectAny("on", "using") == "on" {
		s.expr()
		s.call(from, n)
		s.fill(&n.On)
		return
	}
	s.using(n)
	s.call(from, n)
}

// parenJoin spells a join in parentheses, which may have an alias.
func (s *speller) parenJoin() ast.TableExpr {
	s.enter()
	s.expectPunct("(")
	s.emit("(")
	t := s.tableExpr()
	join, ok := t.(*ast.Join)
	if !ok {
		s.unexpected()
	}
	s.emit(")")
	s.expectPunct(")")
	s.leave()
	if alias := s.alias(); alias != nil {
		if join.Alias != nil {
			s.unexpected()
		}
		join.Alias = alias
	}
	return join
}

// join un-spells a join: its condition's mark is the node.
func (u *unspeller) join(n *tidb.Join) ast.TableExpr {
	if n.On == nil {
		misread("a join without condition")
	}
	left := u.tableExpr(n.Left)
	right := u.tableExpr(n.Right)
	j, ok := u.call(n.On.Expr).(*ast.Join)
	if !ok {
		misread("a join was expected")
	}
	j.Left, j.Right = left, right
	return j
}
