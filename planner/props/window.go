package props

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
)

// addWindows takes over an input's windows whose end is still there, under the names that a projection gives.
func (p *Props) addWindows(windows []Window, as map[logical.ColID]logical.ColID) {
	for _, w := range windows {
		if end, ok := as[w.End]; ok {
			w.Start, w.End = as[w.Start], end
			p.Windows = append(p.Windows, w)
		}
	}
}

// onlyPartitions makes an input's properties those of an operator that may revise any row of a partition. The columns that
// partition keep their watermark, as a partition behind it gets no more rows; a partition of windows that come whole is never revised.
func (p *Props) onlyPartitions(by []logical.ColID) {
	partitions := logical.SetOf(by...)
	p.Watermarks = p.Watermarks.Intersect(partitions)
	p.Windows = slices.DeleteFunc(slices.Clone(p.Windows), func(w Window) bool { return !partitions.Has(w.End) })
	p.AppendOnly = p.AppendOnly && slices.ContainsFunc(p.Windows, func(w Window) bool { return w.Final })
}

// joinWindows are the windows of a join that keeps watermarks: both sides' rows then are of the same windows, and are closed only if they
// are so on both sides.
func joinWindows(watermarks logical.ColSet, l, r *Props) []Window {
	var out []Window
	closed, final := true, true
	for _, w := range slices.Concat(l.Windows, r.Windows) {
		closed, final = closed && w.Closed, final && w.Final
		if watermarks.Has(w.End) {
			out = append(out, w)
		}
	}
	for i := range out {
		out[i].Closed, out[i].Final = closed, final
	}
	return out
}

// unionWindows are the windows that all inputs of a union have in the same places. Each input closes them in its own time.
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
		common = meet(common, own.Windows)
	}
	for k := range common {
		common[k].Final = common[k].Final && len(u.All) == 1
	}
	return common
}

// meet are the windows of both lists; they are closed if they are so in both.
func meet(a, b []Window) (out []Window) {
	for _, v := range a {
		for _, w := range b {
			if v.End == w.End && v.Start == w.Start {
				v.Closed, v.Fixed = v.Closed && w.Closed, v.Fixed && w.Fixed
				out = append(out, v)
				break
			}
		}
	}
	return out
}
