package decimal

import (
	"math"
	"math/big"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Limits of PostgreSQL's numeric.
const (
	// MaxScale is the largest display scale.
	MaxScale = 1<<14 - 1
	// MaxDigits is how many digits may stand before the decimal point.
	MaxDigits = 131072
	// maxResultScale limits the scale that a function may be asked to round to.
	maxResultScale = 2000
	// maxDisplayScale limits the scale that a function chooses by itself.
	maxDisplayScale = 1000
	// minSigDigits is how many significant digits an inexact result has at least.
	minSigDigits = 16
)

// form tells finite values from the special ones; the order is that of comparison.
type form uint8

const (
	negInf form = iota
	finite
	posInf
	nan
)

// Decimal is a numeric value: coefficient × 10^-scale, NaN, or an infinity. The zero value is not a number; use New.
type Decimal struct {
	form  form
	scale int32
	small int64    // the coefficient, when big is nil
	big   *big.Int // the coefficient, when it does not fit an int64; never written to
}

// The special values, and zero.
var (
	NaN    = Decimal{form: nan}
	Inf    = Decimal{form: posInf}
	NegInf = Decimal{form: negInf}
	Zero   = Decimal{form: finite}
)

// New is coefficient × 10^-scale, shown with scale digits after the point.
func New(coefficient int64, scale int) Decimal {
	return Decimal{form: finite, scale: int32(scale), small: coefficient}
}

// FromInt is an integer.
func FromInt(i int64) Decimal { return New(i, 0) }

// fromBig takes over c, which must not be changed afterwards.
func fromBig(c *big.Int, scale int) Decimal {
	if c.IsInt64() {
		return New(c.Int64(), scale)
	}
	return Decimal{form: finite, scale: int32(scale), big: c}
}

// checked is d, or 22003 when it has more digits than PostgreSQL can store.
func (d Decimal) checked() (Decimal, error) {
	if d.big != nil && d.exponent() >= MaxDigits {
		return Decimal{}, overflow()
	}
	return d, nil
}

func overflow() error {
	return sqlerr.New(sqlerr.NumericValueOutOfRange, "value overflows numeric format")
}

// coef is the coefficient as a big integer that must not be written to.
func (d Decimal) coef() *big.Int {
	if d.big != nil {
		return d.big
	}
	return big.NewInt(d.small)
}

// Scale is the display scale.
func (d Decimal) Scale() int { return int(d.scale) }

// IsNaN reports whether d is not a number.
func (d Decimal) IsNaN() bool { return d.form == nan }

// IsInf reports whether d is an infinity.
func (d Decimal) IsInf() bool { return d.form == posInf || d.form == negInf }

// IsFinite reports whether d is a number.
func (d Decimal) IsFinite() bool { return d.form == finite }

// Sign is -1, 0 or 1; NaN has 1, as it is greater than everything.
func (d Decimal) Sign() int {
	switch {
	case d.form == negInf:
		return -1
	case d.form != finite:
		return 1
	case d.big != nil:
		return d.big.Sign()
	case d.small < 0:
		return -1
	case d.small > 0:
		return 1
	}
	return 0
}

// Int64 is the coefficient when d is finite and its coefficient fits.
func (d Decimal) Int64() (coefficient int64, ok bool) {
	return d.small, d.form == finite && d.big == nil
}

// digits is how many decimal digits the coefficient has; 0 for zero.
func (d Decimal) digits() int {
	if d.big == nil {
		return digits64(magnitude(d.small))
	}
	return digitsBig(d.big)
}

// exponent is the decimal exponent of the first digit: floor(log10(|d|)) for a finite d that is not zero.
func (d Decimal) exponent() int { return d.digits() - 1 - int(d.scale) }

// magnitude is |i| without overflow.
func magnitude(i int64) uint64 {
	if i < 0 {
		return -uint64(i)
	}
	return uint64(i)
}

// pow10 are the powers of ten that fit a uint64.
var pow10 = func() (p [20]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

func digits64(u uint64) int {
	n := 0
	for n < len(pow10) && u >= pow10[n] {
		n++
	}
	return n
}

// digitsBig counts digits by the bit length, which is at most one too low, and one comparison.
func digitsBig(c *big.Int) int {
	if c.Sign() == 0 {
		return 0
	}
	n := int(float64(c.BitLen()-1)*math.Log10(2)) + 1
	if c.CmpAbs(bigPow10(n)) >= 0 {
		n++
	}
	return n
}

var bigTen = big.NewInt(10)

// smallBigPows are the powers of ten that are made again and again.
var smallBigPows = func() (p [64]*big.Int) {
	p[0] = big.NewInt(1)
	for i := 1; i < len(p); i++ {
		p[i] = new(big.Int).Mul(p[i-1], bigTen)
	}
	return p
}()

// bigPow10 is 10^n, not to be written to.
func bigPow10(n int) *big.Int {
	if n < len(smallBigPows) {
		return smallBigPows[n]
	}
	return new(big.Int).Exp(bigTen, big.NewInt(int64(n)), nil)
}
