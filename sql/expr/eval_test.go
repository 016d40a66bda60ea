package expr_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// The goldens are PostgreSQL 15's answers. To make them anew, start a throw-away cluster (--locale=C, UTF8, UTC) and run
//
//	go test ./sql/expr -run TestGolden -rewrite -pg 'host=/tmp port=5433 user=postgres'
var pgDSN = flag.String("pg", "", "connection string of the PostgreSQL 15 whose answers -rewrite takes")

// testEnv is the surroundings of the goldens: the session settings that PostgreSQL has by default in UTC.
type testEnv struct{ noEnv }

func (testEnv) Setting(name string) (string, bool) {
	v, ok := map[string]string{"TimeZone": "UTC", "datestyle": "ISO, MDY"}[name]
	return v, ok
}

func TestGolden(t *testing.T) {
	answer := func(text string) string { return evalText(t, text) }
	if *pgDSN != "" {
		conn, err := pgconn.Connect(context.Background(), *pgDSN)
		require.NoError(t, err)
		defer conn.Close(context.Background())
		answer = func(text string) string { return askPG(t, conn, text) }
	}
	files, err := filepath.Glob("testdata/*.golden")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".golden"), func(t *testing.T) {
			datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
				var b strings.Builder
				for line := range strings.Lines(d.Input) {
					b.WriteString(answer(strings.TrimSpace(line)) + "\n")
				}
				return b.String()
			})
		})
	}
}

// evalText evaluates an expression in every way there is (constants, columns, folded, under a selection, decoded from its
// encoding), which must agree, and gives its text or its error.
func evalText(t *testing.T, text string) string {
	n, err := parseExpr(text)
	require.NoError(t, err)
	want := evalNode(n)
	require.Equal(t, want, evalNode(expr.Fold(n)), "folded: %s", text)
	require.Equal(t, want, evalColumns(t, n), "as columns: %s", text)
	enc, err := expr.Encode(n)
	require.NoError(t, err)
	dec, err := expr.Decode(enc)
	require.NoError(t, err, text)
	require.True(t, expr.Equal(n, dec), text)
	require.Equal(t, expr.Hash(n), expr.Hash(dec))
	require.Equal(t, n.String(), dec.String())
	return want
}

func evalNode(n expr.Node) string {
	d, err := expr.Value(n, &expr.Ctx{Env: testEnv{}})
	return shown(n.Type(), d, err)
}

func shown(t types.Type, d types.Datum, err error) string {
	if err != nil {
		e := sqlerr.From(err)
		return "ERROR " + string(e.Code) + ": " + e.Message
	}
	if d.Null {
		return "NULL"
	}
	return oneLine(types.String(t, d))
}

// oneLine keeps a result in its line; an empty one must not be lost.
func oneLine(s string) string {
	return "=" + strings.NewReplacer("\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(s)
}

// evalColumns puts the constants into columns of seven rows, of which the selection has three; the others hold nulls, and
// must not be looked at.
func evalColumns(t *testing.T, n expr.Node) string {
	const rows = 7
	sel := []int32{1, 2, 5}
	var cols []*vec.Vector
	n = expr.Rewrite(n, func(m expr.Node) expr.Node {
		c, ok := m.(*expr.Const)
		if !ok || c.Typ.ID >= types.Any {
			return m
		}
		v := vec.New(c.Typ, rows)
		for i := range int32(rows) {
			if i == 1 || i == 2 || i == 5 {
				v.Append(c.Value)
			} else {
				v.Append(types.Null)
			}
		}
		cols = append(cols, v)
		return expr.NewColumn(len(cols)-1, c.Typ, "")
	})
	p, err := expr.Compile(n)
	if err != nil {
		return shown(n.Type(), types.Null, err)
	}
	var first string
	for pass := range 2 { // the second evaluation finds used buffers
		var errs expr.Errors
		v := p.EvalRows(&expr.Ctx{Env: testEnv{}, Fail: errs.Fail}, cols, rows, sel)
		for _, i := range sel {
			got := shown(n.Type(), v.Datum(int(i)), errs.Row(i))
			if pass == 0 && i == sel[0] {
				first = got
			}
			require.Equal(t, first, got, "row %d, pass %d", i, pass)
		}
	}
	if n.Type().ID == types.Bool && !n.Type().Array {
		checkFilter(t, p, cols, rows, sel, first)
	}
	return first
}

// checkFilter: the filter keeps the rows whose value is true.
func checkFilter(t *testing.T, p *expr.Program, cols []*vec.Vector, rows int, sel []int32, want string) {
	var errs expr.Errors
	got := p.FilterRows(&expr.Ctx{Env: testEnv{}, Fail: errs.Fail}, cols, rows, sel)
	if errs.Any() {
		return
	}
	if want == "=t" {
		require.Equal(t, sel, got)
	} else {
		require.Empty(t, got)
	}
}

// askPG gives PostgreSQL's answer. EXTRACT as a plain call must be qualified there.
func askPG(t *testing.T, conn *pgconn.PgConn, text string) string {
	text = strings.ReplaceAll(text, "extract(", `pg_catalog."extract"(`)
	res, err := conn.Exec(context.Background(), "SELECT "+text).ReadAll()
	if err != nil {
		var pgErr *pgconn.PgError
		require.ErrorAs(t, err, &pgErr)
		if strings.HasPrefix(pgErr.Message, "syntax error") || pgErr.Code == "42883" {
			t.Errorf("%s: %v", text, err)
		}
		return "ERROR " + pgErr.Code + ": " + pgErr.Message
	}
	v := res[0].Rows[0][0]
	if v == nil {
		return "NULL"
	}
	return oneLine(string(v))
}

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(m.Run())
}
