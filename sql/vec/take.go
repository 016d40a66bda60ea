package vec

import "github.com/streamdb/streamdb/sql/types"

// Take makes v the rows of src at the indices rows. Strings are not copied: v shares src's Data (and a constant's value), so v
// lives no longer than src's buffers, and nothing may be done to it but reading it and taking again.
func (v *Vector) Take(src *Vector, rows []int32) {
	if src.Const {
		*v = *src
		return
	}
	v.disown()
	v.Resize(src.Type, len(rows))
	switch src.Kind() {
	case types.KindBool:
		takeValues(v.Bool, src.Bool, rows)
	case types.KindInt32:
		takeValues(v.I32, src.I32, rows)
	case types.KindInt64:
		takeValues(v.I64, src.I64, rows)
	case types.KindFloat:
		takeValues(v.F64, src.F64, rows)
	case types.KindWide:
		takeValues(v.Wide, src.Wide, rows)
	default:
		takeValues(v.Str, src.Str, rows)
		v.Data = src.Data
	}
	if src.Valid == nil {
		return
	}
	for k, i := range rows {
		if !src.Valid.Get(int(i)) {
			v.SetNull(k)
		}
	}
}

func takeValues[T any](dst, src []T, rows []int32) {
	dst = dst[:len(rows)]
	for k, i := range rows {
		dst[k] = src[i]
	}
}

// disown drops the buffers of a constant: they may be those of what it was taken from.
func (v *Vector) disown() {
	if v.Const {
		*v = Vector{}
	}
}

// nullBits is the validity of a constant null.
var nullBits = Bitmap{0}

// TakeConst makes v the constant of row i of src, sharing its buffers as Take does.
func (v *Vector) TakeConst(src *Vector, i int) {
	if src.Const {
		*v = *src
		return
	}
	*v = Vector{Type: src.Type, Const: true}
	if src.IsNull(i) {
		v.Valid = nullBits
	}
	switch src.Kind() {
	case types.KindBool:
		v.Bool = src.Bool[i : i+1 : i+1]
	case types.KindInt32:
		v.I32 = src.I32[i : i+1 : i+1]
	case types.KindInt64:
		v.I64 = src.I64[i : i+1 : i+1]
	case types.KindFloat:
		v.F64 = src.F64[i : i+1 : i+1]
	case types.KindWide:
		v.Wide = src.Wide[i : i+1 : i+1]
	default:
		v.Str, v.Data = src.Str[i:i+1:i+1], src.Data
	}
}

// SetNullConst makes v the constant null of type t.
func (v *Vector) SetNullConst(t types.Type) {
	if v.Const && v.Type == t && v.IsNull(0) {
		return
	}
	v.disown()
	v.Resize(t, 1)
	v.Const, v.Valid = true, nullBits
	if v.Kind() == types.KindBytes {
		v.Str[0] = Span{}
	}
}
