package props

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

func (d *Deriver) windowAssign(w *logical.WindowAssign) *Props {
	in := d.Of(w.Input)
	p := &Props{NotNull: in.NotNull.Union(logical.SetOf(w.Time, w.Start, w.End)), AppendOnly: in.AppendOnly, Watermarks: in.Watermarks, Windows: in.Windows, Streaming: in.Streaming}
	if w.Spec.Slices { // of slices that are behind the watermark rows still come, for later windows
		p.Keys = in.Keys
		p.NotNull.Add(w.First)
		return p
	}
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

// sliceAggregate is what aggregate is of the same windows.
func (d *Deriver) sliceAggregate(a *logical.SliceAggregate) *Props {
	in := d.Of(a.Input)
	keys := logical.SetOf(a.Keys...)
	p := &Props{NotNull: in.NotNull.Intersect(keys).Union(logical.SetOf(a.Start, a.End)), Streaming: in.Streaming}
	p.addKey(keys.Union(logical.SetOf(a.End)))
	if a.Of.Window == physical.Hop {
		p.addKey(keys.Union(logical.SetOf(a.Start)))
	}
	for _, c := range a.Calls {
		if c.Fn.Name == "count" {
			p.NotNull.Add(c.Col)
		}
	}
	if a.Watermark {
		p.Watermarks = logical.SetOf(a.End)
		p.Windows = []Window{{Start: a.Start, End: a.End, Fixed: a.Of.Window == physical.Hop, Closed: true, Final: d.EmitOnClose, By: []logical.ColID{a.Slice}}}
		p.AppendOnly = d.EmitOnClose
	}
	return p
}

// sessionAggregate is what aggregate is of the same sessions.
func (d *Deriver) sessionAggregate(a *logical.SessionAggregate) *Props {
	in := d.Of(a.Input)
	keys := logical.SetOf(a.Keys...)
	p := &Props{NotNull: in.NotNull.Intersect(keys).Union(logical.SetOf(a.Start, a.End)), Streaming: in.Streaming}
	p.addKey(keys.Union(logical.SetOf(a.End)))
	p.addKey(keys.Union(logical.SetOf(a.Start)))
	for _, c := range a.Calls {
		if c.Fn.Name == "count" {
			p.NotNull.Add(c.Col)
		}
	}
	if in.Watermarks.Has(a.Time) {
		p.Watermarks = logical.SetOf(a.End)
		p.Windows = []Window{{Start: a.Start, End: a.End, Closed: true, Final: d.EmitOnClose, By: []logical.ColID{a.End}}}
		p.AppendOnly = d.EmitOnClose
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

// Close says that an operator frees partitions of windows when they close: late rows have been left out. If final, rows are held back
// until then, and never revised.
func (p *Props) Close(by []logical.ColID, final bool) {
	p.Windows = slices.Clone(p.Windows)
	for i := range p.Windows {
		w := &p.Windows[i]
		if !slices.Contains(by, w.End) {
			continue
		}
		w.Closed, w.Final = true, w.Final || final
		p.AppendOnly = p.AppendOnly || w.Final
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

// joinTimes are the watermarks and windows of a join: the times of its bound, of the sides that are never filled with nulls. A join
// without one has none, as a row of any time may find a partner, or lose one, at any time.
//
// Late rows have been left out below, or are by this join, and it holds its watermark back so far that behind it comes nothing: so the
// times are ends of windows that close, be they of a length of nothing.
func (d *Deriver) joinTimes(p *Props, j *logical.Join, l, r *Props) {
	b := d.Bound(j)
	if b == nil {
		return
	}
	if d.EmitOnClose && (b.Windows || l.AppendOnly && r.AppendOnly) {
		p.AppendOnly = true
	}
	left, right := l.window(b.Left), r.window(b.Right)
	left.Final, right.Final = b.Windows && d.EmitOnClose, b.Windows && d.EmitOnClose
	switch j.Kind {
	case physical.InnerJoin:
		p.Windows = []Window{left, right}
	case physical.LeftJoin, physical.SemiJoin, physical.AntiJoin:
		p.Windows = []Window{left}
	case physical.RightJoin:
		p.Windows = []Window{right}
	case physical.FullJoin:
		if b.untils() == 0 {
			p.Outer = []Window{left, right}
		}
	}
	out := j.Output()
	p.Windows = slices.DeleteFunc(p.Windows, func(w Window) bool {
		// A row that ends by a column of its own may come out as long after its time as that says.
		return !slices.Contains(out, w.End) || w.End == b.Left && b.LeftUntil != nil || w.End == b.Right && b.RightUntil != nil
	})
	for _, w := range p.Windows {
		p.Watermarks.Add(w.End)
	}
}

// window is the window with an end, closed.
func (p *Props) window(end logical.ColID) Window {
	for _, w := range p.Windows {
		if w.End == end {
			return Window{Start: w.Start, End: end, Fixed: w.Fixed, Closed: true}
		}
	}
	return Window{End: end, Closed: true}
}

// mergeOuter gives the windows of a full join under the names of what a projection merges of them: COALESCE(left, right).
func (p *Props) mergeOuter(outer []Window, items []logical.Item) {
	if len(outer) != 2 {
		return
	}
	l, r := outer[0], outer[1]
	merged := func(a, b logical.ColID) logical.ColID {
		for _, it := range items {
			c, ok := it.Expr.(*expr.Coalesce)
			if !ok || len(c.Args) != 2 || a == 0 || b == 0 {
				continue
			}
			x, ok1 := logical.ColumnOf(c.Args[0])
			y, ok2 := logical.ColumnOf(c.Args[1])
			if ok1 && ok2 && (x == a && y == b || x == b && y == a) {
				return it.Col
			}
		}
		return 0
	}
	if end := merged(l.End, r.End); end != 0 {
		p.Windows = append(p.Windows, Window{Start: merged(l.Start, r.Start), End: end, Fixed: l.Fixed && r.Fixed, Closed: true, Final: l.Final})
		p.Watermarks.Add(end)
	}
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
