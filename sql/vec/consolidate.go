package vec

import "math/bits"

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
// compares hashes alone, so it may say no where the answer is yes.
func Distinct(batches []*Batch) bool {
	n := 0
	for _, b := range batches {
		n += b.Rows()
	}
	hashes := make([]uint64, n)
	at := hashes
	for _, b := range batches {
		rows := b.Rows()
		IdentityHash(b.Cols, b.Sel, b.N, at[:rows])
		at = at[rows:]
		for k := range rows {
			if b.Weight(b.Row(k)) == 0 {
				return false
			}
		}
	}
	table := make([]uint64, 2<<bits.Len(uint(n))) // open addressing; a free slot is 0
	mask := uint64(len(table) - 1)
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
