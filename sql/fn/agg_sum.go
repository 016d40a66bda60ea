package fn

import (
	"math/big"
	"math/bits"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
)

// Sums of integers: state columns are the low and the high half of a 128-bit sum, and the count. sum of int2 and int4 is
// int8, as in PostgreSQL, and has only the low half.

var intSums = []*Aggregate{
	smallSum(int2T), smallSum(int4T), smallAvg(int2T), smallAvg(int4T),
	{Name: "sum", Args: args(int8T), Ret: numericT, Doc: "Sum.", Example: "sum(x) → 6", State: ints(3), Step: stepWide, Retractable: true, Merge: mergeWide,
		Finish: finishWide(func(sum decimal.Decimal, _ int64) (decimal.Decimal, error) { return sum, nil }, 0)},
	{Name: "avg", Args: args(int8T), Ret: numericT, Doc: "Arithmetic mean.", Example: "avg(x) → 2.0000000000000000", State: ints(3), Step: stepWide, Retractable: true,
		Merge: mergeWide, Finish: finishWide(mean, 0)},
}

func mean(sum decimal.Decimal, n int64) (decimal.Decimal, error) { return sum.Div(decimal.FromInt(n)) }

func smallSum(t types.Type) *Aggregate {
	return &Aggregate{Name: "sum", Args: args(t), Ret: int8T, Doc: "Sum.", Example: "sum(x) → 6", State: ints(2), Step: stepSmall, Retractable: true, Merge: addColumns,
		Finish: func(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
			copy(out.I64, state[0].I64[:n])
			nullWhereNone(state[1], n, out)
		}}
}

func smallAvg(t types.Type) *Aggregate {
	return &Aggregate{Name: "avg", Args: args(t), Ret: numericT, Doc: "Arithmetic mean.", Example: "avg(x) → 2.0000000000000000", State: ints(2), Step: stepSmall,
		Retractable: true, Merge: addColumns,
		Finish: func(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
			for g := range n {
				if count := state[1].I64[g]; count == 0 {
					out.SetNull(g)
				} else {
					d, err := mean(decimal.FromInt(state[0].I64[g]), count)
					setNumeric(c, out, int32(g), d, err)
				}
			}
		}}
}

func stepSmall(_ *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	sum, count, a := state[0].I64, state[1].I64, column[int32](args[0], sel)
	if weights == nil {
		for _, i := range sel {
			sum[groups[i]] += int64(a.at(i))
			count[groups[i]]++
		}
		return
	}
	for _, i := range sel {
		sum[groups[i]] += int64(a.at(i)) * weights[i]
		count[groups[i]] += weights[i]
	}
}

// stepWide adds to 128-bit sums. It serves scaled numerics too.
func stepWide(_ *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	lows, highs, count, a := state[0].I64, state[1].I64, state[2].I64, column[int64](args[0], sel)
	for _, i := range sel {
		g, x, w := groups[i], a.at(i), weightOf(weights, i)
		hi, lo := mul128(x, w)
		l, carry := bits.Add64(uint64(lows[g]), lo, 0)
		h, _ := bits.Add64(uint64(highs[g]), hi, carry)
		lows[g], highs[g] = int64(l), int64(h)
		count[g] += w
	}
}

// mul128 is the 128-bit product of two signed numbers.
func mul128(x, y int64) (hi, lo uint64) {
	hi, lo = bits.Mul64(uint64(x), uint64(y))
	if x < 0 {
		hi -= uint64(y)
	}
	if y < 0 {
		hi -= uint64(x)
	}
	return hi, lo
}

func mergeWide(_ *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int) {
	for k := range n {
		g := groups[k]
		l, carry := bits.Add64(uint64(dst[0].I64[g]), uint64(src[0].I64[k]), 0)
		h, _ := bits.Add64(uint64(dst[1].I64[g]), uint64(src[1].I64[k]), carry)
		dst[0].I64[g], dst[1].I64[g] = int64(l), int64(h)
		dst[2].I64[g] += src[2].I64[k]
	}
}

// wideDecimal is a 128-bit coefficient at a scale.
func wideDecimal(lo, hi int64, scale int) (decimal.Decimal, error) {
	if hi == lo>>63 {
		return decimal.New(lo, scale), nil
	}
	b := new(big.Int).Lsh(big.NewInt(hi), 64)
	b.Add(b, new(big.Int).SetUint64(uint64(lo)))
	d, err := decimal.FromBig(b)
	if err != nil || scale == 0 {
		return d, err
	}
	return d.Mul(decimal.New(1, scale))
}

// finishWide makes the results of 128-bit sums whose unit is 10^-scale.
func finishWide(result func(sum decimal.Decimal, n int64) (decimal.Decimal, error), scale int) func(*Ctx, []*vec.Vector, int, *vec.Vector) {
	return func(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
		for g := range n {
			count := state[2].I64[g]
			if count == 0 {
				out.SetNull(g)
				continue
			}
			d, err := wideDecimal(state[0].I64[g], state[1].I64[g], scale)
			if err == nil {
				d, err = result(d, count)
			}
			setNumeric(c, out, int32(g), d, err)
		}
	}
}
