package order

import (
	"slices"

	"github.com/streamdb/streamdb/sql/vec"
)

// leadersFrom is how many times as many rows as the window wants a batch must have for its leaders to be looked for.
const leadersFrom = 4

// leaders leaves of a batch of one partition, whose rows are not taken back, the first rows as far as the window goes: what is behind them is
// behind the window. The bar does the same with what has come before, but comes late, and rows that come in the order opposite to the window's all pass
// it. The view of the batch is there already.
func (t *TopN) leaders(x *vec.Batch) {
	n := t.win.end
	if t.lay.Key > 0 || t.node.WithTies || x.Weights != nil || n > int64(x.Rows())/leadersFrom {
		return
	}
	cols := t.bound.view.Cols
	heap := t.bound.leaders[:0] // its first is the last in order
	for k := x.Rows() - 1; k >= 0; k-- {
		i := int32(x.Row(k))
		switch {
		case len(heap) < int(n):
			if heap = append(heap, i); len(heap) == int(n) {
				for at := len(heap)/2 - 1; at >= 0; at-- {
					t.sift(cols, heap, at)
				}
			}
		case t.lay.Compare(cols, int(i), cols, int(heap[0])) < 0:
			heap[0] = i
			t.sift(cols, heap, 0)
		}
	}
	slices.Sort(heap)
	t.bound.leaders, x.Sel = heap, heap
}

// sift moves an entry of a heap down to its place.
func (t *TopN) sift(cols []*vec.Vector, heap []int32, at int) {
	for {
		last := at
		for child := 2*at + 1; child <= 2*at+2 && child < len(heap); child++ {
			if t.lay.Compare(cols, int(heap[child]), cols, int(heap[last])) > 0 {
				last = child
			}
		}
		if last == at {
			return
		}
		heap[at], heap[last] = heap[last], heap[at]
		at = last
	}
}
