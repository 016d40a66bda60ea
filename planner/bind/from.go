package bind

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// from binds a FROM clause into a scope and gives the product of its items. Without items it is the one empty row.
func (b *binder) from(list []ast.TableExpr, s *scope) logical.Node {
	node := logical.Node(logical.OneRow())
	for _, t := range list {
		n, items := b.table(t, s, node)
		s.add(items)
		node = n
	}
	return node
}

// add makes FROM items visible, after a check that no two have one name.
func (s *scope) add(items []*fromItem) {
	for _, it := range items {
		for _, have := range s.items {
			if it.relVisible && have.relVisible && it.name != "" && it.name == have.name && (it.schema == have.schema || it.table == nil || have.table == nil) {
				fail(ast.NoPos, sqlerr.DuplicateAlias, "table name %q specified more than once", it.name)
			}
		}
		s.items = append(s.items, it)
	}
}

// table binds a FROM item and joins it to what stands to its left, whose names s has. Left is nil inside a join's right side.
func (b *binder) table(t ast.TableExpr, s *scope, left logical.Node) (logical.Node, []*fromItem) {
	n, items := b.tableExpr(t, s)
	return logical.Cross(left, n), items
}

// tableExpr binds a FROM item. Names in s are visible to it if it is lateral.
func (b *binder) tableExpr(t ast.TableExpr, s *scope) (logical.Node, []*fromItem) {
	switch t := t.(type) {
	case *ast.TableRef:
		return b.tableRef(t, s)
	case *ast.SubqueryTable:
		return b.subqueryTable(t, s)
	case *ast.FuncTable:
		return b.funcTable(t, s)
	case *ast.WindowTable:
		return b.windowTable(t, s)
	case *ast.MatchRecognize:
		return b.matchRecognize(t, s)
	case *ast.Join:
		return b.join(t, s)
	}
	panic(sqlerr.Internal("the binder does not know FROM item %T", t).At(t.Position()))
}

// named makes a FROM item of a relation under an alias.
func (b *binder) named(cols []outCol, name string, a *ast.Alias, pos int) *fromItem {
	it := &fromItem{name: name, cols: slices.Clone(cols), relVisible: true, colsVisible: true}
	if a == nil {
		return it
	}
	it.name = a.Name
	if len(a.Columns) > len(cols) {
		fail(pos, sqlerr.InvalidColumnReference, "table %q has %d columns available but %d columns specified", a.Name, len(cols), len(a.Columns))
	}
	for i, c := range a.Columns {
		it.cols[i].name = c
	}
	return it
}

// tableRef binds a relation or a WITH query by name.
func (b *binder) tableRef(t *ast.TableRef, s *scope) (logical.Node, []*fromItem) {
	if t.Sample != nil {
		unsupported(t.Sample.Pos, "TABLESAMPLE", "Filter by a hash of the key.")
	}
	if t.ForTime != nil {
		unsupported(start(t.ForTime), "FOR SYSTEM_TIME AS OF except behind JOIN and LEFT JOIN", "It is a time of the table to the left; AS OF SYSTEM TIME is one for the whole query.")
	}
	if len(t.Name.Parts) == 1 {
		if c := b.findCTE(t.Name.Last()); c != nil {
			r := b.useCTE(c)
			return r.node, []*fromItem{b.named(r.cols, c.def.Name, t.Alias, t.Position())}
		}
	}
	rel, schema := b.relation(t.Name)
	b.read(rel.OID)
	if b.Expand != nil && rel.Kind == catalog.View && b.Expand(rel.OID) && t.AsOf == nil {
		r := b.expandView(rel, t.Position())
		return r.node, []*fromItem{b.relationItem(rel, schema, r.cols, t)}
	}
	scan, cols := b.scan(rel, schema, t.Position())
	scan.AsOf = b.asOf(t.AsOf)
	it := b.relationItem(rel, schema, cols, t)
	it.scan = scan
	return scan, []*fromItem{it}
}

func (b *binder) relationItem(rel *catalog.Relation, schema string, cols []outCol, t *ast.TableRef) *fromItem {
	visible := len(rel.Visible())
	it := b.named(cols[:visible], rel.Name, t.Alias, t.Position())
	it.table, it.system = rel, cols[visible:]
	if t.Alias == nil {
		it.schema = schema
	}
	return it
}

// scan reads all columns of a relation.
func (b *binder) scan(rel *catalog.Relation, schema string, pos int) (*logical.Scan, []outCol) {
	switch rel.Kind {
	case catalog.Stream, catalog.Table, catalog.View, catalog.Virtual:
	case catalog.Sequence:
		unsupported(pos, "reading a sequence as a table", "Use pg_sequences, or currval and lastval.")
	default:
		fail(pos, sqlerr.WrongObjectType, "cannot open relation %q", rel.Name)
	}
	if b.View && rel.Kind == catalog.Virtual {
		panic(sqlerr.New(sqlerr.FeatureNotSupported, "a view cannot read the system relation %q", rel.Name).
			WithHint("System relations are computed when they are read and have no changes to follow; query them directly.").At(pos))
	}
	scan := &logical.Scan{Relation: rel, Schema: schema}
	var cols []outCol
	for i, c := range rel.Columns {
		id := b.md.Add(logical.Column{Name: c.Name, Type: c.Type, Relation: rel.OID, Attr: int16(i + 1)})
		scan.Attrs, scan.Cols = append(scan.Attrs, i), append(scan.Cols, id)
		cols = append(cols, outCol{c.Name, id})
	}
	return scan, cols
}

// relation looks a relation up, along the search path if its name is not qualified.
func (b *binder) relation(n ast.Name) (rel *catalog.Relation, schema string) {
	q := b.qualifier(n.Parts, n.Pos)
	if len(q) > 2 {
		fail(n.Pos, sqlerr.SyntaxError, "improper relation name (too many dotted names)")
	}
	if len(q) == 1 {
		rel, ok := b.Catalog.Lookup(b.SearchPath, q[0])
		if !ok {
			fail(n.Pos, sqlerr.UndefinedTable, "relation %q does not exist", q[0])
		}
		if s, ok := b.Catalog.SchemaByOID(rel.Schema); ok {
			schema = s.Name
		}
		return rel, schema
	}
	s, ok := b.Catalog.Schema(q[0])
	if ok {
		rel, ok = b.Catalog.Relation(s.OID, q[1])
	}
	if !ok {
		fail(n.Pos, sqlerr.UndefinedTable, "relation \"%s.%s\" does not exist", q[0], q[1])
	}
	return rel, q[0]
}

// asOf binds AS OF SYSTEM TIME: an epoch as a number, or a time.
func (b *binder) asOf(e ast.Expr) expr.Node {
	if e == nil {
		return nil
	}
	pos := e.Position()
	if b.View {
		unsupported(pos, "AS OF SYSTEM TIME in a view", "A view follows its inputs; read the view itself as of a time.")
	}
	x := b.context(&scope{}, "AS OF SYSTEM TIME")
	n := x.expr(e)
	t := types.T(types.Timestamptz)
	if c := category(n.Type()); c == 'N' {
		t = int8Type
	}
	if len(x.joins) > 0 || !logical.ExprCols(n).Empty() {
		fail(pos, sqlerr.InvalidColumnReference, "argument of AS OF SYSTEM TIME must not contain variables")
	}
	return b.coerceTo(n, t, "AS OF SYSTEM TIME", pos)
}

// subqueryTable binds (SELECT ...) in FROM. Only a lateral one sees the items to its left.
func (b *binder) subqueryTable(t *ast.SubqueryTable, s *scope) (logical.Node, []*fromItem) {
	r := b.selectStmt(t.Query, b.tableContext(s, t.Lateral, "FROM clause of their own query level"), resolveUnknown)
	it := b.named(r.cols, "", t.Alias, t.Pos)
	if t.Alias == nil {
		it.relVisible = false
	}
	return r.node, []*fromItem{it}
}

// tableContext is the context around a FROM item: s itself if it is lateral, else a level without items that knows them for hints only.
func (b *binder) tableContext(s *scope, lateral bool, clause string) *exprContext {
	if lateral {
		return b.context(s, clause)
	}
	return b.context(&scope{outer: s.outer, unreachable: slices.Concat(s.items, s.unreachable, s.wrongJoin), query: s.query}, clause)
}
