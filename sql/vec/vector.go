package vec

import (
	"github.com/streamdb/streamdb/sql/types"
)

// BatchSize is how many rows a producer aims at in a batch: enough to pay for a call, few enough that a batch of several
// columns stays in the second-level cache.
const BatchSize = 1024

// Span is where a value of KindBytes lies in its vector's Data.
type Span struct{ Off, Len uint32 }

// Vector is a column of values of one type. The field that holds them is the type's kind's: Bool, I32, I64, F64, Wide, or
// Str with Data; the others are nil. Kernels read and write these fields directly.
//
// A constant vector (Const) has one value, at index 0, that stands for every row.
type Vector struct {
	Type  types.Type
	Const bool
	// Valid has a bit per row, set where the value is not null; nil when there are no nulls.
	Valid Bitmap
	Bool  []uint8
	I32   []int32
	I64   []int64
	F64   []float64
	Wide  []types.Wide
	Str   []Span
	// Data holds the bytes that Str points into. It may be shared with other vectors: bytes once written are never
	// changed, only appended after.
	Data []byte
}

// New makes a vector with room for capacity rows and none in it.
func New(t types.Type, capacity int) *Vector {
	v := &Vector{Type: t}
	v.Grow(capacity)
	return v
}

// NewConst makes a constant vector of d.
func NewConst(t types.Type, d types.Datum) *Vector {
	v := New(t, 1)
	v.Append(d)
	v.Const = true
	return v
}

// Kind is the physical kind of the column.
func (v *Vector) Kind() types.Kind { return v.Type.Kind() }

// Len is the number of rows in it (1 for a constant).
func (v *Vector) Len() int {
	switch v.Kind() {
	case types.KindBool:
		return len(v.Bool)
	case types.KindInt32:
		return len(v.I32)
	case types.KindInt64:
		return len(v.I64)
	case types.KindFloat:
		return len(v.F64)
	case types.KindWide:
		return len(v.Wide)
	default:
		return len(v.Str)
	}
}

// Reset makes v an empty column of type t, keeping its buffers where the kind allows. Data is dropped, not reused, when it
// may be shared.
func (v *Vector) Reset(t types.Type) {
	v.Type, v.Const, v.Valid = t, false, v.Valid[:0]
	if len(v.Valid) == 0 {
		v.Valid = nil
	}
	v.Bool, v.I32, v.I64, v.F64, v.Wide, v.Str = v.Bool[:0], v.I32[:0], v.I64[:0], v.F64[:0], v.Wide[:0], v.Str[:0]
	v.Data = v.Data[:0:0]
}

// Resize makes v a column of type t with n rows of unspecified value, none of them null, for a kernel to fill. The data
// buffer of a KindBytes column is empty afterwards, and its own (not shared).
func (v *Vector) Resize(t types.Type, n int) {
	v.Type, v.Const, v.Valid = t, false, nil
	switch t.Kind() {
	case types.KindBool:
		v.Bool = resize(v.Bool, n)
	case types.KindInt32:
		v.I32 = resize(v.I32, n)
	case types.KindInt64:
		v.I64 = resize(v.I64, n)
	case types.KindFloat:
		v.F64 = resize(v.F64, n)
	case types.KindWide:
		v.Wide = resize(v.Wide, n)
	default:
		v.Str, v.Data = resize(v.Str, n), nil
	}
}

func resize[T any](s []T, n int) []T {
	if cap(s) >= n {
		return s[:n]
	}
	if n <= smallRows {
		return make([]T, n, smallRows)
	}
	return make([]T, n, max(n, BatchSize))
}

// smallRows is how many rows a small column has room for: point reads should not pay for a whole batch.
const smallRows = 16

// Grow makes room for n more rows.
func (v *Vector) Grow(n int) {
	switch v.Kind() {
	case types.KindBool:
		v.Bool = grow(v.Bool, n)
	case types.KindInt32:
		v.I32 = grow(v.I32, n)
	case types.KindInt64:
		v.I64 = grow(v.I64, n)
	case types.KindFloat:
		v.F64 = grow(v.F64, n)
	case types.KindWide:
		v.Wide = grow(v.Wide, n)
	default:
		v.Str = grow(v.Str, n)
	}
}

func grow[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	out := make([]T, len(s), max(len(s)+n, 2*cap(s)))
	copy(out, s)
	return out
}

// IsNull reports whether row i is null.
func (v *Vector) IsNull(i int) bool {
	if v.Valid == nil {
		return false
	}
	if v.Const {
		i = 0
	}
	return !v.Valid.Get(i)
}

// SetNull makes row i null. The vector must have its final length.
func (v *Vector) SetNull(i int) {
	if v.Valid == nil {
		v.Valid = NewBitmap(v.Len())
	}
	v.Valid.Clear(i)
}

// HasNulls reports whether there may be nulls.
func (v *Vector) HasNulls() bool { return v.Valid != nil }

// Bytes is the value at row i of a KindBytes column. It must not be written through.
func (v *Vector) Bytes(i int) []byte {
	s := v.Str[i]
	return v.Data[s.Off : s.Off+s.Len : s.Off+s.Len]
}

// SetBytes writes the value at row i of a KindBytes column by appending b to Data.
func (v *Vector) SetBytes(i int, b []byte) {
	v.Str[i] = Span{uint32(len(v.Data)), uint32(len(b))}
	v.Data = append(v.Data, b...)
}

// SetEnd ends the value at row i that was appended to Data from offset start on: for kernels that write in place.
func (v *Vector) SetEnd(i, start int) { v.Str[i] = Span{uint32(start), uint32(len(v.Data) - start)} }

// Datum is the value at row i. For KindBytes it shares Data.
func (v *Vector) Datum(i int) types.Datum {
	if v.Const {
		i = 0
	}
	if v.IsNull(i) {
		return types.Null
	}
	switch v.Kind() {
	case types.KindBool:
		return types.Datum{I: int64(v.Bool[i])}
	case types.KindInt32:
		return types.Datum{I: int64(v.I32[i])}
	case types.KindInt64:
		return types.Datum{I: v.I64[i]}
	case types.KindFloat:
		return types.Datum{F: v.F64[i]}
	case types.KindWide:
		return types.Datum{W: v.Wide[i]}
	default:
		return types.Datum{B: v.Bytes(i)}
	}
}

// Append adds one value. It is for constants, catalogs and tests; hot paths fill the fields or use the Append of columns.
func (v *Vector) Append(d types.Datum) {
	switch v.Kind() {
	case types.KindBool:
		v.Bool = append(v.Bool, uint8(d.I))
	case types.KindInt32:
		v.I32 = append(v.I32, int32(d.I))
	case types.KindInt64:
		v.I64 = append(v.I64, d.I)
	case types.KindFloat:
		v.F64 = append(v.F64, d.F)
	case types.KindWide:
		v.Wide = append(v.Wide, d.W)
	default:
		v.Str = append(v.Str, Span{uint32(len(v.Data)), uint32(len(d.B))})
		v.Data = append(v.Data, d.B...)
	}
	v.extendValid(v.Len()-1, !d.Null)
}

// extendValid records the validity of the new last row i.
func (v *Vector) extendValid(i int, valid bool) {
	if v.Valid == nil {
		if valid {
			return
		}
		v.Valid = NewBitmap(i)
	}
	v.Valid = v.Valid.Append(i, valid)
}
