package parse

import "github.com/streamdb/streamdb/sql/ast"

// columnConstraint reads one constraint or property of a column, or nil if none
// is next.
func (p *parser) columnConstraint() *ast.Constraint {
	n := &ast.Constraint{Pos: p.pos()}
	if p.accept("constraint") {
		n.Name = p.ident().Name
	}
	switch {
	case p.accept("not", "null"):
		n.Kind = ast.ConstraintNotNull
	case p.accept("null"):
		n.Kind = ast.ConstraintNull
	case p.accept("default"):
		n.Kind = ast.ConstraintDefault
		n.Expr = p.exprOf(boundExpr)
	case p.word("generated"):
		p.generated(n)
	case p.accept("references"):
		n.Kind = ast.ConstraintForeignKey
		n.References = p.references()
	case p.accept("unique"):
		n.Kind = ast.ConstraintUnique
		n.NullsNotDistinct = p.nullsNotDistinct()
		p.indexParameters(n)
	case p.accept("primary", "key"):
		n.Kind = ast.ConstraintPrimaryKey
		p.indexParameters(n)
	case p.accept("check"):
		p.check(n)
	default:
		if n.Name != "" {
			p.unexpected()
		}
		return nil
	}
	p.attributes(n)
	return n
}

// generated reads GENERATED ... AS IDENTITY and GENERATED ALWAYS AS (expr) STORED.
func (p *parser) generated(n *ast.Constraint) {
	p.expect("generated")
	always := p.accept("always")
	if !always {
		p.expect("by", "default")
	}
	p.expect("as")
	if p.accept("identity") {
		n.Kind = ast.ConstraintIdentity
		n.Identity = &ast.Identity{Always: always}
		if p.acceptPunct("(") {
			for !p.acceptPunct(")") {
				n.Identity.Options = append(n.Identity.Options, p.sequenceOption())
			}
		}
		return
	}
	if !always {
		p.unexpected()
	}
	n.Kind = ast.ConstraintGenerated
	n.Expr = p.parenExpr()
	p.expect("stored")
}

// sequenceOption reads one option of a sequence by its words.
func (p *parser) sequenceOption() *ast.Option {
	pos := p.pos()
	number := func(name string) *ast.Option {
		v := p.optionValue()
		if v.Kind != ast.ValueNumber {
			p.i--
			p.unexpected()
		}
		return &ast.Option{Pos: pos, Name: name, Value: v}
	}
	switch w := p.expectAny("start", "increment", "minvalue", "maxvalue", "cache", "cycle", "no", "restart", "sequence", "owned"); w {
	case "start", "restart":
		p.accept("with")
		return number(w)
	case "increment":
		p.accept("by")
		return number(w)
	case "cycle":
		return wordOption(pos, w, "true")
	case "no":
		return wordOption(pos, p.expectAny("minvalue", "maxvalue", "cycle"), "false")
	case "sequence":
		p.expect("name")
		return wordOption(pos, "sequence name", p.qualifiedName().Last())
	case "owned":
		p.expect("by")
		return wordOption(pos, "owned by", p.qualifiedName().Last())
	default:
		return number(w)
	}
}

// parenExpr reads an expression in parentheses.
func (p *parser) parenExpr() ast.Expr {
	p.expectPunct("(")
	e := p.expr()
	p.expectPunct(")")
	return e
}

func (p *parser) check(n *ast.Constraint) {
	n.Kind = ast.ConstraintCheck
	n.Expr = p.parenExpr()
	n.NoInherit = p.accept("no", "inherit")
}

// indexParameters reads what a constraint's index may have.
func (p *parser) indexParameters(n *ast.Constraint) {
	if p.accept("include") {
		n.Include = p.names()
	}
	n.Options = p.withOptions()
	if p.accept("using", "index") {
		p.noTablespace()
		p.unexpected()
	}
}

// references reads the right side of a foreign key.
func (p *parser) references() *ast.References {
	n := &ast.References{Table: p.qualifiedName(), Columns: p.optionalNames()}
	if p.accept("match") {
		n.Match = p.expectAny("full", "partial", "simple")
	}
	for p.accept("on") {
		event := p.expectAny("delete", "update")
		action := p.expectAny("cascade", "restrict", "no", "set")
		switch action {
		case "no":
			p.expect("action")
			action = "no action"
		case "set":
			action = "set " + p.expectAny("null", "default")
		}
		if event == "delete" {
			n.OnDelete = action
		} else {
			n.OnUpdate = action
		}
	}
	return n
}

// attributes reads when a constraint is checked.
func (p *parser) attributes(n *ast.Constraint) {
	for {
		switch {
		case p.accept("deferrable"):
			n.Deferrable = true
		case p.accept("not", "deferrable"):
		case p.accept("initially", "deferred"):
			n.InitiallyDeferred, n.Deferrable = true, true
		case p.accept("initially", "immediate"):
		case p.accept("not", "valid"):
			n.NotValid = true
		default:
			return
		}
	}
}

// tableConstraintAhead reports whether a table's constraint, not a column, is
// next. All its words are reserved but EXCLUDE.
func (p *parser) tableConstraintAhead() bool {
	return p.word("constraint") || p.word("primary") || p.word("unique") || p.word("check") || p.word("foreign") ||
		p.word("exclude") && (p.peekAt(1).word("using") || p.peekAt(1).punct("("))
}

// tableConstraint reads a constraint of a table.
func (p *parser) tableConstraint() *ast.Constraint {
	n := &ast.Constraint{Pos: p.pos()}
	if p.accept("constraint") {
		n.Name = p.ident().Name
	}
	switch p.expectAny("primary", "unique", "check", "foreign", "exclude") {
	case "primary":
		p.expect("key")
		n.Kind = ast.ConstraintPrimaryKey
		p.keyColumns(n)
	case "unique":
		n.Kind = ast.ConstraintUnique
		n.NullsNotDistinct = p.nullsNotDistinct()
		p.keyColumns(n)
	case "check":
		p.check(n)
	case "foreign":
		p.expect("key")
		n.Kind = ast.ConstraintForeignKey
		n.Columns = p.names()
		p.expect("references")
		n.References = p.references()
	case "exclude":
		n.Kind = ast.ConstraintExclude
		if p.accept("using") {
			p.ident()
		}
		p.skipParens()
		if p.accept("where") {
			p.skipParens()
		}
	}
	p.attributes(n)
	return n
}

// keyColumns reads the columns of a key, or USING INDEX name.
func (p *parser) keyColumns(n *ast.Constraint) {
	if p.word("using", "index") && !p.word("using", "index", "tablespace") {
		p.i += 2
		n.UsingIndex = p.ident().Name
		return
	}
	n.Columns = p.names()
	p.indexParameters(n)
}
