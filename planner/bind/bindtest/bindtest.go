// Package bindtest is what the binder's own tests and its comparison with PostgreSQL share: a catalog, the same in SQL, and the
// description of what a statement is or fails with.
package bindtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// Schema is Catalog in PostgreSQL's words: streams are tables there.
const Schema = `
CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, n numeric);
CREATE TABLE u (a int, c text, at timestamp, tags text[]);
CREATE TABLE bid (auction bigint, price bigint, at timestamp);
CREATE TABLE d (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE, made timestamptz DEFAULT now(), n int DEFAULT 1 + 1 CHECK (n > 0));
CREATE VIEW v AS SELECT a, count(*) AS k FROM public.t GROUP BY a;`

// Catalog has a table with a key and one without, a stream with a watermark, a table with everything that INSERT heeds, and a view.
func Catalog(t *testing.T) *catalog.Catalog {
	e := catalog.New(nil).Edit()
	put := func(r *catalog.Relation) *catalog.Relation {
		r.OID, r.Schema = e.NewOID(), catalog.PublicOID
		require.NoError(t, e.PutRelation(r))
		return r
	}
	col := func(name, typ string) catalog.Column {
		ty, err := types.FromSQL(strings.TrimSuffix(typ, "!"), nil)
		require.NoError(t, err)
		return catalog.Column{Name: name, Type: ty, NotNull: strings.HasSuffix(typ, "!")}
	}
	put(&catalog.Relation{Name: "t", Kind: catalog.Table, Columns: []catalog.Column{col("id", "bigint!"), col("a", "int"), col("b", "text"), col("n", "numeric")},
		Keys: []catalog.Key{{Name: "t_pkey", Columns: []int{0}, Primary: true}}})
	put(&catalog.Relation{Name: "u", Kind: catalog.Table, Columns: []catalog.Column{col("a", "int"), col("c", "text"), col("at", "timestamp"), col("tags", "_text")}})
	put(&catalog.Relation{Name: "bid", Kind: catalog.Stream, AppendOnly: true, Columns: []catalog.Column{col("auction", "bigint"), col("price", "bigint"), col("at", "timestamp")},
		Watermark: &catalog.Watermark{Column: 2, Expr: "at - interval '4 seconds'"}})
	put(&catalog.Relation{Name: "gen", Kind: catalog.Stream, AppendOnly: true, Connector: "nexmark", Columns: []catalog.Column{col("x", "int")}})
	def := put(&catalog.Relation{Name: "d", Kind: catalog.Table, Columns: []catalog.Column{col("id", "bigint!"), col("name", "text"), col("made", "timestamptz"), col("n", "int")},
		Keys:   []catalog.Key{{Name: "d_pkey", Columns: []int{0}, Primary: true}, {Name: "d_name_key", Columns: []int{1}}},
		Checks: []catalog.Check{{Name: "d_n_check", Expr: "n > 0"}}})
	def.Columns[0].Identity, def.Columns[0].Sequence = 'a', 999
	def.Columns[2].Default = "now()"
	def.Columns[3].Default = "1 + 1"
	put(&catalog.Relation{Name: "v", Kind: catalog.View, Columns: []catalog.Column{col("a", "int"), col("k", "bigint")},
		ViewDef: &catalog.ViewDef{Query: "SELECT a, count(*) AS k FROM public.t GROUP BY a", UniqueKey: []int{0}}})
	return e.Catalog()
}

// PerLine applies f to each line of an input.
func PerLine(input string, f func(string) string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(input), "\n") {
		b.WriteString(f(line) + "\n")
	}
	return b.String()
}

// Statement parses one statement.
func Statement(t *testing.T, sql string) ast.Statement {
	stmts, err := parse.Statements(sql)
	require.NoError(t, err, sql)
	require.Len(t, stmts, 1, sql)
	return stmts[0].Statement
}

// Change binds a data-changing statement.
func Change(ctx *bind.Context, s ast.Statement) (*bind.Change, error) {
	switch s := s.(type) {
	case *ast.Insert:
		return bind.Insert(ctx, s)
	case *ast.Update:
		return bind.Update(ctx, s)
	case *ast.Delete:
		return bind.Delete(ctx, s)
	case *ast.Copy:
		return bind.CopyFrom(ctx, s)
	}
	return nil, fmt.Errorf("no change: %T", s)
}

// Types gives the names and types of a query's columns and parameters, or its error.
func Types(t *testing.T, ctx *bind.Context, sql string) string {
	q, err := bind.Select(ctx, Statement(t, sql).(*ast.Select))
	if err != nil {
		return "ERROR " + Failure(t, ctx, sql)
	}
	var out []string
	for _, c := range q.Columns {
		out = append(out, c.Name+" "+q.MD.Type(c.ID).String())
	}
	text := strings.Join(out, ", ")
	if len(q.Params) > 0 {
		text += fmt.Sprint(" ", q.Params)
	}
	return text
}

// Failure gives a statement's error: SQLSTATE, position plus one, message, detail and hint.
func Failure(t *testing.T, ctx *bind.Context, sql string) string {
	stmt := Statement(t, sql)
	var err error
	if s, ok := stmt.(*ast.Select); ok {
		_, err = bind.Select(ctx, s)
	} else {
		_, err = Change(ctx, stmt)
	}
	if err == nil {
		return "no error: " + sql
	}
	e := sqlerr.From(err)
	text := fmt.Sprintf("%s @%d %s", e.Code, e.Offset, e.Message)
	if e.Detail != "" {
		text += "\n  detail: " + e.Detail
	}
	if e.Hint != "" {
		text += "\n  hint: " + e.Hint
	}
	return text
}
