package vec

import (
	"math"
	"math/bits"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/zeebo/xxh3"
)

// Hash constants. They are stored with the data (a hash decides its row's key group), so they never change.
const (
	hashNull uint64 = 0x9e6c63d0876a9a35
	hashMul1 uint64 = 0x3c79ac492ba7b653
	hashMul2 uint64 = 0x1c69b3f74ac4ae35
	hashXor1 uint64 = 0x2d358dccaa6c78a5
	hashXor2 uint64 = 0x8bb84b93962eacc9
	// hashEmpty is the hash of a row without columns.
	hashEmpty uint64 = 0
)

// mix is a bijection of 64-bit words in which each output bit depends on all input bits (Evensen's moremur family), so
// that no two words collide and both ends of a hash can be used.
func mix(x uint64) uint64 {
	x ^= x >> 27
	x *= hashMul1
	x ^= x >> 33
	x *= hashMul2
	return x ^ x>>27
}

// combine folds the hash of a further column into that of the columns before it (wyhash's multiply and fold, with
// different constants on both sides so that order counts).
func combine(row, column uint64) uint64 {
	hi, lo := bits.Mul64(row^hashXor1, column^hashXor2)
	return hi ^ lo
}

// HashRows hashes key rows a column at a time: out[k] is that of the k-th row, which is at index sel[k] of the columns (k
// when sel is nil; then there are n rows). Rows that are not distinct by SQL hash alike, whatever represents them: -0
// and 0, numerics of different scale, intervals of equal length, integers of different width, nulls. out must be as
// long as there are rows.
func HashRows(cols []*Vector, sel []int32, n int, out []uint64) {
	hashRows(cols, sel, n, out, keyBytesHasher, keyFloatBits, types.Wide.IntervalSpan)
}

// IdentityHash hashes rows as HashRows does, but by representation: it agrees with Identical, not with Equal.
func IdentityHash(cols []*Vector, sel []int32, n int, out []uint64) {
	raw := func(types.Type) bytesHasher { return xxh3.Hash }
	hashRows(cols, sel, n, out, raw, math.Float64bits, func(w types.Wide) types.Wide { return w })
}

// HashDatums is HashRows of one row of values: for constants and look-ups by key.
func HashDatums(ts []types.Type, row []types.Datum) uint64 {
	cols := make([]*Vector, len(ts))
	for i, t := range ts {
		cols[i] = NewConst(t, row[i])
	}
	var out [1]uint64
	HashRows(cols, nil, 1, out[:])
	return out[0]
}

type bytesHasher func([]byte) uint64

// hashChunk is how many rows are hashed together: their words stay in the first-level cache, and on the stack.
const hashChunk = 512

func hashRows(cols []*Vector, sel []int32, n int, out []uint64, bytesOf func(types.Type) bytesHasher,
	floatBits func(float64) uint64, interval func(types.Wide) types.Wide) {
	if sel != nil {
		n = len(sel)
	}
	out = out[:n]
	if len(cols) == 0 {
		for k := range out {
			out[k] = hashEmpty
		}
		return
	}
	var tmp [hashChunk]uint64
	for c, v := range cols {
		h := columnHasher{v: v, floatBits: floatBits, interval: interval}
		if v.Kind() == types.KindBytes {
			h.bytes = bytesOf(v.Type)
		}
		if c == 0 {
			h.hash(sel, 0, out)
			continue
		}
		for from := 0; from < n; from += hashChunk {
			rows := out[from:min(from+hashChunk, n)]
			words := tmp[:len(rows)]
			h.hash(sel, from, words)
			for k, w := range words {
				rows[k] = combine(rows[k], w)
			}
		}
	}
}

// columnHasher hashes the values of one column.
type columnHasher struct {
	v         *Vector
	bytes     bytesHasher
	floatBits func(float64) uint64
	interval  func(types.Wide) types.Wide
}

// hash writes the hashes of len(out) rows of the selection, from its row from on.
func (h *columnHasher) hash(sel []int32, from int, out []uint64) {
	v := h.v
	if v.Const {
		var one [1]uint64
		h.words(nil, 0, one[:])
		h.nulls(nil, 0, one[:])
		for k := range out {
			out[k] = one[0]
		}
		return
	}
	if sel != nil {
		sel = sel[from : from+len(out)]
	}
	h.words(sel, from, out)
	if v.Valid != nil {
		h.nulls(sel, from, out)
	}
}

// words writes the hashes of the values, as if none were null.
func (h *columnHasher) words(sel []int32, from int, out []uint64) {
	v := h.v
	switch v.Kind() {
	case types.KindInt64:
		hashInts(v.I64, sel, from, out)
	case types.KindInt32:
		hashInts(v.I32, sel, from, out)
	case types.KindBool:
		hashInts(v.Bool, sel, from, out)
	case types.KindFloat:
		for k := range out {
			out[k] = mix(h.floatBits(v.F64[rowAt(sel, from, k)]))
		}
	case types.KindWide:
		for k := range out {
			w := v.Wide[rowAt(sel, from, k)]
			if v.Type.ID == types.Interval {
				w = h.interval(w)
			}
			out[k] = combine(mix(w.Hi), mix(w.Lo))
		}
	default:
		for k := range out {
			i := rowAt(sel, from, k)
			if v.Valid == nil || v.Valid.Get(i) {
				out[k] = h.bytes(v.Bytes(i))
			}
		}
	}
}

// hashInts has no branch in its loops: it is the path of single-integer keys.
func hashInts[T int64 | int32 | uint8](src []T, sel []int32, from int, out []uint64) {
	if sel == nil {
		for k, x := range src[from : from+len(out)] {
			out[k] = hashInt(uint64(int64(x)))
		}
		return
	}
	for k, i := range sel {
		out[k] = hashInt(uint64(int64(src[i])))
	}
}

func (h *columnHasher) nulls(sel []int32, from int, out []uint64) {
	if h.v.Valid == nil {
		return
	}
	for k := range out {
		if !h.v.Valid.Get(rowAt(sel, from, k)) {
			out[k] = hashNull
		}
	}
}

// rowAt is the index of the k-th row: of sel, or of the rows from from on.
func rowAt(sel []int32, from, k int) int {
	if sel != nil {
		return int(sel[k])
	}
	return from + k
}

func keyFloatBits(f float64) uint64 { return math.Float64bits(types.KeyFloat(f)) }

// keyBytesHasher hashes the bytes that stand for a value's equality class.
func keyBytesHasher(t types.Type) bytesHasher {
	key := types.BytesKey(t)
	if key == nil {
		return xxh3.Hash
	}
	var buf []byte
	return func(b []byte) uint64 {
		buf = key(buf[:0], b)
		return xxh3.Hash(buf)
	}
}
