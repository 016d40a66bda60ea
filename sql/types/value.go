package types

import (
	"encoding/binary"
	"math"
)

// Elements of arrays and fields of records are stored by their kind: fixed ones raw and little-endian, bytes behind a
// uvarint of their length. A null takes the place of a zero value; the container says that it is null.

// MaxValue is how many bytes a value has at most; a longer one is 54000.
const MaxValue = 1 << 30

// fixedSize is how many bytes a value of a kind takes, or 0 for KindBytes.
func fixedSize(k Kind) int {
	switch k {
	case KindBool:
		return 1
	case KindInt32:
		return 4
	case KindInt64, KindFloat:
		return 8
	case KindWide:
		return 16
	}
	return 0
}

func appendValue(dst []byte, k Kind, d Datum) []byte {
	le := binary.LittleEndian
	switch k {
	case KindBool:
		return append(dst, byte(d.I))
	case KindInt32:
		return le.AppendUint32(dst, uint32(d.I))
	case KindInt64:
		return le.AppendUint64(dst, uint64(d.I))
	case KindFloat:
		return le.AppendUint64(dst, math.Float64bits(d.F))
	case KindWide:
		return le.AppendUint64(le.AppendUint64(dst, d.W.Hi), d.W.Lo)
	}
	return append(binary.AppendUvarint(dst, uint64(len(d.B))), d.B...)
}

// readValue takes a value off the front of b. Bytes are shared, not copied.
func readValue(b []byte, k Kind) (d Datum, rest []byte, ok bool) {
	le := binary.LittleEndian
	if n := fixedSize(k); n > 0 {
		if len(b) < n {
			return d, nil, false
		}
		switch k {
		case KindBool:
			d.I = int64(b[0])
		case KindInt32:
			d.I = int64(int32(le.Uint32(b)))
		case KindInt64:
			d.I = int64(le.Uint64(b))
		case KindFloat:
			d.F = math.Float64frombits(le.Uint64(b))
		default:
			d.W = Wide{Hi: le.Uint64(b), Lo: le.Uint64(b[8:])}
		}
		return d, b[n:], true
	}
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)-w) {
		return d, nil, false
	}
	end := w + int(n)
	return Datum{B: b[w:end:end]}, b[end:], true
}
