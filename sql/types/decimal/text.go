package decimal

import (
	"bytes"
	"errors"
	"math"
	"math/big"
	"strconv"
)

// ErrSyntax says that a text is not a number; the caller words the error, as it knows the type's name.
var ErrSyntax = errors.New("not a number")

// maxExponent keeps an exponent far from overflow; anything beyond is too large or too small for a numeric anyway.
const maxExponent = 1 << 20

// Parse reads a numeric as PostgreSQL's numeric_in does: blanks around, sign, digits with one point, exponent, NaN and
// (inf | infinity) in any case. Errors: ErrSyntax, or 22003 beyond numeric's limits. Trailing fractional zeros count into
// the display scale.
func Parse(s []byte) (Decimal, error) {
	s = trimSpace(s)
	neg, digits := false, s
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		neg, digits = s[0] == '-', s[1:]
	}
	if len(digits) == 0 {
		return Decimal{}, ErrSyntax
	}
	if c := digits[0]; c != '.' && (c < '0' || c > '9') {
		return parseSpecial(s, digits, neg)
	}
	return parseFinite(digits, neg)
}

func trimSpace(s []byte) []byte { return bytes.Trim(s, " \t\n\r\v\f") }

func parseSpecial(s, unsigned []byte, neg bool) (Decimal, error) {
	switch {
	case bytes.EqualFold(s, []byte("nan")):
		return NaN, nil
	case !bytes.EqualFold(unsigned, []byte("inf")) && !bytes.EqualFold(unsigned, []byte("infinity")):
		return Decimal{}, ErrSyntax
	case neg:
		return NegInf, nil
	}
	return Inf, nil
}

// parseFinite reads digits[.digits][e[sign]digits].
func parseFinite(s []byte, neg bool) (Decimal, error) {
	var c uint64
	scale, seen, wide, point := 0, 0, false, false
	i := 0
	for ; i < len(s); i++ {
		ch := s[i]
		if ch == '.' && !point {
			point = true
			continue
		}
		if ch < '0' || ch > '9' {
			break
		}
		if c > (1<<63-10)/10 {
			wide = true
		}
		c = c*10 + uint64(ch-'0')
		seen++
		if point {
			scale++
		}
	}
	if seen == 0 {
		return Decimal{}, ErrSyntax
	}
	exp, err := parseExponent(s[i:])
	if err != nil {
		return Decimal{}, err
	}
	var d Decimal
	if wide {
		b, _ := new(big.Int).SetString(string(bytes.ReplaceAll(s[:i], []byte("."), nil)), 10)
		d = fromBig(b, 0)
	} else {
		d = New(int64(c), 0)
	}
	if neg {
		d = d.Neg()
	}
	return d.shifted(scale - exp)
}

func parseExponent(s []byte) (int, error) {
	if len(s) == 0 {
		return 0, nil
	}
	if s[0] != 'e' && s[0] != 'E' || len(s) == 1 {
		return 0, ErrSyntax
	}
	n := 1
	if s[n] == '-' || s[n] == '+' {
		n++
	}
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	exp, err := strconv.Atoi(string(s[1:n]))
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return 0, ErrSyntax
	case err != nil || exp >= math.MaxInt32/2 || exp <= -math.MaxInt32/2:
		return 0, overflow() // reported before junk behind it
	case n < len(s):
		return 0, ErrSyntax
	case exp > maxExponent || exp < -maxExponent:
		return 0, overflow()
	}
	return exp, nil
}

// shifted is the number with d's coefficient and a scale that may be negative or beyond the limit.
func (d Decimal) shifted(scale int) (Decimal, error) {
	switch {
	case scale > MaxScale:
		return Decimal{}, overflow()
	case scale < 0:
		if d.Sign() == 0 {
			return Zero, nil
		}
		if d.digits()-scale > MaxDigits {
			return Decimal{}, overflow()
		}
		return d.rescale(-scale).withScale(0).checked()
	}
	return d.withScale(scale).checked()
}

func (d Decimal) withScale(scale int) Decimal {
	d.scale = int32(scale)
	return d
}

// AppendText adds d as PostgreSQL's numeric_out prints it: plain digits, never an exponent.
func (d Decimal) AppendText(dst []byte) []byte {
	switch d.form {
	case nan:
		return append(dst, "NaN"...)
	case posInf:
		return append(dst, "Infinity"...)
	case negInf:
		return append(dst, "-Infinity"...)
	}
	if d.big == nil {
		return AppendScaledText(dst, d.small, int(d.scale))
	}
	from := len(dst)
	if d.big.Sign() < 0 {
		dst = append(dst, '-')
		from++
	}
	dst = new(big.Int).Abs(d.big).Append(dst, 10)
	return insertPoint(dst, from, int(d.scale))
}

// AppendScaledText adds c × 10^-scale with scale digits after the point: for columns of scaled integers.
func AppendScaledText(dst []byte, c int64, scale int) []byte {
	if c < 0 {
		dst = append(dst, '-')
	}
	from := len(dst)
	dst = strconv.AppendUint(dst, magnitude(c), 10)
	return insertPoint(dst, from, scale)
}

// insertPoint puts a point before the last scale digits of dst[from:], with zeros before them where digits lack.
func insertPoint(dst []byte, from, scale int) []byte {
	if scale == 0 {
		return dst
	}
	n := len(dst) - from
	if lack := scale + 1 - n; lack > 0 {
		dst = append(dst, make([]byte, lack)...)
		copy(dst[from+lack:], dst[from:from+n])
		for i := range lack {
			dst[from+i] = '0'
		}
	}
	dst = append(dst, 0)
	at := len(dst) - 1 - scale
	copy(dst[at+1:], dst[at:])
	dst[at] = '.'
	return dst
}

// String is the text of d.
func (d Decimal) String() string { return string(d.AppendText(nil)) }
