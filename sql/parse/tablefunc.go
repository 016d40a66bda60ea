package parse

import (
	"github.com/streamdb/streamdb/sql/ast"
)

// funcTableAhead reports whether a call stands as an item of FROM: a name and a
// parenthesis, or one of the functions that have a syntax of their own.
func (s *speller) funcTableAhead() bool {
	i := s.i
	for isLabel(&s.toks[i]) && s.toks[i+1].punct(".") {
		i += 2
	}
	t := &s.toks[i]
	if !isLabel(t) {
		return false
	}
	if i > s.i || isFuncName(t) || t.cat == ast.ColumnKeyword {
		return s.toks[i+1].punct("(") || t.word("current_schema") || s.word("collation", "for")
	}
	switch t.text {
	case "current_catalog", "current_date", "current_role", "current_time", "current_timestamp",
		"current_user", "localtime", "localtimestamp", "session_user", "user":
		return t.kind == tokWord
	}
	return false
}

// funcTable spells a function in FROM as the derived table (SELECT `x1`(call)).
func (s *speller) funcTable(lateral bool) ast.TableExpr {
	n := &ast.FuncTable{Pos: s.pos(), Lateral: lateral, Calls: make([]ast.TableCall, 1)}
	if !s.funcTableAhead() {
		s.unexpected()
	}
	from := s.open()
	s.primary()
	s.ordinality(n)
	s.funcAlias(n)
	s.call(from, n)
	s.fill(&n.Calls[0].Call)
	s.derive(from)
	return n
}

// rowsFrom spells ROWS FROM (call [AS (columns)], ...).
func (s *speller) rowsFrom(lateral bool) ast.TableExpr {
	n := &ast.FuncTable{Pos: s.pos(), Lateral: lateral, RowsFrom: true}
	s.expect("rows", "from")
	from := s.open()
	var a args
	s.enter()
	s.parenList(func() {
		if !s.funcTableAhead() {
			s.unexpected()
		}
		a.next(s)
		s.primary()
		var call ast.TableCall
		if s.accept("as") {
			call.Columns = s.columnDefList()
		}
		n.Calls = append(n.Calls, call)
	})
	s.leave()
	s.ordinality(n)
	s.funcAlias(n)
	s.call(from, n)
	for i := range n.Calls {
		s.fill(&n.Calls[i].Call)
	}
	s.derive(from)
	return n
}

func (s *speller) ordinality(n *ast.FuncTable) { n.Ordinality = s.accept("with", "ordinality") }

// funcAlias takes a function's alias: [AS] name [(columns)], where the columns
// may have types, or AS (columns with types).
func (s *speller) funcAlias(n *ast.FuncTable) {
	if s.word("as") && s.peekAt(1).punct("(") {
		s.next()
		n.Columns = s.columnDefList()
		return
	}
	pos := s.pos()
	as := s.word("as")
	name := s.peek()
	if as {
		name = s.peekAt(1)
	}
	columns := s.peekAt(1)
	if as {
		columns = s.peekAt(2)
	}
	if s.matchAhead() || !isColID(name) || !columns.punct("(") || !s.typedColumns(int(columns.match)) {
		n.Alias = s.alias()
		return
	}
	if as {
		s.next()
	}
	n.Alias = &ast.Alias{Pos: pos, Name: s.ident().Name}
	n.Columns = s.columnDefList()
}

// typedColumns reports whether the list that ends at token end begins with a
// name and a type.
func (s *speller) typedColumns(end int) bool {
	for i := s.i; i < end; i++ {
		if s.toks[i].punct("(") {
			return isColID(&s.toks[i+1]) && !s.toks[i+2].punct(",") && !s.toks[i+2].punct(")")
		}
	}
	return false
}

// columnDefList takes a record function's columns with their types.
func (p *parser) columnDefList() (defs []*ast.ColumnDef) {
	p.parenList(func() {
		name := p.ident()
		d := &ast.ColumnDef{Pos: name.Pos, Name: name.Name, Type: p.typeName()}
		if p.accept("collate") {
			c := p.qualifiedName()
			d.Collation = &c
		}
		defs = append(defs, d)
	})
	return defs
}
