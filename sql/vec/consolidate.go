package vec

import (
	"math/bits"

	"github.com/streamdb/streamdb/sql/types"
)

// Consolidate adds up the weights of identical rows of the batches and drops those that come to zero. The rows that stay are
// in the order in which each was first seen. There must be a batch; the result shares nothing with them, and is nil when
// nothing is left.
func Consolidate(batches []*Batch) *Batch {
	all := batches[0].Clone()
	for _, b := range batches[1:] {
		all.AppendBatch(b)
	}
	if all.N == 0 {
		return nil
	}
	weights, keep := sumIdentical(all)
	if len(keep) == 0 {
		return nil
	}
	all.Weights = weights
	out := all
	if len(keep) < all.N {
		out = NewBatch(all.Types(), len(keep))
		out.AppendRows(all, keep)
	}
	if allOnes(out.Weights) {
		out.Weights = nil
	}
	return out
}

// Distinct reports whether no two rows of the batches are identical, and none has a weight of zero: then Consolidate would change nothing. It
// compares hashes alone, so it may say no where the answer is yes. Strings are looked at only if rows are not told apart by their other columns.
func Distinct(batches []*Batch) bool {
	var cols [][]*Vector
	n := 0
	for _, b := range batches {
		n += b.Rows()
		for k := range b.Rows() {
			if b.Weight(b.Row(k)) == 0 {
				return false
			}
		}
		cols = append(cols, b.Cols)
	}
	if n == 0 {
		return true
	}
	hashes, table := make([]uint64, n), make([]uint64, 2<<bits.Len(uint(n)))
	fixed := make([][]*Vector, len(cols))
	for i := range cols {
		fixed[i] = fixedWidth(cols[i])
	}
	if few := len(fixed[0]); few > 0 && few < len(cols[0]) {
		if distinct(batches, fixed, hashes, table) {
			return true
		}
		clear(table)
	}
	return distinct(batches, cols, hashes, table)
}

// fixedWidth are those of the columns that have no strings.
func fixedWidth(cols []*Vector) (fixed []*Vector) {
	for _, c := range cols {
		if c.Kind() != types.KindBytes {
			fixed = append(fixed, c)
		}
	}
	return fixed
}

// distinct reports whether all rows have different hashes, looking only at some columns of each batch. hashes has room for all rows, table, which is
// empty, twice as much at least.
func distinct(batches []*Batch, cols [][]*Vector, hashes, table []uint64) bool {
	at := hashes
	for i, b := range batches {
		IdentityHash(cols[i], b.Sel, b.N, at[:b.Rows()])
		at = at[b.Rows():]
	}
	mask := uint64(len(table) - 1) // open addressing; a free slot is 0
	for _, h := range hashes {
		h |= 1 // no hash is a free slot
		slot := h >> 1 & mask
		for ; table[slot] != 0; slot = (slot + 1) & mask {
			if table[slot] == h {
				return false
			}
		}
		table[slot] = h
	}
	return true
}

// sumIdentical gives, for the first of identical rows, the sum of their weights, and the rows that are left.
func sumIdentical(b *Batch) (weights []int64, keep []int32) {
	hashes := make([]uint64, b.N)
	IdentityHash(b.Cols, nil, b.N, hashes)
	weights = make([]int64, b.N)
	table := make([]int32, 2<<bits.Len(uint(b.N))) // open addressing: a first row's number plus one
	mask := uint64(len(table) - 1)
	for i, h := range hashes {
		slot := h & mask
		for table[slot] != 0 && !sameRow(b, hashes, int(table[slot]-1), i) {
			slot = (slot + 1) & mask
		}
		if table[slot] == 0 {
			table[slot] = int32(i) + 1
		}
		weights[table[slot]-1] += b.Weight(i)
	}
	for i, w := range weights {
		if w != 0 {
			keep = append(keep, int32(i))
		}
	}
	return weights, keep
}

func sameRow(b *Batch, hashes []uint64, i, j int) bool {
	return hashes[i] == hashes[j] && identicalRow(b, i, j)
}

func identicalRow(b *Batch, i, j int) bool {
	for _, c := range b.Cols {
		if !Identical(c, i, c, j) {
			return false
		}
	}
	return true
}

func allOnes(ws []int64) bool {
	for _, w := range ws {
		if w != 1 {
			return false
		}
	}
	return true
}
