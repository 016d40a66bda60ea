// Package golden reads test files whose right sides are answers of PostgreSQL 15, and takes them from a server anew:
//
//	go test ./sql/types/... -pg 'host=/tmp port=5432 user=postgres'
//
// A line "== name" begins a section; the others are an input, " => ", and the answer. An input is a Go string literal
// without the quotes, in which " stands for itself.
package golden

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

var dsn = flag.String("pg", "", "rewrite the goldens from the PostgreSQL at this DSN")

// Case is a line of a file.
type Case struct {
	Section, Input, Want string
	Line                 int
}

// Query is what to ask PostgreSQL for a case: one value, in text form, and in binary form too if Binary is set.
type Query struct {
	SQL    string
	Binary bool
}

// Read gives the cases of a file; with -pg it first rewrites their answers by the queries that ask makes.
func Read(t testing.TB, file string, ask func(Case) Query) []Case {
	cases := Parse(t, file)
	if *dsn == "" {
		return cases
	}
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, *dsn)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	var out strings.Builder
	section := ""
	for i, c := range cases {
		if c.Section != section {
			section = c.Section
			fmt.Fprintf(&out, "== %s\n", section)
		}
		cases[i].Want = answer(t, conn, ask(c))
		fmt.Fprintf(&out, "%s => %s\n", quote(c.Input), cases[i].Want)
	}
	require.NoError(t, os.WriteFile(file, []byte(out.String()), 0o644))
	return cases
}

// Parse gives the cases of a file as they are.
func Parse(t testing.TB, file string) []Case {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var cases []Case
	section := ""
	for n, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "== "); ok {
			section = name
			continue
		}
		quoted, want, _ := strings.Cut(line, " =>")
		input, err := strconv.Unquote(`"` + strings.ReplaceAll(quoted, `"`, `\"`) + `"`)
		require.NoError(t, err, "%s:%d", file, n+1)
		cases = append(cases, Case{section, input, strings.TrimPrefix(want, " "), n + 1})
	}
	return cases
}

// quote spells an input as Parse reads it.
func quote(s string) string {
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

func answer(t testing.TB, conn *pgconn.PgConn, q Query) string {
	text, failed := result(t, conn, q.SQL, 0)
	if failed || !q.Binary {
		return text
	}
	bin, _ := result(t, conn, q.SQL, 1)
	return Value([]byte(text), []byte(bin))
}

func result(t testing.TB, conn *pgconn.PgConn, sql string, format int16) (answer string, failed bool) {
	res := conn.ExecParams(context.Background(), sql, nil, nil, nil, []int16{format}).Read()
	var pe *pgconn.PgError
	if errors.As(res.Err, &pe) {
		return Error(pe.Code, pe.Message, pe.Detail), true
	}
	require.NoError(t, res.Err, sql)
	if res.Rows[0][0] == nil {
		return "NULL", true
	}
	return string(res.Rows[0][0]), false
}

// Value is how an answer in both forms is written.
func Value(text, binary []byte) string { return fmt.Sprintf("%q %s", text, hex.EncodeToString(binary)) }

// Error is how an error is written.
func Error(code, message, detail string) string {
	s := fmt.Sprintf("ERROR %s %q", code, message)
	if detail != "" {
		s += fmt.Sprintf(" %q", detail)
	}
	return s
}

// Literal is an SQL string literal.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
