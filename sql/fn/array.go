package fn

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

var (
	arrayPair = args(anyArray, anyArray)
	arrayOne  = args(anyArray)
	arrayElem = args(anyArray, anyElement)
	int4Array = types.ArrayOf(int4T)
)

// recordOperators take records apart: "." is (x).name. What a record's fields are is known where the query is bound, so the field's
// number and, by a null of it, its type come as arguments.
var recordOperators = []*Func{
	{Name: ".", Args: args(recordT, int4T, anyElement), Ret: anyElement, Nulls: CalledOnNull, Doc: "The field of this number.", Example: "(ROW(5,6)).f1 → 5",
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
			if a[0].Null {
				return types.Null, nil
			}
			fields, err := types.DecodeRecord(a[0].B)
			if err != nil {
				return types.Null, err
			}
			if n := a[1].I; n < 1 || n > int64(len(fields)) || !fields[n-1].Type.Same(ts[2]) {
				return types.Null, sqlerr.Internal("a record has no field %d of type %s", n, ts[2])
			}
			return fields[a[1].I-1].Value, nil
		})},
}

// arrayOperators are subscripts ("[]" is a[i], "[:]" a[i:j]), concatenation and containment.
var arrayOperators = []*Func{
	{Name: "[]", Args: args(anyArray, int4T), Ret: anyElement, Doc: "The element at a subscript; null outside the bounds.", Example: "(ARRAY[1,2,3])[2] → 2", Kernel: subscript},
	{Name: "[]", Args: args(anyArray, int4Array), Variadic: true, Ret: anyElement, Doc: "The element at several subscripts; null outside the bounds.",
		Example: "(ARRAY[[1,2],[3,4]])[2][1] → 3", Kernel: rowwise(subscripts)},
	{Name: "[:]", Args: args(anyArray, int4T, int4T), Ret: anyArray, Doc: "The elements between two subscripts, both included.", Example: "(ARRAY[1,2,3])[2:3] → {2,3}",
		Kernel: rowwise(arraySlice)},
	{Name: "||", Args: arrayPair, Ret: anyArray, Nulls: CalledOnNull, Doc: "Concatenation.", Example: "ARRAY[1,2] || ARRAY[3] → {1,2,3}", Kernel: rowwise(arrayCat)},
	{Name: "||", Args: arrayElem, Ret: anyArray, Nulls: CalledOnNull, Doc: "The array with an element behind.", Example: "ARRAY[1,2] || 3 → {1,2,3}", Kernel: rowwise(arrayAppend)},
	{Name: "||", Args: args(anyElement, anyArray), Ret: anyArray, Nulls: CalledOnNull, Doc: "The array with an element in front.", Example: "0 || ARRAY[1,2] → {0,1,2}",
		Kernel: rowwise(arrayPrepend)},
	{Name: "@>", Args: arrayPair, Ret: boolT, Doc: "Contains every element of the other.", Example: "ARRAY[1,4,3] @> ARRAY[3,1] → true", Kernel: rowwise(arrayContains)},
	{Name: "<@", Args: arrayPair, Ret: boolT, Doc: "Every element is contained in the other.", Example: "ARRAY[2] <@ ARRAY[1,2] → true",
		Kernel: rowwise(func(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
			return arrayContains(c, []types.Datum{a[1], a[0]}, ts)
		})},
	{Name: "&&", Args: arrayPair, Ret: boolT, Doc: "Has an element in common with the other.", Example: "ARRAY[1,4] && ARRAY[2,1] → true", Kernel: rowwise(arrayOverlaps)},
}

var arrayFuncs = []*Func{
	{Name: "array_length", Args: args(anyArray, int4T), Ret: int4T, Doc: "Length of a dimension; null if the array has not so many.", Example: "array_length(ARRAY[1,2,3], 1) → 3",
		Kernel: dimension(func(d types.Dim) int { return d.Len })},
	{Name: "array_lower", Args: args(anyArray, int4T), Ret: int4T, Doc: "First subscript of a dimension.", Example: "array_lower(ARRAY[1,2,3], 1) → 1",
		Kernel: dimension(func(d types.Dim) int { return d.Lower })},
	{Name: "array_upper", Args: args(anyArray, int4T), Ret: int4T, Doc: "Last subscript of a dimension.", Example: "array_upper(ARRAY[1,8,3,7], 1) → 4",
		Kernel: dimension(func(d types.Dim) int { return d.Lower + d.Len - 1 })},
	{Name: "array_ndims", Args: arrayOne, Ret: int4T, Doc: "Number of dimensions; null if the array is empty.", Example: "array_ndims(ARRAY[1,2]) → 1",
		Kernel: map1(func(_ *Ctx, a []byte) (int32, error) {
			if n := len(types.ArrayDims(a)); n > 0 {
				return int32(n), nil
			}
			return 0, errNull
		})},
	{Name: "array_dims", Args: arrayOne, Ret: textT, Doc: "The dimensions as a text.", Example: "array_dims(ARRAY[1,2]) → [1:2]", Kernel: text1(arrayDims)},
	{Name: "cardinality", Args: arrayOne, Ret: int4T, Doc: "Number of elements, over all dimensions.", Example: "cardinality(ARRAY[[1,2],[3,4]]) → 4",
		Kernel: map1(pure(func(a []byte) int32 { return int32(types.ArrayLen(a)) }))},
	{Name: "array_append", Args: arrayElem, Ret: anyArray, Nulls: CalledOnNull, Doc: "The array with an element behind.", Example: "array_append(ARRAY[1,2], 3) → {1,2,3}",
		Kernel: rowwise(arrayAppend)},
	{Name: "array_prepend", Args: args(anyElement, anyArray), Ret: anyArray, Nulls: CalledOnNull, Doc: "The array with an element in front.",
		Example: "array_prepend(1, ARRAY[2,3]) → {1,2,3}", Kernel: rowwise(arrayPrepend)},
	{Name: "array_cat", Args: arrayPair, Ret: anyArray, Nulls: CalledOnNull, Doc: "Concatenation.", Example: "array_cat(ARRAY[1], ARRAY[2]) → {1,2}", Kernel: rowwise(arrayCat)},
	{Name: "array_position", Args: args(anyArray, anyElement, int4T), Optional: 1, Ret: int4T, Nulls: CalledOnNull,
		Doc: "Subscript of the first element equal to a value, from a subscript on; null if there is none.", Example: "array_position(ARRAY['sun','mon'], 'mon') → 2",
		Kernel: rowwise(arrayPosition)},
	{Name: "array_positions", Args: arrayElem, Ret: int4Array, Nulls: CalledOnNull, Doc: "Subscripts of all elements equal to a value.",
		Example: "array_positions(ARRAY['A','B','A'], 'A') → {1,3}", Kernel: rowwise(arrayPositions)},
	{Name: "array_remove", Args: arrayElem, Ret: anyArray, Nulls: CalledOnNull, Doc: "The array without the elements equal to a value.",
		Example: "array_remove(ARRAY[1,2,3,2], 2) → {1,3}", Kernel: rowwise(arrayRemove)},
	{Name: "array_replace", Args: args(anyArray, anyElement, anyElement), Ret: anyArray, Nulls: CalledOnNull, Doc: "The array with the elements equal to a value replaced.",
		Example: "array_replace(ARRAY[1,2,5], 5, 3) → {1,2,3}", Kernel: rowwise(arrayReplace)},
	{Name: "trim_array", Args: args(anyArray, int4T), Ret: anyArray, Doc: "The array without its last n elements.", Example: "trim_array(ARRAY[1,2,3], 2) → {1}",
		Kernel: rowwise(trimArray)},
	{Name: "array_fill", Args: args(anyElement, int4Array), Ret: anyArray, Nulls: CalledOnNull, Doc: "An array of dimensions, filled with a value.",
		Example: "array_fill(11, ARRAY[2]) → {11,11}", Kernel: rowwise(arrayFill)},
}

func subscript(_ *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
	elem, a, m := elemType(args[0].Type), args[0], mask(args[0])
	at := column[int32](args[1], sel)
	for _, i := range sel {
		SetDatum(out, i, types.ArrayElem(elem, a.Bytes(int(i)&m), int(at.at(i))))
	}
}

func subscripts(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	list, err := types.DecodeArray(int4T, a[1].B)
	if err != nil {
		return types.Null, err
	}
	at := make([]int, len(list.Elems))
	for k, d := range list.Elems {
		if d.Null {
			return types.Null, nil
		}
		at[k] = int(d.I)
	}
	return types.ArrayElem(elemType(ts[0]), a[0].B, at...), nil
}

// arraySlice is a[i:j] of the first dimension; of several dimensions the others stay whole, as PostgreSQL's a[i:j] takes
// them from their beginning.
func arraySlice(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	elem := elemType(ts[0])
	arr, err := types.DecodeArray(elem, a[0].B)
	if err != nil || len(arr.Dims) == 0 {
		return types.ArrayDatum(elem, types.Array{}), err
	}
	first := arr.Dims[0]
	lo, hi := max(int(a[1].I), first.Lower), min(int(a[2].I), first.Lower+first.Len-1)
	if lo > hi {
		return types.ArrayDatum(elem, types.Array{}), nil
	}
	stride := len(arr.Elems) / first.Len
	out := types.Array{Elems: arr.Elems[(lo-first.Lower)*stride : (hi-first.Lower+1)*stride]}
	for k, d := range arr.Dims {
		if k == 0 {
			d.Len = hi - lo + 1
		}
		out.Dims = append(out.Dims, types.Dim{Len: d.Len, Lower: 1})
	}
	return types.ArrayDatum(elem, out), nil
}

func dimension(of func(types.Dim) int) Kernel {
	return map2(func(_ *Ctx, a []byte, n int32) (int32, error) {
		dims := types.ArrayDims(a)
		if n < 1 || int(n) > len(dims) {
			return 0, errNull
		}
		return int32(of(dims[n-1])), nil
	})
}

func arrayDims(_ *Ctx, dst, a []byte) ([]byte, error) {
	dims := types.ArrayDims(a)
	if len(dims) == 0 {
		return dst, errNull
	}
	for _, d := range dims {
		dst = strconv.AppendInt(append(dst, '['), int64(d.Lower), 10)
		dst = append(strconv.AppendInt(append(dst, ':'), int64(d.Lower+d.Len-1), 10), ']')
	}
	return dst, nil
}

func arrayAppend(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	return appendElem(a[0], elemType(ts[0]), func(arr *types.Array) { arr.Elems = append(arr.Elems, a[1]) })
}

func arrayPrepend(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	return appendElem(a[1], elemType(ts[1]), func(arr *types.Array) { arr.Elems = append([]types.Datum{a[0]}, arr.Elems...) })
}

// appendElem adds an element to a one-dimensional array (null counts as empty), keeping its lower bound.
func appendElem(a types.Datum, elem types.Type, add func(*types.Array)) (types.Datum, error) {
	var arr types.Array
	if !a.Null {
		var err error
		if arr, err = types.DecodeArray(elem, a.B); err != nil {
			return types.Null, err
		}
	}
	if len(arr.Dims) > 1 {
		return types.Null, sqlerr.New(sqlerr.DataException, "argument must be empty or one-dimensional array")
	}
	lower := 1
	if len(arr.Dims) == 1 {
		lower = arr.Dims[0].Lower
	}
	add(&arr)
	arr.Dims = []types.Dim{{Len: len(arr.Elems), Lower: lower}}
	return types.ArrayDatum(elem, arr), nil
}

func incompatibleArrays(detail string) error {
	return sqlerr.New(sqlerr.ArraySubscriptError, "cannot concatenate incompatible arrays").WithDetail("%s", detail)
}

// arrayCat joins arrays of one shape along the first dimension, or an array to one whose elements have its shape.
func arrayCat(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if a[0].Null || a[1].Null {
		if a[0].Null {
			return a[1], nil
		}
		return a[0], nil
	}
	elem := elemType(ts[0])
	x, err := types.DecodeArray(elem, a[0].B)
	y, err2 := types.DecodeArray(elem, a[1].B)
	switch {
	case err != nil || err2 != nil:
		return types.Null, err
	case len(x.Dims) == 0:
		return a[1], nil
	case len(y.Dims) == 0:
		return a[0], nil
	}
	dims, err := joinedDims(x.Dims, y.Dims)
	if err != nil {
		return types.Null, err
	}
	elems := append(append([]types.Datum(nil), x.Elems...), y.Elems...)
	return types.ArrayDatum(elem, types.Array{Dims: dims, Elems: elems}), nil
}

func joinedDims(x, y []types.Dim) ([]types.Dim, error) {
	inner := func(outer, of []types.Dim) bool {
		for k := range of {
			if of[k].Len != outer[len(outer)-len(of)+k].Len {
				return false
			}
		}
		return true
	}
	mismatch := "Arrays with differing element dimensions are not compatible for concatenation."
	switch len(x) - len(y) {
	case 0:
		if !inner(x[1:], y[1:]) {
			return nil, incompatibleArrays(mismatch)
		}
		dims := append([]types.Dim(nil), x...)
		dims[0].Len += y[0].Len
		return dims, nil
	case 1:
		if !inner(x[1:], y) {
			return nil, incompatibleArrays(mismatch)
		}
		dims := append([]types.Dim(nil), x...)
		dims[0].Len++
		return dims, nil
	case -1:
		if !inner(y[1:], x) {
			return nil, incompatibleArrays(mismatch)
		}
		dims := append([]types.Dim(nil), y...)
		dims[0].Len++
		return dims, nil
	}
	return nil, incompatibleArrays("Arrays of " + strconv.Itoa(len(x)) + " and " + strconv.Itoa(len(y)) + " dimensions are not compatible for concatenation.")
}

// elemsOf are the elements of both arrays.
func elemsOf(a []types.Datum, ts []types.Type) (x, y []types.Datum, err error) {
	ax, err := types.DecodeArray(elemType(ts[0]), a[0].B)
	if err != nil {
		return nil, nil, err
	}
	ay, err := types.DecodeArray(elemType(ts[1]), a[1].B)
	return ax.Elems, ay.Elems, err
}

func memberOf(elem types.Type, d types.Datum, list []types.Datum) bool {
	for _, e := range list {
		if !d.Null && !e.Null && types.Equal(elem, d, e) {
			return true
		}
	}
	return false
}

// arrayContains: a null is contained in nothing.
func arrayContains(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	x, y, err := elemsOf(a, ts)
	if err != nil {
		return types.Null, err
	}
	for _, d := range y {
		if !memberOf(elemType(ts[0]), d, x) {
			return types.NewBool(false), nil
		}
	}
	return types.NewBool(true), nil
}

func arrayOverlaps(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	x, y, err := elemsOf(a, ts)
	if err != nil {
		return types.Null, err
	}
	for _, d := range y {
		if memberOf(elemType(ts[0]), d, x) {
			return types.NewBool(true), nil
		}
	}
	return types.NewBool(false), nil
}
