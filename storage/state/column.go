package state

import (
	"bytes"
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// column is a column of a vector or of a page: both have values side by side, strings as spans, and validity as words, so
// one set of kernels serves both. It is valid as long as what it was made of.
type column struct {
	data  unsafe.Pointer // values, or spans
	heap  unsafe.Pointer // what spans are relative to
	nulls unsafe.Pointer // validity words; nil when there are no nulls
	kind  types.Kind
}

// vectorColumn is the column of a vector that is not constant.
func vectorColumn(v *vec.Vector) column {
	c := column{kind: v.Kind()}
	if v.Valid != nil {
		c.nulls = unsafe.Pointer(unsafe.SliceData(v.Valid))
	}
	switch c.kind {
	case types.KindBool:
		c.data = unsafe.Pointer(unsafe.SliceData(v.Bool))
	case types.KindInt32:
		c.data = unsafe.Pointer(unsafe.SliceData(v.I32))
	case types.KindInt64:
		c.data = unsafe.Pointer(unsafe.SliceData(v.I64))
	case types.KindFloat:
		c.data = unsafe.Pointer(unsafe.SliceData(v.F64))
	case types.KindWide:
		c.data = unsafe.Pointer(unsafe.SliceData(v.Wide))
	default:
		c.data, c.heap = unsafe.Pointer(unsafe.SliceData(v.Str)), unsafe.Pointer(unsafe.SliceData(v.Data))
	}
	return c
}

// vectorColumns is vectorColumn of each vector, appended to dst; constant ones are written out.
func vectorColumns(dst []column, cols []*vec.Vector, n int) []column {
	for _, v := range cols {
		dst = append(dst, vectorColumn(v.Flatten(n)))
	}
	return dst
}

// at is the i-th value of an array.
func at[T any](p unsafe.Pointer, i int) *T {
	return (*T)(unsafe.Add(p, uintptr(i)*unsafe.Sizeof(*(*T)(nil))))
}

func (c *column) null(i int) bool {
	return c.nulls != nil && *at[uint64](c.nulls, i>>6)&(1<<(uint(i)&63)) == 0
}

// setValid writes the validity of row i of a column that has validity.
func (c *column) setValid(i int, valid bool) {
	word, bit := at[uint64](c.nulls, i>>6), uint64(1)<<(uint(i)&63)
	if valid {
		*word |= bit
	} else {
		*word &^= bit
	}
}

// bytes is string i. An empty one may lie at the end of the heap, and Go allows no pointer past an allocation.
func (c *column) bytes(i int) []byte {
	s := at[vec.Span](c.data, i)
	if s.Len == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Add(c.heap, s.Off)), s.Len)
}

// strLen is how many bytes of strings row i has in c.
func (c *column) strLen(i int) int {
	if c.null(i) {
		return 0
	}
	return int(at[vec.Span](c.data, i).Len)
}

// integer is the value of a column of KindBool, KindInt32 or KindInt64.
func (c *column) integer(i int) int64 {
	switch c.kind {
	case types.KindInt64:
		return *at[int64](c.data, i)
	case types.KindInt32:
		return int64(*at[int32](c.data, i))
	default:
		return int64(*at[uint8](c.data, i))
	}
}

// identical compares by representation.
func identical(a *column, i int, b *column, j int) bool {
	if a.nulls != nil || b.nulls != nil {
		if na, nb := a.null(i), b.null(j); na || nb {
			return na && nb
		}
	}
	switch a.kind {
	case types.KindFloat:
		return *at[uint64](a.data, i) == *at[uint64](b.data, j)
	case types.KindWide:
		return *at[types.Wide](a.data, i) == *at[types.Wide](b.data, j)
	case types.KindBytes:
		return bytes.Equal(a.bytes(i), b.bytes(j))
	default:
		return a.integer(i) == b.integer(j)
	}
}

// order compares two values of a column by SQL; neither is null.
type order struct {
	bytes func(a, b []byte) int
	wide  func(a, b types.Wide) int
}

func newOrder(t types.Type) order {
	switch t.Kind() {
	case types.KindWide:
		return order{wide: types.WideComparer(t)}
	case types.KindBytes:
		return order{bytes: types.BytesComparer(t)}
	}
	return order{}
}

func (o order) compare(a *column, i int, b *column, j int) int {
	switch a.kind {
	case types.KindFloat:
		return types.CompareFloats(*at[float64](a.data, i), *at[float64](b.data, j))
	case types.KindWide:
		return o.wide(*at[types.Wide](a.data, i), *at[types.Wide](b.data, j))
	case types.KindBytes:
		return o.bytes(a.bytes(i), b.bytes(j))
	}
	x, y := a.integer(i), b.integer(j)
	if x < y {
		return -1
	}
	if x > y {
		return 1
	}
	return 0
}

// notDistinct compares by SQL, nulls being equal.
func (o order) notDistinct(a *column, i int, b *column, j int) bool {
	if a.nulls != nil || b.nulls != nil {
		if na, nb := a.null(i), b.null(j); na || nb {
			return na && nb
		}
	}
	return o.compare(a, i, b, j) == 0
}
