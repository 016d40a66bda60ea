package parse

import (
	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
)

// update spells UPDATE as one of several tables, of which the first is changed:
//
//	UPDATE `x1`, tables SET `x1` = `x2`(values) WHERE `x3`(condition, RETURNING)
//
// MySQL has tables before SET and PostgreSQL behind the values, so the tables
// are put where MySQL wants them.
func (s *speller) update(n *ast.Update) {
	s.expect("update")
	n.Table = s.targetTable()
	s.emit("UPDATE ")
	s.name(n.Table)
	tables := s.open()
	s.expect("set")
	s.emit(" SET ")
	s.name(n.Table)
	s.emit("=")
	values := s.open()
	var a args
	n.Set = s.assignments(&a)
	s.call(values, n)
	s.fillAssignments(n.Set)
	if s.accept("from") {
		from := s.open()
		s.emit(",")
		s.fromList()
		s.paste(tables, s.cut(from))
	}
	s.whereReturning(n, &n.Where, &n.Returning)
}

// delete spells DELETE, with USING only if the client has it:
//
//	DELETE FROM `x1` USING `x1`, tables WHERE `x2`(condition, RETURNING)
func (s *speller) delete(n *ast.Delete) {
	s.expect("delete", "from")
	n.Table = s.targetTable()
	s.emit("DELETE FROM ")
	s.name(n.Table)
	if s.accept("using") {
		s.emit(" USING ")
		s.fromList()
	}
	s.whereReturning(n, &n.Where, &n.Returning)
}

// targetTable takes the relation that UPDATE or DELETE changes.
func (s *speller) targetTable() *ast.TableRef {
	t := s.relation()
	if s.accept("as") || isColID(s.peek()) && !s.word("set") {
		name := s.ident()
		t.Alias = &ast.Alias{Pos: name.Pos, Name: name.Name}
	}
	return t
}

// whereReturning spells WHERE and RETURNING as one call.
func (s *speller) whereReturning(node any, where *ast.Expr, returning *[]*ast.Target) {
	s.emit(" WHERE ")
	from := s.open()
	var a args
	filtered := false
	if s.word("where", "current", "of") {
		pos := s.pos()
		s.i += 3
		a.next(s)
		s.leaf(&ast.CurrentOf{Pos: pos, Cursor: s.ident().Name})
		filtered = true
	} else {
		filtered = s.whereArg(&a)
	}
	targets := s.returning(returning, &a)
	s.call(from, node)
	if filtered {
		s.fill(where)
	}
	s.fillTargets(targets)
}

// assignments spells SET's list as arguments: the value of each.
func (s *speller) assignments(a *args) (list []*ast.Assignment) {
	s.commaList(func() {
		n := &ast.Assignment{}
		if s.peek().punct("(") {
			n.Multi = true
			s.parenList(func() { n.Columns = append(n.Columns, s.insertColumn()) })
		} else {
			n.Columns = []*ast.InsertColumn{s.insertColumn()}
		}
		if !s.acceptOp("=") {
			s.unexpected()
		}
		a.next(s)
		s.expr()
		list = append(list, n)
	})
	return list
}

func (s *speller) fillAssignments(list []*ast.Assignment) {
	for _, n := range list {
		s.fill(&n.Value)
	}
}

// update un-spells UPDATE.
func (u *unspeller) update(n *ast.Update, stmt stmtNode) {
	t, ok := stmt.(*tidb.UpdateStmt)
	if !ok || len(t.List) != 1 {
		misread("an UPDATE was expected")
	}
	u.with(n.With, t.With)
	u.call(t.List[0].Expr)
	if list := u.fromList(t.TableRefs.TableRefs); len(list) > 1 {
		n.From = list[1:]
	}
	u.call(t.Where)
}

// delete un-spells DELETE.
func (u *unspeller) delete(n *ast.Delete, stmt stmtNode) {
	t, ok := stmt.(*tidb.DeleteStmt)
	if !ok {
		misread("a DELETE was expected")
	}
	u.with(n.With, t.With)
	if t.IsMultiTable {
		n.Using = u.fromList(t.TableRefs.TableRefs)
	}
	u.call(t.Where)
}
