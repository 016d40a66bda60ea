package vec

import "github.com/streamdb/streamdb/sql/types"

// AppendSelected copies the values of src (a column of n rows) at the indices sel, or all n when sel is nil, behind those
// of v. The kinds must be the same. Strings are copied, so that v never holds on to src's data.
func (v *Vector) AppendSelected(src *Vector, sel []int32, n int) {
	if sel != nil {
		n = len(sel)
	}
	if n == 0 {
		return
	}
	if src.Const {
		v.appendConst(src, n)
		return
	}
	from := v.Len()
	switch v.Kind() {
	case types.KindBool:
		v.Bool = appendSelected(v.Bool, src.Bool, sel, n)
	case types.KindInt32:
		v.I32 = appendSelected(v.I32, src.I32, sel, n)
	case types.KindInt64:
		v.I64 = appendSelected(v.I64, src.I64, sel, n)
	case types.KindFloat:
		v.F64 = appendSelected(v.F64, src.F64, sel, n)
	case types.KindWide:
		v.Wide = appendSelected(v.Wide, src.Wide, sel, n)
	default:
		v.appendStrings(src, sel, n)
	}
	v.appendValid(src, sel, from, n)
}

func appendSelected[T any](dst, src []T, sel []int32, n int) []T {
	if sel == nil {
		return append(dst, src[:n]...)
	}
	dst = grow(dst, n)
	out := dst[len(dst) : len(dst)+n]
	for k, i := range sel {
		out[k] = src[i]
	}
	return dst[:len(dst)+n]
}

// appendStrings notes the spans first, where they were and their total, so that Data grows once.
func (v *Vector) appendStrings(src *Vector, sel []int32, n int) {
	from := len(v.Str)
	v.Str = appendSelected(v.Str, src.Str, sel, n)
	added, total := v.Str[from:], 0
	for k := range added {
		i := k
		if sel != nil {
			i = int(sel[k])
		}
		if src.Valid != nil && !src.Valid.Get(i) {
			added[k] = Span{} // the bytes under a null are not worth copying, and may not exist
		}
		total += int(added[k].Len)
	}
	data := grow(v.Data, total)
	for k, s := range added {
		added[k].Off = uint32(len(data))
		if s.Len != 0 {
			data = append(data, src.Data[s.Off:s.Off+s.Len]...)
		}
	}
	v.Data = data
}

func (v *Vector) appendConst(src *Vector, n int) {
	d := src.Datum(0)
	for range n {
		v.Append(d)
	}
}

// appendValid copies validity for the n rows that stand behind row from.
func (v *Vector) appendValid(src *Vector, sel []int32, from, n int) {
	if src.Valid == nil && v.Valid == nil {
		return
	}
	if v.Valid == nil {
		v.Valid = NewBitmap(from)
	}
	for k := range n {
		i := k
		if sel != nil {
			i = int(sel[k])
		}
		v.Valid = v.Valid.Append(from+k, src.Valid == nil || src.Valid.Get(i))
	}
}

// Flatten is v with n rows and without Const: v itself unless it is constant.
func (v *Vector) Flatten(n int) *Vector {
	if !v.Const {
		return v
	}
	out := New(v.Type, n)
	out.appendConst(v, n)
	return out
}
