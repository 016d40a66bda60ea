package vec

import "slices"

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
	out := NewBatch(all.Types(), len(keep))
	all.Weights = weights
	out.AppendRows(all, keep)
	if allOnes(out.Weights) {
		out.Weights = nil
	}
	return out
}

// sumIdentical gives, for the first of identical rows, the sum of their weights, and the rows that are left.
func sumIdentical(b *Batch) (weights []int64, keep []int32) {
	hashes := make([]uint64, b.N)
	IdentityHash(b.Cols, nil, b.N, hashes)
	order := make([]int32, b.N)
	weights = make([]int64, b.N)
	for i := range order {
		order[i] = int32(i)
		weights[i] = b.Weight(i)
	}
	slices.SortFunc(order, func(x, y int32) int {
		if hx, hy := hashes[x], hashes[y]; hx != hy {
			if hx < hy {
				return -1
			}
			return 1
		}
		return int(x - y)
	})
	for start := 0; start < b.N; {
		end := start + 1
		for end < b.N && hashes[order[end]] == hashes[order[start]] {
			end++
		}
		sumRun(b, order[start:end], weights)
		start = end
	}
	for i, w := range weights {
		if w != 0 {
			keep = append(keep, int32(i))
		}
	}
	return weights, keep
}

// sumRun moves the weights of rows with one hash to the first of those that are identical. A run is one row nearly always.
func sumRun(b *Batch, run []int32, weights []int64) {
	for k, i := range run {
		if k == 0 || weights[i] == 0 {
			continue
		}
		for _, j := range run[:k] {
			if identicalRow(b, int(j), int(i)) {
				weights[j] += weights[i]
				weights[i] = 0
				break
			}
		}
	}
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
