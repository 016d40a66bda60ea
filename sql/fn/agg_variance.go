package fn

import (
	"math/big"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
)

// Variances of integers and numerics, exact until the one division, as PostgreSQL's numeric_stddev_internal. State: that of
// a numeric sum, and the sum of squares behind it.

// spread is which of the four statistics is meant.
type spread struct {
	name    string
	sample  bool
	root    bool
	doc     string
	example string
}

var spreads = []spread{
	{"var_pop", false, false, "Population variance.", "var_pop(x) → 0.66666666666666666667"},
	{"var_samp", true, false, "Sample variance.", "var_samp(x) → 1.00000000000000000000"},
	{"variance", true, false, "Sample variance.", "variance(x) → 1.00000000000000000000"},
	{"stddev_pop", false, true, "Population standard deviation.", "stddev_pop(x) → 0.81649658092772603273"},
	{"stddev_samp", true, true, "Sample standard deviation.", "stddev_samp(x) → 1.00000000000000000000"},
	{"stddev", true, true, "Sample standard deviation.", "stddev(x) → 1.00000000000000000000"},
}

var varianceAggregates = func() []*Aggregate {
	var as []*Aggregate
	for _, s := range spreads {
		for _, t := range []types.Type{int2T, int4T, int8T, numericT} {
			as = append(as, &Aggregate{Name: s.name, Args: args(t), Ret: numericT, Doc: s.doc, Example: s.example, State: varianceState, Step: stepVariance, Retractable: true,
				Merge: mergeVariance, Finish: func(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) { finishVariance(c, s, state, n, out) }})
		}
		for _, t := range []types.Type{float4T, float8T} {
			as = append(as, &Aggregate{Name: s.name, Args: args(t), Ret: float8T, Doc: s.doc, Example: s.example, State: momentState(1), Step: stepMoments, Retractable: true,
				Merge: mergeMoments, Finish: finishMoments(s.ofMoments)})
		}
	}
	return as
}()

func varianceState([]types.Type) []types.Type {
	return []types.Type{byteaT, byteaT, int8T, int8T, int8T, int8T, byteaT}
}

// decimalsOf reads a column of integers or numerics.
func decimalsOf(v *vec.Vector) func(i int32) decimal.Decimal {
	m := int32(mask(v))
	switch {
	case v.Type.ID == types.Numeric:
		c := numericColumn(v)
		return c.at
	case v.Kind() == types.KindInt32:
		return func(i int32) decimal.Decimal { return decimal.FromInt(int64(v.I32[i&m])) }
	}
	return func(i int32) decimal.Decimal { return decimal.FromInt(v.I64[i&m]) }
}

func stepVariance(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	at := decimalsOf(args[0])
	eachGroup(groups, sel, func(r run) {
		g := int(r.group)
		s, squares := loadNumeric(state, g), loadSquares(state, g)
		for _, i := range r.rows {
			d, w := at(i), weightOf(weights, i)
			state[2].I64[g] += w
			switch {
			case d.IsNaN():
				state[3].I64[g] += w
				continue
			case d.IsInf():
				state[4+b2u(d.Sign() < 0)].I64[g] += w
				continue
			}
			s.count(int64(d.Scale()), w)
			square, err := d.Mul(d)
			if err == nil {
				err = squares.add(square, w)
			}
			if err == nil {
				err = s.add(d, w)
			}
			if err != nil {
				c.Fail(i, err)
			}
		}
		s.store(state, g)
		storeSquares(state, g, squares.sum)
	})
}

func loadSquares(state []*vec.Vector, g int) numericSum {
	s := numericSum{sum: decimal.Zero}
	if b := state[6].Bytes(g); len(b) > 0 {
		s.sum = decimal.Must(b)
	}
	return s
}

func storeSquares(state []*vec.Vector, g int, sum decimal.Decimal) {
	start := len(state[6].Data)
	state[6].Data = sum.Append(state[6].Data)
	state[6].SetEnd(g, start)
}

func mergeVariance(c *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int) {
	for k := range n {
		g := int(groups[k])
		s, t := loadSquares(dst, g), loadSquares(src, k)
		if err := s.add(t.sum, 1); err != nil {
			c.Fail(int32(g), err)
		}
		storeSquares(dst, g, s.sum)
	}
	mergeNumeric(c, dst[:6], groups, src[:6], n)
}

func finishVariance(c *Ctx, s spread, state []*vec.Vector, n int, out *vec.Vector) {
	for g := range n {
		count := state[2].I64[g]
		if count == 0 || s.sample && count == 1 {
			out.SetNull(g)
			continue
		}
		if _, special := specialNumeric(state, g); special {
			setNumeric(c, out, int32(g), decimal.NaN, nil)
			continue
		}
		sums := loadNumeric(state, g)
		d, err := sums.variance(s, loadSquares(state, g).sum, count)
		setNumeric(c, out, int32(g), d, err)
	}
}

// variance is (n·Σx² - (Σx)²) / (n·(n-1)), or / n², and its root to as many digits.
func (s *numericSum) variance(what spread, squares decimal.Decimal, n int64) (decimal.Decimal, error) {
	sum, err := s.shown()
	if err != nil {
		return sum, err
	}
	squares, err = squares.Round(2 * sum.Scale())
	if err == nil {
		squares, err = squares.Mul(decimal.FromInt(n))
	}
	if err == nil {
		sum, err = sum.Mul(sum)
	}
	if err == nil {
		squares, err = squares.Sub(sum)
	}
	if err != nil || squares.Sign() <= 0 {
		return decimal.Zero, err
	}
	below := n
	if what.sample {
		below--
	}
	divisor, err := decimal.FromInt(n).Mul(decimal.FromInt(below))
	if err != nil {
		return squares, err
	}
	v, err := squares.Div(divisor)
	if err != nil || !what.root {
		return v, err
	}
	return rootAt(v, v.Scale())
}

// rootAt is the square root at a scale. d has that scale at most, so d × 10^(2·(scale+1)) is an integer, and its integer
// root has one digit more than is kept.
func rootAt(d decimal.Decimal, scale int) (decimal.Decimal, error) {
	shift, err := decimal.FromBig(pow10Big(2 * (scale + 1)))
	if err != nil {
		return d, err
	}
	if shift, err = shift.Mul(d); err != nil {
		return d, err
	}
	r, err := decimal.FromBig(new(big.Int).Sqrt(shift.Big()))
	if err != nil {
		return d, err
	}
	for left := scale + 1; left > 0; left -= 18 {
		if r, err = r.Mul(decimal.New(1, min(left, 18))); err != nil {
			return d, err
		}
	}
	return r.Round(scale)
}

func pow10Big(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }
