package fn

import (
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

func floatOverflow() error {
	return sqlerr.New(sqlerr.NumericValueOutOfRange, "value out of range: overflow")
}

func floatUnderflow() error {
	return sqlerr.New(sqlerr.NumericValueOutOfRange, "value out of range: underflow")
}

var floatOperators = concat(floatOperatorsOf(float8T, func(f float64) float64 { return f }),
	floatOperatorsOf(float4T, func(f float64) float64 { return float64(float32(f)) }),
	[]*Func{
		{Name: "^", Args: []types.Type{float8T, float8T}, Ret: float8T, Doc: "Power.", Example: "2 ^ 3 → 8", Kernel: map2(fallible2(powFloat))},
		{Name: "|/", Args: []types.Type{float8T}, Ret: float8T, Doc: "Square root.", Example: "|/ 25.0 → 5", Kernel: map1(fallible(sqrtFloat))},
		{Name: "||/", Args: []types.Type{float8T}, Ret: float8T, Doc: "Cube root.", Example: "||/ 64.0 → 4", Kernel: map1(pure(math.Cbrt))},
	})

// floatOperatorsOf are the operators of a float type; round takes a result to its precision. (Rounding the float64 result
// of float4 operands gives the float4 result exactly.)
func floatOperatorsOf(t types.Type, round func(float64) float64) []*Func {
	pair, one := []types.Type{t, t}, []types.Type{t}
	return []*Func{
		{Name: "+", Args: pair, Ret: t, Doc: "Addition.", Example: "1.5::float8 + 2 → 3.5", Kernel: map2(func(_ *Ctx, a, b float64) (float64, error) {
			return sumChecked(a, b, round(a+b))
		})},
		{Name: "-", Args: pair, Ret: t, Doc: "Subtraction.", Example: "1.5::float8 - 2 → -0.5", Kernel: map2(func(_ *Ctx, a, b float64) (float64, error) {
			return sumChecked(a, b, round(a-b))
		})},
		{Name: "*", Args: pair, Ret: t, Doc: "Multiplication.", Example: "1.5::float8 * 2 → 3", Kernel: map2(func(_ *Ctx, a, b float64) (float64, error) {
			r := round(a * b)
			switch {
			case math.IsInf(r, 0) && !math.IsInf(a, 0) && !math.IsInf(b, 0):
				return 0, floatOverflow()
			case r == 0 && a != 0 && b != 0:
				return 0, floatUnderflow()
			}
			return r, nil
		})},
		{Name: "/", Args: pair, Ret: t, Doc: "Division.", Example: "3.0::float8 / 2 → 1.5", Kernel: map2(func(_ *Ctx, a, b float64) (float64, error) {
			if b == 0 && a == a {
				return 0, divisionByZero()
			}
			r := round(a / b)
			switch {
			case math.IsInf(r, 0) && !math.IsInf(a, 0):
				return 0, floatOverflow()
			case r == 0 && a != 0 && !math.IsInf(b, 0):
				return 0, floatUnderflow()
			}
			return r, nil
		})},
		{Name: "-", Args: one, Ret: t, Doc: "Negation.", Example: "- 1.5 → -1.5", Kernel: map1(pure(func(a float64) float64 { return -a }))},
		{Name: "+", Args: one, Ret: t, Doc: "The value itself.", Example: "+ 1.5 → 1.5", Kernel: map1(pure(func(a float64) float64 { return a }))},
		{Name: "@", Args: one, Ret: t, Doc: "Absolute value.", Example: "@ -1.5 → 1.5", Kernel: map1(pure(math.Abs))},
	}
}

func sumChecked(a, b, r float64) (float64, error) {
	if math.IsInf(r, 0) && !math.IsInf(a, 0) && !math.IsInf(b, 0) {
		return 0, floatOverflow()
	}
	return r, nil
}

func sqrtFloat(a float64) (float64, error) {
	if a < 0 {
		return 0, sqlerr.New(sqlerr.InvalidArgumentForPower, "cannot take square root of a negative number")
	}
	return math.Sqrt(a), nil
}

// powFloat is PostgreSQL's dpow: NaN and the domain errors are as SQL and POSIX have them.
func powFloat(a, b float64) (float64, error) {
	switch {
	case a != a:
		if b == 0 {
			return 1, nil
		}
		return a, nil
	case b != b:
		if a == 1 {
			return 1, nil
		}
		return b, nil
	case a == 0 && b < 0:
		return 0, sqlerr.New(sqlerr.InvalidArgumentForPower, "zero raised to a negative power is undefined")
	case a < 0 && b != math.Floor(b) && !math.IsInf(b, 0):
		return 0, sqlerr.New(sqlerr.InvalidArgumentForPower, "a negative number raised to a non-integer power yields a complex result")
	}
	r := math.Pow(a, b)
	if math.IsInf(b, 0) && a == -1 {
		r = 1
	}
	switch {
	case math.IsInf(r, 0) && !math.IsInf(a, 0) && !math.IsInf(b, 0):
		return 0, floatOverflow()
	case r == 0 && a != 0 && !math.IsInf(a, 0) && !math.IsInf(b, 0):
		return 0, floatUnderflow()
	}
	return r, nil
}
