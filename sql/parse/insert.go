package parse

import (
	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
)

// dataModifying reads INSERT, UPDATE or DELETE with its WITH clause.
func (p *parser) dataModifying() (stmt ast.Statement) {
	s := p.spell()
	pos := s.pos()
	with := s.with()
	switch {
	case s.word("insert"):
		n := &ast.Insert{Pos: pos, With: with}
		s.insertInto(n)
		s.run(func(u *unspeller, t stmtNode) { u.insertInto(n, t) })
		return n
	case s.word("update"):
		n := &ast.Update{Pos: pos, With: with}
		s.update(n)
		s.run(func(u *unspeller, t stmtNode) { u.update(n, t) })
		return n
	case s.word("delete"):
		n := &ast.Delete{Pos: pos, With: with}
		s.delete(n)
		s.run(func(u *unspeller, t stmtNode) { u.delete(n, t) })
		return n
	}
	s.unexpected()
	return nil
}

// insertInto spells INSERT. MySQL has WITH behind INTO only, so the client's is
// moved into a derived table; what else MySQL lacks rides in the value of ON
// DUPLICATE KEY UPDATE:
//
//	INSERT INTO `x1` SELECT ... ON DUPLICATE KEY UPDATE `x1` =
//	    `x2`(ON CONFLICT's index expressions, WHERE, values, WHERE, RETURNING, (WITH ... SELECT ?))
func (s *speller) insertInto(n *ast.Insert) {
	with := s.cut(0)
	s.expect("insert", "into")
	n.Table = s.qualifiedName()
	if s.word("as") {
		n.Alias = s.alias()
	}
	s.emit("INSERT INTO ")
	s.name(n)
	s.emit(" ")
	if s.peek().punct("(") && !s.queryAhead() {
		s.expectPunct("(")
		s.commaList(func() { n.Columns = append(n.Columns, s.insertColumn()) })
		s.expectPunct(")")
	}
	if s.accept("overriding") {
		n.Overriding = ast.OverridingSystem
		if s.expectAny("user", "system") == "user" {
			n.Overriding = ast.OverridingUser
		}
		s.expect("value")
	}
	if s.accept("default", "values") {
		s.emit("SELECT ")
		s.leaf(&ast.Default{Pos: n.Pos})
	} else {
		n.Source = &ast.Select{}
		s.query()
	}
	s.emit(" ON DUPLICATE KEY UPDATE ")
	s.name(n)
	s.emit("=")
	s.insertTail(n, with)
}

// insertTail spells what follows the rows.
func (s *speller) insertTail(n *ast.Insert, with fragment) {
	from := s.open()
	var a args
	conflict := s.onConflict(n, &a)
	returning := s.returning(&n.Returning, &a)
	if n.With != nil {
		a.next(s)
		s.emit("(")
		s.paste(s.last, with)
		s.emit("SELECT ")
		s.leaf(nil)
		s.emit(")")
	}
	s.call(from, n)
	if n.OnConflict != nil {
		s.fillConflict(n.OnConflict, conflict)
	}
	s.fillTargets(returning)
	if n.With != nil {
		s.addHole(hole{with: n.With})
	}
}

// insertColumn takes a column of INSERT's list or of a SET's left side. The
// subscripts and fields behind it, which MySQL has not, are a text of their own.
func (p *parser) insertColumn() *ast.InsertColumn {
	name := p.ident()
	n := &ast.InsertColumn{Pos: name.Pos, Name: name.Name}
	if t := p.peek(); t.punct("[") || t.punct(".") {
		s := p.spell()
		s.emit("SELECT ")
		from := s.open()
		s.name(&ast.ColumnRef{Name: ast.Name{Pos: name.Pos, Parts: []string{name.Name}}})
		s.indirection(from)
		s.run(func(u *unspeller, stmt stmtNode) { n.Path = u.expr(soleField(stmt)) })
	}
	return n
}

// conflictParts tells which optional holes of an ON CONFLICT were spelled.
type conflictParts struct{ elemsWhere, where bool }

// onConflict spells ON CONFLICT as further arguments.
func (s *speller) onConflict(n *ast.Insert, a *args) (parts conflictParts) {
	pos := s.pos()
	if !s.accept("on") {
		return parts
	}
	s.expect("conflict")
	c := &ast.OnConflict{Pos: pos}
	n.OnConflict = c
	switch {
	case s.peek().punct("("):
		s.parenList(func() { c.Elems = append(c.Elems, s.indexElem(a)) })
		parts.elemsWhere = s.whereArg(a)
	case s.accept("on", "constraint"):
		c.Constraint = s.ident().Name
	}
	s.expect("do")
	if s.expectAny("nothing", "update") == "nothing" {
		return parts
	}
	s.expect("set")
	c.DoUpdate = s.assignments(a)
	parts.where = s.whereArg(a)
	return parts
}

func (s *speller) fillConflict(c *ast.OnConflict, parts conflictParts) {
	for _, e := range c.Elems {
		s.fill(&e.Expr)
	}
	if parts.elemsWhere {
		s.fill(&c.ElemsWhere)
	}
	s.fillAssignments(c.DoUpdate)
	if parts.where {
		s.fill(&c.Where)
	}
}

// whereArg spells WHERE as a further argument and reports whether it was next.
func (s *speller) whereArg(a *args) bool {
	if !s.accept("where") {
		return false
	}
	a.next(s)
	s.expr()
	return true
}

// indexElem spells an element of an index: a column, a call, or any expression
// in parentheses.
func (s *speller) indexElem(a *args) *ast.IndexElem {
	n := &ast.IndexElem{Pos: s.pos()}
	a.next(s)
	switch t, next := s.peek(), s.peekAt(1); {
	case t.punct("("):
		s.enter()
		s.next()
		s.expr()
		s.expectPunct(")")
		s.leave()
	case isColID(t) && !next.punct("(") && !next.punct("."):
		name := s.ident()
		s.name(&ast.ColumnRef{Name: ast.Name{Pos: name.Pos, Parts: []string{name.Name}}})
	case s.funcTableAhead():
		s.primary()
	default:
		s.unexpected()
	}
	if s.accept("collate") {
		c := s.qualifiedName()
		n.Collation = &c
	}
	if isColID(s.peek()) && !s.word("nulls") {
		c := s.qualifiedName()
		n.OpClass = &c
		if s.peek().punct("(") {
			refuse(s.pos(), "an operator class parameter", "Use the operator class without parameters.")
		}
	}
	if s.acceptAny("asc", "desc") == "desc" {
		n.Desc = true
	}
	n.Nulls = s.nulls()
	return n
}

// returning spells RETURNING as further arguments and gives its targets.
func (s *speller) returning(list *[]*ast.Target, a *args) []*ast.Target {
	if !s.accept("returning") {
		return nil
	}
	s.commaList(func() {
		a.next(s)
		*list = append(*list, s.target())
	})
	return *list
}

func (s *speller) fillTargets(targets []*ast.Target) {
	for _, t := range targets {
		s.fill(&t.Expr)
	}
}

// insertInto un-spells INSERT.
func (u *unspeller) insertInto(n *ast.Insert, stmt stmtNode) {
	t, ok := stmt.(*tidb.InsertStmt)
	if !ok || len(t.OnDuplicate) != 1 {
		misread("an INSERT was expected")
	}
	if n.Source != nil {
		n.Source = u.query(t.Select)
	}
	u.call(t.OnDuplicate[0].Expr)
}
