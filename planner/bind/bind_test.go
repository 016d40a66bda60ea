package bind_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/bind/bindtest"
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
)

// TestBind runs testdata. Commands:
//
//	bind [view]     the columns, parameters and plan of a query, or what a change does
//	types           the names and types of a query's columns alone
//	error [view]    each line's error, as "SQLSTATE position message", with detail and hint below; a line may not succeed
func TestBind(t *testing.T) {
	cat := bindtest.Catalog(t)
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			ctx := &bind.Context{Catalog: cat, SearchPath: []string{"public"}, View: d.HasArg("view")}
			switch d.Cmd {
			case "bind":
				return result(t, ctx, d.Input)
			case "types":
				return bindtest.PerLine(d.Input, func(sql string) string { return bindtest.Types(t, ctx, sql) })
			case "error":
				return bindtest.PerLine(d.Input, func(sql string) string { return bindtest.Failure(t, ctx, sql) })
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

func result(t *testing.T, ctx *bind.Context, sql string) string {
	var b strings.Builder
	switch s := bindtest.Statement(t, sql).(type) {
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
		c, err := bindtest.Change(ctx, s)
		require.NoError(t, err, sql)
		writeChange(&b, c)
	}
	return b.String()
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
