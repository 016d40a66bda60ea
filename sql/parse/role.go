package parse

import (
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// createRole reads CREATE ROLE | USER | GROUP from the kind on.
func (p *parser) createRole(pos int) ast.Statement {
	n := &ast.CreateRole{Pos: pos, Kind: p.objectKind()}
	n.Name = p.roleName()
	p.accept("with")
	n.Options = p.roleOptions()
	return n
}

// alterRole reads ALTER ROLE | USER | GROUP from the name on.
func (p *parser) alterRole(pos int, kind ast.ObjectKind) ast.Statement {
	n := &ast.AlterRole{Pos: pos, Kind: kind}
	if !p.accept("all") {
		n.Name = p.roleName()
	}
	if p.accept("rename", "to") {
		n.RenameTo = p.roleName()
		return n
	}
	if p.accept("in", "database") {
		n.Database = p.ident().Name
	}
	switch at := p.pos(); {
	case p.accept("set"):
		n.Setting = p.setRest(at, false)
	case p.word("reset"):
		n.Setting = p.reset()
	case n.Database != "":
		p.unexpected()
	default:
		p.accept("with")
		n.Options = p.roleOptions()
	}
	return n
}

// roleFlags are the boolean attributes of a role. They are no keywords; each
// also has a form with NO before it.
var roleFlags = []string{"superuser", "createdb", "createrole", "inherit", "login", "replication", "bypassrls"}

// roleOptions reads a role's attributes to the statement's end.
func (p *parser) roleOptions() (list []*ast.Option) {
	for {
		t := p.peek()
		if t.kind == tokEOF || t.punct(";") {
			return list
		}
		list = append(list, p.roleOption())
	}
}

func (p *parser) roleOption() *ast.Option {
	pos := p.pos()
	for _, flag := range roleFlags {
		switch {
		case p.accept(flag):
			return wordOption(pos, flag, "true")
		case p.accept("no" + flag):
			return wordOption(pos, flag, "false")
		}
	}
	o := &ast.Option{Pos: pos}
	switch {
	case p.accept("password"), p.accept("encrypted", "password"):
		o.Name = "password"
		o.Value = ast.OptionValue{Pos: p.pos(), Kind: ast.ValueNone}
		if p.toks[p.i-2].word("encrypted") || !p.accept("null") {
			o.Value.Kind, o.Value.Text = ast.ValueString, p.stringLit()
		}
	case p.accept("connection", "limit"):
		o.Name = "connection limit"
		o.Value = p.optionValue()
	case p.accept("valid", "until"):
		o.Name = "valid until"
		o.Value = ast.OptionValue{Pos: p.pos(), Kind: ast.ValueString}
		o.Value.Text = p.stringLit()
	case p.accept("sysid"):
		o.Name = "sysid"
		o.Value = p.optionValue()
	default:
		if t := p.peek(); t.kind == tokWord && t.cat == ast.NotKeyword {
			bail(sqlerr.New(sqlerr.SyntaxError, `unrecognized role option "%s"`, t.text).At(pos))
		}
		o.Name = p.roleListName()
		o.Value = ast.OptionValue{Pos: p.pos(), Kind: ast.ValueList}
		p.commaList(func() {
			o.Value.List = append(o.Value.List, ast.OptionValue{Pos: p.pos(), Kind: ast.ValueWord, Text: p.roleName()})
		})
	}
	return o
}

// roleListName takes the name of an attribute whose value is a list of roles.
func (p *parser) roleListName() string {
	switch {
	case p.accept("in", "role"), p.accept("in", "group"):
		return "in role"
	case p.accept("role"), p.accept("user"):
		return "role"
	}
	p.expect("admin")
	return "admin"
}
