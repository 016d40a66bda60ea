package fn

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// exactSum is a sum of floats without rounding: a two's complement fixed-point number whose unit is the smallest float, so
// that addition is associative and what was added can be subtracted again (Neal, "Fast exact summation using small and
// large superaccumulators", 2015). 2098 bits hold any float, 63 more any number of them.
type exactSum struct{ limbs [sumLimbs]uint64 }

const (
	sumLimbs = 34
	// sumUnit is the exponent of the lowest bit.
	sumUnit = -1074
)

// add adds f, which must be finite, times n.
func (s *exactSum) add(f float64, n int64) {
	b := math.Float64bits(f)
	mant, exp := b&(1<<52-1), int(b>>52&0x7ff)
	if exp == 0 {
		exp = 1
	} else {
		mant |= 1 << 52
	}
	negative := (b>>63 != 0) != (n < 0)
	hi, lo := bits.Mul64(mant, magnitude(n))
	// The float is mant × 2^(exp-1075), so its lowest bit is bit exp-1 of the sum.
	at, shift := (exp-1)/64, uint(exp-1)%64
	parts := [3]uint64{lo << shift, hi<<shift | lo>>1>>(63-shift), hi >> 1 >> (63 - shift)}
	if negative {
		s.sub(at, parts)
	} else {
		s.plus(at, parts)
	}
}

func (s *exactSum) plus(at int, parts [3]uint64) {
	var carry uint64
	for k := at; k < sumLimbs; k++ {
		var p uint64
		if k-at < len(parts) {
			p = parts[k-at]
		} else if carry == 0 {
			return
		}
		s.limbs[k], carry = bits.Add64(s.limbs[k], p, carry)
	}
}

func (s *exactSum) sub(at int, parts [3]uint64) {
	var borrow uint64
	for k := at; k < sumLimbs; k++ {
		var p uint64
		if k-at < len(parts) {
			p = parts[k-at]
		} else if borrow == 0 {
			return
		}
		s.limbs[k], borrow = bits.Sub64(s.limbs[k], p, borrow)
	}
}

// merge adds another sum.
func (s *exactSum) merge(t *exactSum) {
	var carry uint64
	for k := range s.limbs {
		s.limbs[k], carry = bits.Add64(s.limbs[k], t.limbs[k], carry)
	}
}

// negative reports the sign.
func (s *exactSum) negative() bool { return s.limbs[sumLimbs-1]>>63 != 0 }

// float is the sum rounded once, to nearest, ties to even; overflow gives an infinity.
func (s *exactSum) float() float64 {
	m := *s
	neg := m.negative()
	if neg {
		m = exactSum{}
		var borrow uint64
		for k := range m.limbs {
			m.limbs[k], borrow = bits.Sub64(0, s.limbs[k], borrow)
		}
	}
	top := sumLimbs - 1
	for top >= 0 && m.limbs[top] == 0 {
		top--
	}
	if top < 0 {
		return 0
	}
	high := top*64 + bits.Len64(m.limbs[top]) - 1 // the index of the highest bit
	f := m.round(high)
	if neg {
		return -f
	}
	return f
}

// round makes the float of a positive number whose highest bit is high.
func (m *exactSum) round(high int) float64 {
	low := max(high-52, 0) // the lowest bit that the float keeps
	mant := m.bitsFrom(low) & (1<<53 - 1)
	if low > 0 && m.bit(low-1) && (mant&1 != 0 || m.anyBelow(low-1)) {
		mant++
	}
	return math.Ldexp(float64(mant), low+sumUnit)
}

func (m *exactSum) bit(i int) bool { return m.limbs[i/64]>>(uint(i)%64)&1 != 0 }

// bitsFrom are the 64 bits from bit i on.
func (m *exactSum) bitsFrom(i int) uint64 {
	k, shift := i/64, uint(i)%64
	b := m.limbs[k] >> shift
	if k+1 < sumLimbs {
		b |= m.limbs[k+1] << 1 << (63 - shift)
	}
	return b
}

func (m *exactSum) anyBelow(i int) bool {
	for k := range i / 64 {
		if m.limbs[k] != 0 {
			return true
		}
	}
	return m.limbs[i/64]&(1<<(uint(i)%64)-1) != 0
}

// appendTo writes the sum as the index of its first limb that is not zero and the limbs up to those that only repeat the
// sign: few bytes for numbers of like size, and the same bytes for the same sum, however it came about.
func (s *exactSum) appendTo(dst []byte) []byte {
	first, last := 0, sumLimbs-1
	for first < sumLimbs && s.limbs[first] == 0 {
		first++
	}
	if first == sumLimbs {
		return dst
	}
	sign := uint64(0)
	if s.negative() {
		sign = math.MaxUint64
	}
	for last > first && s.limbs[last] == sign && s.limbs[last-1]>>63 == sign>>63 {
		last--
	}
	dst = append(dst, byte(first))
	for _, l := range s.limbs[first : last+1] {
		dst = binary.LittleEndian.AppendUint64(dst, l)
	}
	return dst
}

// load reads what appendTo wrote.
func (s *exactSum) load(b []byte) {
	*s = exactSum{}
	if len(b) == 0 {
		return
	}
	k := int(b[0])
	for b = b[1:]; len(b) >= 8 && k < sumLimbs; b = b[8:] {
		s.limbs[k] = binary.LittleEndian.Uint64(b)
		k++
	}
	if k > 0 && k < sumLimbs && s.limbs[k-1]>>63 != 0 {
		for ; k < sumLimbs; k++ {
			s.limbs[k] = math.MaxUint64
		}
	}
}
