package decimal

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Add is d + e, at the larger of their scales.
func (d Decimal) Add(e Decimal) (Decimal, error) {
	if d.form != finite || e.form != finite {
		return addSpecial(d, e), nil
	}
	if a, b, ok := alignSmall(d, e); ok {
		if s := a + b; (s > a) == (b > 0) {
			return New(s, int(max(d.scale, e.scale))), nil
		}
	}
	a, b := align(d, e)
	return fromBig(new(big.Int).Add(a, b), int(max(d.scale, e.scale))).checked()
}

// alignSmall is align within an int64.
func alignSmall(d, e Decimal) (a, b int64, ok bool) {
	a, b = d.small, e.small
	if d.big != nil || e.big != nil {
		return 0, 0, false
	}
	switch diff := int(d.scale - e.scale); {
	case diff > 0:
		b, ok = scaleInt64(b, diff, false)
	case diff < 0:
		a, ok = scaleInt64(a, -diff, false)
	default:
		ok = true
	}
	return a, b, ok
}

// Sub is d - e, at the larger of their scales.
func (d Decimal) Sub(e Decimal) (Decimal, error) { return d.Add(e.Neg()) }

func addSpecial(d, e Decimal) Decimal {
	switch {
	case d.form == nan || e.form == nan || d.IsInf() && e.IsInf() && d.form != e.form:
		return NaN
	case d.IsInf():
		return d
	}
	return e
}

// Mul is d × e, exact, at the sum of their scales.
func (d Decimal) Mul(e Decimal) (Decimal, error) {
	if d.form != finite || e.form != finite {
		return mulSpecial(d, e), nil
	}
	scale := int(d.scale + e.scale)
	if d.big == nil && e.big == nil {
		if hi, lo := bits.Mul64(magnitude(d.small), magnitude(e.small)); hi == 0 && lo <= math.MaxInt64 && scale <= MaxScale {
			c := int64(lo)
			if (d.small < 0) != (e.small < 0) {
				c = -c
			}
			return New(c, scale), nil
		}
	}
	p := fromBig(new(big.Int).Mul(d.coef(), e.coef()), scale)
	if scale > MaxScale {
		p = p.rescale(MaxScale)
	}
	return p.checked()
}

func mulSpecial(d, e Decimal) Decimal {
	switch s := d.Sign() * e.Sign(); {
	case d.form == nan || e.form == nan || s == 0:
		return NaN
	case s < 0:
		return NegInf
	}
	return Inf
}

// Div is d / e at the scale PostgreSQL's select_div_scale chooses: at least 16 significant digits and no fewer decimals than
// either has. Division by zero is 22012.
func (d Decimal) Div(e Decimal) (Decimal, error) {
	if d.form != finite || e.form != finite {
		return divSpecial(d, e)
	}
	if e.Sign() == 0 {
		return Decimal{}, divisionByZero()
	}
	return d.quoScale(e, divScale(d, e), true).checked()
}

// QuoInteger is div(d, e): the quotient without its fraction.
func (d Decimal) QuoInteger(e Decimal) (Decimal, error) {
	if d.form != finite || e.form != finite {
		return divSpecial(d, e)
	}
	if e.Sign() == 0 {
		return Decimal{}, divisionByZero()
	}
	return d.quoScale(e, 0, false).checked()
}

func divSpecial(d, e Decimal) (Decimal, error) {
	switch {
	case d.form == nan || e.form == nan:
		return NaN, nil
	case e.IsInf() && d.IsInf():
		return NaN, nil
	case e.IsInf():
		return Zero, nil
	case e.Sign() == 0:
		return Decimal{}, divisionByZero()
	}
	return mulSpecial(d, e), nil
}

func divisionByZero() error { return sqlerr.New(sqlerr.DivisionByZero, "division by zero") }

// quoScale is d / e with scale decimals, rounded half away from zero or truncated; e is not zero.
func (d Decimal) quoScale(e Decimal, scale int, round bool) Decimal {
	shift := scale - int(d.scale) + int(e.scale)
	if d.big == nil && e.big == nil && shift >= 0 && shift < len(pow10) {
		if c, ok := quoSmall(d.small, e.small, pow10[shift], round); ok {
			return New(c, scale)
		}
	}
	a, b := d.coef(), e.coef()
	if shift > 0 {
		a = new(big.Int).Mul(a, bigPow10(shift))
	} else if shift < 0 {
		b = new(big.Int).Mul(b, bigPow10(-shift))
	}
	return fromBig(quo(a, b, round), scale)
}

// quoSmall is a × p / b within 128 bits.
func quoSmall(a, b int64, p uint64, round bool) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), p)
	m := magnitude(b)
	if hi >= m {
		return 0, false
	}
	q, r := bits.Div64(hi, lo, m)
	if round && r >= m-m/2 {
		q++
	}
	if q > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(q), true
	}
	return int64(q), true
}

// divScale is select_div_scale of numeric.c, which counts in digits of base 10,000.
func divScale(d, e Decimal) int {
	wd, fd := d.base10000()
	we, fe := e.base10000()
	q := wd - we
	if fd <= fe {
		q--
	}
	scale := max(minSigDigits-q*4, int(d.scale), int(e.scale), 0)
	return min(scale, maxDisplayScale)
}

// base10000 is the weight and the value of the first digit of |d| in base 10,000; zeros for zero.
func (d Decimal) base10000() (weight, first int) {
	if d.Sign() == 0 {
		return 0, 0
	}
	x := d.exponent()
	weight = x >> 2 // floor
	lead := x - 4*weight + 1
	return weight, d.leading(lead)
}

// leading are the first n decimal digits of |d|, with zeros behind where it has fewer.
func (d Decimal) leading(n int) int {
	if d.big == nil {
		m := magnitude(d.small)
		for nd := digits64(m); nd > n; nd-- {
			m /= 10
		}
		for nd := digits64(magnitude(d.small)); nd < n; nd++ {
			m *= 10
		}
		return int(m)
	}
	q := new(big.Int).Quo(d.big, bigPow10(digitsBig(d.big)-n))
	return int(q.Abs(q).Int64())
}

// Mod is the remainder of the truncated division, with the sign of d, at the larger of their scales.
func (d Decimal) Mod(e Decimal) (Decimal, error) {
	switch {
	case d.form == nan || e.form == nan:
		return NaN, nil
	case e.Sign() == 0:
		return Decimal{}, divisionByZero()
	case d.IsInf():
		return NaN, nil
	case e.IsInf():
		return d, nil
	}
	scale := int(max(d.scale, e.scale))
	if a, b, ok := alignSmall(d, e); ok {
		return New(a%b, scale), nil
	}
	a, b := align(d, e)
	return fromBig(new(big.Int).Rem(a, b), scale), nil
}
