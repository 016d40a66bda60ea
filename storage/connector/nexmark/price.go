package nexmark

import "math/bits"

// Prices are log-uniform from 100 to 10^8: 100 * 10^x with x uniform in [0, 6). The integer part of x is the decade, its next
// eight bits choose an interval of a table of powers, and sixteen more interpolate in it.

// powerRoots are floor(10^(1/2^k) * 2^60) for k = 1..8: all other powers of the table are products of these.
var powerRoots = [8]uint64{
	0x3298b075b4b6a524, 0x1c73d51c54470e30, 0x15561a91ba81443d, 0x1279fcaca404e5ac,
	0x113197fa6aa6776b, 0x10960c68d98bc2bf, 0x104a5975b254b8ae, 0x102501ee61ca6267,
}

// powers[i] is 10^(i/256), in units of 2^-32.
var powers = makePowers()

func makePowers() (p [257]uint64) {
	for i := range 256 {
		x := uint64(1) << 60
		for k, root := range powerRoots {
			if i>>(7-k)&1 == 1 {
				hi, lo := bits.Mul64(x, root)
				x = hi<<4 | lo>>60
			}
		}
		p[i] = x >> 28
	}
	p[256] = 10 << 32
	return p
}

// hundreds is 100 * 10^decade, up to a power of two of them so that the index needs no check.
var hundreds = [8]uint64{1e2, 1e3, 1e4, 1e5, 1e6, 1e7}

// price turns 32 random bits into a price.
func price(r uint64) int64 {
	x := r * 6 // in units of 2^-32
	i, g := x>>24&0xff, x>>8&0xffff
	mantissa := powers[i] + (powers[i+1]-powers[i])*g>>16
	return int64((mantissa*hundreds[x>>32&7] + 1<<31) >> 32)
}
