package parse

import "github.com/streamdb/streamdb/sql/ast"

// createdObjects are the kinds of object whose creation StreamDB knows by name
// alone, with the number of words behind CREATE.
var createdObjects = map[string]int{
	"access": 2, "aggregate": 1, "cast": 1, "collation": 1, "conversion": 1, "database": 1, "domain": 1,
	"event": 2, "extension": 1, "foreign": 2, "function": 1, "language": 1, "operator": 1, "policy": 1,
	"procedural": 2, "procedure": 1, "publication": 1, "rule": 1, "secret": 1, "sequence": 1, "server": 1, "source": 1,
	"statistics": 1, "subscription": 1, "tablespace": 1, "text": 2, "trigger": 1, "transform": 1, "trusted": 2, "type": 1,
}

// create reads CREATE.
func (p *parser) create() ast.Statement {
	start := p.i
	pos := p.pos()
	p.expect("create")
	replace := p.accept("or", "replace")
	temp, unlogged := p.persistence()
	t := p.peek()
	if t.kind != tokWord {
		p.unexpected()
	}
	switch t.text {
	case "view", "recursive", "materialized":
		return p.createView(&ast.CreateView{Pos: pos, OrReplace: replace, Temp: temp})
	case "stream":
		if !temp && !unlogged && !replace {
			return p.createTable(&ast.CreateTable{Pos: pos, Stream: true})
		}
	case "table":
		if !replace {
			return p.createTable(&ast.CreateTable{Pos: pos, Temp: temp, Unlogged: unlogged})
		}
	}
	if words, known := createdObjects[t.text]; known {
		return p.skipCreate(start, words)
	}
	if replace || temp || unlogged {
		p.unexpected()
	}
	switch t.text {
	case "sink":
		return p.createSink(pos)
	case "unique", "index":
		return p.createIndex(pos)
	case "schema":
		return p.createSchema(pos)
	case "role", "user", "group":
		if p.word("user", "mapping") {
			return p.skipCreate(start, 2)
		}
		return p.createRole(pos)
	case "constraint":
		if p.peekAt(1).word("trigger") {
			return p.skipCreate(start, 2)
		}
	}
	p.unexpected()
	return nil
}

// skipCreate takes a CREATE that is known by name alone.
func (p *parser) skipCreate(start, words int) ast.Statement {
	what := "CREATE"
	for k := range words {
		if t := p.peekAt(k); t.kind == tokWord {
			what += " " + upper(t.text)
		}
	}
	u := p.skipFrom(start, 1)
	u.What = what
	return u
}

// persistence takes [LOCAL | GLOBAL] TEMP[ORARY] or UNLOGGED.
func (p *parser) persistence() (temp, unlogged bool) {
	if p.word("local") || p.word("global") {
		p.next()
		p.expectAny("temp", "temporary")
		return true, false
	}
	if p.acceptAny("temp", "temporary") != "" {
		return true, false
	}
	return false, p.accept("unlogged")
}

func (p *parser) ifNotExists() bool { return p.accept("if", "not", "exists") }

func (p *parser) ifExists() bool { return p.accept("if", "exists") }

// createView reads CREATE [MATERIALIZED | RECURSIVE] VIEW from its kind on.
func (p *parser) createView(n *ast.CreateView) ast.Statement {
	if n.Recursive = p.accept("recursive"); !n.Recursive {
		n.Materialized = p.accept("materialized")
	}
	p.expect("view")
	n.IfNotExists = p.ifNotExists()
	n.Name = p.qualifiedName()
	n.Columns = p.optionalNames()
	p.noAccessMethod()
	n.Options = p.withOptions()
	p.noTablespace()
	p.expect("as")
	start := p.i
	n.Query = p.query()
	n.QueryText = p.source(start)
	n.Emit = p.emitMode()
	if p.accept("with") {
		p.checkOption(n)
	}
	return n
}

// checkOption takes what can follow a view's query behind WITH.
func (p *parser) checkOption(n *ast.CreateView) {
	switch {
	case n.Materialized:
		n.NoData = p.accept("no")
		p.expect("data")
	default:
		n.CheckOption = p.acceptAny("local", "cascaded")
		p.expect("check", "option")
		if n.CheckOption == "" {
			n.CheckOption = "cascaded"
		}
	}
}

// emitMode takes [EMIT CHANGES | EMIT ON WINDOW CLOSE].
func (p *parser) emitMode() ast.EmitMode {
	switch {
	case !p.accept("emit"):
		return ast.EmitDefault
	case p.accept("changes"):
		return ast.EmitChanges
	}
	p.expect("on", "window", "close")
	return ast.EmitOnWindowClose
}

// createSink reads CREATE SINK name FROM relation | AS query, and its options
// before or behind the query.
func (p *parser) createSink(pos int) ast.Statement {
	n := &ast.CreateSink{Pos: pos}
	p.expect("sink")
	n.IfNotExists = p.ifNotExists()
	n.Name = p.qualifiedName()
	n.Options = p.withOptions()
	if p.expectAny("from", "as") == "from" {
		from := p.qualifiedName()
		n.From = &from
	} else {
		n.Query = p.query()
		n.Emit = p.emitMode()
	}
	n.Options = append(n.Options, p.withOptions()...)
	if n.Emit == ast.EmitDefault {
		n.Emit = p.emitMode()
	}
	return n
}

// createIndex reads CREATE [UNIQUE] INDEX.
func (p *parser) createIndex(pos int) ast.Statement {
	n := &ast.CreateIndex{Pos: pos, Unique: p.accept("unique")}
	p.expect("index")
	n.Concurrently = p.accept("concurrently")
	n.IfNotExists = p.ifNotExists()
	if !p.word("on") {
		n.Name = p.ident().Name
	}
	p.expect("on")
	ref := p.relation()
	n.Table, n.Only = ref.Name, ref.Only
	if p.accept("using") {
		n.Method = p.ident().Name
	}
	p.parenList(func() { n.Elems = append(n.Elems, p.soleIndexElem()) })
	if p.accept("include") {
		n.Include = p.names()
	}
	n.NullsNotDistinct = p.nullsNotDistinct()
	n.Options = p.withOptions()
	p.noTablespace()
	if p.accept("where") {
		n.Where = p.expr()
	}
	return n
}

// soleIndexElem reads an index element that is not part of a spelled statement.
func (p *parser) soleIndexElem() (e *ast.IndexElem) {
	s := p.spell()
	s.emit("SELECT ")
	var a args
	e = s.indexElem(&a)
	s.run(func(u *unspeller, stmt stmtNode) { e.Expr = u.expr(soleField(stmt)) })
	return e
}

func (p *parser) nullsNotDistinct() bool {
	if p.accept("nulls", "distinct") {
		return false
	}
	return p.accept("nulls", "not", "distinct")
}

// createSchema reads CREATE SCHEMA, without elements of the schema.
func (p *parser) createSchema(pos int) ast.Statement {
	n := &ast.CreateSchema{Pos: pos}
	p.expect("schema")
	n.IfNotExists = p.ifNotExists()
	if !p.word("authorization") {
		n.Name = p.ident().Name
	}
	if p.accept("authorization") {
		n.Authorization = p.roleName()
	} else if n.Name == "" {
		p.unexpected()
	}
	if t := p.peek(); t.word("create") || t.word("grant") {
		refuse(int(t.pos), "CREATE SCHEMA with schema elements", "Create the objects in statements of their own.")
	}
	return n
}
