package decimal

import (
	"encoding/binary"
	"math/big"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// The wire's binary form: the number of digits of base 10,000, the weight of the first, the sign, the display scale (all
// int16), and the digits.
const (
	wireNeg    = 0x4000
	wireNaN    = 0xC000
	wireInf    = 0xD000
	wireNegInf = 0xF000
	// wireInfScale is the display scale that PostgreSQL sends with an infinity.
	wireInfScale = 0x20
)

// AppendBinary adds d as numeric_send does.
func (d Decimal) AppendBinary(dst []byte) []byte {
	be := binary.BigEndian
	head := func(ndigits, weight, sign, scale int) []byte {
		dst = be.AppendUint16(be.AppendUint16(dst, uint16(ndigits)), uint16(weight))
		return be.AppendUint16(be.AppendUint16(dst, uint16(sign)), uint16(scale))
	}
	switch d.form {
	case nan:
		return head(0, 0, wireNaN, 0)
	case posInf:
		return head(0, 0, wireInf, wireInfScale)
	case negInf:
		return head(0, 0, wireNegInf, wireInfScale)
	}
	// Digits of base 10,000 are aligned at the point.
	text := d.Abs().AppendText(nil)
	point := len(text)
	if d.scale > 0 {
		point -= int(d.scale) + 1
	}
	digits, weight := base10000(text, point)
	sign := 0
	if d.Sign() < 0 {
		sign = wireNeg
	}
	dst = head(len(digits), weight, sign, int(d.scale))
	for _, x := range digits {
		dst = be.AppendUint16(dst, x)
	}
	return dst
}

// base10000 groups the decimal digits of a text with its point at a position, without zeros at either end.
func base10000(text []byte, point int) (digits []uint16, weight int) {
	weight = (point+3)/4 - 1
	at := point - 4*(weight+1) // not positive: where the first group begins
	for ; at < len(text); at += 4 {
		if at == point {
			at++
		}
		var x uint16
		for i := at; i < at+4; i++ {
			x *= 10
			if i >= 0 && i < len(text) {
				x += uint16(text[i] - '0')
			}
		}
		digits = append(digits, x)
	}
	for len(digits) > 0 && digits[0] == 0 {
		digits, weight = digits[1:], weight-1
	}
	for len(digits) > 0 && digits[len(digits)-1] == 0 {
		digits = digits[:len(digits)-1]
	}
	if len(digits) == 0 {
		weight = 0
	}
	return digits, weight
}

// ParseBinary reads what AppendBinary makes. Errors: 22P03, and 22003 beyond numeric's limits.
func ParseBinary(b []byte) (Decimal, error) {
	if len(b) < 8 {
		return Decimal{}, badBinary("insufficient data in external \"numeric\" value")
	}
	be := binary.BigEndian
	n, weight := int(be.Uint16(b)), int(int16(be.Uint16(b[2:])))
	sign, scale := be.Uint16(b[4:]), int(be.Uint16(b[6:]))
	if len(b) != 8+2*n {
		return Decimal{}, badBinary("invalid length in external \"numeric\" value")
	}
	switch sign {
	case 0, wireNeg:
	case wireNaN:
		return NaN, nil
	case wireInf:
		return Inf, nil
	case wireNegInf:
		return NegInf, nil
	default:
		return Decimal{}, badBinary("invalid sign in external \"numeric\" value")
	}
	if scale > MaxScale {
		return Decimal{}, badBinary("invalid scale in external \"numeric\" value")
	}
	c, x := new(big.Int), new(big.Int)
	base := big.NewInt(10000)
	for i := range n {
		digit := be.Uint16(b[8+2*i:])
		if digit >= 10000 {
			return Decimal{}, badBinary("invalid digit in external \"numeric\" value")
		}
		c.Add(c.Mul(c, base), x.SetUint64(uint64(digit)))
	}
	if sign == wireNeg {
		c.Neg(c)
	}
	// The digits end 4 × (n - 1 - weight) places behind the point; the display scale cuts or fills.
	d, shift := fromBig(c, 0), 4*(n-1-weight)
	if shift > 0 {
		return d.withScale(shift).cut(scale), nil
	}
	d, err := d.shifted(shift)
	if err != nil {
		return Decimal{}, err
	}
	return d.cut(scale), nil
}

func badBinary(what string) error { return sqlerr.New(sqlerr.InvalidBinaryRepresentation, what) }
