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

// grouping is the scratch of eachGroup.
type grouping struct{ order, ends []int32 }

var groupings = sync.Pool{New: func() any { return new(grouping) }}

// eachGroup calls f for each group that has rows among sel.
func eachGroup(groups, sel []int32, f func(r run)) {
	if len(sel) == 0 {
		return
	}
	if sameGroup(groups, sel) {
		f(run{groups[sel[0]], sel})
		return
	}
	s := groupings.Get().(*grouping)
	defer groupings.Put(s)
	s.sort(groups, sel)
	for from := 0; from < len(s.order); {
		to := from + 1
		for to < len(s.order) && groups[s.order[to]] == groups[s.order[from]] {
			to++
		}
		f(run{groups[s.order[from]], s.order[from:to]})
		from = to
	}
}

// sort orders sel by group, rows of a group in their order. Operators number groups densely, so counting them is the rule.
func (s *grouping) sort(groups, sel []int32) {
	most := int32(0)
	for _, i := range sel {
		most = max(most, groups[i])
	}
	s.order = append(s.order[:0], sel...)
	if int(most) > 8*len(sel)+64 {
		slices.SortStableFunc(s.order, func(a, b int32) int { return int(groups[a]) - int(groups[b]) })
		return
	}
	s.ends = append(s.ends[:0], make([]int32, most+2)...)
	for _, i := range sel {
		s.ends[groups[i]+1]++
	}
	for g := range most + 1 {
		s.ends[g+1] += s.ends[g]
	}
	for _, i := range sel {
		at := &s.ends[groups[i]]
		s.order[*at] = i
		*at++
	}
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
