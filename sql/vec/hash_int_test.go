package vec_test

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

func hashInts(keys ...int64) []uint64 {
	out := make([]uint64, len(keys))
	vec.HashRows([]*vec.Vector{{Type: types.T(types.Int8), I64: keys}}, nil, len(keys), out)
	return out
}

// inverse undoes the hash of an integer: that it can is what makes integers without a collision.
func inverse(h uint64) int64 {
	const mask52 = 1<<52 - 1
	number := h>>60<<8 | h>>36&0xff
	block := h>>44<<36&mask52 | (h^number*0x3c79ac492ba7b653>>20)&(1<<36-1)
	low := (number ^ block>>20) & 0xfff
	unmul := func(m, x uint64) uint64 { // Newton's iteration modulo a power of two
		inv := m
		for range 6 {
			inv *= 2 - m*inv
		}
		return x * inv
	}
	block ^= block >> 26 // twice 26 bits: the shift is its own inverse
	block = unmul(0x1c69b3f74ac4ae35, block) & mask52
	block ^= block >> 26
	block = unmul(0x3c79ac492ba7b653, block) & mask52
	block ^= block >> 27
	return int64(block<<12 | unmul(2531, low)&0xfff)
}

func TestHashOfIntegersIsABijection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Int64().Draw(t, "x") >> rapid.IntRange(0, 63).Draw(t, "shift")
		require.Equal(t, x, inverse(hashInts(x)[0]))
	})
}

// TestNeighboursLieTogether holds what makes state of keys that count up small to write: the pages of a block.
func TestNeighboursLieTogether(t *testing.T) {
	places := map[uint64]int{}
	for x := range int64(4096) {
		places[hashInts(7<<12 + x)[0]>>44]++
	}
	require.Len(t, places, 16, "one a key group")
	for _, n := range places {
		require.Equal(t, 256, n)
	}
}

// TestHashSpreads counts how keys in steps fall into buckets by the bits that choose key groups, pages and the slots of tables: no
// bucket has far more than by chance.
func TestHashSpreads(t *testing.T) {
	const n = 1 << 16
	for _, shift := range []uint{0, 1, 3, 4, 8, 11, 12, 13, 16, 20, 32, 40, 47} {
		keys := make([]int64, n)
		for i := range keys {
			keys[i] = int64(i) << shift
		}
		hashes := hashInts(keys...)
		group, slot, page, top := make([]int, 16), make([]int, 1<<10), make([]int, 1<<10), map[uint64]int{}
		for _, h := range hashes {
			group[h>>60]++
			slot[h&(1<<10-1)]++
			page[h*0x9e3779b97f4a7c15>>54]++ // as the index of a page takes it
			top[h>>32]++
		}
		for name, counts := range map[string][]int{"group": group, "slot": slot, "index": page} {
			mean := n / len(counts)
			for _, c := range counts {
				require.LessOrEqual(t, c, 2*mean, "%s of %d keys in steps of 2^%d", name, n, shift)
			}
		}
		require.Greater(t, len(top), n-8, "upper halves of keys in steps of 2^%d", shift)
	}
}

// TestFewKeysAreSpread: a table of some small integers is worked on by all tasks.
func TestFewKeysAreSpread(t *testing.T) {
	for _, n := range []int64{2, 4, 8, 16, 32} {
		var groups uint16
		for x := range n {
			groups |= 1 << (hashInts(x)[0] >> 60)
		}
		require.GreaterOrEqual(t, bits.OnesCount16(groups), min(int(n), 16)*3/4, "%d keys", n)
	}
}
