package lower

import (
	"slices"
	"strings"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
)

// bound is the bound of a join in a maintained plan. Its inputs' late rows are left out below it: where rows are assigned to windows,
// or, if the time is a stream's own, right here, before rows of several tasks meet. A statement counts every row.
func (l *lowering) bound(j *logical.Join, left, right *rel) *physical.JoinBound {
	b := l.props.Bound(j)
	if b == nil || !l.options.View {
		return nil
	}
	*left = l.judged(*left, b.Left, b.LeftEnds)
	*right = l.judged(*right, b.Right, b.RightEnds)
	return &physical.JoinBound{Before: b.Before, After: b.After, Windows: b.Windows, LeftEnds: b.LeftEnds, RightEnds: b.RightEnds,
		HoldBack: holdBack(j, b), OnClose: l.options.EmitOnClose && (b.Windows || left.props.AppendOnly && right.props.AppendOnly)}
}

// judged leaves late rows out by a time.
func (l *lowering) judged(in rel, time logical.ColID, ends bool) rel {
	if ends {
		for _, w := range in.props.Windows {
			if w.End == time {
				l.close(w)
			}
		}
		return in
	}
	op := &physical.OnTime{Time: in.position(time)}
	if !l.judgedBelow(in.node) {
		op.Allowed = l.options.AllowedLateness
	}
	l.judges[l.md.New("late", l.md.Type(time))] = judge{&physical.Lateness{Judge: true, Allowed: op.Allowed}, len(l.plan.Nodes)}
	return l.add(op, []rel{in}, rel{cols: in.cols, props: in.props, dist: in.dist}, "")
}

// holdBack is how far a join's output may be behind its inputs' watermark: a row comes out when its last partner does, which is After, or
// Before, later. An input may have a row at its watermark itself, unless that is the end of a window.
func holdBack(j *logical.Join, b *props.Bound) int64 {
	if b.Windows {
		return 0
	}
	out, most := j.Output(), int64(0)
	if slices.Contains(out, b.Left) {
		most = max(most, b.After)
	}
	if slices.Contains(out, b.Right) {
		most = max(most, b.Before)
	}
	if b.LeftEnds && b.RightEnds {
		return most
	}
	return most + 1
}

// unbounded says which inputs a join has to keep for ever, and what would bound it.
func (l *lowering) unbounded(j *logical.Join, left, right *props.Props) (what, remedy string) {
	switch {
	case left.Streaming && right.Streaming:
		return "all rows of both inputs", l.remedy(left, right)
	case left.Streaming:
		return "all rows of its left input", l.lookupRemedy(j, j.Left, j.Right)
	case right.Streaming:
		return "all rows of its right input", l.lookupRemedy(j, j.Right, j.Left)
	}
	return "", ""
}

// remedy is what would bound a join of streams.
func (l *lowering) remedy(left, right *props.Props) string {
	if left.Watermarks.Empty() || right.Watermarks.Empty() {
		return "declare a WATERMARK on both streams and compare these columns, as in a.at BETWEEN b.at - INTERVAL '1 hour' AND b.at + INTERVAL '1 hour'"
	}
	for _, p := range []*props.Props{left, right} {
		if len(p.Windows) == 0 {
			x, y := l.names.of(left.Watermarks.List()[0]), l.names.of(right.Watermarks.List()[0])
			return "compare its times, as in " + x + " BETWEEN " + y + " - INTERVAL '1 hour' AND " + y + " + INTERVAL '1 hour'"
		}
	}
	return "join equal windows: " + l.names.of(left.Windows[0].End) + " = " + l.names.of(right.Windows[0].End)
}

// lookupRemedy is what would bound a join of a stream with what is none.
func (l *lowering) lookupRemedy(j *logical.Join, stream, table logical.Node) string {
	if stream != j.Left || j.Kind != physical.InnerJoin && j.Kind != physical.LeftJoin {
		return "aggregate the stream by windows before it is joined"
	}
	return "a look-up that later changes of " + relations(table) + " do not revise keeps nothing: JOIN … FOR SYSTEM_TIME AS OF PROCTIME()"
}

// relations are the names of what a subplan reads.
func relations(n logical.Node) string {
	var names []string
	logical.Walk(n, func(n logical.Node) {
		if s, ok := n.(*logical.Scan); ok && !slices.Contains(names, s.Relation.Name) {
			names = append(names, s.Relation.Name)
		}
	})
	if len(names) == 0 {
		return "constants"
	}
	return strings.Join(names, ", ")
}
