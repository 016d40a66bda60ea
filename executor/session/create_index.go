package session

import (
	"context"
	"slices"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// createIndex is CREATE INDEX.
func (s *Session) createIndex(ctx context.Context, x *ast.CreateIndex) error {
	on, err := s.relation(x.Table)
	if err != nil {
		return err
	}
	if err := refuseIndexClauses(x, on); err != nil {
		return err
	}
	def, name := &catalog.IndexDef{On: on.OID}, on.Name
	for _, e := range x.Elems {
		i, err := indexColumn(e, on)
		if err != nil {
			return err
		}
		def.Columns, def.Options = append(def.Columns, i), append(def.Options, indexOption(e))
		name += "_" + on.Columns[i].Name
	}
	if x.Name != "" {
		if _, ok := s.current().Relation(on.Schema, x.Name); ok {
			if x.IfNotExists {
				s.notice(sqlerr.NewNotice("relation %q already exists, skipping", x.Name))
				return nil
			}
			return sqlerr.New(sqlerr.DuplicateTable, "relation %q already exists", x.Name)
		}
	}
	return s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
		r := &catalog.Relation{OID: e.NewOID(), Schema: on.Schema, Name: x.Name, Kind: catalog.Index, Owner: s.user, IndexDef: def}
		if r.Name == "" {
			r.Name = uniqueName(e, on.Schema, name+"_idx", nil)
		}
		for _, c := range def.Columns {
			r.Columns = append(r.Columns, catalog.Column{Name: on.Columns[c].Name, Type: on.Columns[c].Type})
		}
		s.indexes = append(s.indexes, r.OID)
		return e.PutRelation(r)
	})
}

// indexColumn is the column that an element of CREATE INDEX names.
func indexColumn(e *ast.IndexElem, on *catalog.Relation) (int, error) {
	col, ok := e.Expr.(*ast.ColumnRef)
	switch {
	case !ok || len(col.Name.Parts) != 1:
		return 0, sqlerr.Unsupported("an index over an expression", "Index a column of a view that computes it.").At(e.Pos)
	case e.OpClass != nil:
		return 0, sqlerr.Unsupported("the operator class "+e.OpClass.Last(), "Leave it out: indexes go by the types' own order.").At(e.Pos)
	case e.Collation != nil && !slices.Contains(byteCollations, e.Collation.Last()):
		return 0, sqlerr.Unsupported("an index with the collation "+e.Collation.Last(), `Leave it out: indexes go by collation "C".`).At(e.Pos)
	}
	i := on.Column(col.Name.Last())
	if i < 0 || i >= len(on.Visible()) {
		return 0, sqlerr.New(sqlerr.UndefinedColumn, "column %q does not exist", col.Name.Last()).At(e.Pos)
	}
	if t := on.Columns[i].Type; t.Elem().ID == types.JSON || t.Elem().ID == types.XID {
		return 0, sqlerr.New(sqlerr.UndefinedObject, "data type %s has no default operator class for access method \"btree\"", t).
			WithHint("You must specify an operator class for the index or define a default operator class for the data type.").At(e.Pos)
	}
	return i, nil
}

// byteCollations are the names of the order that every column has.
var byteCollations = []string{"C", "POSIX", "default", "ucs_basic"}

// indexOption is the direction of an element: descending ones have nulls first unless told otherwise.
func indexOption(e *ast.IndexElem) (o catalog.IndexOption) {
	if e.Desc {
		o = catalog.IndexDesc
	}
	if e.Nulls == ast.NullsFirst || e.Desc && e.Nulls == ast.NullsDefault {
		o |= catalog.IndexNullsFirst
	}
	return o
}

func refuseIndexClauses(x *ast.CreateIndex, on *catalog.Relation) error {
	refuse := func(what, hint string) error { return sqlerr.Unsupported(what, hint).At(x.Pos) }
	switch {
	case on.Kind != catalog.Table && on.Kind != catalog.View:
		return sqlerr.New(sqlerr.WrongObjectType, "cannot create index on relation %q", on.Name).
			WithDetail("This operation is not supported for a %s.", on.Kind).At(x.Table.Pos)
	case x.Unique:
		return refuse("CREATE UNIQUE INDEX", "Declare the columns UNIQUE in CREATE TABLE; a view's key is found by the planner.")
	case x.Where != nil:
		return refuse("a partial index", "Index a view that filters.")
	case len(x.Include) > 0:
		return refuse("INCLUDE", "Leave it out: an index has whole rows.")
	case len(x.Options) > 0:
		return refuse("CREATE INDEX … WITH", "An index has no storage parameters.")
	case x.Method != "" && x.Method != "btree" && x.Method != "hash":
		return refuse("the index method "+x.Method, "Use btree.")
	}
	return nil
}

// createSchema is CREATE SCHEMA.
func (s *Session) createSchema(ctx context.Context, x *ast.CreateSchema) error {
	name := x.Name
	if name == "" {
		name = x.Authorization
	}
	if _, ok := s.current().Schema(name); ok {
		if x.IfNotExists {
			s.notice(sqlerr.NewNotice("schema %q already exists, skipping", name))
			return nil
		}
		return sqlerr.New(sqlerr.DuplicateSchema, "schema %q already exists", name)
	}
	if len(name) >= 3 && name[:3] == "pg_" {
		return sqlerr.New(sqlerr.ReservedName, "unacceptable schema name %q", name).WithDetail(`The prefix "pg_" is reserved for system schemas.`).At(x.Pos)
	}
	return s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
		return e.PutSchema(&catalog.Schema{OID: e.NewOID(), Name: name})
	})
}
