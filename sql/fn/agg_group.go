package fn

import (
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/vec"
)

// A state of varying length (an exact sum, a string) is read and written as bytes, which costs more than a step; so rows
// are taken group by group, and each group's state is read and written once a batch.

// run is a group's rows in a batch, in the order of the selection.
type run struct {
	group int32
	rows  []int32
}

var orderScratch = sync.Pool{New: func() any { return new([]int32) }}

// eachGroup calls f for each group that has rows among sel.
func eachGroup(groups, sel []int32, f func(r run)) {
	if len(sel) == 0 {
		return
	}
	if sameGroup(groups, sel) {
		f(run{groups[sel[0]], sel})
		return
	}
	p := orderScratch.Get().(*[]int32)
	order := append((*p)[:0], sel...)
	slices.SortStableFunc(order, func(a, b int32) int { return int(groups[a]) - int(groups[b]) })
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && groups[order[to]] == groups[order[from]] {
			to++
		}
		f(run{groups[order[from]], order[from:to]})
		from = to
	}
	*p = order
	orderScratch.Put(p)
}

func sameGroup(groups, sel []int32) bool {
	for _, i := range sel[1:] {
		if groups[i] != groups[sel[0]] {
			return false
		}
	}
	return true
}

// weightOf is the weight of row i.
func weightOf(weights []int64, i int32) int64 {
	if weights == nil {
		return 1
	}
	return weights[i]
}

// addColumns adds the int64 columns of partial states: the Merge of states that are sums and counts.
func addColumns(_ *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int) {
	for col, d := range dst {
		s := src[col].I64
		for k := range n {
			d.I64[groups[k]] += s[k]
		}
	}
}
