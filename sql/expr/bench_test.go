package expr_test

import (
	"testing"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

var (
	int8T = types.T(types.Int8)
	textT = types.T(types.Text)
)

// op is the operator over two operands of one type.
func op(name string, a, b expr.Node) expr.Node {
	return expr.NewCall(fn.Find(name, []types.Type{a.Type().Plain(), b.Type().Plain()}), a, b)
}

func ints(n int, f func(i int) int64) *vec.Vector {
	v := vec.New(int8T, n)
	for i := range n {
		v.Append(types.NewInt(f(i)))
	}
	return v
}

func perRow(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
}

func BenchmarkFilterGreater(b *testing.B) {
	batch := &vec.Batch{N: 1024, Cols: []*vec.Vector{ints(1024, func(i int) int64 { return int64(i*7919) % 200 })}}
	p, err := expr.Compile(op(">", expr.NewColumn(0, int8T, "price"), expr.NewConst(int8T, types.NewInt(100))))
	if err != nil {
		b.Fatal(err)
	}
	ctx := &expr.Ctx{}
	b.ReportAllocs()
	for b.Loop() {
		if got := len(p.Filter(ctx, batch)); got < 400 || got > 600 {
			b.Fatal(got)
		}
	}
	perRow(b, 1024)
}

func BenchmarkAddColumns(b *testing.B) {
	batch := &vec.Batch{N: 1024, Cols: []*vec.Vector{ints(1024, func(i int) int64 { return int64(i) }), ints(1024, func(i int) int64 { return 1 })}}
	p, err := expr.Compile(op("+", expr.NewColumn(0, int8T, "a"), expr.NewColumn(1, int8T, "b")))
	if err != nil {
		b.Fatal(err)
	}
	ctx := &expr.Ctx{}
	b.ReportAllocs()
	for b.Loop() {
		if got := p.Eval(ctx, batch).I64[1023]; got != 1024 {
			b.Fatal(got)
		}
	}
	perRow(b, 1024)
}
