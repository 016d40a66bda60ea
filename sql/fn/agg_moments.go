package fn

import (
	"math"
	"math/big"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Variances, covariances and regressions of floats, of exact sums of the values and of their products, so that neither
// order nor retraction can change them. A product is exact as two floats (the second by FMA), unless it underflows. The
// last digits can differ from PostgreSQL's, which rounds at every step.
//
// State: the exact sums (x and x² for one argument; x, y, x², y² and xy for two), the count of rows, and the count of rows
// that are not finite, which make the result NaN.

// momentState is the state for one argument or two.
func momentState(arity int) func([]types.Type) []types.Type {
	state := []types.Type{byteaT, byteaT, int8T, int8T}
	if arity == 2 {
		state = []types.Type{byteaT, byteaT, byteaT, byteaT, byteaT, int8T, int8T}
	}
	return func([]types.Type) []types.Type { return state }
}

// moments are a group's sums while it is stepped.
type moments struct {
	sums [5]exactSum
	n    int // how many of them
}

func loadMoments(state []*vec.Vector, g int) *moments {
	m := &moments{n: len(state) - 2}
	for k := range m.n {
		m.sums[k].load(state[k].Bytes(g))
	}
	return m
}

func (m *moments) store(state []*vec.Vector, g int) {
	for k := range m.n {
		storeSum(state[k], g, &m.sums[k])
	}
}

// addProduct adds x·y, w times; not ok when it overflows.
func (m *moments) addProduct(k int, x, y float64, w int64) bool {
	hi := x * y
	if math.IsInf(hi, 0) {
		return false
	}
	m.sums[k].add(hi, w)
	m.sums[k].add(math.FMA(x, y, -hi), w)
	return true
}

func finite(f float64) bool { return f-f == 0 }

func stepMoments(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	// The two-argument functions are called with (y, x), as SQL has it.
	x := column[float64](args[len(args)-1], sel)
	y := column[float64](args[0], sel)
	count, odd := state[len(state)-2].I64, state[len(state)-1].I64
	eachGroup(groups, sel, func(r run) {
		m := loadMoments(state, int(r.group))
		for _, i := range r.rows {
			a, b, w := x.at(i), y.at(i), weightOf(weights, i)
			count[r.group] += w
			if !finite(a) || !finite(b) {
				odd[r.group] += w
				continue
			}
			if !m.row(a, b, w) {
				c.Fail(i, floatOverflow())
			}
		}
		m.store(state, int(r.group))
	})
}

func (m *moments) row(x, y float64, w int64) bool {
	m.sums[0].add(x, w)
	if m.n == 2 {
		return m.addProduct(1, x, x, w)
	}
	m.sums[1].add(y, w)
	return m.addProduct(2, x, x, w) && m.addProduct(3, y, y, w) && m.addProduct(4, x, y, w)
}

func mergeMoments(c *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int) {
	for k := range n {
		g := int(groups[k])
		m, t := loadMoments(dst, g), loadMoments(src, k)
		for i := range m.n {
			m.sums[i].merge(&t.sums[i])
		}
		m.store(dst, g)
	}
	sums := len(dst) - 2
	addColumns(c, dst[sums:], groups, src[sums:], n)
}

// finishMoments makes a Finish of a statistic, which says false for null.
func finishMoments(statistic func(m *moments, n int64) (float64, bool)) func(*Ctx, []*vec.Vector, int, *vec.Vector) {
	return func(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
		count, odd := state[len(state)-2].I64, state[len(state)-1].I64
		for g := range n {
			r, ok := statistic(loadMoments(state, g), count[g])
			if !ok {
				out.SetNull(g)
			} else if odd[g] > 0 {
				r = math.NaN()
			}
			out.F64[g] = r
		}
	}
}

// rat is an exact sum as a fraction.
func (s *exactSum) rat() *big.Rat {
	b := new(big.Int)
	for k := sumLimbs - 1; k >= 0; k-- {
		b.Lsh(b, 64).Or(b, new(big.Int).SetUint64(s.limbs[k]))
	}
	if s.negative() {
		b.Sub(b, new(big.Int).Lsh(big.NewInt(1), 64*sumLimbs))
	}
	return new(big.Rat).SetFrac(b, new(big.Int).Lsh(big.NewInt(1), -sumUnit))
}

// centred is n·Σab - Σa·Σb: n² times the (co)variance.
func (m *moments) centred(a, b, ab int, n int64) *big.Rat {
	left := new(big.Rat).Mul(new(big.Rat).SetInt64(n), m.sums[ab].rat())
	return left.Sub(left, new(big.Rat).Mul(m.sums[a].rat(), m.sums[b].rat()))
}

func ratio(num *big.Rat, den int64) float64 {
	f, _ := num.Quo(num, new(big.Rat).SetInt64(den)).Float64()
	return f
}

func (s spread) ofMoments(m *moments, n int64) (float64, bool) {
	below := n
	if s.sample {
		below--
	}
	if n == 0 || below == 0 {
		return 0, false
	}
	v := ratio(m.centred(0, 0, 1, n), n)
	v /= float64(below)
	if s.root {
		v = math.Sqrt(v)
	}
	return v, true
}

// The indices of sums for two arguments.
const (
	sumX = iota
	sumY
	sumXX
	sumYY
	sumXY
)

func (m *moments) sxx(n int64) float64 { return ratio(m.centred(sumX, sumX, sumXX, n), n) }
func (m *moments) syy(n int64) float64 { return ratio(m.centred(sumY, sumY, sumYY, n), n) }
func (m *moments) sxy(n int64) float64 { return ratio(m.centred(sumX, sumY, sumXY, n), n) }

// regressionAggregates are SQL's binary statistics of (y, x).
var regressionAggregates = []*Aggregate{
	regression("covar_pop", "Population covariance.", func(m *moments, n int64) (float64, bool) { return m.sxy(n) / float64(n), true }),
	regression("covar_samp", "Sample covariance.", func(m *moments, n int64) (float64, bool) { return m.sxy(n) / float64(n-1), n > 1 }),
	regression("corr", "Correlation coefficient.", func(m *moments, n int64) (float64, bool) {
		xx, yy := m.sxx(n), m.syy(n)
		return m.sxy(n) / math.Sqrt(xx*yy), xx != 0 && yy != 0
	}),
	regression("regr_sxx", "Sum of squares of the independent variable.", func(m *moments, n int64) (float64, bool) { return m.sxx(n), true }),
	regression("regr_syy", "Sum of squares of the dependent variable.", func(m *moments, n int64) (float64, bool) { return m.syy(n), true }),
	regression("regr_sxy", "Sum of products of the variables.", func(m *moments, n int64) (float64, bool) { return m.sxy(n), true }),
	regression("regr_avgx", "Mean of the independent variable.", func(m *moments, n int64) (float64, bool) { return m.sums[sumX].float() / float64(n), true }),
	regression("regr_avgy", "Mean of the dependent variable.", func(m *moments, n int64) (float64, bool) { return m.sums[sumY].float() / float64(n), true }),
	regression("regr_slope", "Slope of the line that fits best.", func(m *moments, n int64) (float64, bool) {
		xx := m.sxx(n)
		return m.sxy(n) / xx, xx != 0
	}),
	regression("regr_intercept", "Intercept of the line that fits best.", func(m *moments, n int64) (float64, bool) {
		xx := m.sxx(n)
		return (m.sums[sumY].float() - m.sums[sumX].float()*(m.sxy(n)/xx)) / float64(n), xx != 0
	}),
	regression("regr_r2", "Square of the correlation coefficient.", func(m *moments, n int64) (float64, bool) {
		xx, yy, xy := m.sxx(n), m.syy(n), m.sxy(n)
		if yy == 0 {
			return 1, xx != 0
		}
		return xy * xy / (xx * yy), xx != 0
	}),
	{Name: "regr_count", Args: floatPair, Ret: int8T, Doc: "Number of rows in which neither argument is null.", Example: "regr_count(y, x) → 2", State: ints(1), Step: stepCount,
		Retractable: true, Merge: addColumns, Finish: finishCount},
}

func regression(name, doc string, statistic func(m *moments, n int64) (float64, bool)) *Aggregate {
	return &Aggregate{Name: name, Args: floatPair, Ret: float8T, Doc: doc, Example: name + "(y, x) → 1", State: momentState(2), Step: stepMoments, Retractable: true,
		Merge: mergeMoments, Finish: finishMoments(func(m *moments, n int64) (float64, bool) {
			if n == 0 {
				return 0, false
			}
			return statistic(m, n)
		})}
}
