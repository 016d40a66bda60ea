package decimal

import (
	"bytes"
	"cmp"
	"math/big"
	"math/bits"
)

// Cmp orders two values by magnitude, whatever their display scales: -Infinity, the numbers, Infinity, NaN.
func (d Decimal) Cmp(e Decimal) int {
	if d.form != finite || e.form != finite {
		return cmp.Compare(d.form, e.form)
	}
	if d.big == nil && e.big == nil {
		if d.scale == e.scale {
			return cmp.Compare(d.small, e.small)
		}
		if c, ok := cmpSmall(d, e); ok {
			return c
		}
	}
	return cmpBig(d, e)
}

// cmpSmall compares with different scales when the coefficient of the smaller scale can be widened within 128 bits.
func cmpSmall(d, e Decimal) (int, bool) {
	if sd, se := d.Sign(), e.Sign(); sd != se || sd == 0 {
		return cmp.Compare(sd, se), true
	}
	diff := d.scale - e.scale
	if diff < 0 {
		c, ok := cmpSmall(e, d)
		return -c, ok
	}
	if int(diff) >= len(pow10) {
		return 0, false
	}
	hi, lo := bits.Mul64(magnitude(e.small), pow10[diff])
	c := cmp.Compare(0, hi)
	if c == 0 {
		c = cmp.Compare(magnitude(d.small), lo)
	}
	return c * d.Sign(), true
}

func cmpBig(d, e Decimal) int {
	if sd, se := d.Sign(), e.Sign(); sd != se || sd == 0 {
		return cmp.Compare(sd, se)
	}
	// Exponents first: they spare widening 1e100000 for nothing.
	if xd, xe := d.exponent(), e.exponent(); xd != xe {
		return cmp.Compare(xd, xe) * d.Sign()
	}
	a, b := align(d, e)
	return a.Cmp(b)
}

// align gives the coefficients of two finite values at their larger scale. They must not be written to.
func align(d, e Decimal) (a, b *big.Int) {
	a, b = d.coef(), e.coef()
	if diff := int(d.scale - e.scale); diff > 0 {
		b = new(big.Int).Mul(b, bigPow10(diff))
	} else if diff < 0 {
		a = new(big.Int).Mul(a, bigPow10(-diff))
	}
	return a, b
}

// CompareEncoded is Cmp of two encodings.
func CompareEncoded(a, b []byte) int {
	ca, sa, oka := decodeSmall(a)
	cb, sb, okb := decodeSmall(b)
	if oka && okb && sa == sb {
		return cmp.Compare(ca, cb)
	}
	return Must(a).Cmp(Must(b))
}

// EqualEncoded reports whether two encodings are of equal values.
func EqualEncoded(a, b []byte) bool { return bytes.Equal(a, b) || CompareEncoded(a, b) == 0 }
