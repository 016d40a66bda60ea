package props

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
)

// addWindows takes over an input's windows whose end is still there, under the names that a projection gives.
func (p *Props) addWindows(windows []Window, as map[logical.ColID]logical.ColID) {
	for _, w := range windows {
		if end, ok := as[w.End]; ok {
			p.Windows = append(p.Windows, Window{Start: as[w.Start], End: end})
		}
	}
}

// onlyPartitions leaves the watermarks of an operator that may revise any row of a partition: those of the columns that
// partition, as a partition behind the watermark gets no more rows.
func (p *Props) onlyPartitions(by []logical.ColID) {
	partitions := logical.SetOf(by...)
	p.Watermarks = p.Watermarks.Intersect(partitions)
	p.Windows = slices.DeleteFunc(slices.Clone(p.Windows), func(w Window) bool { return !partitions.Has(w.End) })
}

// unionWindows are the windows that all inputs of a union have in the same places.
func (d *Deriver) unionWindows(u *logical.Union) []Window {
	var common []Window
	for i, in := range u.All {
		as := map[logical.ColID]logical.ColID{}
		for j, c := range u.In[i] {
			as[c] = u.Cols[j]
		}
		var own Props
		own.addWindows(d.Of(in).Windows, as)
		if i == 0 {
			common = own.Windows
		}
		common = slices.DeleteFunc(common, func(w Window) bool { return !slices.Contains(own.Windows, w) })
	}
	return common
}
