package bind_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// TestBind runs testdata. Commands:
//
//	bind [view]     the columns, parameters and plan of a query, or what a change does
//	types           the names and types of a query's columns alone
//	error [view]    each line's error, as "SQLSTATE position message", with detail and hint below; a line may not succeed
func TestBind(t *testing.T) {
	cat := testCatalog(t)
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			ctx := &bind.Context{Catalog: cat, SearchPath: []string{"public"}, View: d.HasArg("view")}
			switch d.Cmd {
			case "bind":
				return result(t, ctx, d.Input)
			case "types":
				return perLine(d.Input, func(sql string) string { return columnTypes(t, ctx, sql) })
			case "error":
				return perLine(d.Input, func(sql string) string { return failure(t, ctx, sql) })
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

func perLine(input string, f func(string) string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(input), "\n") {
		b.WriteString(f(line) + "\n")
	}
	return b.String()
}

// testCatalog has a table with a key and one without, a stream with a watermark, a table with everything that INSERT heeds, and a view.
func testCatalog(t *testing.T) *catalog.Catalog {
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

func statement(t *testing.T, sql string) ast.Statement {
	stmts, err := parse.Statements(sql)
	require.NoError(t, err, sql)
	require.Len(t, stmts, 1, sql)
	return stmts[0].Statement
}

func result(t *testing.T, ctx *bind.Context, sql string) string {
	var b strings.Builder
	switch s := statement(t, sql).(type) {
	case *ast.Select:
		q, err := bind.Select(ctx, s)
		require.NoError(t, err, sql)
		fmt.Fprintln(&b, "columns:", columns(q))
		if len(q.Params) > 0 {
			fmt.Fprintln(&b, "parameters:", q.Params)
		}
		for _, k := range q.OrderBy {
			fmt.Fprintf(&b, "order: %s:%d desc=%t nulls first=%t\n", q.MD.Get(k.Col).Name, k.Col, k.Desc, k.NullsFirst)
		}
		b.WriteString(logical.Format(q.Plan, q.MD))
	case *ast.Copy:
		c, err := bind.CopyFrom(ctx, s)
		require.NoError(t, err, sql)
		writeChange(&b, c)
	default:
		c, err := bindChange(ctx, s)
		require.NoError(t, err, sql)
		writeChange(&b, c)
	}
	return b.String()
}

func bindChange(ctx *bind.Context, s ast.Statement) (*bind.Change, error) {
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

func columns(q *bind.Query) string {
	var out []string
	for _, c := range q.Columns {
		out = append(out, fmt.Sprintf("%s:%d %s", c.Name, c.ID, q.MD.Type(c.ID)))
	}
	return strings.Join(out, ", ")
}

func writeChange(b *strings.Builder, c *bind.Change) {
	if c.CopyColumns != nil {
		fmt.Fprintln(b, "data:", c.CopyColumns)
	}
	if len(c.Source.Params) > 0 {
		fmt.Fprintln(b, "parameters:", c.Source.Params)
	}
	for i, e := range c.Row {
		fmt.Fprintf(b, "%s = %s\n", c.Relation.Columns[i].Name, e)
	}
	for _, k := range c.Checks {
		fmt.Fprintf(b, "check %s: %s\n", k.Name, k.Expr)
	}
	if k := c.Conflict; k != nil {
		fmt.Fprintln(b, "conflict on keys", k.Arbiters)
		for i, e := range k.Update {
			fmt.Fprintf(b, "  %s = %s\n", c.Relation.Columns[i].Name, e)
		}
		if k.Where != nil {
			fmt.Fprintln(b, "  where", k.Where)
		}
	}
	for _, r := range c.Returning {
		fmt.Fprintf(b, "returning %s: %s\n", r.Name, r.Expr)
	}
	if c.Source.Plan != nil {
		fmt.Fprintln(b, "source:", columns(c.Source))
		b.WriteString(logical.Format(c.Source.Plan, c.Source.MD))
	}
}

func columnTypes(t *testing.T, ctx *bind.Context, sql string) string {
	q, err := bind.Select(ctx, statement(t, sql).(*ast.Select))
	if err != nil {
		return "ERROR " + failure(t, ctx, sql)
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

func failure(t *testing.T, ctx *bind.Context, sql string) string {
	stmt := statement(t, sql)
	var err error
	if s, ok := stmt.(*ast.Select); ok {
		_, err = bind.Select(ctx, s)
	} else {
		_, err = bindChange(ctx, stmt)
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
