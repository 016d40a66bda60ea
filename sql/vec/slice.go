package vec

// SliceStep is what the first row of a slice is a multiple of: validity comes in words.
const SliceStep = 64

// Slice is the rows of b from row from to row to, without copying them: a multiple of 64 is the first, and b has no selection. The slice is
// valid as long as b is not changed, and must not be appended to.
func (b *Batch) Slice(from, to int) Batch {
	out := Batch{Cols: make([]*Vector, len(b.Cols)), N: to - from}
	for i, c := range b.Cols {
		out.Cols[i] = c.slice(from, to)
	}
	if b.Weights != nil {
		out.Weights = b.Weights[from:to:to]
	}
	return out
}

func (v *Vector) slice(from, to int) *Vector {
	if v.Const {
		return v
	}
	out := &Vector{Type: v.Type, Data: v.Data[:len(v.Data):len(v.Data)],
		Bool: sliceOf(v.Bool, from, to), I32: sliceOf(v.I32, from, to), I64: sliceOf(v.I64, from, to),
		F64: sliceOf(v.F64, from, to), Wide: sliceOf(v.Wide, from, to), Str: sliceOf(v.Str, from, to)}
	if v.Valid != nil {
		out.Valid = v.Valid[from/SliceStep:]
	}
	return out
}

// sliceOf is nil for the fields that the column's kind does not use.
func sliceOf[T any](s []T, from, to int) []T {
	if len(s) < to {
		return nil
	}
	return s[from:to:to]
}
