package fn

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// ints is a state of n int8 columns.
func ints(n int) func([]types.Type) []types.Type {
	state := make([]types.Type, n)
	for i := range state {
		state[i] = int8T
	}
	return func([]types.Type) []types.Type { return state }
}

// countAggregates count rows, and fold booleans, of which counting is enough.
var countAggregates = []*Aggregate{
	{Name: "count", Ret: int8T, Doc: "Number of rows.", Example: "count(*) → 3", KeepNulls: true, State: ints(1), Step: stepCount, Retractable: true, Merge: addColumns, Finish: finishCount},
	{Name: "count", Args: args(anyType), Ret: int8T, Doc: "Number of rows whose argument is not null.", Example: "count(x) → 2", State: ints(1), Step: stepCount,
		Retractable: true, Merge: addColumns, Finish: finishCount},
	boolAggregate("bool_and", "Whether all arguments are true.", "bool_and(x) → false", func(t, f int64) bool { return f == 0 }),
	boolAggregate("every", "Whether all arguments are true.", "every(x) → false", func(t, f int64) bool { return f == 0 }),
	boolAggregate("bool_or", "Whether an argument is true.", "bool_or(x) → true", func(t, f int64) bool { return t > 0 }),
}

func stepCount(_ *Ctx, state []*vec.Vector, groups []int32, _ []*vec.Vector, sel []int32, weights []int64) {
	n := state[0].I64
	if weights == nil {
		for _, i := range sel {
			n[groups[i]]++
		}
		return
	}
	for _, i := range sel {
		n[groups[i]] += weights[i]
	}
}

func finishCount(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
	copy(out.I64[:n], state[0].I64[:n])
}

// boolAggregate counts trues and falses.
func boolAggregate(name, doc, example string, result func(trues, falses int64) bool) *Aggregate {
	return &Aggregate{Name: name, Args: args(boolT), Ret: boolT, Doc: doc, Example: example, State: ints(2), Retractable: true, Merge: addColumns,
		Step: func(_ *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
			a := column[uint8](args[0], sel)
			for _, i := range sel {
				state[1-a.at(i)].I64[groups[i]] += weightOf(weights, i)
			}
		},
		Finish: func(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
			for g := range n {
				t, f := state[0].I64[g], state[1].I64[g]
				if t == 0 && f == 0 {
					out.SetNull(g)
					continue
				}
				out.Bool[g] = b2u(result(t, f))
			}
		}}
}

// bitAggregates fold bits. XOR can be undone; AND and OR cannot.
var bitAggregates = concat(bitAggregatesOf[int32](int2T), bitAggregatesOf[int32](int4T), bitAggregatesOf[int64](int8T))

func bitAggregatesOf[T integer](t types.Type) []*Aggregate {
	fold := func(name, doc, example string, retract bool, f func(a, b T) T) *Aggregate {
		merge := func(_ *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int) {
			d, s := *fieldOf[T](dst[0]), *fieldOf[T](src[0])
			for k := range n {
				// A state that can retract may have taken back as many values as it took, of which XOR still has the bits.
				if c := src[1].I64[k]; c != 0 || retract {
					foldInto(&d[groups[k]], &dst[1].I64[groups[k]], s[k], c, f)
				}
			}
		}
		return &Aggregate{Name: name, Args: args(t), Ret: t, Doc: doc, Example: example, Retractable: retract, Merge: merge,
			State: func([]types.Type) []types.Type { return []types.Type{t, int8T} },
			Step: func(_ *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
				acc, a := *fieldOf[T](state[0]), column[T](args[0], sel)
				for _, i := range sel {
					w := weightOf(weights, i)
					g := groups[i]
					if retract && w%2 == 0 { // an even number of times is no time for XOR
						state[1].I64[g] += w
						continue
					}
					foldInto(&acc[g], &state[1].I64[g], a.at(i), w, f)
				}
			},
			Finish: func(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
				copy(*fieldOf[T](out), (*fieldOf[T](state[0]))[:n])
				nullWhereNone(state[1], n, out)
			}}
	}
	return []*Aggregate{
		fold("bit_and", "Bitwise AND.", "bit_and(x) → 1", false, func(a, b T) T { return a & b }),
		fold("bit_or", "Bitwise OR.", "bit_or(x) → 3", false, func(a, b T) T { return a | b }),
		fold("bit_xor", "Bitwise exclusive OR.", "bit_xor(x) → 2", true, func(a, b T) T { return a ^ b }),
	}
}

// foldInto combines a value into acc, which is nothing while count is 0.
func foldInto[T integer](acc *T, count *int64, v T, w int64, f func(a, b T) T) {
	if *count == 0 && *acc == 0 {
		*acc = v
	} else {
		*acc = f(*acc, v)
	}
	*count += w
}

// nullWhereNone makes null the groups that have had no input.
func nullWhereNone(count *vec.Vector, n int, out *vec.Vector) {
	for g := range n {
		if count.I64[g] == 0 {
			out.SetNull(g)
		}
	}
}
