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
	switch v.Kind() {
	case types.KindBool:
		return append(dst, v.Bool[:n]...)
	case types.KindInt32:
		return appendFixed(dst, v.I32[:n], 4, func(p []byte, x int32) { le.PutUint32(p, uint32(x)) })
	case types.KindInt64:
		return appendFixed(dst, v.I64[:n], 8, func(p []byte, x int64) { le.PutUint64(p, uint64(x)) })
	case types.KindFloat:
		return appendFixed(dst, v.F64[:n], 8, func(p []byte, x float64) { le.PutUint64(p, math.Float64bits(x)) })
	case types.KindWide:
		return appendFixed(dst, v.Wide[:n], 16, func(p []byte, x types.Wide) {
			le.PutUint64(p, x.Hi)
			le.PutUint64(p[8:], x.Lo)
		})
	}
	dst = appendFixed(dst, v.Str[:n], 4, func(p []byte, s Span) { le.PutUint32(p, s.Len) })
	for i := range n {
		dst = append(dst, v.Bytes(i)...)
	}
	return dst
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

func appendFixed[T any](dst []byte, src []T, size int, put func([]byte, T)) []byte {
	from := len(dst)
	dst = append(dst, make([]byte, len(src)*size)...)
	p := dst[from:]
	for i, x := range src {
		put(p[i*size:], x)
	}
	return dst
}

// blockReader takes bytes off a block's body. After a read past its end, short is set and reads give nothing.
type blockReader struct {
	b     []byte
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

func readFixed[T any](r *blockReader, n, size int, get func([]byte) T) []T {
	p := r.take(n * size)
	if p == nil {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = get(p[i*size:])
	}
	return out
}

func (r *blockReader) column(n int) (*Vector, error) {
	t, nulls, err := readColumnHead(r)
	if err != nil {
		return nil, err
	}
	v := &Vector{Type: t}
	le := binary.LittleEndian
	if nulls {
		v.Valid = readFixed(r, (n+63)/64, 8, le.Uint64)
	}
	switch v.Kind() {
	case types.KindBool:
		v.Bool = readFixed(r, n, 1, func(p []byte) uint8 { return p[0] & 1 })
	case types.KindInt32:
		v.I32 = readFixed(r, n, 4, func(p []byte) int32 { return int32(le.Uint32(p)) })
	case types.KindInt64:
		v.I64 = readFixed(r, n, 8, func(p []byte) int64 { return int64(le.Uint64(p)) })
	case types.KindFloat:
		v.F64 = readFixed(r, n, 8, func(p []byte) float64 { return math.Float64frombits(le.Uint64(p)) })
	case types.KindWide:
		v.Wide = readFixed(r, n, 16, func(p []byte) types.Wide { return types.Wide{Hi: le.Uint64(p), Lo: le.Uint64(p[8:])} })
	case types.KindBytes:
		return v, r.strings(v, n)
	default:
		return nil, damaged("block has a column of a type without values")
	}
	if r.short {
		return nil, damaged("block body is cut short")
	}
	return v, nil
}

// strings reads lengths and bytes, and lays the spans end to end.
func (r *blockReader) strings(v *Vector, n int) error {
	off := uint64(0)
	v.Str = readFixed(r, n, 4, func(p []byte) Span {
		s := Span{uint32(off), binary.LittleEndian.Uint32(p)}
		off += uint64(s.Len)
		return s
	})
	data := []byte(nil)
	if off <= maxBlock {
		data = r.take(int(off))
	}
	if r.short || off > maxBlock {
		return damaged("block body is cut short")
	}
	v.Data = append([]byte(nil), data...)
	return nil
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
