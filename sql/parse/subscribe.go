package parse

import "github.com/streamdb/streamdb/sql/ast"

// subscribe reads SUBSCRIBE [TO] name | (query) [WITH (options)] [AS OF epoch].
func (p *parser) subscribe() ast.Statement {
	n := &ast.Subscribe{Pos: p.pos()}
	p.expect("subscribe")
	p.accept("to")
	if p.queryAhead() {
		p.expectPunct("(")
		n.Query = p.query()
		p.expectPunct(")")
	} else {
		target := p.qualifiedName()
		n.Target = &target
	}
	n.Options = p.withOptions()
	if p.accept("as", "of") {
		p.accept("system", "time")
		n.AsOf = p.expr()
	}
	if n.Options == nil {
		n.Options = p.withOptions()
	}
	return n
}

// explain reads EXPLAIN with either spelling of its options.
func (p *parser) explain() ast.Statement {
	n := &ast.Explain{Pos: p.pos()}
	p.expect("explain")
	if p.peek().punct("(") && !p.queryAhead() {
		n.Options = p.wordOptions()
	} else {
		n.Options = p.flagOptions("analyze", "verbose")
	}
	for _, o := range n.Options {
		if o.Name == "analyse" {
			o.Name = "analyze"
		}
	}
	n.Analyze = hasOption(n.Options, "analyze")
	n.Verbose = hasOption(n.Options, "verbose")
	if p.word("materialized", "view") || p.word("view") {
		p.accept("materialized")
		p.next()
		view := p.qualifiedName()
		n.View = &view
		return n
	}
	n.Statement = p.explainable()
	return n
}

// explainable reads a statement that EXPLAIN takes.
func (p *parser) explainable() ast.Statement {
	t := p.peek()
	switch {
	case t.punct("("):
		return p.query()
	case t.word("create"), t.word("declare"), t.word("execute"), t.word("refresh"), t.word("subscribe"),
		t.word("select"), t.word("values"), t.word("table"), t.word("with"),
		t.word("insert"), t.word("update"), t.word("delete"):
		return p.statement()
	}
	p.unexpected()
	return nil
}

// prepare reads PREPARE name [(types)] AS statement, and PREPARE TRANSACTION.
func (p *parser) prepare() ast.Statement {
	pos := p.pos()
	p.expect("prepare")
	if p.word("transaction") && p.peekAt(1).kind == tokString {
		p.next()
		return &ast.PrepareTransaction{Pos: pos, ID: p.stringLit()}
	}
	n := &ast.Prepare{Pos: pos, Name: p.ident().Name}
	if p.peek().punct("(") {
		p.parenList(func() { n.Types = append(n.Types, p.typeName()) })
	}
	p.expect("as")
	start := p.i
	switch t := p.peek(); {
	case t.punct("("), t.word("select"), t.word("values"), t.word("table"), t.word("with"),
		t.word("insert"), t.word("update"), t.word("delete"), t.word("subscribe"):
		n.Statement = p.statement()
	default:
		p.unexpected()
	}
	n.Text = p.source(start)
	// The parameters are the prepared statement's; PREPARE itself has none.
	n.Params, p.maxParam = p.maxParam, 0
	return n
}

// execute reads EXECUTE name [(args)].
func (p *parser) execute() ast.Statement {
	n := &ast.Execute{Pos: p.pos()}
	p.expect("execute")
	n.Name = p.ident().Name
	if p.peek().punct("(") {
		p.parenList(func() { n.Args = append(n.Args, p.expr()) })
	}
	return n
}

// deallocate reads DEALLOCATE [PREPARE] name | ALL.
func (p *parser) deallocate() ast.Statement {
	n := &ast.Deallocate{Pos: p.pos()}
	p.expect("deallocate")
	if p.word("prepare") && (isColID(p.peekAt(1)) || p.peekAt(1).word("all")) {
		p.next()
	}
	if !p.accept("all") {
		n.Name = p.ident().Name
	}
	return n
}
