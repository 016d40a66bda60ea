package limit

import "github.com/streamdb/streamdb/sql/vec"

// pick is a batch of some columns of another.
func pick(b *vec.Batch, columns ...int) *vec.Batch {
	out := &vec.Batch{N: b.N, Cols: make([]*vec.Vector, len(columns))}
	for i, c := range columns {
		out.Cols[i] = b.Cols[c]
	}
	return out
}

// passThrough is q0.
func passThrough(e Events, emit func(int, *vec.Batch)) error {
	return e.each("bid", func(w int, b *vec.Batch) { emit(w, pick(b, bidAuction, bidBidder, bidPrice, bidTime, bidExtra)) })
}

// convert is q1. The price is in thousandths.
func convert(e Events, emit func(int, *vec.Batch)) error {
	prices := make([]*vec.Vector, e.Workers)
	for w := range prices {
		prices[w] = vec.New(thousandths, vec.BatchSize)
	}
	return e.each("bid", func(w int, b *vec.Batch) {
		prices[w].Resize(thousandths, b.N)
		to := prices[w].I64
		for i, p := range b.Cols[bidPrice].I64 {
			to[i] = p * 908
		}
		out := pick(b, bidAuction, bidBidder, bidPrice, bidTime, bidExtra)
		out.Cols[2] = prices[w]
		emit(w, out)
	})
}

// selectAuctions is q2.
func selectAuctions(e Events, emit func(int, *vec.Batch)) error {
	chosen := make([][]int32, e.Workers)
	for w := range chosen {
		chosen[w] = make([]int32, 0, vec.BatchSize)
	}
	return e.each("bid", func(w int, b *vec.Batch) {
		sel := chosen[w][:0]
		for i, a := range b.Cols[bidAuction].I64 {
			if a%123 == 0 {
				sel = append(sel, int32(i))
			}
		}
		out := pick(b, bidAuction, bidPrice)
		out.Sel = sel
		emit(w, out)
	})
}
