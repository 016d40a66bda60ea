package decimal

import (
	"math"
	"math/big"

	"github.com/cockroachdb/apd/v3"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// guardDigits are computed beyond those kept, so that the last one kept is right.
const guardDigits = 12

// Sqrt is the square root, at least 16 significant digits and no fewer decimals than d has. Of a negative number it is
// 2201F.
func (d Decimal) Sqrt() (Decimal, error) {
	switch {
	case d.form == nan:
		return NaN, nil
	case d.Sign() < 0:
		return Decimal{}, sqlerr.New(sqlerr.InvalidArgumentForPower, "cannot take square root of a negative number")
	case d.form == posInf:
		return Inf, nil
	}
	weight, _ := d.base10000()
	scale := displayScale(minSigDigits-((weight+1)*4/2-1), d)
	if d.Sign() == 0 {
		return New(0, scale), nil
	}
	// The integer root of d × 10^(2·(scale+1)) has one digit more than is kept; the rest cannot change its rounding,
	// as a root is never half way.
	c := d.coef()
	if shift := 2*(scale+1) - int(d.scale); shift >= 0 {
		c = new(big.Int).Mul(c, bigPow10(shift))
	} else {
		c = new(big.Int).Quo(c, bigPow10(-shift))
	}
	return fromBig(new(big.Int).Sqrt(c), scale+1).rescale(scale).checked()
}

// displayScale is a result's scale: the one wanted, but no less than an argument's and within PostgreSQL's limits.
func displayScale(want int, args ...Decimal) int {
	for _, a := range args {
		want = max(want, int(a.scale))
	}
	return min(max(want, 0), maxDisplayScale)
}

// Exp is e to the power of d. Beyond numeric's range is 22003.
func (d Decimal) Exp() (Decimal, error) {
	switch d.form {
	case nan, posInf:
		return d, nil
	case negInf:
		return Zero, nil
	}
	val, _ := d.Float(64)
	exponent := min(max(val*math.Log10E, -maxResultScale), maxResultScale)
	return expAt(d, displayScale(minSigDigits-int(exponent), d))
}

// maxExp bounds the arguments of exp whose results are within reach.
const maxExp = maxResultScale * 3

// expAt is e to the power of d with scale decimals.
func expAt(d Decimal, scale int) (Decimal, error) {
	val, ok := d.Float(64)
	if !ok || math.Abs(val) >= maxExp {
		if d.Sign() > 0 {
			return Decimal{}, overflow()
		}
		return New(0, scale), nil
	}
	digits := scale + max(int(val*math.Log10E), 0) + guardDigits
	if digits > maxSeriesDigits {
		return expLong(d, scale, digits)
	}
	var r apd.Decimal
	if _, err := arithmetic(digits).Exp(&r, d.apd()); err != nil {
		return Decimal{}, sqlerr.Wrap(err, sqlerr.NumericValueOutOfRange, "value overflows numeric format")
	}
	return fromAPD(&r, scale).checked()
}

// maxSeriesDigits is how many digits apd's series for exp yields for any argument.
const maxSeriesDigits = 1500

// expLong takes the series at a hundred-thousandth of d, where it converges quickly, and raises that back.
func expLong(d Decimal, scale, digits int) (Decimal, error) {
	const root, rootDigits = 100_000, 5
	digits += rootDigits + guardDigits
	x := d.apd()
	x.Exponent -= rootDigits
	var r apd.Decimal
	if _, err := arithmetic(digits).Exp(&r, x); err != nil {
		return Decimal{}, sqlerr.Wrap(err, sqlerr.InternalError, "cannot compute exponential")
	}
	p, err := powDigits(fromAPD(&r, digits), root, digits)
	if err != nil {
		return Decimal{}, err
	}
	return p.rescale(scale).checked()
}

// Ln is the natural logarithm. Of zero or a negative number it is 2201E.
func (d Decimal) Ln() (Decimal, error) {
	if err := d.checkLog(); err != nil || d.form != finite {
		return d, err
	}
	return lnAt(d, displayScale(minSigDigits-d.lnExponent(), d))
}

func (d Decimal) checkLog() error {
	switch {
	case d.form == nan:
		return nil
	case d.Sign() == 0:
		return sqlerr.New(sqlerr.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
	case d.Sign() < 0:
		return sqlerr.New(sqlerr.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
	}
	return nil
}

// lnAt is the logarithm of a finite positive number with scale decimals.
func lnAt(d Decimal, scale int) (Decimal, error) {
	if d.Cmp(FromInt(1)) == 0 {
		return New(0, scale), nil
	}
	var r apd.Decimal
	digits := max(scale+d.lnExponent(), 1) + guardDigits
	if _, err := arithmetic(digits).Ln(&r, d.apd()); err != nil {
		return Decimal{}, sqlerr.Wrap(err, sqlerr.InternalError, "cannot compute logarithm")
	}
	return fromAPD(&r, scale), nil
}

// lnExponent estimates the decimal exponent of ln(d) as estimate_ln_dweight does: result scales depend on it.
func (d Decimal) lnExponent() int {
	if d.Sign() <= 0 {
		return 0
	}
	if d.Cmp(New(9, 1)) >= 0 && d.Cmp(New(11, 1)) <= 0 {
		x, _ := d.Sub(FromInt(1))
		if x.Sign() == 0 {
			return 0
		}
		weight, first := x.base10000()
		return weight*4 + int(math.Log10(float64(first)))
	}
	// The first one or two digits of base 10,000 are enough.
	weight, first := d.base10000()
	exponent := weight * 4
	lead := float64(first)
	if d.reducedDigits(weight) > 1 {
		lead = float64(d.leading(d.exponent() - 4*(weight-1) + 1))
		exponent -= 4
	}
	ln := math.Log(lead) + float64(exponent)*math.Ln10
	return int(math.Log10(math.Abs(ln)))
}

// reducedDigits is how many digits of base 10,000 d has from its first (at weight) to its last that is not zero.
func (d Decimal) reducedDigits(weight int) int {
	r := d.Reduce()
	if r.scale == 0 {
		if r.big == nil && magnitude(r.small)%pow10[min(4*max(weight, 0), 19)] == 0 {
			return 1
		}
		if weight == 0 {
			return 1
		}
		return 2
	}
	return weight + (int(r.scale)+3)/4 + 1
}

// Log is the logarithm of d to a base.
func (d Decimal) Log(base Decimal) (Decimal, error) {
	if base.form == nan || d.form == nan {
		return NaN, nil
	}
	for _, x := range [2]Decimal{base, d} {
		if err := x.checkLog(); err != nil {
			return Decimal{}, err
		}
	}
	switch {
	case base.form == posInf && d.form == posInf:
		return NaN, nil
	case base.form == posInf:
		return Zero, nil
	case d.form == posInf:
		return Inf, nil
	}
	exponent := d.lnExponent() - base.lnExponent()
	scale := displayScale(minSigDigits-exponent, base, d)
	digits := scale + max(exponent, 0) + guardDigits
	num, err := lnAt(d, digits-d.lnExponent())
	if err != nil {
		return Decimal{}, err
	}
	den, err := lnAt(base, digits-base.lnExponent())
	if err != nil {
		return Decimal{}, err
	}
	if den.Sign() == 0 {
		return Decimal{}, divisionByZero()
	}
	return num.quoScale(den, scale, true).checked()
}

// arithmetic computes with so many digits.
func arithmetic(digits int) *apd.Context {
	return &apd.Context{
		Precision: uint32(digits), MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent, Rounding: apd.RoundHalfUp,
	}
}

func (d Decimal) apd() *apd.Decimal {
	r := &apd.Decimal{Exponent: -d.scale, Negative: d.Sign() < 0}
	r.Coeff.SetMathBigInt(new(big.Int).Abs(d.coef()))
	return r
}

// fromAPD rounds a number to scale decimals.
func fromAPD(a *apd.Decimal, scale int) Decimal {
	c := a.Coeff.MathBigInt()
	if a.Negative {
		c.Neg(c)
	}
	if a.Exponent > 0 {
		return fromBig(c.Mul(c, bigPow10(int(a.Exponent))), 0).rescale(scale)
	}
	return fromBig(c, -int(a.Exponent)).rescale(scale)
}
