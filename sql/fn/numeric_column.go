package fn

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
)

// numericCol reads a numeric column in either of its forms: scaled int64, or encoded decimals.
type numericCol struct {
	v      *vec.Vector
	mask   int32
	scale  int
	scaled bool
}

func numericColumn(v *vec.Vector) numericCol {
	c := numericCol{v: v, mask: int32(mask(v))}
	c.scale, c.scaled = v.Type.Scaled()
	return c
}

func (c *numericCol) at(i int32) decimal.Decimal {
	if c.scaled {
		return decimal.New(c.v.I64[i&c.mask], c.scale)
	}
	return decimal.Must(c.v.Bytes(int(i & c.mask)))
}

// toDecimal is a value of a numeric type.
func toDecimal(t types.Type, d types.Datum) decimal.Decimal {
	if scale, ok := t.Scaled(); ok {
		return decimal.New(d.I, scale)
	}
	return decimal.Must(d.B)
}

// decimalDatum is a value of the plain numeric type.
func decimalDatum(d decimal.Decimal) types.Datum { return types.NewBytes(d.Append(nil)) }

// numeric1 lifts a function from numeric to numeric.
func numeric1(f func(a decimal.Decimal) (decimal.Decimal, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a := numericColumn(args[0])
		for _, i := range sel {
			d, err := f(a.at(i))
			setNumeric(c, out, i, d, err)
		}
	}
}

// numeric2 lifts a function of two numerics.
func numeric2(f func(a, b decimal.Decimal) (decimal.Decimal, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, b := numericColumn(args[0]), numericColumn(args[1])
		for _, i := range sel {
			d, err := f(a.at(i), b.at(i))
			setNumeric(c, out, i, d, err)
		}
	}
}

// numericInt lifts a function of a numeric and an int4.
func numericInt(f func(a decimal.Decimal, b int) (decimal.Decimal, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, b := numericColumn(args[0]), column[int32](args[1], sel)
		for _, i := range sel {
			d, err := f(a.at(i), int(b.at(i)))
			setNumeric(c, out, i, d, err)
		}
	}
}

func setNumeric(c *Ctx, out *vec.Vector, i int32, d decimal.Decimal, err error) {
	if err != nil {
		c.Fail(i, err)
		return
	}
	start := len(out.Data)
	out.Data = d.Append(out.Data)
	out.SetEnd(int(i), start)
}
