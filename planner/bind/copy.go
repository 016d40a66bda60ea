package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// CopyFrom binds COPY table FROM: which columns the data has, and how they and the defaults make a row.
func CopyFrom(ctx *Context, stmt *ast.Copy) (change *Change, err error) {
	defer recoverError(&err)
	b := newBinder(ctx)
	c := b.target(*stmt.Table, nil, "insert into")
	columns := c.copyColumns(stmt.Columns, stmt.Pos)
	r := &relation{}
	c.change.CopyColumns = columns
	c.change.Row = make([]expr.Node, len(c.rel.Columns))
	for _, i := range columns {
		id := b.md.New(c.rel.Columns[i].Name, c.rel.Columns[i].Type)
		r.cols = append(r.cols, outCol{c.rel.Columns[i].Name, id})
		c.change.Row[i] = b.md.Ref(id)
	}
	for i := range c.change.Row {
		if c.change.Row[i] == nil {
			c.change.Row[i] = c.defaultOf(i)
		}
	}
	c.checks()
	if stmt.Where != nil {
		x := b.context(&scope{items: []*fromItem{c.item}}, "COPY FROM WHERE conditions")
		c.change.CopyWhere = x.condition(stmt.Where, "WHERE")
		if len(x.joins) > 0 {
			fail(stmt.Where.Position(), sqlerr.FeatureNotSupported, "cannot use subquery in COPY FROM WHERE condition")
		}
	}
	out := c.finish(r)
	out.Source.Columns = r.columns()
	out.Source.Plan = nil
	return out, nil
}

func (c *changing) copyColumns(names []string, pos int) []int {
	if names == nil {
		return c.insertColumns(nil)
	}
	var list []*ast.InsertColumn
	for _, n := range names {
		list = append(list, &ast.InsertColumn{Pos: pos, Name: n})
	}
	return c.insertColumns(list)
}

// CopyTo gives the query that COPY table (columns) TO stands for.
func CopyTo(ctx *Context, stmt *ast.Copy) (*ast.Select, error) {
	core := &ast.SelectCore{Pos: stmt.Pos, From: []ast.TableExpr{&ast.TableRef{Name: *stmt.Table}}}
	if stmt.Columns == nil {
		core.Targets = []*ast.Target{{Expr: &ast.ColumnRef{Name: ast.Name{Pos: stmt.Pos}, Star: true}}}
	}
	for _, n := range stmt.Columns {
		core.Targets = append(core.Targets, &ast.Target{Expr: &ast.ColumnRef{Name: ast.Name{Pos: stmt.Pos, Parts: []string{n}}}})
	}
	return &ast.Select{Pos: stmt.Pos, Body: core}, nil
}

// TypeName looks up a type as CREATE TABLE and PREPARE name it.
func TypeName(ctx *Context, t *ast.TypeName) (typ types.Type, err error) {
	defer recoverError(&err)
	return newBinder(ctx).typeName(t), nil
}

// RowExpr binds an expression over a relation's own columns, by position: a CHECK constraint, a watermark. clause is its name
// in messages. The result is cast to want, unless want is Unknown. With Context.View volatile functions are
// refused, as in a view.
func RowExpr(ctx *Context, relation string, columns []catalog.Column, e ast.Expr, clause string, want types.Type) (n expr.Node, err error) {
	defer recoverError(&err)
	b := newBinder(ctx)
	cols := b.rowColumns(columns, 0)
	x := b.context(&scope{items: []*fromItem{{name: relation, cols: cols, relVisible: true, colsVisible: true}}}, clause)
	n = x.expr(e)
	if isUnknown(want) {
		n = b.resolve(n, start(e))
	} else {
		n = b.coerceTo(n, want, clause, start(e))
	}
	if len(x.joins) > 0 {
		fail(start(e), sqlerr.FeatureNotSupported, "cannot use subquery in %s", clause)
	}
	place := map[logical.ColID]int{}
	for i, c := range cols {
		place[c.id] = i
	}
	return expr.MapColumns(n, func(i int) int { return place[logical.ColID(i)] }), nil
}

// DefaultExpr binds a column's DEFAULT, as it is checked when the table is made.
func DefaultExpr(ctx *Context, col *catalog.Column, e ast.Expr) (n expr.Node, err error) {
	defer recoverError(&err)
	b := newBinder(ctx)
	x := b.context(&scope{}, "DEFAULT expressions")
	n = x.expr(e)
	if !canCast(n.Type(), col.Type, assignmentCast) {
		panic(sqlerr.New(sqlerr.DatatypeMismatch, "column %q is of type %s but default expression is of type %s", col.Name, col.Type.Plain(), n.Type().Plain()).
			WithHint("You will need to rewrite or cast the expression.").At(start(e)))
	}
	if len(x.joins) > 0 {
		fail(start(e), sqlerr.FeatureNotSupported, "cannot use subquery in DEFAULT expression")
	}
	return b.coerce(n, col.Type, assignmentCast, start(e)), nil
}
