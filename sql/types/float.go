package types

import (
	"bytes"
	"errors"
	"math"
	mathbits "math/bits"
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// ParseFloat reads a float of 32 or 64 bits as PostgreSQL's float8in does: strtod's forms, Infinity and NaN in any case.
// Overflow, and underflow to zero, are 22003.
func ParseFloat(bits int, s []byte) (float64, error) {
	t := trimSpace(s)
	f, err := strconv.ParseFloat(string(t), bits)
	if err == nil && (f != 0 || !bytes.ContainsAny(t, "123456789")) && bytes.IndexByte(t, '_') < 0 {
		if f != f {
			f = NaN
		}
		return f, nil
	}
	return parseFloatSlow(bits, t, s, err)
}

func parseFloatSlow(bits int, t, s []byte, err error) (float64, error) {
	name := "double precision"
	if bits == 32 {
		name = "real"
	}
	if errors.Is(err, strconv.ErrSyntax) && bytes.ContainsAny(t, "xX") && !bytes.ContainsAny(t, "pP") {
		// strtod takes hexadecimal numbers without an exponent, Go does not.
		if f, err := strconv.ParseFloat(string(t)+"p0", bits); err == nil {
			return f, nil
		}
	}
	if bytes.IndexByte(t, '_') >= 0 || errors.Is(err, strconv.ErrSyntax) {
		return 0, invalidSyntax(name, s)
	}
	mantissa, _, _ := bytes.Cut(bytes.ToLower(t), []byte("e"))
	if err == nil && !bytes.ContainsAny(mantissa, "123456789") {
		return strconv.ParseFloat(string(t), bits) // 0e5 is zero and no underflow
	}
	return 0, sqlerr.New(sqlerr.NumericValueOutOfRange, `"%s" is out of range for type %s`, t, name)
}

// AppendFloat adds the shortest text that reads back as f (extra_float_digits = 1), for 32 or 64 bits.
func AppendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case f != f:
		return append(dst, "NaN"...)
	case f > math.MaxFloat64:
		return append(dst, "Infinity"...)
	case f < -math.MaxFloat64:
		return append(dst, "-Infinity"...)
	case f == 0:
		if math.Signbit(f) {
			return append(dst, "-0"...)
		}
		return append(dst, '0')
	}
	// Plain digits are printed while the decimal exponent is that of a number the type holds exactly.
	large, small := 1e15, 1e-4
	if bits == 32 {
		large, small = 1e6, float64(float32(1e-4))
	}
	format := byte('f')
	if a := math.Abs(f); a >= large || a < small {
		format = 'e'
	}
	from := len(dst)
	dst = strconv.AppendFloat(dst, f, format, -1, bits)
	if format == 'e' {
		for n := digitsOf(dst[from:]); onBoundary(dst[from:], f, bits); n++ {
			dst = strconv.AppendFloat(dst[:from], f, format, n, bits)
		}
	}
	return dst
}

// onBoundary reports whether a shortest text (d.ddde+xx) lies exactly half way between f and its neighbour. It reads back
// as f by rounding half to even, but PostgreSQL (Ryu with acceptBounds = false) does not rely on that and prints more
// digits. Half way needs one bit more than f has; so few digits have room for it only in integers beyond f's precision.
func onBoundary(text []byte, f float64, bits int) bool {
	precision := 53
	if bits == 32 {
		precision = 24
	}
	frac, exp := math.Frexp(math.Abs(f))
	mantissa, exp := uint64(math.Ldexp(frac, precision)), exp-precision // |f| = mantissa × 2^exp
	var d uint64
	point, exponent := 0, 0
	for i, c := range text {
		if c == 'e' {
			exponent, _ = strconv.Atoi(string(text[i+1:]))
			break
		}
		if c >= '0' && c <= '9' {
			d = d*10 + uint64(c-'0')
			point++
		}
	}
	zeros := exponent - point + 1 // |text| = d × 10^zeros
	if exp < 1 || zeros < 0 || zeros >= len(pow5) {
		return false
	}
	hi, lo := mathbits.Mul64(d, pow5[zeros])
	twos := mathbits.TrailingZeros64(lo)
	if lo == 0 {
		return false
	}
	odd := lo>>twos | hi<<(64-twos)
	return hi>>twos == 0 && twos+zeros == exp-1 && (odd == 2*mantissa+1 || odd == 2*mantissa-1)
}

// pow5 are the powers of five up to the precision of a float64 and one bit.
var pow5 = func() (p [24]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 5 * p[i-1]
	}
	return p
}()

// digitsOf is how many digits stand before the exponent.
func digitsOf(text []byte) int {
	n := 0
	for _, c := range text {
		if c == 'e' {
			break
		}
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}
