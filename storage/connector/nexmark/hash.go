package nexmark

import "math/bits"

// The constants of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) with Stafford's mixer 13. Word k of lane l of event n is
// the output of a SplitMix64 stream at index 8n+l, which a counter reaches without making what is before it.
const (
	weyl  = 0x9e3779b97f4a7c15
	lanes = 8
	// eventStep is how far the state moves from one event to the next: lanes*weyl mod 2^64.
	eventStep = lanes * weyl & (1<<64 - 1)
	mixMul1   = 0xbf58476d1ce4e5b9
	mixMul2   = 0x94d049bb133111eb
)

// mix is the finalizer of SplitMix64: a bijection of 64-bit words whose every output bit depends on every input bit.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= mixMul1
	x ^= x >> 27
	x *= mixMul2
	return x ^ x>>31
}

// stream is a lane of all events' random words.
type stream uint64

// newStream is lane l of the words of a seed.
func newStream(seed uint64, lane uint64) stream {
	return stream(mix(seed+weyl) + lane*weyl)
}

// at is the lane's word of event n.
func (s stream) at(n uint64) uint64 { return mix(s.state(n)) }

// state is what mix makes the lane's word of event n of; eventStep leads to the next event's.
func (s stream) state(n uint64) uint64 { return uint64(s) + n*eventStep }

// low32 and high32 draw from [0, n) by the lower and the upper half of a word: multiply and keep the integer part.
func low32(w uint64, n uint64) uint64  { return (w & 0xffffffff) * n >> 32 }
func high32(w uint64, n uint64) uint64 { return (w >> 32) * n >> 32 }

// field16 draws from [0, n) by sixteen bits of a word, from bit 16k on.
func field16(w uint64, k, n uint64) uint64 { return (w >> (16 * k) & 0xffff) * n >> 16 }

// divisor divides by a number known beforehand, exactly, for dividends below 2^60: the quotient by the reciprocal is right or
// one too small.
type divisor struct{ d, reciprocal uint64 }

func newDivisor(d uint64) divisor { return divisor{d, ^uint64(0) / d} }

func (v divisor) div(x uint64) uint64 {
	q, _ := bits.Mul64(x, v.reciprocal)
	if x-q*v.d >= v.d {
		q++
	}
	return q
}
