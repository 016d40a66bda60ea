package vec

import (
	"encoding/binary"
	"math"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/streamdb/streamdb/sql/types"
)

// appendColumn writes the n rows of a column that sel names (all when nil).
func appendColumn(dst []byte, v *Vector, sel []int32, n int) []byte {
	if v.Const || sel != nil || v.Valid != nil {
		v = compacted(v, sel, n)
	}
	nulls := v.Valid != nil
	dst = appendColumnHead(dst, v, nulls)
	le := binary.LittleEndian
	if nulls {
		for i, w := range v.Valid[:(n+63)/64] {
			if i == n/64 {
				w &= 1<<(uint(n)%64) - 1
			}
			dst = le.AppendUint64(dst, w)
		}
	}
	return appendValues(dst, v, n)
}

// appendValues writes the values of n rows, and the lengths before the bytes of strings.
func appendValues(dst []byte, v *Vector, n int) []byte {
	le := binary.LittleEndian
	var p []byte
	switch v.Kind() {
	case types.KindBool:
		dst = append(dst, v.Bool[:n]...)
	case types.KindInt32:
		dst = appendPacked(dst, v.I32[:n])
	case types.KindInt64:
		dst = appendPacked(dst, v.I64[:n])
	case types.KindFloat:
		dst, p = extend(dst, 8*n)
		for i, x := range v.F64[:n] {
			le.PutUint64(p[8*i:], math.Float64bits(x))
		}
	case types.KindWide:
		dst, p = extend(dst, 16*n)
		for i, x := range v.Wide[:n] {
			le.PutUint64(p[16*i:], x.Hi)
			le.PutUint64(p[16*i+8:], x.Lo)
		}
	default:
		dst = appendStrings(dst, v, n)
	}
	return dst
}

func appendStrings(dst []byte, v *Vector, n int) []byte {
	lengths := make([]uint32, n)
	for i, s := range v.Str[:n] {
		lengths[i] = s.Len
	}
	dst = appendPacked(dst, lengths)
	for i := range n {
		dst = append(dst, v.Bytes(i)...)
	}
	return dst
}

// extend makes room for n more bytes and gives them apart, too.
func extend(dst []byte, n int) (all, room []byte) {
	from := len(dst)
	all = append(dst, make([]byte, n)...)
	return all, all[from:]
}

// compacted is a column of its own with the selected rows, zero under nulls.
func compacted(v *Vector, sel []int32, n int) *Vector {
	out := New(v.Type, n)
	out.AppendSelected(v, sel, n)
	if out.Valid == nil {
		return out
	}
	if out.Valid.CountUnset(n) == 0 {
		out.Valid = nil
		return out
	}
	for i := range n {
		if !out.Valid.Get(i) {
			out.zero(i)
		}
	}
	return out
}

func (v *Vector) zero(i int) {
	switch v.Kind() {
	case types.KindBool:
		v.Bool[i] = 0
	case types.KindInt32:
		v.I32[i] = 0
	case types.KindInt64:
		v.I64[i] = 0
	case types.KindFloat:
		v.F64[i] = 0
	case types.KindWide:
		v.Wide[i] = types.Wide{}
	default:
		v.Str[i] = Span{}
	}
}

// blockReader takes bytes off a block's body. After a read past its end, short is set and reads give nothing.
type blockReader struct {
	b     []byte
	raw   bool // integers and lengths are not packed
	short bool
}

func (r *blockReader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.short = true
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

// words reads n 64-bit words as numbers of type T.
func words[T int64 | uint64](r *blockReader, n int) []T {
	p := r.take(8 * n)
	if p == nil {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = T(binary.LittleEndian.Uint64(p[8*i:]))
	}
	return out
}

func (r *blockReader) column(n int) (*Vector, error) {
	t, nulls, err := readColumnHead(r)
	if err != nil {
		return nil, err
	}
	v := &Vector{Type: t}
	if nulls {
		v.Valid = words[uint64](r, (n+63)/64)
	}
	switch v.Kind() {
	case types.KindInt32:
		v.I32 = r.int32s(n)
	case types.KindInt64:
		v.I64 = r.int64s(n)
	case types.KindBytes:
		r.strings(v, n)
	case types.KindNone:
		return nil, damaged("block has a column of a type without values")
	default:
		r.values(v, n)
	}
	if r.short {
		return nil, damaged("block body is cut short")
	}
	return v, nil
}

func (r *blockReader) int64s(n int) []int64 {
	if r.raw {
		return words[int64](r, n)
	}
	return packed[int64](r, n)
}

func (r *blockReader) int32s(n int) []int32 {
	if r.raw {
		return halves[int32](r, n)
	}
	return packed[int32](r, n)
}

func (r *blockReader) lengths(n int) []uint32 {
	if r.raw {
		return halves[uint32](r, n)
	}
	return packed[uint32](r, n)
}

// halves reads n 32-bit words as numbers of type T.
func halves[T int32 | uint32](r *blockReader, n int) []T {
	p := r.take(4 * n)
	if p == nil {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = T(binary.LittleEndian.Uint32(p[4*i:]))
	}
	return out
}

// values reads the fixed values that are no integers.
func (r *blockReader) values(v *Vector, n int) {
	le := binary.LittleEndian
	switch v.Kind() {
	case types.KindBool:
		v.Bool = append(v.Bool, r.take(n)...)
		for i := range v.Bool {
			v.Bool[i] &= 1
		}
	case types.KindFloat:
		if p := r.take(8 * n); p != nil {
			v.F64 = make([]float64, n)
			for i := range v.F64 {
				v.F64[i] = math.Float64frombits(le.Uint64(p[8*i:]))
			}
		}
	case types.KindWide:
		if p := r.take(16 * n); p != nil {
			v.Wide = make([]types.Wide, n)
			for i := range v.Wide {
				v.Wide[i] = types.Wide{Hi: le.Uint64(p[16*i:]), Lo: le.Uint64(p[16*i+8:])}
			}
		}
	}
}

// strings reads lengths and bytes, and lays the spans end to end.
func (r *blockReader) strings(v *Vector, n int) {
	lengths := r.lengths(n)
	if len(lengths) < n {
		return
	}
	v.Str = make([]Span, n)
	off := uint64(0)
	for i := range v.Str {
		v.Str[i] = Span{uint32(off), lengths[i]}
		off += uint64(v.Str[i].Len)
	}
	if off > maxBlock {
		r.short = true
		return
	}
	v.Data = append([]byte(nil), r.take(int(off))...)
}

// The zstd coders are made on first use: most processes never compress a block.
var (
	zstdEncoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
		if err != nil {
			panic(err) // only wrong options do that
		}
		return e
	})
	zstdDecoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBlock))
		if err != nil {
			panic(err)
		}
		return d
	})
)

func compress(b []byte) []byte { return zstdEncoder().EncodeAll(b, nil) }

// decompress grows its output as it goes, so that a false length cannot make it allocate much.
func decompress(b []byte, raw int) ([]byte, error) {
	out, err := zstdDecoder().DecodeAll(b, make([]byte, 0, min(raw, 16*len(b)+1024)))
	if err != nil || len(out) != raw {
		return nil, damaged("block cannot be decompressed")
	}
	return out, nil
}
