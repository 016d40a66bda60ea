package parse

import "github.com/streamdb/streamdb/sql/ast"

// isColID reports whether t can be the name of a column, table or other object.
func isColID(t *token) bool {
	switch t.kind {
	case tokQuoted:
		return true
	case tokWord:
		return t.cat == ast.NotKeyword || t.cat == ast.UnreservedKeyword || t.cat == ast.ColumnKeyword
	}
	return false
}

// isFuncName reports whether t can be an unqualified function's or type's name.
func isFuncName(t *token) bool {
	switch t.kind {
	case tokQuoted:
		return true
	case tokWord:
		return t.cat == ast.NotKeyword || t.cat == ast.UnreservedKeyword || t.cat == ast.TypeFuncKeyword
	}
	return false
}

// isLabel reports whether t can be a name after AS or after a dot.
func isLabel(t *token) bool { return t.kind == tokWord || t.kind == tokQuoted }

// isBareLabel reports whether t can be a column's label without AS.
func (p *parser) isBareLabel() bool {
	t := p.peek()
	return isLabel(t) && !t.asLabel && !p.atEmit()
}

// atEmit reports whether a view's EMIT clause is next. EMIT is no keyword, so
// only what follows tells it from an alias.
func (p *parser) atEmit() bool {
	return p.word("emit") && (p.word("emit", "changes") || p.word("emit", "on", "window"))
}

// ident takes the name of an object.
func (p *parser) ident() ast.Ident {
	t := p.peek()
	if !isColID(t) {
		p.unexpected()
	}
	p.i++
	return ast.Ident{Pos: int(t.pos), Name: t.text}
}

// label takes a name where any word will do.
func (p *parser) label() ast.Ident {
	t := p.peek()
	if !isLabel(t) {
		p.unexpected()
	}
	p.i++
	return ast.Ident{Pos: int(t.pos), Name: t.text}
}

// nonReserved takes a name of which only reserved words are refused, such as a
// role's or a setting value's.
func (p *parser) nonReserved() ast.Ident {
	if t := p.peek(); t.kind == tokWord && t.cat == ast.ReservedKeyword {
		p.unexpected()
	}
	return p.label()
}

// roleName takes a role, of which CURRENT_USER and its kin are names too.
func (p *parser) roleName() string {
	if w := p.acceptAny("current_user", "current_role", "session_user"); w != "" {
		return w
	}
	return p.nonReserved().Name
}

// qualifiedName takes a possibly qualified name.
func (p *parser) qualifiedName() ast.Name {
	first := p.ident()
	return p.qualify(first)
}

// qualify takes what follows a name's first part.
func (p *parser) qualify(first ast.Ident) ast.Name {
	name := ast.Name{Pos: first.Pos, Parts: []string{first.Name}}
	for p.peek().punct(".") && isLabel(p.peekAt(1)) {
		p.i++
		name.Parts = append(name.Parts, p.label().Name)
	}
	if p.peek().punct(".") {
		p.i++
		p.unexpected()
	}
	return name
}

// nameList takes qualified names between commas.
func (p *parser) nameList() (names []ast.Name) {
	p.commaList(func() { names = append(names, p.qualifiedName()) })
	return names
}

// alias takes [AS] name [(columns)] if it is there. Without AS the name must be
// one that no clause begins with.
func (p *parser) alias() *ast.Alias {
	pos := p.pos()
	switch {
	case p.atAsOf(), p.matchAhead(), p.asofAhead(), p.word("match_condition") && p.peekAt(1).punct("("):
		return nil
	case p.accept("as"):
	case !isColID(p.peek()) || p.atEmit():
		return nil
	}
	return &ast.Alias{Pos: pos, Name: p.ident().Name, Columns: p.optionalNames()}
}

// atAsOf reports whether AS OF SYSTEM TIME is next; OF alone may be an alias.
func (p *parser) atAsOf() bool { return p.word("as", "of", "system", "time") }
