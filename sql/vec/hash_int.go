package vec

// blockBits says how many integers are a block: those that differ in so many low bits only.
const blockBits = 12

// Where the parts of an integer's hash lie.
const (
	groupBits  = 4  // on top: they decide the key group (storage/state), and so the task
	placeBits  = 16 // of the block
	blockWords = 64 - blockBits
	restBits   = 64 - groupBits - placeBits - (blockBits - groupBits)
)

// hashInt is a bijection of 64-bit words that keeps neighbours together where that helps and apart where it does not. From the top:
//
//	group: 4 bits of the number in its block · place: 16 bits of the block · the number's other 8 bits · everything, mixed
//
// State is found by the upper bits of the hash, so neighbours of one key group lie in one page, or in pages side by side. Keys that count
// up, as most do, then come to pages that are in the cache, and a snapshot writes only those, where a hash without order would touch
// every page of the state. Neighbours are of different groups: each task gets its share of any block, and keys that are few and small
// are spread as well. The low bits are as good as those of any hash.
func hashInt(x uint64) uint64 {
	block := mixBlock(x >> blockBits)
	// Multiples of 2531 are those of the golden ratio modulo 4096: neighbours have the upper bits that lie furthest apart (Knuth 6.4).
	// Each block has them in another order, which follows from bits of the block that are not in the upper half yet, nor in its low end.
	number := (x*2531 ^ block>>20) & (1<<blockBits - 1)
	rest := (block ^ number*hashMul1>>20) & (1<<restBits - 1)
	inGroup := number & (1<<(blockBits-groupBits) - 1)
	return number>>(blockBits-groupBits)<<(64-groupBits) | block>>restBits<<(64-groupBits-placeBits) | inGroup<<restBits | rest
}

// mixBlock is mix for words of blockWords bits.
func mixBlock(x uint64) uint64 {
	const mask = 1<<blockWords - 1
	x ^= x >> 27
	x = x * hashMul1 & mask
	x ^= x >> 26
	x = x * hashMul2 & mask
	return x ^ x>>26
}
