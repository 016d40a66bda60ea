package session

import (
	"context"
	"math"
	"strings"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// maxColumns is PostgreSQL's limit of columns in a relation.
const maxColumns = 1600

// createTable is CREATE TABLE and CREATE STREAM.
func (s *Session) createTable(ctx context.Context, x *ast.CreateTable) (string, error) {
	tag := "CREATE TABLE"
	if x.Stream {
		tag = "CREATE STREAM"
	}
	if err := refuseTableClauses(x); err != nil {
		return "", err
	}
	schema, err := s.newName(x.Name)
	if err != nil {
		return "", err
	}
	if _, ok := s.current().Relation(schema.OID, x.Name.Last()); ok {
		if x.IfNotExists {
			s.notice(sqlerr.NewNotice("relation %q already exists, skipping", x.Name.Last()))
			return tag, nil
		}
		return "", sqlerr.New(sqlerr.DuplicateTable, "relation %q already exists", x.Name.Last())
	}
	return tag, s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
		t := &tableMaker{s: s, x: x, edit: e, schema: schema}
		return t.make()
	})
}

// refuseTableClauses refuses what tables and streams do not have.
func refuseTableClauses(x *ast.CreateTable) error {
	refuse := func(what, hint string) error { return sqlerr.Unsupported(what, hint).At(x.Pos) }
	switch {
	case x.Temp:
		return refuse("CREATE TEMPORARY TABLE", "Create the table and drop it when it is not needed any more.")
	case len(x.Likes) > 0:
		return refuse("LIKE in CREATE TABLE", "List the columns.")
	case len(x.Inherits) > 0:
		return refuse("INHERITS", "Use a view with UNION ALL over the tables.")
	case x.PartitionBy != "":
		return refuse("PARTITION BY of tables", "Leave it out: state is partitioned by hash as it is.")
	case !x.Stream && len(x.Watermarks) > 0:
		return refuse("WATERMARK FOR in CREATE TABLE", "Watermarks are for streams: CREATE STREAM.")
	case len(x.Watermarks) > 1:
		return refuse("more than one WATERMARK FOR", "A stream has one event time.")
	}
	return nil
}

// tableMaker turns a CREATE into a catalog entry.
type tableMaker struct {
	s      *Session
	x      *ast.CreateTable
	edit   *catalog.Edit
	schema *catalog.Schema
	r      *catalog.Relation
	names  map[string]bool // of constraints
}

func (t *tableMaker) make() error {
	t.names = map[string]bool{}
	t.r = &catalog.Relation{OID: t.edit.NewOID(), Schema: t.schema.OID, Name: t.x.Name.Last(), Kind: catalog.Table, Owner: t.s.user,
		Created: t.s.engine.db.Sched().Now()}
	if t.x.Stream {
		t.r.Kind, t.r.AppendOnly = catalog.Stream, true
	}
	if len(t.x.Columns) > maxColumns {
		return sqlerr.New(sqlerr.TooManyColumns, "tables can have at most %d columns", maxColumns)
	}
	for _, c := range t.x.Columns {
		if err := t.column(c); err != nil {
			return err
		}
	}
	for _, c := range t.x.Columns {
		for _, k := range c.Constraints {
			if err := t.constraint(k, c); err != nil {
				return err
			}
		}
	}
	for _, k := range t.x.Constraints {
		if err := t.constraint(k, nil); err != nil {
			return err
		}
	}
	for _, w := range t.x.Watermarks {
		if err := t.watermark(w); err != nil {
			return err
		}
	}
	if err := t.options(); err != nil {
		return err
	}
	return t.edit.PutRelation(t.r)
}

// serials are the column types that stand for an integer with a sequence.
var serials = map[string]types.ID{"smallserial": types.Int2, "serial2": types.Int2, "serial": types.Int4, "serial4": types.Int4,
	"bigserial": types.Int8, "serial8": types.Int8}

// column adds a column with its type and default.
func (t *tableMaker) column(c *ast.ColumnDef) error {
	if t.r.Column(c.Name) >= 0 {
		return sqlerr.New(sqlerr.DuplicateColumn, "column %q specified more than once", c.Name).At(c.Pos)
	}
	if c.Collation != nil && c.Collation.Last() != "C" && c.Collation.Last() != "default" && c.Collation.Last() != "POSIX" {
		return sqlerr.Unsupported("collation "+c.Collation.Last(), `The collation is "C".`).At(c.Pos)
	}
	col := catalog.Column{Name: c.Name}
	if id, ok := serials[c.Type.Name.Last()]; ok && len(c.Type.Name.Parts) == 1 {
		col.Type, col.NotNull = types.T(id), true
		if err := t.sequence(&col, nil); err != nil {
			return err
		}
		t.r.Columns = append(t.r.Columns, col)
		return nil
	}
	var err error
	if col.Type, err = bind.TypeName(t.s.bindContext(nil), c.Type); err != nil {
		return err
	}
	if pseudo(col.Type) {
		return sqlerr.New(sqlerr.InvalidTableDefinition, "column %q has pseudo-type %s", c.Name, types.Format(col.Type)).At(c.Pos)
	}
	t.r.Columns = append(t.r.Columns, col)
	return nil
}

func pseudo(t types.Type) bool {
	switch t.ID {
	case types.Unknown, types.Record, types.Void, types.Any, types.AnyElement, types.AnyArray, types.Trigger, types.Internal, types.CString:
		return true
	}
	return false
}

// sequence makes the sequence behind a serial or identity column, and its default.
func (t *tableMaker) sequence(col *catalog.Column, options []*ast.Option) error {
	def := &catalog.SequenceDef{Start: 1, Increment: 1, Min: 1, Max: math.MaxInt64, Type: col.Type, OwnedBy: t.r.OID}
	switch col.Type.ID {
	case types.Int2:
		def.Max = math.MaxInt16
	case types.Int4:
		def.Max = math.MaxInt32
	case types.Int8:
	default:
		return sqlerr.New(sqlerr.InvalidParameterValue, "identity column type must be smallint, integer, or bigint")
	}
	if err := sequenceOptions(def, options); err != nil {
		return err
	}
	seq := &catalog.Relation{OID: t.edit.NewOID(), Schema: t.schema.OID, Kind: catalog.Sequence, Owner: t.s.user, SequenceDef: def,
		Name: uniqueName(t.edit, t.schema.OID, t.r.Name+"_"+col.Name+"_seq", nil)}
	col.Sequence = seq.OID
	if col.Identity == 0 {
		col.Default = "nextval('" + strings.ReplaceAll(ast.QuoteIdent(t.schema.Name)+"."+ast.QuoteIdent(seq.Name), "'", "''") + "'::regclass)"
	}
	return t.edit.PutRelation(seq)
}

// watermark binds WATERMARK FOR.
func (t *tableMaker) watermark(w *ast.Watermark) error {
	i := t.r.Column(w.Column)
	if i < 0 {
		return sqlerr.New(sqlerr.UndefinedColumn, "column %q named in WATERMARK FOR does not exist", w.Column).At(w.Pos)
	}
	typ := t.r.Columns[i].Type
	if typ.ID != types.Timestamp && typ.ID != types.Timestamptz || typ.Array {
		return sqlerr.New(sqlerr.DatatypeMismatch, "the watermark column %q must be of type timestamp or timestamptz, not %s", w.Column, types.Format(typ)).At(w.Pos)
	}
	ctx := t.s.bindContext(nil)
	ctx.View = true
	if _, err := bind.RowExpr(ctx, t.r.Name, t.r.Columns, w.Expr, "WATERMARK FOR", typ.Plain()); err != nil {
		return err
	}
	t.r.Watermark = &catalog.Watermark{Column: i, Expr: ast.Format(w.Expr)}
	return nil
}

// options takes over WITH, and tries the connector out.
func (t *tableMaker) options() error {
	var err error
	if t.r.Options, err = catalogOptions(t.x.Options); err != nil {
		return err
	}
	if t.x.Stream {
		if err := streamOptions(t.x.Options, t.r); err != nil {
			return err
		}
	}
	name, ok := t.r.Option("connector")
	switch {
	case !t.x.Stream:
		return onlyOptions(t.x.Options, "a table", tableOptions...)
	case !ok:
		return onlyOptions(t.x.Options, "a stream without a connector", append([]string{"connector"}, database.StreamOptions...)...)
	}
	if len(t.r.Keys) > 0 || len(t.r.Checks) > 0 {
		return sqlerr.Unsupported("a constraint of a connector's stream", "Leave it out: its rows are not stored.").At(t.x.Pos)
	}
	t.r.Connector = strings.ToLower(name)
	return t.s.engine.db.TrySource(t.r, t.x.Options)
}
