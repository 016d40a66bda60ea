package vec

import (
	"encoding/binary"
)

// Packed integers are what each is above the least of them, in as few bytes as the largest of these differences needs: as small as most
// compressors get them, at the speed of copying.
//
//	width  u8    1, 2, 4 or 8
//	least  u64   not there if width is 8
//	values n times width
//
// Those of width 8 are the values themselves.

// packFrom is the number of values from which on packing pays for the least value beside them.
const packFrom = 3

// integer is what a packed column or the lengths of strings are made of.
type integer interface{ int32 | uint32 | int64 }

func appendPacked[T integer](dst []byte, values []T) []byte {
	least, width := packing(values)
	dst = append(dst, byte(width))
	le := binary.LittleEndian
	if width < 8 {
		dst = le.AppendUint64(dst, uint64(least))
	}
	dst, p := extend(dst, width*len(values))
	switch width {
	case 1:
		for i, x := range values {
			p[i] = byte(uint64(x) - uint64(least))
		}
	case 2:
		for i, x := range values {
			le.PutUint16(p[2*i:], uint16(uint64(x)-uint64(least)))
		}
	case 4:
		for i, x := range values {
			le.PutUint32(p[4*i:], uint32(uint64(x)-uint64(least)))
		}
	default:
		for i, x := range values {
			le.PutUint64(p[8*i:], uint64(x))
		}
	}
	return dst
}

// packing is the least value and how wide the others are above it.
func packing[T integer](values []T) (least T, width int) {
	if len(values) < packFrom {
		return 0, 8
	}
	least, most := values[0], values[0]
	for _, x := range values {
		least, most = min(least, x), max(most, x)
	}
	switch above := uint64(most) - uint64(least); {
	case above < 1<<8:
		return least, 1
	case above < 1<<16:
		return least, 2
	case above < 1<<32:
		return least, 4
	}
	return 0, 8
}

// packed reads n values that appendPacked wrote.
func packed[T integer](r *blockReader, n int) []T {
	h := r.take(1)
	if h == nil {
		return nil
	}
	width := int(h[0])
	le := binary.LittleEndian
	var least T
	if width != 8 {
		base := r.take(8)
		if base == nil || width != 1 && width != 2 && width != 4 {
			r.short = true
			return nil
		}
		least = T(le.Uint64(base))
	}
	p := r.take(width * n)
	if p == nil {
		return nil
	}
	out := make([]T, n)
	switch width {
	case 1:
		for i := range out {
			out[i] = least + T(p[i])
		}
	case 2:
		for i := range out {
			out[i] = least + T(le.Uint16(p[2*i:]))
		}
	case 4:
		for i := range out {
			out[i] = least + T(le.Uint32(p[4*i:]))
		}
	default:
		for i := range out {
			out[i] = T(le.Uint64(p[8*i:]))
		}
	}
	return out
}
