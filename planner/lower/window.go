package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/types"
)

func (l *lowering) windowAssign(w *logical.WindowAssign) rel {
	in := l.lower(w.Input)
	op := w.Spec
	op.Time, op.ByClock = in.position(w.Time), l.byClock(in, w.Time)
	l.judges[w.End] = judge{&op.Lateness, len(l.plan.Nodes)}
	cols := append(slices.Clone(in.cols), w.Start, w.End)
	if w.First != 0 {
		cols = append(cols, w.First)
	}
	return l.add(&op, []rel{in}, rel{cols: cols, props: l.props.Of(w), dist: in.dist}, "")
}

// byClock reports whether a time's watermark is the clock's, or that of windows of such a time.
func (l *lowering) byClock(in rel, time logical.ColID) bool {
	if !l.options.View || !in.props.Watermarks.Has(time) {
		return false
	}
	below := make([]bool, in.node+1)
	below[in.node] = true
	for i := in.node; i >= 0; i-- {
		if s, ok := l.plan.Nodes[i].Op.(*physical.Scan); ok && below[i] && s.ByClock {
			return true
		}
		for _, k := range l.plan.Nodes[i].Inputs {
			below[k] = below[k] || below[i]
		}
	}
	return false
}

// session finds sessions where the rows of a partition meet.
func (l *lowering) session(s *logical.Session) rel {
	in := l.lower(s.Input)
	op, below, unbounded := l.sessions(in, s.Time, s.End, s.PartitionBy, s.Gap)
	cols := append(slices.Clone(in.cols), s.Start, s.End)
	return l.add(&op, []rel{below}, rel{cols: cols, props: l.props.Of(s), dist: below.dist}, unbounded)
}

// sessionAggregate follows sessions and has an aggregate of each.
func (l *lowering) sessionAggregate(a *logical.SessionAggregate) rel {
	in := l.lower(a.Input)
	s, below, unbounded := l.sessions(in, a.Time, a.End, a.Keys, a.Gap)
	op := &physical.SessionAggregate{Session: s}
	cols := make([]logical.ColID, 0, len(a.Keys)+2+len(a.Calls))
	for _, k := range op.PartitionBy {
		cols = append(cols, below.cols[k])
	}
	cols = append(cols, a.Start, a.End)
	for i := range a.Calls {
		op.Calls = append(op.Calls, l.aggCall(&a.Calls[i], &below))
		cols = append(cols, a.Calls[i].Col)
	}
	if unbounded != "" {
		unbounded = "an aggregate for each session"
	}
	return l.add(op, []rel{below}, rel{cols: cols, props: l.props.Of(a), dist: below.dist}, unbounded)
}

// sessions is an operator that finds sessions, over an input whose rows are stamped where they come in order, and brought together by
// partition. In a maintained plan it frees sessions that have closed, if the time has a watermark; else the last result says what grows.
func (l *lowering) sessions(in rel, time, end logical.ColID, partition []logical.ColID, gap int64) (physical.Session, rel, string) {
	stamp := &physical.Stamp{Time: in.position(time), Epochs: true}
	stamped := append(slices.Clone(in.cols), l.md.New("watermark", types.T(types.Int8)), l.md.New("epoch", types.T(types.Int8)))
	l.judges[end] = judge{&stamp.Lateness, len(l.plan.Nodes)}
	closes := l.options.View && in.props.Watermarks.Has(time)
	below := l.add(stamp, []rel{in}, rel{cols: stamped, props: in.props, dist: in.dist}, "")
	keys := below.dist.orderLike(partition)
	below = l.byKey(below, keys)
	op := physical.Session{PartitionBy: below.positions(keys), Time: below.position(time), Gap: gap, Epochs: true, AppendOnly: in.props.AppendOnly, Closes: closes,
		EmitOnClose: closes && l.options.EmitOnClose}
	switch {
	case closes:
		l.close(props.Window{By: []logical.ColID{end}})
		if op.ByClock = l.byClock(in, time); op.ByClock {
			op.Allowed = stamp.Allowed
		}
	case in.props.Streaming:
		return op, below, "all rows of its input, as their time has no watermark"
	}
	return op, below, ""
}

// judge is an operator that can judge which rows are late, and its node.
type judge struct {
	*physical.Lateness
	node int
}

// window is the event-time window that rows with these columns belong to: one whose end is among them and carries a watermark. Only a
// maintained plan closes windows; a statement counts every row.
func (l *lowering) window(p *props.Props, keys []logical.ColID) (props.Window, bool) {
	if l.options.View {
		for _, w := range p.Windows {
			if slices.Contains(keys, w.End) {
				return w, true
			}
		}
	}
	return props.Window{}, false
}

// closing is how an operator whose partitions are of windows frees them. Where windows are shown when they have closed, and are not final yet,
// their rows are held back below it.
func (l *lowering) closing(in rel, keys []logical.ColID) (rel, *physical.Closing) {
	w, ok := l.window(in.props, keys)
	if !ok {
		return in, nil
	}
	l.close(w)
	if l.options.EmitOnClose && !w.Final {
		held := *in.props
		held.Close(keys, true)
		in = l.add(&physical.Hold{Keys: in.positions(keys), End: in.position(w.End)}, []rel{in}, rel{cols: in.cols, props: &held, dist: in.dist}, "")
	}
	return in, &physical.Closing{End: in.position(w.End)}
}

// close notes that an operator closes windows or frees what it has of them: where rows are assigned to the windows it is judged which
// are late. What has passed one judge is not late for the next, so lateness is allowed once.
func (l *lowering) close(w props.Window) {
	for _, end := range w.By {
		j, ok := l.judges[end]
		if !ok || j.Judge {
			continue
		}
		j.Judge = true
		if !l.judgedBelow(j.node) {
			j.Allowed = l.options.AllowedLateness
		}
	}
}

// judgedBelow reports whether a node below one judges.
func (l *lowering) judgedBelow(node int) bool {
	below := make([]bool, node+1)
	below[node] = true
	for i := node; i >= 0; i-- {
		if !below[i] {
			continue
		}
		for _, in := range l.plan.Nodes[i].Inputs {
			below[in] = true
		}
	}
	for _, j := range l.judges {
		if j.node < node && below[j.node] && j.Judge {
			return true
		}
	}
	return false
}
