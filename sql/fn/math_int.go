package fn

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/streamdb/streamdb/sql/types"
)

// intFuncs are the functions of the integer types, and random.
var intFuncs = concat(intFuncsOf[int32](width2)[:1], slices.DeleteFunc(intFuncsOf[int32](width2), func(f *Func) bool { return f.Name != "mod" }),
	intFuncsOf[int32](width4), intFuncsOf[int64](width8),
	[]*Func{
		{Name: "random", Ret: float8T, Vol: Volatile, Doc: "A random number from 0 up to but not including 1.", Example: "random() < 1 → true",
			Kernel: map0(func(*Ctx) (float64, error) { return rand.Float64(), nil })},
		{Name: "factorial", Args: []types.Type{int8T}, Ret: numericT, Doc: "Factorial.", Example: "factorial(5) → 120", Kernel: text1(factorial)},
	})

// intFuncsOf are the functions of an integer type; abs comes first. PostgreSQL has only abs and mod of int2.
func intFuncsOf[T integer](w intWidth) []*Func {
	pair := []types.Type{w.t, w.t}
	return []*Func{
		{Name: "abs", Args: []types.Type{w.t}, Ret: w.t, Doc: "Absolute value.", Example: "abs(-17) → 17", Kernel: map1(absInt[T](w))},
		{Name: "mod", Args: pair, Ret: w.t, Doc: "Remainder, with the sign of the dividend.", Example: "mod(9, 4) → 1", Kernel: map2(modInt[T])},
		{Name: "gcd", Args: pair, Ret: w.t, Doc: "Greatest common divisor.", Example: "gcd(1071, 462) → 21", Kernel: map2(gcd[T](w))},
		{Name: "lcm", Args: pair, Ret: w.t, Doc: "Least common multiple.", Example: "lcm(1071, 462) → 23562", Kernel: map2(lcm[T](w))},
	}
}

func gcd[T integer](w intWidth) func(*Ctx, T, T) (T, error) {
	return func(_ *Ctx, a, b T) (T, error) {
		x, y := magnitude(int64(a)), magnitude(int64(b))
		for y != 0 {
			x, y = y, x%y
		}
		if x > uint64(w.max) {
			return 0, w.fail()
		}
		return T(x), nil
	}
}

func lcm[T integer](w intWidth) func(*Ctx, T, T) (T, error) {
	divisor := gcd[T](w)
	return func(c *Ctx, a, b T) (T, error) {
		if a == 0 || b == 0 {
			return 0, nil
		}
		g, err := divisor(c, a, b)
		if err != nil {
			return 0, err
		}
		x, y := int64(a)/int64(g), int64(b)
		r := x * y
		if mulOverflows(x, y, r) || !w.fits(r) || r == w.min {
			return 0, w.fail()
		}
		return T(max(r, -r)), nil
	}
}

// magnitude is |i| without overflow.
func magnitude(i int64) uint64 {
	if i < 0 {
		return -uint64(i)
	}
	return uint64(i)
}

// fitsInt reports whether f, rounded, is an int64 of w.
func (w intWidth) fitsFloat(f float64) bool {
	return f >= float64(w.min) && (f <= float64(w.max) && w.max != math.MaxInt64 || f < -float64(math.MinInt64) && w.max == math.MaxInt64)
}
