package fn

import (
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

var numericInt4 = []types.Type{numericT, int4T}

// numericFuncs are the functions of numeric.
var numericFuncs = []*Func{
	{Name: "abs", Args: numericOne, Ret: numericT, Doc: "Absolute value.", Example: "abs(-17.4) → 17.4", Kernel: numeric1(total(decimal.Decimal.Abs))},
	{Name: "round", Args: numericOne, Ret: numericT, Doc: "Nearest integer, ties away from zero.", Example: "round(42.5) → 43",
		Kernel: numeric1(func(a decimal.Decimal) (decimal.Decimal, error) { return a.Round(0) })},
	{Name: "round", Args: numericInt4, Ret: numericT, Doc: "Rounded to so many digits after the point, ties away from zero.", Example: "round(42.4382, 2) → 42.44",
		Kernel: numericInt(decimal.Decimal.Round)},
	{Name: "trunc", Args: numericOne, Ret: numericT, Doc: "The number without its fraction.", Example: "trunc(42.8) → 42",
		Kernel: numeric1(func(a decimal.Decimal) (decimal.Decimal, error) { return a.Trunc(0) })},
	{Name: "trunc", Args: numericInt4, Ret: numericT, Doc: "Cut to so many digits after the point.", Example: "trunc(42.4382, 2) → 42.43",
		Kernel: numericInt(decimal.Decimal.Trunc)},
	{Name: "floor", Args: numericOne, Ret: numericT, Doc: "Nearest integer that is not greater.", Example: "floor(-42.8) → -43", Kernel: numeric1(decimal.Decimal.Floor)},
	{Name: "ceil", Args: numericOne, Ret: numericT, Doc: "Nearest integer that is not less.", Example: "ceil(42.2) → 43", Kernel: numeric1(decimal.Decimal.Ceil)},
	{Name: "ceiling", Args: numericOne, Ret: numericT, Doc: "Nearest integer that is not less.", Example: "ceiling(42.2) → 43", Kernel: numeric1(decimal.Decimal.Ceil)},
	{Name: "sign", Args: numericOne, Ret: numericT, Doc: "-1, 0 or 1.", Example: "sign(-8.4) → -1", Kernel: numeric1(total(signNumeric))},
	{Name: "mod", Args: numericPair, Ret: numericT, Doc: "Remainder, with the sign of the dividend.", Example: "mod(9.5, 4) → 1.5", Kernel: numeric2(decimal.Decimal.Mod)},
	{Name: "div", Args: numericPair, Ret: numericT, Doc: "Integer quotient, truncated towards zero.", Example: "div(9, 4) → 2", Kernel: numeric2(decimal.Decimal.QuoInteger)},
	{Name: "sqrt", Args: numericOne, Ret: numericT, Doc: "Square root.", Example: "sqrt(2.0) → 1.414213562373095", Kernel: numeric1(decimal.Decimal.Sqrt)},
	{Name: "exp", Args: numericOne, Ret: numericT, Doc: "Exponential.", Example: "exp(1.0) → 2.7182818284590452", Kernel: numeric1(decimal.Decimal.Exp)},
	{Name: "ln", Args: numericOne, Ret: numericT, Doc: "Natural logarithm.", Example: "ln(2.0) → 0.6931471805599453", Kernel: numeric1(decimal.Decimal.Ln)},
	{Name: "log", Args: numericOne, Ret: numericT, Doc: "Logarithm to base 10.", Example: "log(100.0) → 2.0000000000000000", Kernel: numeric1(logTen)},
	{Name: "log10", Args: numericOne, Ret: numericT, Doc: "Logarithm to base 10.", Example: "log10(100.0) → 2.0000000000000000", Kernel: numeric1(logTen)},
	{Name: "log", Args: numericPair, Ret: numericT, Doc: "Logarithm of the second argument to the base of the first.", Example: "log(2.0, 64.0) → 6.0000000000000000",
		Kernel: numeric2(func(base, x decimal.Decimal) (decimal.Decimal, error) { return x.Log(base) })},
	{Name: "power", Args: numericPair, Ret: numericT, Doc: "The first argument to the power of the second.", Example: "power(9.0, 3.0) → 729.0000000000000000",
		Kernel: numeric2(decimal.Decimal.Pow)},
	{Name: "pow", Args: numericPair, Ret: numericT, Doc: "The first argument to the power of the second.", Example: "pow(9.0, 3.0) → 729.0000000000000000",
		Kernel: numeric2(decimal.Decimal.Pow)},
	{Name: "gcd", Args: numericPair, Ret: numericT, Doc: "Greatest common divisor.", Example: "gcd(10.5, 3.5) → 3.5", Kernel: numeric2(gcdNumeric)},
	{Name: "min_scale", Args: numericOne, Ret: int4T, Doc: "How many digits after the point the number needs.", Example: "min_scale(8.4100) → 2",
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
			d := toDecimal(ts[0], a[0])
			if !d.IsFinite() {
				return types.Null, nil
			}
			return types.NewInt(int64(d.Reduce().Scale())), nil
		})},
	{Name: "scale", Args: numericOne, Ret: int4T, Doc: "How many digits are shown after the point.", Example: "scale(8.4100) → 4",
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
			d := toDecimal(ts[0], a[0])
			if !d.IsFinite() {
				return types.Null, nil
			}
			return types.NewInt(int64(d.Scale())), nil
		})},
	{Name: "trim_scale", Args: numericOne, Ret: numericT, Doc: "The number without trailing zeros after the point.", Example: "trim_scale(8.4100) → 8.41",
		Kernel: numeric1(total(decimal.Decimal.Reduce))},
	{Name: "width_bucket", Args: []types.Type{numericT, numericT, numericT, int4T}, Ret: int4T, Doc: "Number of the histogram's bucket that the value falls in.",
		Example: "width_bucket(5.35, 0.024, 10.06, 5) → 3", Kernel: rowwise(bucketNumeric)},
}

func logTen(d decimal.Decimal) (decimal.Decimal, error) { return d.Log(decimal.FromInt(10)) }

func signNumeric(d decimal.Decimal) decimal.Decimal {
	if d.IsNaN() {
		return d
	}
	return decimal.FromInt(int64(d.Sign()))
}

// gcdNumeric is Euclid's algorithm; the result has the larger scale.
func gcdNumeric(a, b decimal.Decimal) (decimal.Decimal, error) {
	if !a.IsFinite() || !b.IsFinite() {
		return decimal.NaN, nil
	}
	scale := max(a.Scale(), b.Scale())
	for b.Sign() != 0 {
		r, err := a.Mod(b)
		if err != nil {
			return a, err
		}
		a, b = b, r
	}
	return a.Abs().Round(scale)
}

// factorial appends n!, refusing what would take forever.
func factorial(_ *Ctx, dst []byte, n int64) ([]byte, error) {
	switch {
	case n < 0:
		return dst, sqlerr.New(sqlerr.NumericValueOutOfRange, "factorial of a negative number is undefined")
	case n > 32177:
		return dst, sqlerr.New(sqlerr.NumericValueOutOfRange, "value overflows numeric format")
	}
	r := decimal.FromInt(1)
	for i := int64(2); i <= n; i++ {
		var err error
		if r, err = r.Mul(decimal.FromInt(i)); err != nil {
			return dst, err
		}
	}
	return r.Append(dst), nil
}

func bucketNumeric(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	x, low, high, count := toDecimal(ts[0], a[0]), toDecimal(ts[1], a[1]), toDecimal(ts[2], a[2]), a[3].I
	switch {
	case count <= 0:
		return types.Null, bucketError("count must be greater than zero")
	case x.IsNaN() || low.IsNaN() || high.IsNaN():
		return types.Null, bucketError("operand, lower bound, and upper bound cannot be NaN")
	case low.IsInf() || high.IsInf():
		return types.Null, bucketError("lower and upper bounds must be finite")
	case low.Cmp(high) == 0:
		return types.Null, bucketError("lower bound cannot equal upper bound")
	}
	if low.Cmp(high) > 0 {
		x, low, high = x.Neg(), low.Neg(), high.Neg()
	}
	switch {
	case x.Cmp(low) < 0:
		return types.NewInt(0), nil
	case x.Cmp(high) >= 0:
		if count == math.MaxInt32 {
			return types.Null, width4.fail()
		}
		return types.NewInt(count + 1), nil
	}
	return bucketWithin(x, low, high, count)
}

// bucketWithin is floor((x - low) * count / (high - low)) + 1.
func bucketWithin(x, low, high decimal.Decimal, count int64) (types.Datum, error) {
	num, err := x.Sub(low)
	if err == nil {
		num, err = num.Mul(decimal.FromInt(count))
	}
	width, err2 := high.Sub(low)
	if err != nil || err2 != nil {
		return types.Null, width4.fail()
	}
	q, err := num.QuoInteger(width)
	if err != nil {
		return types.Null, err
	}
	i, _ := q.Int64()
	return types.NewInt(i + 1), nil
}
