package fn

import (
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// intWidth is one of the integer types: its bounds and the error for leaving them.
type intWidth struct {
	t        types.Type
	min, max int64
	overflow error
}

var (
	width2 = intWidth{int2T, math.MinInt16, math.MaxInt16, outOfRange("smallint")}
	width4 = intWidth{int4T, math.MinInt32, math.MaxInt32, outOfRange("integer")}
	width8 = intWidth{int8T, math.MinInt64, math.MaxInt64, outOfRange("bigint")}
)

func outOfRange(name string) *sqlerr.Error {
	return sqlerr.New(sqlerr.NumericValueOutOfRange, "%s out of range", name)
}

// divisionByZero is made anew each time, as errors get positions.
func divisionByZero() error { return sqlerr.New(sqlerr.DivisionByZero, "division by zero") }

func (w intWidth) fits(r int64) bool { return r >= w.min && r <= w.max }

// fail is w's overflow error, a copy as errors get positions.
func (w intWidth) fail() error {
	e := *sqlerr.From(w.overflow)
	return &e
}

// integer are the elements of integer columns.
type integer interface{ int32 | int64 }

var intOperators = concat(intOperatorsOf[int32](width2), intOperatorsOf[int32](width4), intOperatorsOf[int64](width8))

func concat[T any](lists ...[]T) []T {
	var all []T
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func intOperatorsOf[T integer](w intWidth) []*Func {
	pair, one := []types.Type{w.t, w.t}, []types.Type{w.t}
	shift := []types.Type{w.t, int4T}
	return []*Func{
		{Name: "+", Args: pair, Ret: w.t, Doc: "Addition.", Example: "2 + 3 → 5", Kernel: addInts[T](w)},
		{Name: "-", Args: pair, Ret: w.t, Doc: "Subtraction.", Example: "2 - 3 → -1", Kernel: subInts[T](w)},
		{Name: "*", Args: pair, Ret: w.t, Doc: "Multiplication.", Example: "2 * 3 → 6", Kernel: mulInts[T](w)},
		{Name: "/", Args: pair, Ret: w.t, Doc: "Division, truncated towards zero.", Example: "5 / 2 → 2", Kernel: map2(divInt[T](w))},
		{Name: "%", Args: pair, Ret: w.t, Doc: "Remainder, with the sign of the dividend.", Example: "5 % 4 → 1", Kernel: map2(modInt[T])},
		{Name: "-", Args: one, Ret: w.t, Doc: "Negation.", Example: "- 4 → -4", Kernel: map1(negInt[T](w))},
		{Name: "+", Args: one, Ret: w.t, Doc: "The value itself.", Example: "+ 4 → 4", Kernel: map1(pure(func(a T) T { return a }))},
		{Name: "@", Args: one, Ret: w.t, Doc: "Absolute value.", Example: "@ -5 → 5", Kernel: map1(absInt[T](w))},
		{Name: "&", Args: pair, Ret: w.t, Doc: "Bitwise AND.", Example: "91 & 15 → 11", Kernel: map2(pure2(func(a, b T) T { return a & b }))},
		{Name: "|", Args: pair, Ret: w.t, Doc: "Bitwise OR.", Example: "32 | 3 → 35", Kernel: map2(pure2(func(a, b T) T { return a | b }))},
		{Name: "#", Args: pair, Ret: w.t, Doc: "Bitwise exclusive OR.", Example: "17 # 5 → 20", Kernel: map2(pure2(func(a, b T) T { return a ^ b }))},
		{Name: "~", Args: one, Ret: w.t, Doc: "Bitwise NOT.", Example: "~ 1 → -2", Kernel: map1(pure(func(a T) T { return ^a }))},
		{Name: "<<", Args: shift, Ret: w.t, Doc: "Bitwise shift left.", Example: "1 << 4 → 16", Kernel: map2(pure2(shiftLeft[T](w)))},
		{Name: ">>", Args: shift, Ret: w.t, Doc: "Bitwise shift right, keeping the sign.", Example: "8 >> 2 → 2", Kernel: map2(pure2(shiftRight[T](w)))},
	}
}

// addInts, subInts and mulInts are loops of their own, as they are the hottest: nothing is called per row, and what the
// loop reads is in local variables, which halves its time.
func addInts[T integer](w intWidth) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, b, res := column[T](args[0], sel), column[T](args[1], sel), *fieldOf[T](out)
		lo, hi := w.min, w.max
		as, am, bs, bm := a.s, a.mask, b.s, b.mask
		for _, i := range sel {
			x, y := int64(as[i&am]), int64(bs[i&bm])
			r := x + y
			if (x^r)&(y^r) < 0 || r < lo || r > hi {
				c.Fail(i, w.fail())
			}
			res[i] = T(r)
		}
	}
}

func subInts[T integer](w intWidth) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, b, res := column[T](args[0], sel), column[T](args[1], sel), *fieldOf[T](out)
		lo, hi := w.min, w.max
		as, am, bs, bm := a.s, a.mask, b.s, b.mask
		for _, i := range sel {
			x, y := int64(as[i&am]), int64(bs[i&bm])
			r := x - y
			if (x^y)&(x^r) < 0 || r < lo || r > hi {
				c.Fail(i, w.fail())
			}
			res[i] = T(r)
		}
	}
}

func mulInts[T integer](w intWidth) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, b, res := column[T](args[0], sel), column[T](args[1], sel), *fieldOf[T](out)
		lo, hi := w.min, w.max
		as, am, bs, bm := a.s, a.mask, b.s, b.mask
		for _, i := range sel {
			x, y := int64(as[i&am]), int64(bs[i&bm])
			r := x * y
			if mulOverflows(x, y, r) || r < lo || r > hi {
				c.Fail(i, w.fail())
			}
			res[i] = T(r)
		}
	}
}

// mulOverflows reports whether r, the low half of x*y, is not the product. Factors of 32 bits need no division.
func mulOverflows(x, y, r int64) bool {
	if int64(int32(x)) == x && int64(int32(y)) == y || x == 0 {
		return false
	}
	return r/x != y || x == -1 && y == math.MinInt64
}

func divInt[T integer](w intWidth) func(*Ctx, T, T) (T, error) {
	return func(_ *Ctx, a, b T) (T, error) {
		switch {
		case b == 0:
			return 0, divisionByZero()
		case b == -1 && int64(a) == w.min:
			return 0, w.fail()
		}
		return a / b, nil
	}
}

func modInt[T integer](_ *Ctx, a, b T) (T, error) {
	switch b {
	case 0:
		return 0, divisionByZero()
	case -1:
		return 0, nil
	}
	return a % b, nil
}

func negInt[T integer](w intWidth) func(*Ctx, T) (T, error) {
	return func(_ *Ctx, a T) (T, error) {
		if int64(a) == w.min {
			return 0, w.fail()
		}
		return -a, nil
	}
}

func absInt[T integer](w intWidth) func(*Ctx, T) (T, error) {
	neg := negInt[T](w)
	return func(c *Ctx, a T) (T, error) {
		if a < 0 {
			return neg(c, a)
		}
		return a, nil
	}
}

// shiftLeft shifts by the low bits of the count, as the processors that PostgreSQL runs on do, within the type's width.
func shiftLeft[T integer](w intWidth) func(T, int32) T {
	if w.t == int8T {
		return func(a T, n int32) T { return a << (uint(n) & 63) }
	}
	if w.t == int2T {
		return func(a T, n int32) T { return T(int16(int32(a) << (uint(n) & 31))) }
	}
	return func(a T, n int32) T { return T(int32(a) << (uint(n) & 31)) }
}

func shiftRight[T integer](w intWidth) func(T, int32) T {
	if w.t == int8T {
		return func(a T, n int32) T { return a >> (uint(n) & 63) }
	}
	return func(a T, n int32) T { return a >> (uint(n) & 31) }
}
