package vec

import "math/bits"

// Bitmap is a bit per row, least significant bit first, as Arrow's validity buffers. Bits past the rows are unspecified.
type Bitmap []uint64

// NewBitmap makes a bitmap for n rows, all set.
func NewBitmap(n int) Bitmap {
	b := make(Bitmap, (n+63)/64)
	for i := range b {
		b[i] = ^uint64(0)
	}
	return b
}

// Get is the bit of row i.
func (b Bitmap) Get(i int) bool { return b[uint(i)/64]&(1<<(uint(i)%64)) != 0 }

// Set sets the bit of row i.
func (b Bitmap) Set(i int) { b[uint(i)/64] |= 1 << (uint(i) % 64) }

// Clear clears the bit of row i.
func (b Bitmap) Clear(i int) { b[uint(i)/64] &^= 1 << (uint(i) % 64) }

// Append is b, which has n rows, with one more.
func (b Bitmap) Append(n int, set bool) Bitmap {
	if n/64 == len(b) {
		b = append(b, 0)
	}
	if set {
		b.Set(n)
	} else {
		b.Clear(n)
	}
	return b
}

// CountUnset is how many of the first n bits are not set: the nulls of a column.
func (b Bitmap) CountUnset(n int) int {
	set := 0
	for i := 0; i < n/64; i++ {
		set += bits.OnesCount64(b[i])
	}
	if r := uint(n) % 64; r != 0 {
		set += bits.OnesCount64(b[n/64] & (1<<r - 1))
	}
	return n - set
}
