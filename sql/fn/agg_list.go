package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Aggregates whose result depends on the order of their input. The state is the input itself, appended: the list's bytes
// and the number of its values. Operators give each group's rows in order.

var listState = func([]types.Type) []types.Type { return []types.Type{byteaT, int8T} }

var listAggregates = []*Aggregate{
	{Name: "string_agg", Args: textText, Ret: textT, Doc: "The strings one after another, each but the first behind its separator.", Example: "string_agg(x, ', ' ORDER BY x) → a, b",
		KeepNulls: true, State: listState, Step: stepStrings, OrderSensitive: true, Finish: finishBytes},
	{Name: "string_agg", Args: args(byteaT, byteaT), Ret: byteaT, Doc: "The values one after another, each but the first behind its separator.",
		Example: `string_agg(x, '\x00' ORDER BY x) → \x610062`, KeepNulls: true, State: listState, Step: stepStrings, OrderSensitive: true, Finish: finishBytes},
	{Name: "array_agg", Args: args(anyElement), Ret: anyArray, Doc: "The values as an array, nulls included.", Example: "array_agg(x ORDER BY x) → {1,2}",
		KeepNulls: true, State: func(args []types.Type) []types.Type { return []types.Type{types.ArrayOf(args[0].Plain()), int8T} }, Step: stepArray, OrderSensitive: true,
		Finish: finishBytes},
	{Name: "array_agg", Args: args(anyArray), Ret: anyArray, Doc: "The arrays, all of one shape, as an array of one dimension more.", Example: "array_agg(x) → {{1,2},{3,4}}",
		KeepNulls: true, State: func(args []types.Type) []types.Type { return []types.Type{args[0].Plain(), int8T} }, Step: stepArrays, OrderSensitive: true, Finish: finishBytes},
}

// stepList appends each row's value to its group's list; a group's bytes are copied once a batch.
func stepList(c *Ctx, state []*vec.Vector, groups, sel []int32, weights []int64, appendTo func(list []byte, n int64, i int32) ([]byte, error)) {
	eachGroup(groups, sel, func(r run) {
		g := int(r.group)
		list, n := append([]byte(nil), state[0].Bytes(g)...), state[1].I64[g]
		for _, i := range r.rows {
			for range weightOf(weights, i) {
				out, err := appendTo(list, n, i)
				if err == errNull {
					continue
				}
				if err == nil && len(out) > maxValueBytes {
					err = tooLong()
				}
				if err != nil {
					c.Fail(i, err)
					continue
				}
				list, n = out, n+1
			}
		}
		state[0].SetBytes(g, list)
		state[1].I64[g] = n
	})
}

func finishBytes(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) { finishExtreme(state, n, out) }

func stepStrings(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	x, sep := args[0], args[1]
	mx, ms := mask(x), mask(sep)
	stepList(c, state, groups, sel, weights, func(list []byte, n int64, i int32) ([]byte, error) {
		if x.IsNull(int(i)) {
			return list, errNull
		}
		if n > 0 && !sep.IsNull(int(i)) {
			list = append(list, sep.Bytes(int(i)&ms)...)
		}
		return append(list, x.Bytes(int(i)&mx)...), nil
	})
}

// stepArray decodes the group's array once a batch, adds the values and encodes it again.
func stepArray(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	elem := args[0].Type.Plain()
	scaledIn := args[0].Type != elem
	eachGroup(groups, sel, func(r run) {
		g := int(r.group)
		elems := decodedElems(state, g, elem)
		for _, i := range r.rows {
			d := args[0].Datum(int(i))
			if scaledIn && !d.Null {
				d = plainDatum(args[0].Type, d)
			}
			for range weightOf(weights, i) {
				elems = append(elems, d)
			}
		}
		state[0].SetBytes(g, types.AppendArray(nil, elem, types.NewArray(elems)))
		state[1].I64[g] = int64(len(elems))
	})
}

func decodedElems(state []*vec.Vector, g int, elem types.Type) []types.Datum {
	if state[1].I64[g] == 0 {
		return nil
	}
	arr, err := types.DecodeArray(elem, state[0].Bytes(g))
	if err != nil {
		return nil
	}
	return arr.Elems
}

// plainDatum is a value in the representation of its type without modifier, which matters to scaled numerics.
func plainDatum(t types.Type, d types.Datum) types.Datum {
	if _, ok := t.Scaled(); ok {
		return decimalDatum(toDecimal(t, d))
	}
	return d
}

func stepArrays(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	elem, m := args[0].Type.Elem(), mask(args[0])
	stepList(c, state, groups, sel, weights, func(list []byte, n int64, i int32) ([]byte, error) {
		if args[0].IsNull(int(i)) {
			return list, sqlerr.New(sqlerr.NullValueNotAllowed, "cannot accumulate null arrays")
		}
		add, err := types.DecodeArray(elem, args[0].Bytes(int(i)&m))
		switch {
		case err != nil:
			return list, err
		case len(add.Dims) == 0:
			return list, sqlerr.New(sqlerr.ArraySubscriptError, "cannot accumulate empty arrays")
		}
		out := types.Array{Dims: append([]types.Dim{{Len: 0, Lower: 1}}, add.Dims...)}
		if n > 0 {
			if out, err = types.DecodeArray(elem, list); err != nil {
				return list, err
			}
			for k, d := range add.Dims {
				if k+1 >= len(out.Dims) || out.Dims[k+1] != d {
					return list, sqlerr.New(sqlerr.ArraySubscriptError, "cannot accumulate arrays of different dimensionality")
				}
			}
		}
		out.Dims[0].Len++
		out.Elems = append(out.Elems, add.Elems...)
		return types.AppendArray(nil, elem, out), nil
	})
}

// Ordered-set aggregates: WITHIN GROUP (ORDER BY x). Their arguments are the direct ones, then x; the rows come in the
// order asked for, nulls left out.
var orderedSetAggregates = []*Aggregate{
	{Name: "mode", Args: args(anyElement), Ret: anyElement, Doc: "The most frequent value, of equally frequent ones the first.", Example: "mode() WITHIN GROUP (ORDER BY x) → 1",
		State: sortedState(0), Step: stepSorted, OrderSensitive: true, OrderedSet: true, Finish: finishMode},
	{Name: "percentile_disc", Args: args(float8T, anyElement), RetOf: func(args []types.Type) types.Type { return args[1].Plain() },
		Doc: "The first value whose place in the order is at least the fraction.", Example: "percentile_disc(0.5) WITHIN GROUP (ORDER BY x) → 2",
		State: sortedState(1), Step: stepSorted, OrderSensitive: true, OrderedSet: true, Finish: finishPercentileDisc},
	{Name: "percentile_cont", Args: floatPair, Ret: float8T, Doc: "The value at the fraction of the order, interpolated.", Example: "percentile_cont(0.5) WITHIN GROUP (ORDER BY x) → 2.5",
		State: sortedState(1), Step: stepSorted, OrderSensitive: true, OrderedSet: true, Finish: finishPercentileCont},
}

// sortedState is the array of the values of argument x, their number, and the fraction with a mark that there is one.
func sortedState(x int) func(args []types.Type) []types.Type {
	return func(args []types.Type) []types.Type {
		return []types.Type{types.ArrayOf(args[x].Plain()), int8T, float8T, int8T}
	}
}

func stepSorted(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	x := args[len(args)-1:]
	stepArray(c, state[:2], groups, x, sel, weights)
	if len(args) == 1 {
		return
	}
	for _, i := range sel {
		state[2].F64[groups[i]] = args[0].F64[int(i)&mask(args[0])]
		state[3].I64[groups[i]] = 1
	}
}

// sortedGroup is a group's values, none if it is to be null, and its fraction.
func sortedGroup(c *Ctx, state []*vec.Vector, g int) ([]types.Datum, float64, bool) {
	f := state[2].F64[g]
	if state[3].I64[g] != 0 && (f < 0 || f > 1 || f != f) {
		c.Fail(int32(g), sqlerr.New(sqlerr.NumericValueOutOfRange, "percentile value %g is not between 0 and 1", f))
		return nil, 0, false
	}
	values := decodedElems(state, g, state[0].Type.Elem())
	return values, f, len(values) > 0
}

func finishMode(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
	elem := state[0].Type.Elem()
	for g := range n {
		values := decodedElems(state, g, elem)
		best, bestRun := types.Null, 0
		for from := 0; from < len(values); {
			to := from + 1
			for to < len(values) && types.Equal(elem, values[from], values[to]) {
				to++
			}
			if to-from > bestRun {
				best, bestRun = values[from], to-from
			}
			from = to
		}
		SetDatum(out, int32(g), best)
	}
}

func finishPercentileDisc(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
	for g := range n {
		values, f, ok := sortedGroup(c, state, g)
		if !ok {
			out.SetNull(g)
			continue
		}
		at := ceilInt(f * float64(len(values)))
		SetDatum(out, int32(g), values[max(at, 1)-1])
	}
}

func finishPercentileCont(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
	for g := range n {
		values, f, ok := sortedGroup(c, state, g)
		if !ok {
			out.SetNull(g)
			continue
		}
		at := f * float64(len(values)-1)
		lo, hi := int(at), ceilInt(at)
		x, y := values[lo].F, values[hi].F
		if lo != hi {
			x += float64((at - float64(lo)) * (y - x))
		}
		out.F64[g] = x
	}
}

func ceilInt(f float64) int {
	n := int(f)
	if float64(n) < f {
		n++
	}
	return n
}
