package fn

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

var (
	numericPair = []types.Type{numericT, numericT}
	numericOne  = []types.Type{numericT}
)

var numericOperators = []*Func{
	{Name: "+", Args: numericPair, Ret: numericT, Doc: "Addition.", Example: "1.5 + 2.25 → 3.75", Kernel: numeric2(decimal.Decimal.Add)},
	{Name: "-", Args: numericPair, Ret: numericT, Doc: "Subtraction.", Example: "1.5 - 2.25 → -0.75", Kernel: numeric2(decimal.Decimal.Sub)},
	{Name: "*", Args: numericPair, Ret: numericT, Doc: "Multiplication; the scale is the sum of the scales.", Example: "1.5 * 2.25 → 3.375",
		Kernel: numeric2(decimal.Decimal.Mul)},
	{Name: "/", Args: numericPair, Ret: numericT, Doc: "Division, to at least 16 significant digits.", Example: "8.5 / 2 → 4.2500000000000000",
		Kernel: numeric2(decimal.Decimal.Div)},
	{Name: "%", Args: numericPair, Ret: numericT, Doc: "Remainder, with the sign of the dividend.", Example: "5.5 % 2 → 1.5",
		Kernel: numeric2(decimal.Decimal.Mod)},
	{Name: "^", Args: numericPair, Ret: numericT, Doc: "Power.", Example: "2.0 ^ 3.0 → 8.0000000000000000", Kernel: numeric2(decimal.Decimal.Pow)},
	{Name: "-", Args: numericOne, Ret: numericT, Doc: "Negation.", Example: "- 1.5 → -1.5", Kernel: numeric1(total(decimal.Decimal.Neg))},
	{Name: "+", Args: numericOne, Ret: numericT, Doc: "The value itself.", Example: "+ 1.5 → 1.5",
		Kernel: numeric1(total(func(d decimal.Decimal) decimal.Decimal { return d }))},
	{Name: "@", Args: numericOne, Ret: numericT, Doc: "Absolute value.", Example: "@ -1.5 → 1.5", Kernel: numeric1(total(decimal.Decimal.Abs))},
}

// total makes a function that cannot fail one that could.
func total(f func(decimal.Decimal) decimal.Decimal) func(decimal.Decimal) (decimal.Decimal, error) {
	return func(d decimal.Decimal) (decimal.Decimal, error) { return f(d), nil }
}
