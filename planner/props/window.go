package props

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

func (d *Deriver) windowAssign(w *logical.WindowAssign) *Props {
	in := d.Of(w.Input)
	p := &Props{NotNull: in.NotNull.Union(logical.SetOf(w.Time, w.Start, w.End)), AppendOnly: in.AppendOnly, Watermarks: in.Watermarks, Windows: in.Windows, Streaming: in.Streaming}
	if in.Watermarks.Has(w.Time) {
		p.Watermarks = p.Watermarks.Union(logical.SetOf(w.End))
		p.Windows = append(slices.Clone(p.Windows), Window{Start: w.Start, End: w.End, Fixed: w.Spec.Window != physical.Cumulate, By: []logical.ColID{w.End}})
	}
	for _, k := range in.Keys {
		if w.Spec.Window != physical.Tumble {
			k = k.Union(logical.SetOf(w.End))
			if w.Spec.Window == physical.Cumulate {
				k = k.Union(logical.SetOf(w.Start))
			}
		}
		p.addKey(k)
	}
	return p
}

// session: a row may make another of any row of its session, until that has closed. What comes on close is final.
func (d *Deriver) session(s *logical.Session) *Props {
	in := d.Of(s.Input)
	p := &Props{Keys: in.Keys, NotNull: in.NotNull.Union(logical.SetOf(s.Time, s.Start, s.End)), Streaming: in.Streaming}
	if in.Watermarks.Has(s.Time) {
		p.Watermarks = logical.SetOf(s.End)
		p.Windows = []Window{{Start: s.Start, End: s.End, Closed: true, Final: d.EmitOnClose, By: []logical.ColID{s.End}}}
		p.AppendOnly = d.EmitOnClose
	}
	p.AppendOnly = p.AppendOnly || d.AdHoc && in.AppendOnly
	return p
}

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
	var by []logical.ColID
	for _, w := range slices.Concat(l.Windows, r.Windows) {
		closed, final = closed && w.Closed, final && w.Final
		if watermarks.Has(w.End) {
			out, by = append(out, w), append(by, w.By...)
		}
	}
	for i := range out {
		out[i].Closed, out[i].Final, out[i].By = closed, final, by
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
				v.Closed, v.Fixed, v.By = v.Closed && w.Closed, v.Fixed && w.Fixed, slices.Concat(v.By, w.By)
				out = append(out, v)
				break
			}
		}
	}
	return out
}
