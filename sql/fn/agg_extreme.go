package fn

import (
	"bytes"
	"math"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
)

// extremeTypes are the types that PostgreSQL 15 has min and max of.
var extremeTypes = []types.Type{int2T, int4T, int8T, float4T, float8T, numericT, textT, types.T(types.BPChar), dateT, timeT, timestampT, timestamptzT,
	intervalT, types.T(types.OID), anyArray}

// extremes are min and max. The state is the value so far and the count of values.
var extremes = func() []*Aggregate {
	var as []*Aggregate
	for _, t := range extremeTypes {
		as = append(as, extreme("min", t, -1), extreme("max", t, 1))
	}
	return as
}()

func extreme(name string, t types.Type, sign int) *Aggregate {
	doc := map[string]string{"min": "Smallest value.", "max": "Greatest value."}[name]
	return &Aggregate{Name: name, Args: args(t), Ret: t, Doc: doc, Example: name + "(x) → 1", Extreme: sign,
		// The result keeps the argument's modifier, so that a scaled numeric stays one.
		RetOf: func(args []types.Type) types.Type { return args[0] },
		State: func(args []types.Type) []types.Type { return []types.Type{args[0], int8T} },
		Step: func(_ *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, _ []int64) {
			stepExtreme(sign, state, groups, args[0], sel)
		},
		Merge: func(_ *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int) {
			var some [vec.BatchSize]int32
			for from := 0; from < n; {
				sel := some[:0]
				for ; from < n && len(sel) < len(some); from++ {
					if src[1].I64[from] > 0 {
						sel = append(sel, int32(from))
					}
				}
				stepExtreme(sign, dst, groups, src[0], sel)
			}
		},
		Finish: func(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) { finishExtreme(state, n, out) }}
}

func finishExtreme(state []*vec.Vector, n int, out *vec.Vector) {
	if out.Kind() == types.KindBytes || out.Kind() != state[0].Kind() {
		for g := range n {
			if state[1].I64[g] == 0 {
				out.SetNull(g)
			} else {
				SetDatum(out, int32(g), state[0].Datum(g))
			}
		}
		return
	}
	switch out.Kind() {
	case types.KindBool:
		copy(out.Bool, state[0].Bool[:n])
	case types.KindInt32:
		copy(out.I32, state[0].I32[:n])
	case types.KindInt64:
		copy(out.I64, state[0].I64[:n])
	case types.KindFloat:
		copy(out.F64, state[0].F64[:n])
	default:
		copy(out.Wide, state[0].Wide[:n])
	}
	nullWhereNone(state[1], n, out)
}

func stepExtreme(sign int, state []*vec.Vector, groups []int32, a *vec.Vector, sel []int32) {
	switch a.Kind() {
	case types.KindInt32:
		extremeInto(sign, state[0].I32, state[1].I64, groups, column[int32](a, sel), sel)
	case types.KindInt64:
		extremeInto(sign, state[0].I64, state[1].I64, groups, column[int64](a, sel), sel)
	case types.KindFloat:
		extremeInto(sign, state[0].F64, state[1].I64, groups, column[float64](a, sel), sel)
	default:
		extremeRows(sign, state, groups, a, sel)
	}
}

// Values that are equal but not the same (0 and -0, 1.0 and 1.00, 1 mon and 30 days) are ordered by their representation,
// so that the result does not depend on the order of the input.

// negativeZero reports whether x is the float -0.
func negativeZero[T number](x T) bool { return x == 0 && math.Signbit(float64(x)) }

// extremeInto keeps the smallest (sign < 0) or the greatest value of each group.
func extremeInto[T interface {
	number
	elem
}](sign int, best []T, count []int64, groups []int32, a col[T], sel []int32) {
	as, am := a.s, a.mask
	if sign < 0 {
		for _, i := range sel {
			g, x := groups[i], as[i&am]
			if count[g] == 0 || less(x, best[g]) || x == best[g] && negativeZero(x) {
				best[g] = x
			}
			count[g]++
		}
		return
	}
	for _, i := range sel {
		g, x := groups[i], as[i&am]
		if count[g] == 0 || less(best[g], x) || x == best[g] && negativeZero(best[g]) {
			best[g] = x
		}
		count[g]++
	}
}

// extremeRows keeps the extreme of values that have no operator in Go. Bytes are written only when they change.
func extremeRows(sign int, state []*vec.Vector, groups []int32, a *vec.Vector, sel []int32) {
	m, wide := mask(a), a.Kind() == types.KindWide
	var cmpWide func(x, y types.Wide) int
	cmpBytes := bytes.Compare
	if wide {
		cmpWide = types.WideComparer(a.Type)
	} else {
		cmpBytes = types.BytesComparer(a.Type)
		if a.Type.ID == types.Numeric && !a.Type.Array {
			cmpBytes = decimal.CompareEncoded
		}
	}
	beats := func(c, representation int) bool {
		if c == 0 {
			c = representation
		}
		return c*sign > 0
	}
	for _, i := range sel {
		g := groups[i]
		first := state[1].I64[g] == 0
		state[1].I64[g]++
		if wide {
			if x := a.Wide[int(i)&m]; first || beats(cmpWide(x, state[0].Wide[g]), types.CompareUUIDs(x, state[0].Wide[g])) {
				state[0].Wide[g] = x
			}
			continue
		}
		if x := a.Bytes(int(i) & m); first || beats(cmpBytes(x, state[0].Bytes(int(g))), bytes.Compare(x, state[0].Bytes(int(g)))) {
			state[0].SetBytes(int(g), x)
		}
	}
}
