package decimal_test

import (
	"testing"

	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/stretchr/testify/require"
)

// BenchmarkArithmetic is of operands that fit an int64: the path of prices and amounts.
func BenchmarkArithmetic(b *testing.B) {
	x, y := decimal.New(1234567, 2), decimal.New(314159, 5)
	for name, op := range map[string]func(a, b decimal.Decimal) (decimal.Decimal, error){
		"add": decimal.Decimal.Add, "mul": decimal.Decimal.Mul, "div": decimal.Decimal.Div, "mod": decimal.Decimal.Mod,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := op(x, y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("round", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := y.Round(2); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encode and decode", func(b *testing.B) {
		b.ReportAllocs()
		var buf []byte
		for b.Loop() {
			buf = x.Append(buf[:0])
			decimal.Must(buf)
		}
	})
}

// TestSmallPathsNeedNoMemory holds the paths of operands and results that fit an int64 free of allocation. (A quotient
// rarely fits: it has 16 to 20 digits.)
func TestSmallPathsNeedNoMemory(t *testing.T) {
	x, y := decimal.New(1234567, 2), decimal.New(-314159, 5)
	buf := make([]byte, 0, 64)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		s, _ := x.Add(y)
		p, _ := x.Mul(y)
		r, _ := p.Round(2)
		buf = s.Append(buf[:0])
		buf = p.AppendText(buf[:0])
		_ = decimal.Must(r.Append(buf[:0])).Cmp(x)
	}))
}
