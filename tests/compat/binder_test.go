package compat_test

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/bind/bindtest"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/wire/pg/script"
)

// TestBinder holds what planner/bind/testdata says of the commands types and error, unless they say streamdb, against PostgreSQL's answers.
func TestBinder(t *testing.T) {
	c := connect(t, script.Postgres(t))
	_, err := c.Exec(t.Context(), bindtest.Schema).ReadAll()
	require.NoError(t, err)
	cat := bindtest.Catalog(t)
	files, err := filepath.Glob("../../planner/bind/testdata/*")
	require.NoError(t, err)
	var wrong []string // in the end, as datadriven stops at the first failure
	for _, f := range files {
		datadriven.RunTest(t, f, func(_ *testing.T, d *datadriven.TestData) string {
			if d.Cmd != "types" && d.Cmd != "error" || d.HasArg("streamdb") || d.HasArg("view") {
				return d.Expected
			}
			bindtest.PerLine(d.Input, func(sql string) string {
				ours := bindtest.Failure
				if d.Cmd == "types" {
					ours = bindtest.Types
				}
				got := ours(t, &bind.Context{Catalog: cat, SearchPath: []string{"public"}}, sql)
				want := describe(t, c, sql, d.Cmd)
				if strings.Contains(want, " @0 ") { // where PostgreSQL gives no position we may
					got = regexp.MustCompile(`@[0-9]+`).ReplaceAllString(got, "@0")
				}
				if want != got {
					wrong = append(wrong, sql+"\nPostgreSQL: "+want+"\nStreamDB:   "+got)
				}
				return got
			})
			return d.Expected
		})
	}
	require.Empty(t, wrong, strings.Join(wrong, "\n\n"))
}

// describe gives PostgreSQL's description of a statement in the form of bindtest's.
func describe(t *testing.T, c *pgconn.PgConn, sql, cmd string) string {
	s, err := c.Prepare(t.Context(), "", sql, nil)
	if err != nil {
		var e *pgconn.PgError
		require.ErrorAs(t, err, &e)
		text := fmt.Sprintf("%s @%d %s", e.Code, e.Position, e.Message)
		if e.Detail != "" {
			text += "\n  detail: " + e.Detail
		}
		if e.Hint != "" {
			text += "\n  hint: " + e.Hint
		}
		if cmd == "types" {
			text = "ERROR " + text
		}
		return text
	}
	if cmd == "error" {
		return "no error: " + sql
	}
	var out []string
	for _, f := range s.Fields {
		typ, _ := types.ByOID(f.DataTypeOID)
		out = append(out, f.Name+" "+typ.WithTypmod(f.TypeModifier).String())
	}
	text := strings.Join(out, ", ")
	if len(s.ParamOIDs) > 0 {
		var ps []types.Type
		for _, o := range s.ParamOIDs {
			p, _ := types.ByOID(o)
			ps = append(ps, p)
		}
		text += fmt.Sprint(" ", ps)
	}
	return text
}

// connect opens a connection that lives as long as the test.
func connect(t *testing.T, pg script.Server) *pgconn.PgConn {
	cfg, err := pgconn.ParseConfig("postgres://" + pg.User + "@localhost/" + pg.Database + "?sslmode=disable")
	require.NoError(t, err)
	cfg.LookupFunc = func(context.Context, string) ([]string, error) { return []string{"127.0.0.1"}, nil }
	cfg.DialFunc = func(context.Context, string, string) (net.Conn, error) { return pg.Dial() }
	c, err := pgconn.ConnectConfig(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}
