package decimal

import (
	"encoding/binary"
	"math/big"
	"math/bits"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// The encoding, which is stored: two bytes, little-endian, hold the display scale (14 bits) and a class (2 bits); the
// coefficient follows. Of a small one it is a two's complement little-endian integer in as few bytes as hold it (none for
// zero), of a large one its magnitude, big-endian, the sign being the class. Special values have no coefficient.
const (
	classSmall    = 0
	classLarge    = 1
	classLargeNeg = 2
	classSpecial  = 3

	specialNaN    = 0
	specialInf    = 1
	specialNegInf = 2
)

// Append adds the encoding of d to dst.
func (d Decimal) Append(dst []byte) []byte {
	if d.form == finite && d.big == nil {
		return AppendSmall(dst, d.small, int(d.scale))
	}
	switch {
	case d.form == nan:
		return appendHead(dst, classSpecial, specialNaN)
	case d.form == posInf:
		return appendHead(dst, classSpecial, specialInf)
	case d.form == negInf:
		return appendHead(dst, classSpecial, specialNegInf)
	case d.big.Sign() < 0:
		dst = appendHead(dst, classLargeNeg, int(d.scale))
	default:
		dst = appendHead(dst, classLarge, int(d.scale))
	}
	n := (d.big.BitLen() + 7) / 8
	from := len(dst)
	dst = append(dst, make([]byte, n)...)
	d.big.FillBytes(dst[from:])
	return dst
}

func appendHead(dst []byte, class, scale int) []byte {
	return binary.LittleEndian.AppendUint16(dst, uint16(class<<14|scale))
}

// AppendSmall adds the encoding of c × 10^-scale: for columns of scaled integers.
func AppendSmall(dst []byte, c int64, scale int) []byte {
	dst = appendHead(dst, classSmall, scale)
	var buf [8]byte
	binary.LittleEndian.PutUint64(buf[:], uint64(c))
	return append(dst, buf[:smallLen(c)]...)
}

// smallLen is how many bytes of two's complement hold c.
func smallLen(c int64) int {
	if c == 0 {
		return 0
	}
	return bits.Len64(uint64(c^c>>63))/8 + 1
}

// Decode reads an encoding made by Append. Bytes that Append never makes are XX001.
func Decode(b []byte) (Decimal, error) {
	if c, scale, ok := decodeSmall(b); ok {
		return New(c, scale), nil
	}
	if len(b) >= 2 {
		head := binary.LittleEndian.Uint16(b)
		scale := int(head & MaxScale)
		switch class := head >> 14; {
		case class == classSpecial && len(b) == 2 && scale <= specialNegInf:
			return [...]Decimal{NaN, Inf, NegInf}[scale], nil
		case class == classLarge || class == classLargeNeg:
			c := new(big.Int).SetBytes(b[2:])
			if class == classLargeNeg {
				c.Neg(c)
			}
			return fromBig(c, scale), nil
		}
	}
	return Decimal{}, sqlerr.New(sqlerr.DataCorrupted, "damaged numeric value")
}

// Must decodes a value that this process stored. Damage reads as NaN, never a panic: what comes from outside is checked
// by checksums first.
func Must(b []byte) Decimal {
	if c, scale, ok := decodeSmall(b); ok {
		return New(c, scale)
	}
	d, err := Decode(b)
	if err != nil {
		return NaN
	}
	return d
}

// decodeSmall is the fast path of Decode: a coefficient that fits an int64.
func decodeSmall(b []byte) (c int64, scale int, ok bool) {
	if len(b) < 2 || len(b) > 10 {
		return 0, 0, false
	}
	head := binary.LittleEndian.Uint16(b)
	if head>>14 != classSmall {
		return 0, 0, false
	}
	if len(b) == 2 {
		return 0, int(head), true
	}
	var u uint64
	for i, x := range b[2:] {
		u |= uint64(x) << (8 * uint(i))
	}
	shift := 8 * uint(10-len(b))
	return int64(u<<shift) >> shift, int(head), true
}

// AppendKey adds the encoding of d without trailing zeros after the point: bytes that are equal exactly when the values
// are, whatever their display scales. Hashes of numerics are made of it, so it never changes.
func (d Decimal) AppendKey(dst []byte) []byte { return d.Reduce().Append(dst) }

// Reduce is d with the smallest display scale that loses nothing.
func (d Decimal) Reduce() Decimal {
	if d.form != finite || d.scale == 0 {
		return d
	}
	if d.big == nil {
		c, s := d.small, d.scale
		if c == 0 {
			return Zero
		}
		for s > 0 && c%10 == 0 {
			c, s = c/10, s-1
		}
		return New(c, int(s))
	}
	c, s := new(big.Int).Set(d.big), int(d.scale)
	q, r := new(big.Int), new(big.Int)
	// Halving steps first: a value may have thousands of zeros.
	for step := s; step > 0; step /= 2 {
		for s >= step {
			if q.QuoRem(c, bigPow10(step), r); r.Sign() != 0 {
				break
			}
			c, q, s = q, c, s-step
		}
	}
	return fromBig(c, s)
}
