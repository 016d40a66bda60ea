package parse

import "github.com/streamdb/streamdb/sql/ast"

// objectKinds are the keywords of objects, longer ones first.
var objectKinds = []struct {
	words []string
	kind  ast.ObjectKind
}{
	{[]string{"materialized", "view"}, ast.ObjectMatView},
	{[]string{"foreign", "table"}, ast.ObjectTable},
	{[]string{"large", "object"}, ast.ObjectLargeObject},
	{[]string{"table"}, ast.ObjectTable},
	{[]string{"stream"}, ast.ObjectStream},
	{[]string{"view"}, ast.ObjectView},
	{[]string{"sink"}, ast.ObjectSink},
	{[]string{"source"}, ast.ObjectSource},
	{[]string{"secret"}, ast.ObjectSecret},
	{[]string{"index"}, ast.ObjectIndex},
	{[]string{"schema"}, ast.ObjectSchema},
	{[]string{"sequence"}, ast.ObjectSequence},
	{[]string{"column"}, ast.ObjectColumn},
	{[]string{"constraint"}, ast.ObjectConstraint},
	{[]string{"database"}, ast.ObjectDatabase},
	{[]string{"role"}, ast.ObjectRole},
	{[]string{"user"}, ast.ObjectUser},
	{[]string{"group"}, ast.ObjectGroup},
	{[]string{"function"}, ast.ObjectFunction},
	{[]string{"procedure"}, ast.ObjectProcedure},
	{[]string{"routine"}, ast.ObjectRoutine},
	{[]string{"type"}, ast.ObjectType},
	{[]string{"domain"}, ast.ObjectDomain},
	{[]string{"extension"}, ast.ObjectExtension},
	{[]string{"trigger"}, ast.ObjectTrigger},
	{[]string{"tablespace"}, ast.ObjectTablespace},
	{[]string{"language"}, ast.ObjectLanguage},
	{[]string{"collation"}, ast.ObjectCollation},
}

// objectKind takes the keyword of an object, or gives "".
func (p *parser) objectKind() ast.ObjectKind {
	for _, k := range objectKinds {
		if p.accept(k.words...) {
			return k.kind
		}
	}
	return ""
}

// drop reads DROP. Objects that are found by more than a name are known by name
// alone.
func (p *parser) drop() ast.Statement {
	start := p.i
	n := &ast.Drop{Pos: p.pos()}
	p.expect("drop")
	if p.word("owned") || p.word("user", "mapping") {
		return p.skipFrom(start, 2)
	}
	n.Kind = p.objectKind()
	switch n.Kind {
	case ast.ObjectRole, ast.ObjectUser, ast.ObjectGroup:
		return p.dropRole(n)
	case ast.ObjectFunction, ast.ObjectProcedure, ast.ObjectRoutine, ast.ObjectTrigger:
		return p.skipFrom(start, 2)
	case ast.ObjectColumn, ast.ObjectConstraint, ast.ObjectLargeObject:
		p.i = start + 1
		p.unexpected()
	case "":
		if t := p.peek(); t.kind == tokWord && createdObjects[t.text] > 0 {
			return p.skipFrom(start, 1+createdObjects[t.text])
		}
		p.unexpected()
	}
	n.Concurrently = n.Kind == ast.ObjectIndex && p.accept("concurrently")
	n.IfExists = p.ifExists()
	n.Names = p.nameList()
	n.Behavior = p.dropBehavior()
	return n
}

func (p *parser) dropRole(d *ast.Drop) ast.Statement {
	n := &ast.DropRole{Pos: d.Pos, Kind: d.Kind, IfExists: p.ifExists()}
	p.commaList(func() { n.Names = append(n.Names, p.roleName()) })
	return n
}

// comment reads COMMENT ON.
func (p *parser) comment() ast.Statement {
	start := p.i
	n := &ast.Comment{Pos: p.pos()}
	p.expect("comment", "on")
	n.Kind = p.objectKind()
	switch n.Kind {
	case ast.ObjectConstraint, ast.ObjectTrigger:
		n.Name = p.qualifiedName()
		p.expect("on")
		if p.word("domain") {
			return p.skipFrom(start, 2)
		}
		on := p.qualifiedName()
		n.On = &on
	case ast.ObjectFunction, ast.ObjectProcedure, ast.ObjectRoutine, ast.ObjectLargeObject, "":
		if p.peek().kind != tokWord || n.Kind == "" && createdObjects[p.peek().text] == 0 {
			p.unexpected()
		}
		return p.skipFrom(start, 3)
	default:
		n.Name = p.qualifiedName()
	}
	p.expect("is")
	if !p.accept("null") {
		text := p.stringLit()
		n.Text = &text
	}
	return n
}

// truncate reads TRUNCATE.
func (p *parser) truncate() ast.Statement {
	n := &ast.Truncate{Pos: p.pos()}
	p.expect("truncate")
	p.accept("table")
	p.commaList(func() { n.Tables = append(n.Tables, p.relation()) })
	switch {
	case p.accept("restart", "identity"):
		n.Restart = true
	default:
		p.accept("continue", "identity")
	}
	n.Behavior = p.dropBehavior()
	return n
}

// refresh reads REFRESH MATERIALIZED VIEW.
func (p *parser) refresh() ast.Statement {
	n := &ast.Refresh{Pos: p.pos()}
	p.expect("refresh", "materialized", "view")
	n.Concurrently = p.accept("concurrently")
	n.Name = p.qualifiedName()
	if p.accept("with") {
		n.NoData = p.accept("no")
		p.expect("data")
	}
	return n
}

func (p *parser) flush() ast.Statement {
	n := &ast.Flush{Pos: p.pos()}
	p.expect("flush")
	return n
}

// checkView reads CHECK VIEW name.
func (p *parser) checkView() ast.Statement {
	n := &ast.CheckView{Pos: p.pos()}
	p.expect("check")
	p.accept("materialized")
	p.expect("view")
	n.Name = p.qualifiedName()
	return n
}
