package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// sameOrNull is equality for which nulls are equal.
func sameOrNull(t types.Type, a, b types.Datum) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	return types.Equal(t, a, b)
}

// oneDimension decodes an array to search in.
func oneDimension(a types.Datum, t types.Type) (types.Array, error) {
	arr, err := types.DecodeArray(elemType(t), a.B)
	if err == nil && len(arr.Dims) > 1 {
		return arr, sqlerr.New(sqlerr.FeatureNotSupported, "searching for elements in multidimensional arrays is not supported")
	}
	return arr, err
}

func arrayPosition(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if a[0].Null {
		return types.Null, nil
	}
	arr, err := oneDimension(a[0], ts[0])
	if err != nil || len(arr.Dims) == 0 {
		return types.Null, err
	}
	from := arr.Dims[0].Lower
	if len(a) > 2 {
		if a[2].Null {
			return types.Null, sqlerr.New(sqlerr.NullValueNotAllowed, "initial position must not be null")
		}
		from = int(a[2].I)
	}
	for k, d := range arr.Elems {
		if at := arr.Dims[0].Lower + k; at >= from && sameOrNull(elemType(ts[0]), d, a[1]) {
			return types.NewInt(int64(at)), nil
		}
	}
	return types.Null, nil
}

func arrayPositions(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if a[0].Null {
		return types.Null, nil
	}
	arr, err := oneDimension(a[0], ts[0])
	if err != nil {
		return types.Null, err
	}
	var found []types.Datum
	for k, d := range arr.Elems {
		if sameOrNull(elemType(ts[0]), d, a[1]) {
			found = append(found, types.NewInt(int64(arr.Dims[0].Lower+k)))
		}
	}
	return types.ArrayDatum(int4T, types.NewArray(found)), nil
}

func arrayRemove(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if a[0].Null {
		return types.Null, nil
	}
	elem := elemType(ts[0])
	arr, err := types.DecodeArray(elem, a[0].B)
	switch {
	case err != nil:
		return types.Null, err
	case len(arr.Dims) > 1:
		return types.Null, sqlerr.New(sqlerr.FeatureNotSupported, "removing elements from multidimensional arrays is not supported")
	}
	var kept []types.Datum
	for _, d := range arr.Elems {
		if !sameOrNull(elem, d, a[1]) {
			kept = append(kept, d)
		}
	}
	if len(kept) == len(arr.Elems) {
		return a[0], nil
	}
	out := types.NewArray(kept)
	if len(kept) > 0 {
		out.Dims[0].Lower = arr.Dims[0].Lower
	}
	return types.ArrayDatum(elem, out), nil
}

func arrayReplace(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if a[0].Null {
		return types.Null, nil
	}
	elem := elemType(ts[0])
	arr, err := types.DecodeArray(elem, a[0].B)
	if err != nil {
		return types.Null, err
	}
	for k, d := range arr.Elems {
		if sameOrNull(elem, d, a[1]) {
			arr.Elems[k] = a[2]
		}
	}
	return types.ArrayDatum(elem, arr), nil
}

func trimArray(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	dims := types.ArrayDims(a[0].B)
	n := 0
	if len(dims) > 0 {
		n = dims[0].Len
	}
	if a[1].I < 0 || int(a[1].I) > n {
		return types.Null, sqlerr.New(sqlerr.ArrayElementError, "number of elements to trim must be between 0 and %d", n)
	}
	if n == 0 {
		return a[0], nil
	}
	return arraySlice(c, []types.Datum{a[0], types.NewInt(int64(dims[0].Lower)), types.NewInt(int64(dims[0].Lower+n-1) - a[1].I)}, ts)
}

func arrayFill(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if a[1].Null {
		return types.Null, sqlerr.New(sqlerr.NullValueNotAllowed, "dimension array or low bound array cannot be null")
	}
	sizes, err := types.DecodeArray(int4T, a[1].B)
	if err != nil {
		return types.Null, err
	}
	var out types.Array
	n := 1
	for _, d := range sizes.Elems {
		if d.Null {
			return types.Null, sqlerr.New(sqlerr.NullValueNotAllowed, "dimension values cannot be null")
		}
		if d.I < 0 || int64(n)*d.I > maxArrayFill {
			return types.Null, sqlerr.New(sqlerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", maxArrayFill)
		}
		out.Dims = append(out.Dims, types.Dim{Len: int(d.I), Lower: 1})
		n *= int(d.I)
	}
	if n == 0 || len(out.Dims) == 0 {
		return types.ArrayDatum(ts[0], types.Array{}), nil
	}
	out.Elems = make([]types.Datum, n)
	for k := range out.Elems {
		out.Elems[k] = a[0]
	}
	return types.ArrayDatum(ts[0].Plain(), out), nil
}

// maxArrayFill is how many elements array_fill makes at most: fewer than PostgreSQL's, as it builds them in memory first.
const maxArrayFill = 1 << 22
