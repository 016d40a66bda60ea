package types

import (
	"encoding/binary"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Limits of arrays, as PostgreSQL's.
const (
	maxArrayDims = 6
	maxArrayLen  = 1<<27 - 1
)

// Dim is a dimension of an array: its length and the subscript of its first element (1 unless said otherwise).
type Dim struct{ Len, Lower int }

// Array is an array value taken apart. Elems are in row-major order. An empty array has no dimensions.
type Array struct {
	Dims  []Dim
	Elems []Datum
}

// NewArray is a one-dimensional array.
func NewArray(elems []Datum) Array {
	if len(elems) == 0 {
		return Array{}
	}
	return Array{Dims: []Dim{{len(elems), 1}}, Elems: elems}
}

// The encoding, which is stored: a byte with the number of dimensions (and arrayNulls), a uvarint length and a varint lower
// bound for each, a bit per element that is set where it is not null (only with arrayNulls), and the elements.
const arrayNulls = 0x80

// AppendArray adds the encoding of a, whose elements are of type elem, to dst.
func AppendArray(dst []byte, elem Type, a Array) []byte {
	head := byte(len(a.Dims))
	for _, d := range a.Elems {
		if d.Null {
			head |= arrayNulls
			break
		}
	}
	dst = append(dst, head)
	for _, d := range a.Dims {
		dst = binary.AppendUvarint(dst, uint64(d.Len))
		dst = binary.AppendVarint(dst, int64(d.Lower))
	}
	if head&arrayNulls != 0 {
		from := len(dst)
		dst = append(dst, make([]byte, (len(a.Elems)+7)/8)...)
		for i, d := range a.Elems {
			if !d.Null {
				dst[from+i/8] |= 1 << (i % 8)
			}
		}
	}
	kind := elem.Kind()
	for _, d := range a.Elems {
		if d.Null {
			d = Datum{}
		}
		dst = appendValue(dst, kind, d)
	}
	return dst
}

// ArrayDatum is the value of an array with elements of type elem.
func ArrayDatum(elem Type, a Array) Datum { return Datum{B: AppendArray(nil, elem, a)} }

// arrayHead is the front of an encoding: dimensions, validity bits (nil: no nulls), and the elements' bytes.
type arrayHead struct {
	dims  [maxArrayDims]Dim
	ndim  int
	n     int
	valid []byte
	body  []byte
}

func readArrayHead(b []byte) (h arrayHead, ok bool) {
	if len(b) == 0 {
		return h, false
	}
	h.ndim, h.n = int(b[0]&^arrayNulls), 1
	nulls := b[0]&arrayNulls != 0
	b = b[1:]
	if h.ndim > maxArrayDims {
		return h, false
	}
	for i := range h.ndim {
		n, w := binary.Uvarint(b)
		if w <= 0 || n == 0 || n > maxArrayLen {
			return h, false
		}
		lower, w2 := binary.Varint(b[w:])
		if w2 <= 0 {
			return h, false
		}
		h.dims[i] = Dim{int(n), int(lower)}
		if h.n *= int(n); h.n > maxArrayLen {
			return h, false
		}
		b = b[w+w2:]
	}
	if h.ndim == 0 {
		h.n = 0
	}
	if nulls {
		w := (h.n + 7) / 8
		if len(b) < w {
			return h, false
		}
		h.valid, b = b[:w], b[w:]
	}
	h.body = b
	// Every element takes a byte at least, so a damaged length cannot make a reader allocate more than there is.
	return h, h.n <= len(b)
}

func (h *arrayHead) null(i int) bool { return h.valid != nil && h.valid[i/8]&(1<<(i%8)) == 0 }

// DecodeArray takes an encoded array apart. The elements share b.
func DecodeArray(elem Type, b []byte) (Array, error) {
	h, ok := readArrayHead(b)
	if !ok {
		return Array{}, damagedArray()
	}
	a := Array{Dims: append([]Dim(nil), h.dims[:h.ndim]...), Elems: make([]Datum, h.n)}
	kind, rest := elem.Kind(), h.body
	for i := range a.Elems {
		var d Datum
		if d, rest, ok = readValue(rest, kind); !ok {
			return Array{}, damagedArray()
		}
		if h.null(i) {
			d = Null
		}
		a.Elems[i] = d
	}
	return a, nil
}

func damagedArray() error { return sqlerr.New(sqlerr.DataCorrupted, "damaged array value") }

// mustArray is DecodeArray of a value that this process stored; damage reads as the empty array.
func mustArray(elem Type, b []byte) Array {
	a, err := DecodeArray(elem, b)
	if err != nil {
		return Array{}
	}
	return a
}

// ArrayElem is a[i1, i2, …]: null when the number of subscripts is not the array's or one is out of bounds. The element
// shares b.
func ArrayElem(elem Type, b []byte, subscripts ...int) Datum {
	h, ok := readArrayHead(b)
	if !ok || len(subscripts) != h.ndim || h.ndim == 0 {
		return Null
	}
	at := 0
	for i, s := range subscripts {
		d := h.dims[i]
		if s < d.Lower || s >= d.Lower+d.Len {
			return Null
		}
		at = at*d.Len + s - d.Lower
	}
	if h.null(at) {
		return Null
	}
	kind, rest := elem.Kind(), h.body
	if size := fixedSize(kind); size > 0 {
		if len(rest) < at*size {
			return Null
		}
		rest, at = rest[at*size:], 0
	}
	for {
		d, next, ok := readValue(rest, kind)
		if !ok {
			return Null
		}
		if at == 0 {
			return d
		}
		at, rest = at-1, next
	}
}

// ArrayLen is the number of elements of an encoded array, over all dimensions.
func ArrayLen(b []byte) int {
	h, _ := readArrayHead(b)
	return h.n
}

// ArrayDims are the dimensions of an encoded array.
func ArrayDims(b []byte) []Dim {
	h, _ := readArrayHead(b)
	return append([]Dim(nil), h.dims[:h.ndim]...)
}

// compareArrays is PostgreSQL's array_cmp: element by element with nulls last, then by length, dimensions and bounds.
func compareArrays(elem Type, x, y []byte) int {
	a, b := mustArray(elem, x), mustArray(elem, y)
	for i := range min(len(a.Elems), len(b.Elems)) {
		if c := compareNullable(elem, a.Elems[i], b.Elems[i]); c != 0 {
			return c
		}
	}
	if c := len(a.Elems) - len(b.Elems); c != 0 {
		return sign(c)
	}
	if c := len(a.Dims) - len(b.Dims); c != 0 {
		return sign(c)
	}
	for i := range a.Dims {
		if c := a.Dims[i].Len - b.Dims[i].Len; c != 0 {
			return sign(c)
		}
	}
	for i := range a.Dims {
		if c := a.Dims[i].Lower - b.Dims[i].Lower; c != 0 {
			return sign(c)
		}
	}
	return 0
}

func appendArrayKey(dst []byte, elem Type, b []byte) []byte {
	a := mustArray(elem, b)
	for i, d := range a.Elems {
		a.Elems[i] = Key(elem, d)
	}
	return AppendArray(dst, elem, a)
}
