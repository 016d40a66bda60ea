package decimal_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/types/internal/golden"
	"github.com/stretchr/testify/require"
)

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

// TestArithmetic compares with what PostgreSQL 15 answered to "op a b", every digit of it.
func TestArithmetic(t *testing.T) {
	for _, c := range golden.Read(t, "testdata/arithmetic.golden", query) {
		op, args := parseCall(t, c.Input)
		r, err := operations[op].apply(args[0], args[1])
		got := r.String()
		if err != nil {
			e := sqlerr.From(err)
			got = golden.Error(string(e.Code), e.Message, e.Detail)
		} else {
			back, err := decimal.Decode(r.Append(nil))
			require.NoError(t, err)
			require.Equal(t, got, back.String())
		}
		if got != c.Want {
			t.Errorf("%s\n got %s\nwant %s", c.Input, got, c.Want)
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

func query(c golden.Case) golden.Query {
	fields := strings.Fields(c.Input)
	var args []any
	for _, f := range fields[1:] {
		args = append(args, golden.Literal(f)+"::numeric")
	}
	return golden.Query{SQL: "SELECT " + fmt.Sprintf(operations[fields[0]].sql, args...)}
}
