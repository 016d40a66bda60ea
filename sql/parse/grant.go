package parse

import "github.com/streamdb/streamdb/sql/ast"

// grant reads GRANT and REVOKE of privileges and of roles.
func (p *parser) grant() ast.Statement {
	n := &ast.Grant{Pos: p.pos()}
	n.Revoke = p.expectAny("grant", "revoke") == "revoke"
	if n.Revoke && (p.accept("grant", "option", "for") || p.accept("admin", "option", "for")) {
		n.Option = true
	}
	if p.accept("all") {
		p.accept("privileges")
		if cols := p.optionalNames(); cols != nil {
			n.Privileges = []ast.Privilege{{Name: "all", Columns: cols}}
		}
	} else {
		p.commaList(func() {
			n.Privileges = append(n.Privileges, ast.Privilege{Name: p.privilege(), Columns: p.optionalNames()})
		})
	}
	if p.accept("on") {
		p.grantObjects(n)
	}
	if n.Revoke {
		p.expect("from")
	} else {
		p.expect("to")
	}
	p.commaList(func() {
		p.accept("group")
		n.Roles = append(n.Roles, p.roleName())
	})
	if !n.Revoke && p.accept("with") {
		p.expectAny("grant", "admin")
		p.expect("option")
		n.Option = true
	}
	if p.accept("granted", "by") {
		n.GrantedBy = p.roleName()
	}
	if n.Revoke {
		n.Behavior = p.dropBehavior()
	}
	return n
}

// privilege takes a privilege's or a role's name; SELECT and its kin are reserved.
func (p *parser) privilege() string {
	if w := p.acceptAny("select", "references", "create"); w != "" {
		return w
	}
	if p.accept("alter", "system") {
		return "alter system"
	}
	return p.roleName()
}

// grantObjects reads what privileges are granted on. A name alone is a table's.
func (p *parser) grantObjects(n *ast.Grant) {
	if p.accept("all") {
		n.AllInSchema = true
		switch p.expectAny("tables", "sequences", "functions", "procedures", "routines") {
		case "tables":
			n.Kind = ast.ObjectTable
		case "sequences":
			n.Kind = ast.ObjectSequence
		case "functions":
			n.Kind = ast.ObjectFunction
		case "procedures":
			n.Kind = ast.ObjectProcedure
		default:
			n.Kind = ast.ObjectRoutine
		}
		p.expect("in", "schema")
		n.Objects = p.nameList()
		return
	}
	if t := p.peekAt(1); !t.word("to") && !t.word("from") && !t.punct(",") && !t.punct(".") {
		n.Kind = p.objectKind()
	}
	if n.Kind == "" {
		n.Kind = ast.ObjectTable
	}
	p.commaList(func() {
		n.Objects = append(n.Objects, p.qualifiedName())
		switch n.Kind {
		case ast.ObjectFunction, ast.ObjectProcedure, ast.ObjectRoutine:
			if p.peek().punct("(") {
				p.skipParens() // the argument types
			}
		}
	})
}
