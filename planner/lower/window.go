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
	op.Time = in.position(w.Time)
	l.judges[w.End] = judge{&op.Lateness, len(l.plan.Nodes)}
	cols := append(slices.Clone(in.cols), w.Start, w.End)
	if w.First != 0 {
		cols = append(cols, w.First)
	}
	return l.add(&op, []rel{in}, rel{cols: cols, props: l.props.Of(w), dist: in.dist}, "")
}

// session finds sessions where the rows of a partition meet, and stamps rows before, where they come in order. In a maintained plan it
// frees sessions that have closed, if the time has a watermark.
func (l *lowering) session(s *logical.Session) rel {
	in := l.lower(s.Input)
	stamp := &physical.Stamp{Time: in.position(s.Time)}
	stamped := append(slices.Clone(in.cols), l.md.New("watermark", types.T(types.Int8)))
	l.judges[s.End] = judge{&stamp.Lateness, len(l.plan.Nodes)}
	closes := l.options.View && in.props.Watermarks.Has(s.Time)
	below := l.add(stamp, []rel{in}, rel{cols: stamped, props: in.props, dist: in.dist}, "")
	keys := below.dist.orderLike(s.PartitionBy)
	below = l.byKey(below, keys)
	op := &physical.Session{PartitionBy: below.positions(keys), Time: below.position(s.Time), Gap: s.Gap, AppendOnly: in.props.AppendOnly, Closes: closes,
		EmitOnClose: closes && l.options.EmitOnClose}
	unbounded := ""
	if closes {
		l.close(props.Window{By: []logical.ColID{s.End}})
	} else if in.props.Streaming {
		unbounded = "all rows of its input, as their time has no watermark"
	}
	cols := append(slices.Clone(in.cols), s.Start, s.End)
	return l.add(op, []rel{below}, rel{cols: cols, props: l.props.Of(s), dist: below.dist}, unbounded)
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
