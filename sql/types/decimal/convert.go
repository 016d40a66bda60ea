package decimal

import (
	"math"
	"math/big"
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Fit rounds d to a numeric(precision, scale) column. Beyond the precision is 22003 with PostgreSQL's detail; NaN fits
// everywhere, an infinity nowhere.
func (d Decimal) Fit(precision, scale int) (Decimal, error) {
	if d.form == nan {
		return d, nil
	}
	if d.form != finite {
		return Decimal{}, fieldOverflow("A field with precision %d, scale %d cannot hold an infinite value.", precision, scale)
	}
	r := d.rescale(scale)
	if r.digits() > precision {
		most := precision - scale
		bound := "10^" + strconv.Itoa(most)
		if most == 0 {
			bound = "1"
		}
		return Decimal{}, fieldOverflow("A field with precision %d, scale %d must round to an absolute value less than %s.", precision, scale, bound)
	}
	if scale < 0 {
		r = r.rescale(0)
	}
	return r, nil
}

func fieldOverflow(detail string, args ...any) error {
	return sqlerr.New(sqlerr.NumericValueOutOfRange, "numeric field overflow").WithDetail(detail, args...)
}

// FitScaled is Fit for scaled integers: c × 10^-from as an integer at scale, of at most precision digits.
func FitScaled(c int64, from, precision, scale int) (int64, error) {
	r, ok := scaleInt64(c, scale-from, true)
	if from == scale {
		r, ok = c, true
	}
	if !ok || magnitude(r) >= pow10[precision] {
		_, err := New(c, from).Fit(precision, scale)
		return 0, err
	}
	return r, nil
}

// ScaledInt64 is the coefficient of d at a scale, rounded; not ok when d is not finite or it does not fit.
func (d Decimal) ScaledInt64(scale int) (int64, bool) {
	if d.form != finite {
		return 0, false
	}
	r := d.rescale(scale)
	return r.small, r.big == nil
}

// ToInt rounds d half away from zero to an integer within [min, max]. typeName words the error: 22003, or 0A000 for NaN
// and infinities.
func (d Decimal) ToInt(min, max int64, typeName string) (int64, error) {
	if d.form != finite {
		what := "infinity"
		if d.form == nan {
			what = "NaN"
		}
		return 0, sqlerr.New(sqlerr.FeatureNotSupported, "cannot convert %s to %s", what, typeName)
	}
	i, ok := d.ScaledInt64(0)
	if !ok || i < min || i > max {
		return 0, sqlerr.New(sqlerr.NumericValueOutOfRange, "%s out of range", typeName)
	}
	return i, nil
}

// Float is the nearest float of 32 or 64 bits; not ok when it overflows.
func (d Decimal) Float(bits int) (f float64, ok bool) {
	switch d.form {
	case nan:
		return math.NaN(), true
	case posInf:
		return math.Inf(1), true
	case negInf:
		return math.Inf(-1), true
	}
	// An integer below 2^53 divided by a power of ten up to 10^22 is rounded once, so it is exact enough for 64 bits.
	if d.big == nil && bits == 64 && magnitude(d.small) < 1<<53 && d.scale <= 15 {
		return float64(d.small) / float64(pow10[d.scale]), true
	}
	var buf [64]byte
	f, err := strconv.ParseFloat(string(d.AppendText(buf[:0])), bits)
	return f, err == nil
}

// floatDigits are the digits that PostgreSQL keeps of a float: DBL_DIG and FLT_DIG.
var floatDigits = map[int]int{64: 15, 32: 6}

// FromFloat is a float of 32 or 64 bits as numeric: 6 or 15 significant digits, as PostgreSQL casts.
func FromFloat(f float64, bits int) (Decimal, error) {
	switch {
	case f != f:
		return NaN, nil
	case math.IsInf(f, 1):
		return Inf, nil
	case math.IsInf(f, -1):
		return NegInf, nil
	}
	return Parse(strconv.AppendFloat(nil, f, 'g', floatDigits[bits], bits))
}

// FromBig is an integer of any size. It keeps i, which must not be changed afterwards.
func FromBig(i *big.Int) (Decimal, error) { return fromBig(i, 0).checked() }

// Big is the integer part of a finite d, rounded half away from zero.
func (d Decimal) Big() *big.Int { return new(big.Int).Set(d.rescale(0).coef()) }
