package parse

import "github.com/streamdb/streamdb/sql/ast"

// createTable reads CREATE TABLE and CREATE STREAM from the kind on, or the
// CREATE TABLE AS that it may turn out to be.
func (p *parser) createTable(n *ast.CreateTable) ast.Statement {
	p.expectAny("table", "stream")
	n.IfNotExists = p.ifNotExists()
	n.Name = p.qualifiedName()
	if !n.Stream && p.tableAsAhead() {
		return p.createTableAs(n)
	}
	switch pos := p.pos(); {
	case p.accept("partition", "of"):
		refuse(pos, "CREATE TABLE PARTITION OF", "Define a table of its own.")
	case p.accept("of"):
		refuse(pos, "CREATE TABLE OF a type", "Define the table's columns.")
	}
	p.expectPunct("(")
	if !p.acceptPunct(")") {
		p.commaList(func() { p.tableElement(n) })
		p.expectPunct(")")
	}
	p.tableClauses(n)
	return n
}

// tableElement reads a column, a constraint, LIKE or WATERMARK FOR.
func (p *parser) tableElement(n *ast.CreateTable) {
	switch {
	case p.word("watermark", "for"):
		n.Watermarks = append(n.Watermarks, p.watermark())
	case p.word("like"):
		p.next()
		like := &ast.LikeClause{Table: p.qualifiedName()}
		for p.word("including") || p.word("excluding") {
			how := p.next().text
			like.Options = append(like.Options, how+" "+p.label().Name)
		}
		n.Likes = append(n.Likes, like)
	case p.tableConstraintAhead():
		n.Constraints = append(n.Constraints, p.tableConstraint())
	default:
		n.Columns = append(n.Columns, p.columnDef())
	}
}

func (p *parser) watermark() *ast.Watermark {
	n := &ast.Watermark{Pos: p.pos()}
	p.expect("watermark", "for")
	n.Column = p.ident().Name
	p.expect("as")
	n.Expr = p.expr()
	return n
}

// columnDef reads name type [COLLATE c] constraints.
func (p *parser) columnDef() *ast.ColumnDef {
	name := p.ident()
	n := &ast.ColumnDef{Pos: name.Pos, Name: name.Name, Type: p.typeName()}
	for {
		switch {
		case p.accept("collate"):
			c := p.qualifiedName()
			n.Collation = &c
		case p.word("storage"), p.word("compression"):
			refuse(p.pos(), "column "+upper(p.peek().text), "Leave it out.")
		default:
			c := p.columnConstraint()
			if c == nil {
				return n
			}
			n.Constraints = append(n.Constraints, c)
		}
	}
}

// tableClauses reads what may follow the elements.
func (p *parser) tableClauses(n *ast.CreateTable) {
	if p.accept("inherits") {
		p.parenList(func() { n.Inherits = append(n.Inherits, p.qualifiedName()) })
	}
	if p.accept("partition", "by") {
		n.PartitionBy = p.ident().Name
		p.skipParens()
	}
	p.noAccessMethod()
	n.Options = p.withOptions()
	if n.Options == nil {
		p.accept("without", "oids")
	}
	n.OnCommit = p.onCommit()
	p.noTablespace()
}

// noAccessMethod refuses USING method: there is one way to store a table.
func (p *parser) noAccessMethod() {
	if p.word("using") {
		refuse(p.pos(), "a table access method", "Leave out USING.")
	}
}

// noTablespace refuses TABLESPACE: there is one data folder.
func (p *parser) noTablespace() {
	if p.word("tablespace") {
		refuse(p.pos(), "TABLESPACE", "All objects are kept in the server's data folder.")
	}
}

// skipParens takes a parenthesised group unread.
func (p *parser) skipParens() {
	t := p.peek()
	if !t.punct("(") || t.match == 0 {
		p.unexpected()
	}
	p.i = int(t.match) + 1
}

func (p *parser) onCommit() ast.OnCommit {
	if !p.accept("on", "commit") {
		return ast.OnCommitDefault
	}
	switch p.expectAny("preserve", "delete", "drop") {
	case "drop":
		return ast.OnCommitDrop
	case "delete":
		p.expect("rows")
		return ast.OnCommitDelete
	}
	p.expect("rows")
	return ast.OnCommitPreserve
}

// tableAsAhead reports whether a list of plain column names, or AS or a clause
// before it, follows the table's name: then it is CREATE TABLE AS.
func (p *parser) tableAsAhead() bool {
	if t := p.peek(); t.punct("(") {
		if t.match == 0 {
			return false
		}
		inner := p.peekAt(2)
		return inner.punct(",") || inner.punct(")") && !p.peekAt(1).punct("(")
	}
	return p.word("as") || p.word("with") || p.word("on") || p.word("using") || p.word("tablespace")
}

// createTableAs reads CREATE TABLE name [(columns)] AS query.
func (p *parser) createTableAs(t *ast.CreateTable) ast.Statement {
	n := &ast.CreateTableAs{Pos: t.Pos, Temp: t.Temp, Unlogged: t.Unlogged, IfNotExists: t.IfNotExists, Name: t.Name}
	n.Columns = p.optionalNames()
	p.noAccessMethod()
	n.Options = p.withOptions()
	n.OnCommit = p.onCommit()
	p.noTablespace()
	p.expect("as")
	if p.word("execute") {
		n.Query = p.execute()
	} else {
		n.Query = p.query()
	}
	if p.accept("with") {
		n.NoData = p.accept("no")
		p.expect("data")
	}
	return n
}
