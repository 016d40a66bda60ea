package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// Change is a bound INSERT, UPDATE, DELETE or COPY FROM. Its expressions are over the columns named beside them.
type Change struct {
	Relation *catalog.Relation
	Schema   string
	// Source gives the rows, its visible columns in Columns; a nil Source.Plan is COPY's, whose columns are those of the data.
	Source *Query
	// Row makes the target's new row, over the source's columns; nil for DELETE.
	Row []expr.Node
	// Target are the identities of the target's row: the row that is stored, in Checks, Returning and Conflict.
	Target []logical.ColID
	// Excluded are those of the row proposed for insertion.
	Excluded []logical.ColID
	Checks   []Check
	Conflict *Conflict
	// CopyColumns are the target's columns that COPY's data has, CopyWhere its filter over Target.
	CopyColumns []int
	CopyWhere   expr.Node
	// Returning are the result's columns, over Target and then the source's columns; nil for none.
	Returning []ReturningItem
}

// ReturningItem is a column of RETURNING.
type ReturningItem struct {
	Name string
	Expr expr.Node
}

// Check is a CHECK constraint over Change.Target.
type Check struct {
	Name string
	Expr expr.Node
}

// Conflict is ON CONFLICT. Update and Where are over Target (the row that exists) and Excluded.
type Conflict struct {
	Arbiters []int
	Update   []expr.Node
	Where    expr.Node
}

// changing is the state of binding a data-changing statement.
type changing struct {
	b      *binder
	rel    *catalog.Relation
	item   *fromItem
	change *Change
}

// target finds the relation that a statement changes and gives its row identities.
func (b *binder) target(n ast.Name, alias *ast.Alias, verb string) *changing {
	rel, schema := b.relation(n)
	b.mustChange(rel, verb, n.Pos)
	c := &changing{b: b, rel: rel, change: &Change{Relation: rel, Schema: schema}}
	cols := b.rowColumns(rel.Columns, rel.OID)
	c.item = b.named(cols, rel.Name, alias, n.Pos)
	c.item.table = rel
	if alias == nil {
		c.item.schema = schema
	}
	c.change.Target = (&relation{cols: cols}).ids()
	return c
}

// rowColumns are identities for a relation's row.
func (b *binder) rowColumns(columns []catalog.Column, oid uint32) []outCol {
	cols := make([]outCol, len(columns))
	for i, c := range columns {
		cols[i] = outCol{c.Name, b.md.Add(logical.Column{Name: c.Name, Type: c.Type, Relation: oid, Attr: int16(i + 1)})}
	}
	return cols
}

// mustChange refuses what the statement cannot change, with the reason and what to do.
func (b *binder) mustChange(rel *catalog.Relation, verb string, pos int) {
	switch rel.Kind {
	case catalog.Table:
		return
	case catalog.Stream:
		if verb != "insert into" {
			panic(sqlerr.New(sqlerr.FeatureNotSupported, "cannot %s stream %q", verb, rel.Name).
				WithDetail("A stream is append-only: its rows are events that have happened.").
				WithHint("Use CREATE TABLE for rows that change, or append a correcting event.").At(pos))
		}
		if rel.Connector != "" {
			panic(sqlerr.New(sqlerr.FeatureNotSupported, "cannot insert into stream %q", rel.Name).
				WithDetail("Its rows come from the connector %q.", rel.Connector).
				WithHint("Create a stream without a connector, and a view that is the union of both.").At(pos))
		}
	case catalog.View:
		panic(sqlerr.New(sqlerr.WrongObjectType, "cannot %s view %q", verb, rel.Name).
			WithDetail("A view's rows follow from its query.").WithHint("Change the relations that the view reads.").At(pos))
	case catalog.Virtual:
		fail(pos, sqlerr.InsufficientPrivilege, "permission denied: %q is a system catalog", rel.Name)
	default:
		fail(pos, sqlerr.WrongObjectType, "cannot %s %s %q", verb, rel.Kind, rel.Name)
	}
}

// column finds a target column by name.
func (c *changing) column(ic *ast.InsertColumn) int {
	i := c.rel.Column(ic.Name)
	if i < 0 {
		fail(ic.Pos, sqlerr.UndefinedColumn, "column %q of relation %q does not exist", ic.Name, c.rel.Name)
	}
	if ic.Path != nil {
		unsupported(ic.Pos, "assigning to a part of a column", "Assign the whole value.")
	}
	return i
}

// checks binds the target's CHECK constraints.
func (c *changing) checks() {
	for _, k := range c.rel.Checks {
		n := c.b.text(k.Expr, &scope{items: []*fromItem{c.item}}, "check constraints")
		c.change.Checks = append(c.change.Checks, Check{k.Name, c.b.toBool(n, "CHECK", ast.NoPos)})
	}
}

// returning binds RETURNING over the target's row and other FROM items.
func (c *changing) returning(list []*ast.Target, others []*fromItem) {
	if len(list) == 0 {
		return
	}
	x := c.b.context(&scope{items: append([]*fromItem{c.item}, others...)}, "RETURNING")
	c.change.Returning = []ReturningItem{}
	for _, t := range x.targets(list, resolveUnknown) {
		c.change.Returning = append(c.change.Returning, ReturningItem{t.name, t.expr})
	}
	c.noSubqueries(x, "RETURNING", list[0].Position())
}

func (c *changing) noSubqueries(x *exprContext, clause string, pos int) {
	if len(x.joins) > 0 {
		unsupported(pos, "a subquery in "+clause, "Query the rows after the change, in the same transaction.")
	}
}

// finish completes a change with its source.
func (c *changing) finish(r *relation) *Change {
	c.b.checkParams()
	c.change.Source = &Query{MD: c.b.md, Params: c.b.params, Reads: c.b.reads}
	if r != nil {
		// INSERT … SELECT … ORDER BY numbers rows in that order where a sequence does.
		c.change.Source.Plan, c.change.Source.Columns, c.change.Source.OrderBy = r.node, r.columns(), r.order
	}
	return c.change
}

// onePerRow keeps one match for each row of the target, where FROM or USING may have joined it several times: PostgreSQL takes any, we
// the first in the order of all columns. Without a primary key equal rows of the target are told apart by joining them again.
func (c *changing) onePerRow(target *logical.Scan, r *relation) {
	md := c.b.md
	one := expr.NewConst(int8Type, types.NewInt(1))
	keys := target.Cols
	pk := c.rel.PrimaryKey()
	if pk != nil {
		keys = nil
		for _, k := range pk.Columns {
			keys = append(keys, target.Cols[k])
		}
	}
	top := &logical.TopN{Input: r.node, PartitionBy: keys, OrderBy: completeOrder(nil, r.ids()), Limit: one}
	r.node = top
	if pk != nil {
		return
	}
	again := &logical.Scan{Relation: target.Relation, Schema: target.Schema, Attrs: target.Attrs}
	j := &logical.Join{Kind: physical.InnerJoin, Left: again, Right: top}
	var items []logical.Item
	for i, col := range target.Cols {
		cp := md.Copy(col)
		again.Cols = append(again.Cols, cp)
		j.On = append(j.On, &expr.IsDistinct{Left: md.Ref(cp), Right: md.Ref(target.Cols[i]), Not: true})
	}
	items = logical.PassThrough(md, dedup(r.ids()))
	r.node = &logical.Project{Input: j, Items: items}
}

// text binds an expression that the catalog stores as text.
func (b *binder) text(sql string, s *scope, clause string) expr.Node {
	e := parseText(sql)
	return b.context(s, clause).expr(e)
}
