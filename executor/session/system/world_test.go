package system

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// testWorld is a session over a small catalog, without a database at work.
type testWorld struct {
	*settings.Values
	c *catalog.Catalog
}

func (testWorld) Now() int64                                 { return 0 }
func (w testWorld) Setting(n string) (string, bool)          { return w.Get(n) }
func (w testWorld) SetSetting(n, v string, local bool) error { return w.Set(n, v, local) }
func (testWorld) User() string                               { return "streamdb" }
func (testWorld) Database() string                           { return "streamdb" }
func (w testWorld) Catalog() fn.Catalog                      { return testNames{c: w.c} }
func (w testWorld) Current() *catalog.Catalog                { return w.c }
func (testWorld) Running() *database.Database                { return nil }
func (testWorld) Sessions() []Session {
	return []Session{{ID: 7, User: "streamdb", Application: "psql", Remote: "127.0.0.1:5", State: "active", Query: "SELECT 1"},
		{ID: 8, User: "streamdb", State: "idle"}}
}
func (testWorld) Prepared() []Prepared {
	return []Prepared{{Name: "p", Text: "SELECT $1", Params: []types.Type{types.T(types.Int4)}}}
}
func (testWorld) AdvisoryLocks() []AdvisoryLock {
	return []AdvisoryLock{{Key: fn.AdvisoryKey{Object: 7, Sub: 1}, Session: 3, Granted: true}}
}
func (testWorld) Cursors() []Cursor { return []Cursor{{Name: "c", Text: "SELECT 1", Hold: true}} }

// testNames knows the relations' names; all are visible.
type testNames struct {
	fn.Catalog
	c *catalog.Catalog
}

func (n testNames) RelationName(oid uint32) (schema, name string, visible, ok bool) {
	_, name, ok = ClassName(n.c, oid)
	return "", name, true, ok
}

// testCatalog has an object of each kind.
func testCatalog(t *testing.T) *catalog.Catalog {
	int4, text := types.T(types.Int4), types.T(types.Text)
	e := catalog.New(Relations()).Edit()
	require.NoError(t, e.PutSchema(&catalog.Schema{OID: e.NewOID(), Name: "shop", Comment: "what is sold"}))
	next := func(r catalog.Relation) uint32 {
		r.OID = e.NewOID()
		if r.Schema == 0 {
			r.Schema = catalog.PublicOID
		}
		r.Owner = "streamdb"
		require.NoError(t, e.PutRelation(&r))
		return r.OID
	}
	seq := next(catalog.Relation{Name: "item_id_seq", Kind: catalog.Sequence,
		SequenceDef: &catalog.SequenceDef{Start: 1, Increment: 1, Min: 1, Max: 100, Type: int4}})
	item := next(catalog.Relation{Name: "item", Kind: catalog.Table, Comment: "items", Columns: []catalog.Column{
		{Name: "id", Type: int4, NotNull: true, Default: "nextval('public.item_id_seq'::regclass)", Sequence: seq, Comment: "the key"},
		{Name: "name", Type: types.T(types.Varchar).WithTypmod(14), Default: "'it''s'"},
		{Name: "price", Type: types.NumericType(12, 2), NotNull: true},
		{Name: "tags", Type: types.ArrayOf(text)},
	}, Keys: []catalog.Key{{Name: "item_pkey", OID: e.NewOID(), Columns: []int{0}, Primary: true}, {Name: "item_name_key", OID: e.NewOID(), Columns: []int{1, 2}}},
		Checks: []catalog.Check{{Name: "item_price_check", OID: e.NewOID(), Expr: "price > 0"}}})
	next(catalog.Relation{Name: "item_price_idx", Kind: catalog.Index, IndexDef: &catalog.IndexDef{On: item, Columns: []int{2}},
		Columns: []catalog.Column{{Name: "price", Type: types.NumericType(12, 2)}}})
	next(catalog.Relation{Name: "bid", Kind: catalog.Stream, Connector: "nexmark", AppendOnly: true, Options: []catalog.Option{{Name: "connector", Value: "nexmark"}},
		Columns: []catalog.Column{{Name: "at", Type: types.T(types.Timestamp)}}})
	view := next(catalog.Relation{Name: "dear", Kind: catalog.View, Columns: []catalog.Column{{Name: "id", Type: int4}},
		ViewDef: &catalog.ViewDef{Query: "SELECT id FROM public.item WHERE price > 100", DependsOn: []uint32{item}}})
	next(catalog.Relation{Name: "named", Kind: catalog.View, Columns: []catalog.Column{{Name: "Name", Type: text}},
		ViewDef: &catalog.ViewDef{Query: `SELECT name AS "Name" FROM public.item`, DependsOn: []uint32{item}, Materialized: true, EmitOnClose: true}})
	next(catalog.Relation{Name: "out", Kind: catalog.Sink, Connector: "file", Options: []catalog.Option{{Name: "path", Value: "a.csv"}},
		Columns: []catalog.Column{{Name: "id", Type: int4}}, SinkDef: &catalog.SinkDef{From: view}, ViewDef: &catalog.ViewDef{Query: "SELECT * FROM public.dear", DependsOn: []uint32{view}}})
	return e.Catalog()
}

// scanRows calls f with each row of a relation.
func scanRows(t *testing.T, w testWorld, r *catalog.Relation, f func(row []types.Datum)) {
	require.NoError(t, r.VirtualDef.Scan(context.Background(), w, func(b *vec.Batch) error {
		require.Positive(t, b.N, r.Name)
		require.Len(t, b.Cols, len(r.Columns))
		for i := range b.N {
			row := make([]types.Datum, len(b.Cols))
			for k, c := range b.Cols {
				require.Equal(t, b.N, c.Len(), "%s.%s", r.Name, r.Columns[k].Name)
				row[k] = c.Datum(i)
			}
			f(row)
		}
		return nil
	}), r.Name)
}

// systemRelation finds one by its name, which may have a schema.
func systemRelation(t *testing.T, c *catalog.Catalog, name string) *catalog.Relation {
	schema, short, ok := strings.Cut(name, ".")
	if !ok {
		schema, short = "pg_catalog", name
	}
	s, ok := c.Schema(schema)
	require.True(t, ok, name)
	r, ok := c.Relation(s.OID, short)
	require.True(t, ok, name)
	return r
}
