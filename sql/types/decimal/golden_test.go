package decimal_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/stretchr/testify/require"
)

// pgDSN is a PostgreSQL 15 to take the golden from, as in package types.
var pgDSN = flag.String("pg", "", "rewrite testdata/arithmetic.golden from the PostgreSQL at this DSN")

const goldenFile = "testdata/arithmetic.golden"

// operations are the names in the golden, how PostgreSQL spells them, and what they are here.
var operations = map[string]struct {
	sql   string
	apply func(a, b decimal.Decimal) (decimal.Decimal, error)
}{
	"+":     {"%s + %s", decimal.Decimal.Add},
	"-":     {"%s - %s", decimal.Decimal.Sub},
	"*":     {"%s * %s", decimal.Decimal.Mul},
	"/":     {"%s / %s", decimal.Decimal.Div},
	"%":     {"%s %% %s", decimal.Decimal.Mod},
	"div":   {"div(%s, %s)", decimal.Decimal.QuoInteger},
	"power": {"power(%s, %s)", decimal.Decimal.Pow},
	"log": {"log(%s, %s)", func(a, b decimal.Decimal) (decimal.Decimal, error) {
		return b.Log(a)
	}},
	"cmp": {"(SELECT CASE WHEN a < b THEN -1 WHEN a > b THEN 1 ELSE 0 END FROM (SELECT %s a, %s b) x)",
		func(a, b decimal.Decimal) (decimal.Decimal, error) { return decimal.FromInt(int64(a.Cmp(b))), nil }},
	"round": {"round(%s, %s::int)", rounded(decimal.Decimal.Round)},
	"trunc": {"trunc(%s, %s::int)", rounded(decimal.Decimal.Trunc)},
	"sqrt":  {"sqrt(%s)", unary(decimal.Decimal.Sqrt)},
	"exp":   {"exp(%s)", unary(decimal.Decimal.Exp)},
	"ln":    {"ln(%s)", unary(decimal.Decimal.Ln)},
	"log10": {"log(%s)", func(a, _ decimal.Decimal) (decimal.Decimal, error) { return a.Log(decimal.FromInt(10)) }},
	"ceil":  {"ceil(%s)", unary(decimal.Decimal.Ceil)},
	"floor": {"floor(%s)", unary(decimal.Decimal.Floor)},
	"abs":   {"abs(%s)", unary(func(a decimal.Decimal) (decimal.Decimal, error) { return a.Abs(), nil })},
}

func unary(f func(decimal.Decimal) (decimal.Decimal, error)) func(a, b decimal.Decimal) (decimal.Decimal, error) {
	return func(a, _ decimal.Decimal) (decimal.Decimal, error) { return f(a) }
}

func rounded(f func(decimal.Decimal, int) (decimal.Decimal, error)) func(a, b decimal.Decimal) (decimal.Decimal, error) {
	return func(a, b decimal.Decimal) (decimal.Decimal, error) {
		n, err := strconv.Atoi(b.String())
		if err != nil {
			return decimal.Decimal{}, err
		}
		return f(a, n)
	}
}

// TestArithmetic compares with what PostgreSQL 15 answered: "op a b => result", every digit of it.
func TestArithmetic(t *testing.T) {
	if *pgDSN != "" {
		rewrite(t)
	}
	data, err := os.ReadFile(goldenFile)
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		call, want, _ := strings.Cut(line, " => ")
		op, args := parseCall(t, call)
		got := ""
		r, err := operations[op].apply(args[0], args[1])
		if err != nil {
			e := sqlerr.From(err)
			got = describe(string(e.Code), e.Message)
		} else {
			got = r.String()
			back, err := decimal.Decode(r.Append(nil))
			require.NoError(t, err)
			require.Equal(t, r.String(), back.String())
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", call, got, want)
		}
	}
}

func parseCall(t *testing.T, call string) (op string, args [2]decimal.Decimal) {
	fields := strings.Fields(call)
	for i, f := range fields[1:] {
		d, err := decimal.Parse([]byte(f))
		require.NoError(t, err)
		args[i] = d
	}
	return fields[0], args
}

func describe(code, message string) string { return fmt.Sprintf("ERROR %s %s", code, message) }

func rewrite(t *testing.T) {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, *pgDSN)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	data, err := os.ReadFile(goldenFile)
	require.NoError(t, err)
	var out strings.Builder
	for _, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		call, _, _ := strings.Cut(line, " => ")
		fields := strings.Fields(call)
		args := make([]any, 0, 2)
		for _, f := range fields[1:] {
			args = append(args, "'"+f+"'::numeric")
		}
		sql := "SELECT " + fmt.Sprintf(operations[fields[0]].sql, args...)
		res := conn.ExecParams(ctx, sql, nil, nil, nil, nil).Read()
		var pe *pgconn.PgError
		answer := ""
		if errors.As(res.Err, &pe) {
			answer = describe(pe.Code, pe.Message)
		} else {
			require.NoError(t, res.Err, sql)
			answer = string(res.Rows[0][0])
		}
		fmt.Fprintf(&out, "%s => %s\n", call, answer)
	}
	require.NoError(t, os.WriteFile(goldenFile, []byte(out.String()), 0o644))
}
