package parse

import "github.com/streamdb/streamdb/sql/ast"

// alter reads ALTER.
func (p *parser) alter() ast.Statement {
	start := p.i
	n := &ast.Alter{Pos: p.pos()}
	p.expect("alter")
	if p.word("user", "mapping") {
		return p.skipFrom(start, 3)
	}
	n.Kind = p.objectKind()
	switch n.Kind {
	case ast.ObjectRole, ast.ObjectUser, ast.ObjectGroup:
		return p.alterRole(n.Pos, n.Kind)
	case ast.ObjectFunction, ast.ObjectProcedure, ast.ObjectRoutine, ast.ObjectTrigger, ast.ObjectLargeObject,
		ast.ObjectType, ast.ObjectDomain, ast.ObjectExtension, ast.ObjectLanguage, ast.ObjectTablespace:
		return p.skipFrom(start, 2)
	case ast.ObjectColumn, ast.ObjectConstraint:
		p.i = start + 1
		p.unexpected()
	case "":
		if p.word("system") || p.word("default", "privileges") {
			return p.skipFrom(start, 2)
		}
		if t := p.peek(); t.kind == tokWord && createdObjects[t.text] > 0 {
			return p.skipFrom(start, 1+createdObjects[t.text])
		}
		p.unexpected()
	}
	n.IfExists = p.ifExists()
	if p.word("all", "in", "tablespace") {
		return p.skipFrom(start, 2)
	}
	ref := p.relation()
	n.Name, n.Only = ref.Name, ref.Only
	p.commaList(func() { n.Actions = append(n.Actions, p.alterAction(n.Kind)) })
	return n
}

// alterAction reads one change.
func (p *parser) alterAction(kind ast.ObjectKind) ast.AlterAction {
	pos := p.pos()
	switch {
	case p.accept("rename"):
		return p.rename(pos, kind)
	case p.accept("set"):
		return p.alterSet(pos)
	case p.word("reset") && p.peekAt(1).punct("("):
		p.next()
		n := &ast.ResetOptions{Pos: pos}
		p.parenList(func() { n.Names = append(n.Names, p.optionName()) })
		return n
	case p.accept("resume"):
		return &ast.Resume{Pos: pos}
	case p.accept("replay"):
		if !p.accept("late") {
			p.unexpected()
		}
		return &ast.ReplayLate{Pos: pos}
	case p.accept("owner", "to"):
		return &ast.OwnerTo{Pos: pos, Role: p.roleName()}
	case p.accept("add"):
		return p.alterAdd(pos)
	case p.accept("drop"):
		return p.alterDrop(pos)
	case p.accept("alter"):
		return p.alterColumn(pos)
	}
	return p.alterOther(pos)
}

// rename reads what follows RENAME.
func (p *parser) rename(pos int, kind ast.ObjectKind) ast.AlterAction {
	switch kind {
	case ast.ObjectTable, ast.ObjectStream, ast.ObjectView, ast.ObjectMatView:
	default: // no columns
		p.expect("to")
		return &ast.RenameTo{Pos: pos, Name: p.ident().Name}
	}
	switch {
	case p.accept("to"):
		return &ast.RenameTo{Pos: pos, Name: p.ident().Name}
	case p.accept("constraint"):
		n := &ast.RenameConstraint{Pos: pos, From: p.ident().Name}
		p.expect("to")
		n.To = p.ident().Name
		return n
	}
	p.accept("column")
	n := &ast.RenameColumn{Pos: pos, From: p.ident().Name}
	p.expect("to")
	n.To = p.ident().Name
	return n
}

// alterSet reads what follows SET.
func (p *parser) alterSet(pos int) ast.AlterAction {
	if p.peek().punct("(") {
		return &ast.SetOptions{Pos: pos, Options: p.options()}
	}
	if p.accept("schema") {
		return &ast.SetSchema{Pos: pos, Schema: p.ident().Name}
	}
	return p.alterRest(pos, "SET")
}

// alterAdd reads what follows ADD.
func (p *parser) alterAdd(pos int) ast.AlterAction {
	if p.tableConstraintAhead() {
		return &ast.AddConstraint{Pos: pos, Constraint: p.tableConstraint()}
	}
	if p.word("generated") || p.word("value") {
		return p.alterRest(pos, "ADD")
	}
	p.accept("column")
	n := &ast.AddColumn{Pos: pos, IfNotExists: p.ifNotExists()}
	n.Def = p.columnDef()
	return n
}

// alterDrop reads what follows DROP.
func (p *parser) alterDrop(pos int) ast.AlterAction {
	if p.accept("constraint") {
		n := &ast.DropConstraint{Pos: pos, IfExists: p.ifExists(), Name: p.ident().Name}
		n.Behavior = p.dropBehavior()
		return n
	}
	p.accept("column")
	n := &ast.DropColumn{Pos: pos, IfExists: p.ifExists(), Name: p.ident().Name}
	n.Behavior = p.dropBehavior()
	return n
}

// alterColumn reads what follows ALTER.
func (p *parser) alterColumn(pos int) ast.AlterAction {
	if p.accept("constraint") {
		return p.alterRest(pos, "ALTER CONSTRAINT")
	}
	p.accept("column")
	n := &ast.AlterColumn{Pos: pos, Column: p.ident().Name}
	switch {
	case p.accept("set", "default"):
		n.Change = ast.ColumnSetDefault
		n.Default = p.expr()
	case p.accept("drop", "default"):
		n.Change = ast.ColumnDropDefault
	case p.accept("set", "not", "null"):
		n.Change = ast.ColumnSetNotNull
	case p.accept("drop", "not", "null"):
		n.Change = ast.ColumnDropNotNull
	case p.accept("set", "data", "type"), p.accept("type"):
		n.Change = ast.ColumnSetType
		n.Type = p.typeName()
		if p.accept("collate") {
			refuse(p.pos(), "a collation in ALTER COLUMN TYPE", "Use the default collation.")
		}
		if p.accept("using") {
			n.Using = p.expr()
		}
	default:
		return p.alterRest(pos, "ALTER COLUMN")
	}
	return n
}

// alterOtherWords begin actions of PostgreSQL's that are known by name alone.
var alterOtherWords = []string{
	"attach", "detach", "cluster", "disable", "enable", "force", "inherit", "no", "not", "of", "options",
	"replica", "validate", "restart", "increment", "start", "minvalue", "maxvalue", "cache", "cycle",
	"refresh", "depends", "connection", "allow_connections", "is_template", "with", "as", "owned",
}

func (p *parser) alterOther(pos int) ast.AlterAction {
	for _, w := range alterOtherWords {
		if p.word(w) {
			return p.alterRest(pos, "")
		}
	}
	p.unexpected()
	return nil
}

// alterRest takes an action known by name alone up to the next comma outside
// parentheses.
func (p *parser) alterRest(pos int, what string) ast.AlterAction {
	n := &ast.AlterOther{Pos: pos, What: what}
	if t := p.peek(); t.kind == tokWord {
		if n.What != "" {
			n.What += " "
		}
		n.What += upper(t.text)
	} else {
		p.unexpected()
	}
	for t := p.peek(); t.kind != tokEOF && !t.punct(";") && !t.punct(","); t = p.peek() {
		if t.punct("(") && t.match != 0 {
			p.i = int(t.match)
		}
		p.next()
	}
	return n
}
