package decimal

import (
	"math"
	"math/big"
)

// Neg is -d.
func (d Decimal) Neg() Decimal {
	switch {
	case d.form == posInf:
		return NegInf
	case d.form == negInf:
		return Inf
	case d.form == nan:
		return NaN
	case d.big == nil && d.small != math.MinInt64:
		d.small = -d.small
		return d
	}
	return fromBig(new(big.Int).Neg(d.coef()), int(d.scale))
}

// Abs is |d|.
func (d Decimal) Abs() Decimal {
	if d.Sign() < 0 {
		return d.Neg()
	}
	return d
}

// Round is d with scale digits after the point, half away from zero; a negative scale rounds before the point.
func (d Decimal) Round(scale int) (Decimal, error) {
	return d.toScale(scale, Decimal.rescale)
}

// Trunc is d with at most scale digits after the point, towards zero; a negative scale cuts before the point.
func (d Decimal) Trunc(scale int) (Decimal, error) {
	return d.toScale(scale, Decimal.cut)
}

func (d Decimal) toScale(scale int, to func(Decimal, int) Decimal) (Decimal, error) {
	if d.form != finite {
		return d, nil
	}
	scale = min(max(scale, -MaxDigits-1), MaxScale)
	r := to(d, scale)
	if scale < 0 {
		r = r.rescale(0)
	}
	return r.checked()
}

// Ceil is the smallest integer that is not below d.
func (d Decimal) Ceil() (Decimal, error) { return d.toInteger(1) }

// Floor is the largest integer that is not above d.
func (d Decimal) Floor() (Decimal, error) { return d.toInteger(-1) }

// toInteger truncates and steps away from zero if that lost something on the side that side names.
func (d Decimal) toInteger(side int) (Decimal, error) {
	if d.form != finite {
		return d, nil
	}
	t := d.cut(0)
	if d.Sign() == side && t.Cmp(d) != 0 {
		return t.Add(FromInt(int64(side)))
	}
	return t, nil
}

// rescale is a finite d at another scale, which may be negative, rounded half away from zero.
func (d Decimal) rescale(scale int) Decimal {
	return d.atScale(scale, true)
}

// cut is a finite d at another scale, which may be negative, rounded towards zero.
func (d Decimal) cut(scale int) Decimal {
	return d.atScale(scale, false)
}

func (d Decimal) atScale(scale int, round bool) Decimal {
	diff := scale - int(d.scale)
	if diff == 0 {
		return d
	}
	if d.big == nil {
		if c, ok := scaleInt64(d.small, diff, round); ok {
			return New(c, scale)
		}
	}
	if diff > 0 {
		return fromBig(new(big.Int).Mul(d.coef(), bigPow10(diff)), scale)
	}
	if -diff > d.digits() {
		return New(0, scale)
	}
	return fromBig(quo(d.coef(), bigPow10(-diff), round), scale)
}

// quo is a / b, rounded half away from zero or truncated.
func quo(a, b *big.Int, round bool) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	if round && r.Sign() != 0 && r.Lsh(r, 1).CmpAbs(b) >= 0 {
		q.Add(q, big.NewInt(int64(a.Sign()*b.Sign())))
	}
	return q
}

// scaleInt64 is c × 10^diff, rounded; not ok when it does not fit.
func scaleInt64(c int64, diff int, round bool) (int64, bool) {
	if diff >= 0 {
		if c == 0 {
			return 0, true
		}
		if diff > 18 {
			return 0, false
		}
		p := int64(pow10[diff])
		r := c * p
		return r, r/p == c
	}
	if -diff > 19 {
		return 0, true
	}
	m, p := magnitude(c), pow10[-diff]
	q := m / p
	if round && m%p >= p-p/2 {
		q++
	}
	if c < 0 {
		return -int64(q), true
	}
	return int64(q), true
}
