package parse

import "github.com/streamdb/streamdb/sql/ast"

// copy reads COPY in its new and its two legacy spellings.
func (p *parser) copy() ast.Statement {
	n := &ast.Copy{Pos: p.pos()}
	p.expect("copy")
	p.acceptBinary(n)
	if p.peek().punct("(") {
		p.copyQuery(n)
	} else {
		ref := p.relation()
		n.Table = &ref.Name
		n.Columns = p.optionalNames()
	}
	if n.Query != nil {
		p.expect("to")
	} else {
		n.From = p.expectAny("from", "to") == "from"
	}
	p.copyTarget(n)
	// The oldest spelling has the delimiter right here.
	if p.word("using") || p.word("delimiters") {
		p.accept("using")
		p.expect("delimiters")
		n.Options = append(n.Options, p.legacyString("delimiter"))
	}
	p.accept("with")
	if p.peek().punct("(") {
		n.Options = append(n.Options, p.wordOptions()...)
	} else {
		p.legacyOptions(n)
	}
	if p.word("where") {
		if !n.From {
			p.unexpected()
		}
		p.next()
		n.Where = p.expr()
	}
	return n
}

func (p *parser) acceptBinary(n *ast.Copy) {
	if pos := p.pos(); p.accept("binary") {
		n.Options = append(n.Options, wordOption(pos, "format", "binary"))
	}
}

// copyQuery reads COPY (query).
func (p *parser) copyQuery(n *ast.Copy) {
	switch {
	case p.queryAhead() && !p.dataModifyingAt(p.i+1):
		n.Query = p.query()
		return
	}
	p.enter()
	p.expectPunct("(")
	switch {
	case p.word("subscribe"):
		n.Query = p.subscribe()
	default:
		n.Query = p.dataModifying()
	}
	p.expectPunct(")")
	p.leave()
}

// copyTarget reads STDIN, STDOUT, PROGRAM 'command' or a file's name.
func (p *parser) copyTarget(n *ast.Copy) {
	switch {
	case p.acceptAny("stdin", "stdout") != "":
		n.Stdio = true
	case p.accept("program"):
		n.Program = true
		n.Target = p.stringLit()
	default:
		n.Target = p.stringLit()
	}
}

// legacyString reads [AS] 'text' as an option.
func (p *parser) legacyString(name string) *ast.Option {
	pos := p.pos()
	p.accept("as")
	v := ast.OptionValue{Pos: p.pos(), Kind: ast.ValueString}
	v.Text = p.stringLit()
	return &ast.Option{Pos: pos, Name: name, Value: v}
}

// legacyOptions reads options without parentheses, as before PostgreSQL 9.0,
// under the names they have today.
func (p *parser) legacyOptions(n *ast.Copy) {
	for {
		pos := p.pos()
		var o *ast.Option
		switch w := p.acceptAny("binary", "freeze", "delimiter", "null", "csv", "header", "quote", "escape", "force", "encoding"); w {
		case "binary", "csv":
			o = wordOption(pos, "format", w)
		case "freeze", "header":
			o = wordOption(pos, w, "true")
		case "delimiter", "null", "quote", "escape", "encoding":
			o = p.legacyString(w)
			o.Pos = pos
		case "force":
			o = p.legacyForce(pos)
		default:
			return
		}
		n.Options = append(n.Options, o)
	}
}

// legacyForce reads FORCE QUOTE | NOT NULL | NULL columns.
func (p *parser) legacyForce(pos int) *ast.Option {
	o := &ast.Option{Pos: pos, Name: "force_quote"}
	switch {
	case p.accept("not", "null"):
		o.Name = "force_not_null"
	case p.accept("null"):
		o.Name = "force_null"
	default:
		p.expect("quote")
		if at := p.pos(); p.acceptOp("*") {
			o.Value = ast.OptionValue{Pos: at, Kind: ast.ValueStar, Text: "*"}
			return o
		}
	}
	o.Value = ast.OptionValue{Pos: p.pos(), Kind: ast.ValueList}
	p.commaList(func() {
		c := p.ident()
		o.Value.List = append(o.Value.List, ast.OptionValue{Pos: c.Pos, Kind: ast.ValueWord, Text: c.Name})
	})
	return o
}
