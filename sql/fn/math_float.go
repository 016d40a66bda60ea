package fn

import (
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

var (
	floatOne  = []types.Type{float8T}
	floatPair = []types.Type{float8T, float8T}
)

// floatFuncs are the functions of double precision.
var floatFuncs = []*Func{
	{Name: "abs", Args: floatOne, Ret: float8T, Doc: "Absolute value.", Example: "abs(-17.4) → 17.4", Kernel: map1(pure(math.Abs))},
	{Name: "abs", Args: []types.Type{float4T}, Ret: float4T, Doc: "Absolute value.", Example: "abs(-17.4::real) → 17.4", Kernel: map1(pure(math.Abs))},
	{Name: "round", Args: floatOne, Ret: float8T, Doc: "Nearest integer, ties to even.", Example: "round(42.4::float8) → 42", Kernel: map1(pure(math.RoundToEven))},
	{Name: "floor", Args: floatOne, Ret: float8T, Doc: "Nearest integer that is not greater.", Example: "floor(-42.8::float8) → -43", Kernel: map1(pure(math.Floor))},
	{Name: "ceil", Args: floatOne, Ret: float8T, Doc: "Nearest integer that is not less.", Example: "ceil(42.2::float8) → 43", Kernel: map1(pure(math.Ceil))},
	{Name: "ceiling", Args: floatOne, Ret: float8T, Doc: "Nearest integer that is not less.", Example: "ceiling(42.2::float8) → 43", Kernel: map1(pure(math.Ceil))},
	{Name: "trunc", Args: floatOne, Ret: float8T, Doc: "The number without its fraction.", Example: "trunc(42.8::float8) → 42", Kernel: map1(pure(math.Trunc))},
	{Name: "sign", Args: floatOne, Ret: float8T, Doc: "-1, 0 or 1.", Example: "sign(-8.4::float8) → -1", Kernel: map1(pure(signFloat))},
	{Name: "sqrt", Args: floatOne, Ret: float8T, Doc: "Square root.", Example: "sqrt(2::float8) → 1.4142135623730951", Kernel: map1(fallible(sqrtFloat))},
	{Name: "cbrt", Args: floatOne, Ret: float8T, Doc: "Cube root.", Example: "cbrt(64.0) → 4", Kernel: map1(pure(math.Cbrt))},
	{Name: "power", Args: floatPair, Ret: float8T, Doc: "The first argument to the power of the second.", Example: "power(9::float8, 3) → 729", Kernel: map2(fallible2(powFloat))},
	{Name: "pow", Args: floatPair, Ret: float8T, Doc: "The first argument to the power of the second.", Example: "pow(9::float8, 3) → 729", Kernel: map2(fallible2(powFloat))},
	{Name: "exp", Args: floatOne, Ret: float8T, Doc: "Exponential.", Example: "exp(1.0::float8) → 2.718281828459045", Kernel: map1(fallible(expFloat))},
	{Name: "ln", Args: floatOne, Ret: float8T, Doc: "Natural logarithm.", Example: "ln(2.0::float8) → 0.6931471805599453", Kernel: map1(logarithm(math.Log))},
	{Name: "log", Args: floatOne, Ret: float8T, Doc: "Logarithm to base 10.", Example: "log(100::float8) → 2", Kernel: map1(logarithm(math.Log10))},
	{Name: "log10", Args: floatOne, Ret: float8T, Doc: "Logarithm to base 10.", Example: "log10(100::float8) → 2", Kernel: map1(logarithm(math.Log10))},
	{Name: "pi", Ret: float8T, Doc: "π.", Example: "pi() → 3.141592653589793", Kernel: map0(func(*Ctx) (float64, error) { return math.Pi, nil })},
	{Name: "degrees", Args: floatOne, Ret: float8T, Doc: "Radians to degrees.", Example: "degrees(pi()) → 180", Kernel: map1(fallible(func(a float64) (float64, error) {
		return sumChecked(a, 0, a/(math.Pi/180))
	}))},
	{Name: "radians", Args: floatOne, Ret: float8T, Doc: "Degrees to radians.", Example: "radians(180) → 3.141592653589793",
		Kernel: map1(pure(func(a float64) float64 { return a * (math.Pi / 180) }))},
	{Name: "sin", Args: floatOne, Ret: float8T, Doc: "Sine.", Example: "sin(0) → 0", Kernel: map1(finiteOnly(math.Sin))},
	{Name: "cos", Args: floatOne, Ret: float8T, Doc: "Cosine.", Example: "cos(0) → 1", Kernel: map1(finiteOnly(math.Cos))},
	{Name: "tan", Args: floatOne, Ret: float8T, Doc: "Tangent.", Example: "tan(0) → 0", Kernel: map1(finiteOnly(math.Tan))},
	{Name: "cot", Args: floatOne, Ret: float8T, Doc: "Cotangent.", Example: "cot(0) → Infinity", Kernel: map1(finiteOnly(func(a float64) float64 { return 1 / math.Tan(a) }))},
	{Name: "asin", Args: floatOne, Ret: float8T, Doc: "Inverse sine.", Example: "asin(0) → 0", Kernel: map1(unitOnly(math.Asin))},
	{Name: "acos", Args: floatOne, Ret: float8T, Doc: "Inverse cosine.", Example: "acos(1) → 0", Kernel: map1(unitOnly(math.Acos))},
	{Name: "atan", Args: floatOne, Ret: float8T, Doc: "Inverse tangent.", Example: "atan(0) → 0", Kernel: map1(pure(math.Atan))},
	{Name: "atan2", Args: floatPair, Ret: float8T, Doc: "Inverse tangent of the quotient.", Example: "atan2(0, 1) → 0", Kernel: map2(pure2(math.Atan2))},
	{Name: "sinh", Args: floatOne, Ret: float8T, Doc: "Hyperbolic sine.", Example: "sinh(0) → 0", Kernel: map1(pure(math.Sinh))},
	{Name: "cosh", Args: floatOne, Ret: float8T, Doc: "Hyperbolic cosine.", Example: "cosh(0) → 1", Kernel: map1(pure(math.Cosh))},
	{Name: "tanh", Args: floatOne, Ret: float8T, Doc: "Hyperbolic tangent.", Example: "tanh(0) → 0", Kernel: map1(pure(math.Tanh))},
	{Name: "width_bucket", Args: []types.Type{float8T, float8T, float8T, int4T}, Ret: int4T, Doc: "Number of the histogram's bucket that the value falls in.",
		Example: "width_bucket(5.35, 0.024, 10.06, 5) → 3", Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			n, err := bucketFloat(a[0].F, a[1].F, a[2].F, int32(a[3].I))
			return types.NewInt(int64(n)), err
		})},
}

func signFloat(a float64) float64 {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return 0 // also of NaN, as in PostgreSQL
}

func expFloat(a float64) (float64, error) {
	r := math.Exp(a)
	switch {
	case math.IsInf(r, 0) && !math.IsInf(a, 0):
		return 0, floatOverflow()
	case r == 0 && !math.IsInf(a, 0):
		return 0, floatUnderflow()
	}
	return r, nil
}

func logarithm(f func(float64) float64) func(*Ctx, float64) (float64, error) {
	return func(_ *Ctx, a float64) (float64, error) {
		switch {
		case a == 0:
			return 0, logOfZero()
		case a < 0:
			return 0, logOfNegative()
		}
		return f(a), nil
	}
}

func logOfZero() error {
	return sqlerr.New(sqlerr.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
}

func logOfNegative() error {
	return sqlerr.New(sqlerr.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
}

func inputOutOfRange() error {
	return sqlerr.New(sqlerr.NumericValueOutOfRange, "input is out of range")
}

func finiteOnly(f func(float64) float64) func(*Ctx, float64) (float64, error) {
	return func(_ *Ctx, a float64) (float64, error) {
		if math.IsInf(a, 0) {
			return 0, inputOutOfRange()
		}
		return f(a), nil
	}
}

func unitOnly(f func(float64) float64) func(*Ctx, float64) (float64, error) {
	return func(_ *Ctx, a float64) (float64, error) {
		if a < -1 || a > 1 {
			return 0, inputOutOfRange()
		}
		return f(a), nil
	}
}

func bucketError(what string) error {
	return sqlerr.New(sqlerr.InvalidArgumentForWidthBucket, "%s", what)
}

func bucketFloat(x, low, high float64, count int32) (int32, error) {
	switch {
	case count <= 0:
		return 0, bucketError("count must be greater than zero")
	case x != x || low != low || high != high:
		return 0, bucketError("operand, lower bound, and upper bound cannot be NaN")
	case math.IsInf(low, 0) || math.IsInf(high, 0):
		return 0, bucketError("lower and upper bounds must be finite")
	case low == high:
		return 0, bucketError("lower bound cannot equal upper bound")
	}
	down := low > high
	if down {
		x, low, high = -x, -low, -high
	}
	switch {
	case x < low:
		return 0, nil
	case x >= high:
		if count == math.MaxInt32 {
			return 0, width4.fail()
		}
		return count + 1, nil
	}
	return int32(float64(count)*(x-low)/(high-low)) + 1, nil
}
