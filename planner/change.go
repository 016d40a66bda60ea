package planner

import (
	"slices"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// Change is a planned INSERT, UPDATE, DELETE or COPY FROM: one of the four is set.
type Change struct {
	Insert *physical.Insert
	Update *physical.Update
	Delete *physical.Delete
	Copy   *physical.Copy
	// Columns are RETURNING's, nil without it.
	Columns []Column
	Params  []types.Type
	Reads   []uint32
}

// Insert plans an INSERT.
func Insert(ctx *bind.Context, stmt *ast.Insert) (*Change, error) {
	return fromRows(ctx, stmt, bind.Insert, func(c *changer, source *physical.Plan) *Change {
		return &Change{Insert: &physical.Insert{
			Target: c.target(), Source: source, Row: c.exprs(c.b.Row, c.cols), Conflict: c.conflict(), Returning: c.returning(c.b.Target),
		}}
	})
}

// Update plans an UPDATE.
func Update(ctx *bind.Context, stmt *ast.Update) (*Change, error) {
	return fromRows(ctx, stmt, bind.Update, func(c *changer, source *physical.Plan) *Change {
		return &Change{Update: &physical.Update{
			Target: c.target(), Source: source, Row: c.exprs(c.b.Row, c.cols), Returning: c.returning(slices.Concat(c.b.Target, c.cols)),
		}}
	})
}

// Delete plans a DELETE.
func Delete(ctx *bind.Context, stmt *ast.Delete) (*Change, error) {
	return fromRows(ctx, stmt, bind.Delete, func(c *changer, source *physical.Plan) *Change {
		return &Change{Delete: &physical.Delete{Target: c.target(), Source: source, Returning: c.returning(c.cols)}}
	})
}

// fromRows plans a change whose rows come from a query of the statement's.
func fromRows[S any](
	ctx *bind.Context, stmt S, bound func(*bind.Context, S) (*bind.Change, error), plan func(*changer, *physical.Plan) *Change,
) (*Change, error) {
	b, err := bound(ctx, stmt)
	if err != nil {
		return nil, err
	}
	c := newChanger(ctx, b)
	source, err := c.source()
	if err != nil {
		return nil, err
	}
	return c.change(plan(c, source))
}

// CopyFrom plans COPY FROM.
func CopyFrom(ctx *bind.Context, stmt *ast.Copy) (*Change, error) {
	b, err := bind.CopyFrom(ctx, stmt)
	if err != nil {
		return nil, err
	}
	c := newChanger(ctx, b)
	cp := &physical.Copy{Insert: physical.Insert{Target: c.target(), Row: c.exprs(b.Row, c.cols)}, Columns: b.CopyColumns}
	cp.Where = c.expr(b.CopyWhere, b.Target)
	return c.change(&Change{Copy: cp})
}

// changer turns a bound change into a physical one.
type changer struct {
	b       *bind.Change
	catalog *catalog.Catalog
	// cols are the source's columns, each once: what expressions over the source read by position.
	cols []logical.ColID
	// err is the first expression that reads a column which is not there: a fault of the binder.
	err error
}

func newChanger(ctx *bind.Context, b *bind.Change) *changer {
	c := &changer{b: b, catalog: ctx.Catalog}
	for _, col := range b.Source.Columns {
		if !slices.Contains(c.cols, col.ID) {
			c.cols = append(c.cols, col.ID)
		}
	}
	return c
}

// source plans where the rows come from.
func (c *changer) source() (*physical.Plan, error) {
	bound := *c.b.Source
	bound.Columns = make([]bind.Column, len(c.cols))
	for i, id := range c.cols {
		bound.Columns[i] = bind.Column{Name: bound.MD.Get(id).Name, ID: id}
	}
	q, err := query(&bound, Options{Tasks: 1, Catalog: c.catalog})
	if err != nil {
		return nil, err
	}
	return q.Plan, nil
}

func (c *changer) target() physical.Target {
	t := physical.Target{Relation: c.b.Relation.OID, Name: c.b.Relation.Name, Width: len(c.b.Relation.Columns)}
	for _, k := range c.b.Checks {
		t.Checks = append(t.Checks, physical.Check{Name: k.Name, Expr: c.expr(k.Expr, c.b.Target)})
	}
	return t
}

func (c *changer) conflict() *physical.Conflict {
	k := c.b.Conflict
	if k == nil {
		return nil
	}
	both := slices.Concat(c.b.Target, c.b.Excluded)
	out := &physical.Conflict{Arbiters: k.Arbiters, Where: c.expr(k.Where, both)}
	if k.Update != nil {
		out.Update = c.exprs(k.Update, both)
	}
	return out
}

// returning is RETURNING over columns by position.
func (c *changer) returning(over []logical.ColID) []physical.Expr {
	if c.b.Returning == nil {
		return nil
	}
	out := make([]physical.Expr, len(c.b.Returning))
	for i, it := range c.b.Returning {
		out[i] = c.expr(it.Expr, over)
	}
	return out
}

func (c *changer) exprs(list []expr.Node, over []logical.ColID) []physical.Expr {
	out := make([]physical.Expr, len(list))
	for i, e := range list {
		out[i] = c.expr(e, over)
	}
	return out
}

func (c *changer) expr(e expr.Node, over []logical.ColID) physical.Expr {
	if e == nil {
		return physical.Expr{}
	}
	return physical.E(expr.MapColumns(expr.Fold(e), func(id int) int {
		i := slices.Index(over, logical.ColID(id))
		if i < 0 && c.err == nil {
			c.err = sqlerr.Internal("a row of %q is made of column %d, which its source does not have", c.b.Relation.Name, id)
		}
		return i
	}))
}

// change fills in what all changes have.
func (c *changer) change(out *Change) (*Change, error) {
	src := c.b.Source
	out.Params, out.Reads = src.Params, src.Reads
	if c.b.Returning != nil {
		out.Columns = []Column{}
	}
	for _, it := range c.b.Returning {
		col := Column{Name: it.Name, Type: it.Expr.Type()}
		if id, ok := logical.ColumnOf(it.Expr); ok {
			col = column(src.MD, bind.Column{Name: it.Name, ID: id})
		}
		out.Columns = append(out.Columns, col)
	}
	return out, c.err
}
