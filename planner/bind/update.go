package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Update binds UPDATE. The source's columns are the old row, the new values, and what RETURNING reads of other relations.
func Update(ctx *Context, stmt *ast.Update) (change *Change, err error) {
	defer recoverError(&err)
	b := newBinder(ctx)
	done := b.pushWith(stmt.With, nil)
	c := b.target(stmt.Table.Name, stmt.Table.Alias, "update")
	scan, s, node := c.changeSource(stmt.From)
	x := b.context(s, "UPDATE")
	row := make([]expr.Node, len(c.rel.Columns))
	c.assignments(x, stmt.Set, row)
	node = b.context(s, "WHERE").filter(stmt.Where).apply(node)
	p := b.projector(x.attach(node))
	r := &relation{cols: c.oldRow(scan)}
	c.change.Row = make([]expr.Node, len(row))
	for i, e := range row {
		if e == nil {
			c.change.Row[i] = b.md.Ref(scan.Cols[i])
			continue
		}
		id := p.col(e, c.rel.Columns[i].Name)
		r.cols = append(r.cols, outCol{c.rel.Columns[i].Name, id})
		c.change.Row[i] = b.md.Ref(id)
	}
	r.node = p.node()
	c.checks()
	c.returning(stmt.Returning, s.items[1:])
	c.keepReturned(r)
	if len(stmt.From) > 0 {
		c.onePerRow(scan, r)
	}
	done()
	return c.finish(r), nil
}

// Delete binds DELETE. The source's columns are the old row and what RETURNING reads of other relations.
func Delete(ctx *Context, stmt *ast.Delete) (change *Change, err error) {
	defer recoverError(&err)
	b := newBinder(ctx)
	done := b.pushWith(stmt.With, nil)
	c := b.target(stmt.Table.Name, stmt.Table.Alias, "delete from")
	scan, s, node := c.changeSource(stmt.Using)
	r := &relation{node: b.context(s, "WHERE").filter(stmt.Where).apply(node), cols: c.oldRow(scan)}
	// RETURNING shows the row that goes away.
	c.item, c.change.Target = s.items[0], scan.Cols
	c.returning(stmt.Returning, s.items[1:])
	c.keepReturned(r)
	if len(stmt.Using) > 0 {
		c.onePerRow(scan, r)
	}
	done()
	return c.finish(r), nil
}

// changeSource is the target's rows joined with the other relations of an UPDATE or DELETE.
func (c *changing) changeSource(others []ast.TableExpr) (*logical.Scan, *scope, logical.Node) {
	b := c.b
	b.read(c.rel.OID)
	scan, cols := b.scan(c.rel, c.change.Schema, ast.NoPos)
	item := *c.item
	item.cols = cols
	for i := range cols {
		item.cols[i].name = c.item.cols[i].name
	}
	s := &scope{items: []*fromItem{&item}, query: &query{}}
	node := logical.Node(scan)
	for _, t := range others {
		n, items := b.tableExpr(t, s)
		s.add(items)
		node = logical.Cross(node, n)
	}
	return scan, s, node
}

// oldRow are the whole row's columns, first in the source.
func (c *changing) oldRow(scan *logical.Scan) []outCol {
	cols := make([]outCol, len(scan.Cols))
	for i, id := range scan.Cols {
		cols[i] = outCol{c.rel.Columns[i].Name, id}
	}
	return cols
}

// keepReturned adds to the source what RETURNING reads of relations other than the target.
func (c *changing) keepReturned(r *relation) {
	own := logical.SetOf(append(append([]logical.ColID(nil), c.change.Target...), r.ids()...)...)
	for _, it := range c.change.Returning {
		for _, id := range logical.ExprCols(it.Expr).Minus(own).List() {
			own.Add(id)
			r.cols = append(r.cols, outCol{c.b.md.Get(id).Name, id})
		}
	}
}

// assignments binds SET clauses into a row.
func (c *changing) assignments(x *exprContext, set []*ast.Assignment, row []expr.Node) {
	seen := map[int]bool{}
	for _, a := range set {
		var columns []int
		for _, ic := range a.Columns {
			i := c.column(ic)
			if seen[i] {
				fail(ic.Pos, sqlerr.SyntaxError, "multiple assignments to same column %q", ic.Name)
			}
			seen[i] = true
			columns = append(columns, i)
		}
		if !a.Multi {
			row[columns[0]] = c.setValue(x, a.Value, columns[0])
			continue
		}
		c.setRow(x, a, columns, row)
	}
}

func (c *changing) setValue(x *exprContext, e ast.Expr, column int) expr.Node {
	col := &c.rel.Columns[column]
	if _, ok := e.(*ast.Default); ok {
		return c.defaultOf(column)
	}
	if col.Identity == 'a' {
		c.generatedAlways(col, "update", start(e))
	}
	return c.b.assign(x.expr(e), col.Type, col.Name, start(e))
}

// setRow is (a, b) = (x, y) or (a, b) = (SELECT ...).
func (c *changing) setRow(x *exprContext, a *ast.Assignment, columns []int, row []expr.Node) {
	switch v := a.Value.(type) {
	case *ast.Row:
		if len(v.Items) != len(columns) {
			fail(v.Pos, sqlerr.SyntaxError, "number of columns does not match number of values")
		}
		for i, e := range v.Items {
			row[columns[i]] = c.setValue(x, e, columns[i])
		}
	case *ast.Subquery:
		r := x.bindQuery(v.Query)
		if len(r.cols) != len(columns) {
			fail(v.Pos, sqlerr.SyntaxError, "number of columns does not match number of values")
		}
		node := logical.NewProject(r.node, logical.PassThrough(c.b.md, dedup(r.ids())))
		x.joins = append(x.joins, subqueryJoin{kind: physical.LeftJoin, node: &logical.MaxOneRow{Input: node}})
		for i, k := range columns {
			col := &c.rel.Columns[k]
			row[k] = c.b.assign(c.b.md.Ref(r.cols[i].id), col.Type, col.Name, v.Pos)
		}
	default:
		if len(columns) != 1 {
			fail(start(a.Value), sqlerr.FeatureNotSupported, "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression")
		}
		row[columns[0]] = c.setValue(x, a.Value, columns[0])
	}
}
