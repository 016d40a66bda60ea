package bind_test

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
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/wire/pg/script"
)

// oracleSchema is testCatalog in PostgreSQL's words: streams are tables there.
const oracleSchema = `
CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, n numeric);
CREATE TABLE u (a int, c text, at timestamp, tags text[]);
CREATE TABLE bid (auction bigint, price bigint, at timestamp);
CREATE TABLE d (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE, made timestamptz DEFAULT now(), n int DEFAULT 1 + 1 CHECK (n > 0));
CREATE VIEW v AS SELECT a, count(*) AS k FROM public.t GROUP BY a;`

// TestOracle holds the commands types and error, unless they say streamdb, against PostgreSQL's answers.
func TestOracle(t *testing.T) {
	pg := script.Postgres(t)
	cfg, err := pgconn.ParseConfig("postgres://" + pg.User + "@localhost/" + pg.Database + "?sslmode=disable")
	require.NoError(t, err)
	cfg.LookupFunc = func(context.Context, string) ([]string, error) { return []string{"127.0.0.1"}, nil }
	cfg.DialFunc = func(context.Context, string, string) (net.Conn, error) { return pg.Dial() }
	c, err := pgconn.ConnectConfig(t.Context(), cfg)
	require.NoError(t, err)
	defer c.Close(context.Background())
	_, err = c.Exec(t.Context(), oracleSchema).ReadAll()
	require.NoError(t, err)
	cat := testCatalog(t)
	files, err := filepath.Glob("testdata/*")
	require.NoError(t, err)
	var wrong []string // in the end, as datadriven stops at the first failure
	for _, f := range files {
		datadriven.RunTest(t, f, func(_ *testing.T, d *datadriven.TestData) string {
			if d.Cmd != "types" && d.Cmd != "error" || d.HasArg("streamdb") || d.HasArg("view") {
				return d.Expected
			}
			perLine(d.Input, func(sql string) string {
				ours := failure
				if d.Cmd == "types" {
					ours = columnTypes
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

// describe gives PostgreSQL's description of a statement in the form of columnTypes and failure.
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
