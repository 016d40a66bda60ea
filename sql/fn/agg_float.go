package fn

import (
	"math"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Sums of floats are exact and rounded once (DESIGN 1.6). State columns: the exact sum's bytes, the count, and how many of
// the values were NaN, Infinity and -Infinity, which have no place in the sum.
var floatState = func([]types.Type) []types.Type { return []types.Type{byteaT, int8T, int8T, int8T, int8T} }

var floatSums = []*Aggregate{
	floatAggregate("sum", float8T, float8T, func(sum float64, _ int64) float64 { return sum }),
	floatAggregate("sum", float4T, float4T, func(sum float64, _ int64) float64 { return float64(float32(sum)) }),
	floatAggregate("avg", float8T, float8T, func(sum float64, n int64) float64 { return sum / float64(n) }),
	floatAggregate("avg", float4T, float8T, func(sum float64, n int64) float64 { return sum / float64(n) }),
}

func floatAggregate(name string, t, ret types.Type, result func(sum float64, n int64) float64) *Aggregate {
	doc, example := "Sum, exact and rounded once.", "sum(x) → 6.5"
	if name == "avg" {
		doc, example = "Arithmetic mean of an exact sum.", "avg(x) → 3.25"
	}
	return &Aggregate{Name: name, Args: args(t), Ret: ret, Doc: doc, Example: example, State: floatState, Step: stepFloat, Retractable: true, Merge: mergeFloat,
		Finish: func(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
			var s exactSum
			for g := range n {
				count := state[1].I64[g]
				if count == 0 {
					out.SetNull(g)
					continue
				}
				sum, special := specialSum(state, g)
				if !special {
					s.load(state[0].Bytes(g))
					sum = s.float()
				}
				r := result(sum, count)
				if math.IsInf(r, 0) && !special {
					c.Fail(int32(g), floatOverflow())
					continue
				}
				out.F64[g] = r
			}
		}}
}

// specialSum is the sum where a NaN or an infinity decides it.
func specialSum(state []*vec.Vector, g int) (float64, bool) {
	nan, inf, neg := state[2].I64[g], state[3].I64[g], state[4].I64[g]
	switch {
	case nan > 0 || inf > 0 && neg > 0:
		return math.NaN(), true
	case inf > 0:
		return math.Inf(1), true
	case neg > 0:
		return math.Inf(-1), true
	}
	return 0, false
}

func stepFloat(_ *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	a := column[float64](args[0], sel)
	var s exactSum
	eachGroup(groups, sel, func(r run) {
		g := int(r.group)
		s.load(state[0].Bytes(g))
		for _, i := range r.rows {
			f, w := a.at(i), weightOf(weights, i)
			state[1].I64[g] += w
			switch {
			case f != f:
				state[2].I64[g] += w
			case math.IsInf(f, 1):
				state[3].I64[g] += w
			case math.IsInf(f, -1):
				state[4].I64[g] += w
			default:
				s.add(f, w)
			}
		}
		storeSum(state[0], g, &s)
	})
}

// storeSum writes a sum behind the others' bytes.
func storeSum(v *vec.Vector, g int, s *exactSum) {
	start := len(v.Data)
	v.Data = s.appendTo(v.Data)
	v.SetEnd(g, start)
}

func mergeFloat(c *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int) {
	var s, t exactSum
	for k := range n {
		g := int(groups[k])
		s.load(dst[0].Bytes(g))
		t.load(src[0].Bytes(k))
		s.merge(&t)
		storeSum(dst[0], g, &s)
	}
	addColumns(c, dst[1:], groups, src[1:], n)
}
