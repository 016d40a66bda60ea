package bind

import (
	"fmt"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// Insert binds INSERT.
func Insert(ctx *Context, stmt *ast.Insert) (change *Change, err error) {
	defer recoverError(&err)
	b := newBinder(ctx)
	done := b.pushWith(stmt.With, nil)
	c := b.target(stmt.Table, stmt.Alias, "insert into")
	columns := c.insertColumns(stmt.Columns)
	r, columns := c.insertSource(stmt, columns)
	c.row(r, columns, stmt)
	c.checks()
	c.conflict(stmt.OnConflict)
	c.returning(stmt.Returning, nil)
	done()
	return c.finish(r), nil
}

// insertColumns are the target columns that the source's go into, all if none are named.
func (c *changing) insertColumns(list []*ast.InsertColumn) []int {
	if list == nil {
		columns := make([]int, len(c.rel.Columns))
		for i := range columns {
			columns[i] = i
		}
		return columns
	}
	var columns []int
	seen := map[int]bool{}
	for _, ic := range list {
		i := c.column(ic)
		if seen[i] {
			fail(ic.Pos, sqlerr.DuplicateColumn, "column %q specified more than once", ic.Name)
		}
		seen[i] = true
		columns = append(columns, i)
	}
	return columns
}

// insertSource binds what is inserted; its columns have the target's types. Fewer columns than the target has are its first ones.
func (c *changing) insertSource(stmt *ast.Insert, columns []int) (*relation, []int) {
	if stmt.Source == nil {
		return &relation{node: logical.OneRow()}, nil
	}
	if v, ok := plainValues(stmt.Source); ok {
		return c.insertValues(v, stmt, columns)
	}
	r := c.b.selectStmt(stmt.Source, nil, keepUnknown)
	columns = c.matchColumns(len(r.cols), stmt, columns, stmt.Source.Position())
	want := r.types(c.b.md)
	for i, col := range columns {
		t := c.rel.Columns[col].Type
		if !canCast(want[i], t, assignmentCast) {
			c.b.assign(expr.Null(want[i]), t, c.rel.Columns[col].Name, r.position(i, stmt.Source.Position()))
		}
		want[i] = t
	}
	c.b.retype(r, want, assignmentCast, func(i int) int { return r.position(i, stmt.Source.Position()) })
	return r, columns
}

// plainValues is the VALUES list of an INSERT that has nothing else.
func plainValues(s *ast.Select) (*ast.Values, bool) {
	v, ok := s.Body.(*ast.Values)
	return v, ok && s.With == nil && len(s.OrderBy) == 0 && s.Limit == nil && s.Offset == nil
}

// matchColumns checks the number of values against that of the columns.
func (c *changing) matchColumns(n int, stmt *ast.Insert, columns []int, pos int) []int {
	switch {
	case n > len(columns):
		fail(pos, sqlerr.SyntaxError, "INSERT has more expressions than target columns")
	case n < len(columns) && stmt.Columns != nil:
		fail(stmt.Columns[n].Pos, sqlerr.SyntaxError, "INSERT has more target columns than expressions")
	}
	return columns[:n]
}

// insertValues binds VALUES row by row, each value straight to its column's type; DEFAULT is the column's default.
func (c *changing) insertValues(v *ast.Values, stmt *ast.Insert, columns []int) (*relation, []int) {
	x := c.b.context(&scope{}, "VALUES")
	pos := v.Rows[0][0].Position()
	if n := len(v.Rows[0]); n > len(columns) {
		pos = v.Rows[0][len(columns)].Position()
	}
	columns = c.matchColumns(len(v.Rows[0]), stmt, columns, pos)
	node, r := &logical.Values{}, &relation{}
	for _, i := range columns {
		id := c.b.md.New(c.rel.Columns[i].Name, c.rel.Columns[i].Type)
		node.Cols = append(node.Cols, id)
		r.cols = append(r.cols, outCol{c.rel.Columns[i].Name, id})
	}
	for _, row := range v.Rows {
		if len(row) != len(columns) {
			fail(start(row[0]), sqlerr.SyntaxError, "VALUES lists must all be the same length")
		}
		values := make([]expr.Node, len(row))
		for j, e := range row {
			values[j] = c.value(x, e, columns[j], stmt.Overriding)
		}
		node.Rows = append(node.Rows, values)
	}
	r.node = c.b.valuesNode(node, x)
	return r, columns
}

// value binds a value for a target column.
func (c *changing) value(x *exprContext, e ast.Expr, column int, o ast.Overriding) expr.Node {
	col := &c.rel.Columns[column]
	if _, ok := e.(*ast.Default); ok {
		return c.defaultOf(column)
	}
	if col.Identity != 0 && o == ast.OverridingUser {
		return c.defaultOf(column)
	}
	if col.Identity == 'a' && o != ast.OverridingSystem {
		c.generatedAlways(col, "insert a non-DEFAULT value into", start(e))
	}
	return c.b.assign(x.expr(e), col.Type, col.Name, start(e))
}

func (c *changing) generatedAlways(col *catalog.Column, what string, pos int) {
	e := sqlerr.New(sqlerr.GeneratedAlways, "cannot %s column %q", what, col.Name).
		WithDetail("Column %q is an identity column defined as GENERATED ALWAYS.", col.Name)
	if what != "update" {
		e = e.WithHint("Use OVERRIDING SYSTEM VALUE to override.")
	} else {
		e.Message = fmt.Sprintf("column %q can only be updated to DEFAULT", col.Name)
	}
	panic(e.At(pos))
}

// row makes the target's row from the source's columns and the defaults of the others.
func (c *changing) row(r *relation, columns []int, stmt *ast.Insert) {
	c.change.Row = make([]expr.Node, len(c.rel.Columns))
	_, values := plainValues(orEmpty(stmt.Source))
	for i, col := range columns {
		def := &c.rel.Columns[col]
		if !values && def.Identity != 0 && stmt.Overriding == ast.OverridingUser {
			continue
		}
		if !values && def.Identity == 'a' && stmt.Overriding != ast.OverridingSystem {
			c.generatedAlways(def, "insert a non-DEFAULT value into", stmt.Source.Position())
		}
		c.change.Row[col] = c.b.md.Ref(r.cols[i].id)
	}
	for i := range c.change.Row {
		if c.change.Row[i] == nil {
			c.change.Row[i] = c.defaultOf(i)
		}
	}
}

func orEmpty(s *ast.Select) *ast.Select {
	if s == nil {
		return &ast.Select{}
	}
	return s
}

// defaultOf is a column's default: its sequence's next value, its DEFAULT, or null.
func (c *changing) defaultOf(column int) expr.Node {
	return c.b.defaultOf(&c.rel.Columns[column])
}

func (b *binder) defaultOf(col *catalog.Column) expr.Node {
	switch {
	case col.Default != "":
		n := b.text(col.Default, &scope{}, "DEFAULT expressions")
		return b.assign(n, col.Type, col.Name, ast.NoPos)
	case col.Sequence != 0:
		seq := expr.NewConst(types.T(types.Regclass), types.NewInt(int64(col.Sequence)))
		return b.assign(b.function("nextval", []expr.Node{seq}, ast.NoPos), col.Type, col.Name, ast.NoPos)
	}
	return expr.Null(col.Type)
}

func parseText(sql string) ast.Expr {
	e, err := parse.Expr(sql)
	raise(err, ast.NoPos)
	return e
}

// conflict binds ON CONFLICT.
func (c *changing) conflict(oc *ast.OnConflict) {
	if oc == nil {
		return
	}
	if c.rel.Kind != catalog.Table {
		panic(sqlerr.New(sqlerr.InvalidColumnReference, "there is no unique or exclusion constraint matching the ON CONFLICT specification").
			WithHint("A stream has no keys; use CREATE TABLE.").At(oc.Pos))
	}
	out := &Conflict{Arbiters: c.arbiters(oc)}
	c.change.Conflict = out
	if len(oc.DoUpdate) == 0 {
		return
	}
	if len(oc.Elems) == 0 && oc.Constraint == "" {
		panic(sqlerr.New(sqlerr.SyntaxError, "ON CONFLICT DO UPDATE requires inference specification or constraint name").
			WithHint("For example, ON CONFLICT (column_name).").At(oc.Pos))
	}
	excluded := c.b.rowColumns(c.rel.Columns, c.rel.OID)
	c.change.Excluded = (&relation{cols: excluded}).ids()
	ex := &fromItem{name: "excluded", cols: excluded, relVisible: true}
	x := c.b.context(&scope{items: []*fromItem{c.item, ex}}, "ON CONFLICT")
	out.Update = make([]expr.Node, len(c.rel.Columns))
	for i := range out.Update {
		out.Update[i] = c.b.md.Ref(c.change.Target[i])
	}
	c.assignments(x, oc.DoUpdate, out.Update)
	if oc.Where != nil {
		out.Where = x.condition(oc.Where, "WHERE")
	}
	c.noSubqueries(x, "ON CONFLICT", oc.Pos)
}

// arbiters are the unique constraints that ON CONFLICT means.
func (c *changing) arbiters(oc *ast.OnConflict) []int {
	if oc.Constraint != "" {
		for i, k := range c.rel.Keys {
			if k.Name == oc.Constraint {
				return []int{i}
			}
		}
		fail(oc.Pos, sqlerr.UndefinedObject, "constraint %q for table %q does not exist", oc.Constraint, c.rel.Name)
	}
	if oc.ElemsWhere != nil {
		unsupported(oc.ElemsWhere.Position(), "a partial index in ON CONFLICT", "Name the columns of a key alone.")
	}
	if len(oc.Elems) == 0 {
		all := make([]int, len(c.rel.Keys))
		for i := range all {
			all[i] = i
		}
		return all
	}
	want := map[int]bool{}
	for _, e := range oc.Elems {
		ref, ok := e.Expr.(*ast.ColumnRef)
		if !ok {
			unsupported(e.Pos, "an expression in ON CONFLICT", "Name the columns of a key.")
		}
		i := c.rel.Column(ref.Name.Last())
		if i < 0 {
			fail(e.Pos, sqlerr.UndefinedColumn, "column %q does not exist", ref.Name.Last())
		}
		want[i] = true
	}
	var found []int
	for i, k := range c.rel.Keys {
		same := len(k.Columns) == len(want)
		for _, col := range k.Columns {
			same = same && want[col]
		}
		if same {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		fail(oc.Pos, sqlerr.InvalidColumnReference, "there is no unique or exclusion constraint matching the ON CONFLICT specification")
	}
	return found
}
