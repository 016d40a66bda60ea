package decimal

import (
	"math"
	"math/big"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Pow is d to the power of e. Zero to a negative power, and a negative number to a fraction, are 2201F.
func (d Decimal) Pow(e Decimal) (Decimal, error) {
	one := FromInt(1)
	switch {
	case d.form == nan:
		if e.form == finite && e.Sign() == 0 {
			return one, nil
		}
		return NaN, nil
	case e.form == nan:
		if d.form == finite && d.Cmp(one) == 0 {
			return one, nil
		}
		return NaN, nil
	case d.Sign() == 0 && e.Sign() < 0:
		return Decimal{}, sqlerr.New(sqlerr.InvalidArgumentForPower, "zero raised to a negative power is undefined")
	case d.Sign() < 0 && !e.isInteger():
		return Decimal{}, sqlerr.New(sqlerr.InvalidArgumentForPower,
			"a negative number raised to a non-integer power yields a complex result")
	case d.form != finite || e.form != finite:
		return powSpecial(d, e), nil
	}
	if n, ok := e.ScaledInt64(0); ok && e.isInteger() && n == int64(int32(n)) {
		return powInt(d, n)
	}
	if d.Sign() == 0 {
		return New(0, minSigDigits), nil
	}
	return powFraction(d, e)
}

func (d Decimal) isInteger() bool { return d.form != finite || d.Reduce().scale == 0 }

// powSpecial has POSIX's rules for infinities.
func powSpecial(d, e Decimal) Decimal {
	one := FromInt(1)
	positive := e.Sign() > 0
	switch {
	case d.Cmp(one) == 0 || e.Sign() == 0:
		return one
	case d.Sign() == 0:
		return Zero
	case e.IsInf():
		if d.form == finite && d.Cmp(FromInt(-1)) == 0 {
			return one
		}
		if (d.IsInf() || d.Abs().Cmp(one) > 0) == positive {
			return Inf
		}
		return Zero
	case !positive:
		return Zero
	case d.form == negInf && e.isOdd():
		return NegInf
	}
	return Inf
}

func (d Decimal) isOdd() bool { return d.Reduce().coef().Bit(0) == 1 }

// powInt multiplies by the bits of n, keeping as many digits as the result needs (power_var_int).
func powInt(d Decimal, n int64) (Decimal, error) {
	scale := displayScale(minSigDigits, d)
	switch {
	case n == 0:
		return New(1, 0).rescale(scale), nil
	case n == 1:
		return d.rescale(scale), nil
	case d.Sign() == 0:
		return New(0, scale), nil
	case n == -1:
		return FromInt(1).quoScale(d, scale, true).checked()
	}
	// The decimal exponent of the result, from the first digits.
	log := (math.Log10(float64(d.leading(9))) + float64(d.exponent()-8)) * float64(n)
	if log > MaxDigits {
		return Decimal{}, overflow()
	}
	if log+1 < -float64(scale) || log+1 < -maxDisplayScale {
		return New(0, scale), nil
	}
	digits := 1 + scale + int(log) + int(math.Log(math.Abs(float64(n)))) + 8
	r, err := powDigits(d, n, digits)
	if err != nil {
		if n < 0 {
			return New(0, scale), nil
		}
		return Decimal{}, err
	}
	if n < 0 {
		return FromInt(1).quoScale(r, scale, true).checked()
	}
	return r.rescale(scale).checked()
}

// powDigits is d to the power of |n| with about so many significant digits.
func powDigits(d Decimal, n int64, digits int) (Decimal, error) {
	mul := func(a, b Decimal) Decimal {
		weight := a.exponent() + b.exponent()
		p := fromBig(new(big.Int).Mul(a.coef(), b.coef()), int(a.scale+b.scale))
		if keep := max(digits-weight, 0); keep < int(p.scale) {
			p = p.rescale(keep)
		}
		return p
	}
	base, r := d, FromInt(1)
	if n&1 != 0 {
		r = d
	}
	for bits := magnitude(n) >> 1; bits > 0; bits >>= 1 {
		if base = mul(base, base); bits&1 != 0 {
			r = mul(base, r)
		}
		if base.Sign() == 0 || r.Sign() == 0 {
			return Zero, nil
		}
		if base.exponent() > MaxDigits || r.exponent() > MaxDigits {
			return Decimal{}, overflow()
		}
	}
	return r, nil
}

// powFraction is exp(e · ln(d)) for a positive d.
func powFraction(d, e Decimal) (Decimal, error) {
	estimate, err := lnAt(d, max(8-d.lnExponent(), 0))
	if err != nil {
		return Decimal{}, err
	}
	product, err := estimate.Mul(e)
	if err != nil {
		return Decimal{}, err
	}
	val, ok := product.Float(64)
	if !ok || math.Abs(val) > maxResultScale*3.01 {
		if val > 0 || !ok && product.Sign() > 0 {
			return Decimal{}, overflow()
		}
		return New(0, maxDisplayScale), nil
	}
	exponent := int(val * math.Log10E)
	scale := displayScale(minSigDigits-exponent, d, e)
	digits := scale + max(exponent, 0) + guardDigits + max(e.exponent(), 0)
	ln, err := lnAt(d, digits)
	if err != nil {
		return Decimal{}, err
	}
	if product, err = ln.Mul(e); err != nil {
		return Decimal{}, err
	}
	return expAt(product.rescale(digits), scale)
}
