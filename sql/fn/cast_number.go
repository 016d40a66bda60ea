package fn

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
)

func isInt(t types.Type) bool { return t.ID >= types.Int2 && t.ID <= types.Int8 && !t.Array }

// castInt casts integers to integers, floats and text.
func castInt(from, to types.Type) Kernel {
	if from.Kind() == types.KindInt64 {
		return castIntOf[int64](to)
	}
	if to.ID == types.Int8 {
		return widenInts
	}
	return castIntOf[int32](to)
}

func castIntOf[T integer](to types.Type) Kernel {
	switch to.ID {
	case types.Int2, types.Int4:
		return map1(func(_ *Ctx, a T) (int32, error) {
			if !types.IntFits(to.ID, int64(a)) {
				return 0, types.IntOutOfRange(to.ID)
			}
			return int32(a), nil
		})
	case types.Float4:
		return map1(pure(func(a T) float64 { return float64(float32(a)) }))
	case types.Float8:
		return map1(pure(func(a T) float64 { return float64(a) }))
	case types.Text, types.Varchar:
		if to.Mod == 0 {
			return text1(func(_ *Ctx, dst []byte, a T) ([]byte, error) { return strconv.AppendInt(dst, int64(a), 10), nil })
		}
	}
	return nil
}

// widenInts is a loop of its own: every comparison of an int4 with an int8 goes through it.
func widenInts(_ *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
	a := column[int32](args[0], sel)
	for _, i := range sel {
		out.I64[i] = int64(a.at(i))
	}
}

// castToNumeric encodes integers without making them decimals first, and changes scales of scaled integers in place.
func castToNumeric(from, to types.Type) Kernel {
	fromScale, fromScaled := from.Scaled()
	toScale, toScaled := to.Scaled()
	precision, _, _ := to.NumericMod()
	switch {
	case isInt(from) && to.Mod == 0 && from.Kind() == types.KindInt64:
		return encodeInts[int64](0)
	case isInt(from) && to.Mod == 0:
		return encodeInts[int32](0)
	case from.ID == types.Int8 && toScaled:
		return map1(func(_ *Ctx, a int64) (int64, error) { return decimal.FitScaled(a, 0, precision, toScale) })
	case fromScaled && toScaled:
		return map1(func(_ *Ctx, a int64) (int64, error) { return decimal.FitScaled(a, fromScale, precision, toScale) })
	case fromScaled && to.Mod == 0:
		return encodeInts[int64](fromScale)
	}
	return nil
}

func encodeInts[T integer](scale int) Kernel {
	return text1(func(_ *Ctx, dst []byte, a T) ([]byte, error) { return decimal.AppendSmall(dst, int64(a), scale), nil })
}

// castFromText reads numbers.
func castFromText(to types.Type) Kernel {
	switch to.ID {
	case types.Int8:
		return map1(func(_ *Ctx, s []byte) (int64, error) { return types.ParseInt(types.Int8, s) })
	case types.Int2, types.Int4:
		return map1(func(_ *Ctx, s []byte) (int32, error) {
			i, err := types.ParseInt(to.ID, s)
			return int32(i), err
		})
	case types.Float8:
		return map1(func(_ *Ctx, s []byte) (float64, error) { return types.ParseFloat(64, s) })
	}
	return nil
}
