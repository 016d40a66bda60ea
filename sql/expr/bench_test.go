package expr_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

var (
	int8T      = types.T(types.Int8)
	textT      = types.T(types.Text)
	timestampT = types.T(types.Timestamp)
)

// op is the operator over two operands of one type.
func op(name string, a, b expr.Node) expr.Node {
	return expr.NewCall(fn.Find(name, []types.Type{a.Type().Plain(), b.Type().Plain()}), a, b)
}

func column(t types.Type, n int, f func(i int) types.Datum) *vec.Vector {
	v := vec.New(t, n)
	for i := range n {
		v.Append(f(i))
	}
	return v
}

func ints(n int, f func(i int) int64) *vec.Vector {
	return column(int8T, n, func(i int) types.Datum { return types.NewInt(f(i)) })
}

const benchRows = 1024

// benchBatch has the columns a, b (bigint), url (text) and at (timestamp).
func benchBatch() *vec.Batch {
	return &vec.Batch{N: benchRows, Cols: []*vec.Vector{
		ints(benchRows, func(i int) int64 { return int64(i*7919) % 200 }),
		ints(benchRows, func(int) int64 { return 1 }),
		column(textT, benchRows, func(i int) types.Datum {
			return types.NewText(fmt.Sprintf("https://www.nexmark.com/%d/item.htm?query=1&channel_id=%d", i, i*31))
		}),
		column(timestampT, benchRows, func(i int) types.Datum { return types.NewInt(1436918400_000000 + int64(i)*123_456_789) }),
	}}
}

// BenchmarkEval reports ns/row of expressions over a batch of 1,024 rows.
func BenchmarkEval(b *testing.B) {
	a, c := expr.NewColumn(0, int8T, "a"), expr.NewColumn(1, int8T, "b")
	url, at := expr.NewColumn(2, textT, "url"), expr.NewColumn(3, timestampT, "at")
	hundred := expr.NewConst(int8T, types.NewInt(100))
	rate, err := types.ParseText(types.T(types.Numeric), []byte("0.908"))
	require.NoError(b, err)
	text := func(s string) expr.Node { return expr.NewConst(textT, types.NewText(s)) }
	call := func(name string, args ...expr.Node) expr.Node {
		return expr.NewCall(fn.Find(name, expr.Types(args)), args...)
	}
	int4 := func(i int64) expr.Node { return expr.NewConst(types.T(types.Int4), types.NewInt(i)) }
	for _, bench := range []struct {
		name   string
		node   expr.Node
		filter bool
	}{
		{"filter a>100", op(">", a, hundred), true},
		{"filter a>100 AND b=1", expr.NewAnd(op(">", a, hundred), op("=", c, expr.NewConst(int8T, types.NewInt(1)))), true},
		{"a>100", op(">", a, hundred), false},
		{"a+b", op("+", a, c), false},
		{"a*0.908", op("*", expr.NewCast(a, types.T(types.Numeric), false), expr.NewConst(types.T(types.Numeric), rate)), false},
		{"url LIKE '%item%'", op("~~", url, text("%item%")), true},
		{"substring(url,9,3)", call("substring", url, int4(9), int4(3)), false},
		{"split_part(url,'/',4)", call("split_part", url, text("/"), int4(4)), false},
		{"lower(url)", call("lower", url), false},
		{"date_trunc('hour',at)", call("date_trunc", text("hour"), at), false},
		{"extract(day,at)", call("extract", text("day"), at), false},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p, err := expr.Compile(bench.node)
			require.NoError(b, err)
			batch, ctx := benchBatch(), &expr.Ctx{}
			b.ReportAllocs()
			for b.Loop() {
				if bench.filter {
					p.Filter(ctx, batch)
				} else {
					p.Eval(ctx, batch)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
		})
	}
}
