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

// until is what ends rows, by its column's position.
func (r *rel) until(u *props.Until) *physical.Until {
	if u == nil {
		return nil
	}
	return &physical.Until{Column: r.position(u.Col), Plus: u.Plus}
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
	if slices.Contains(out, b.Left) && b.LeftUntil == nil {
		most = max(most, b.After)
	}
	if slices.Contains(out, b.Right) && b.RightUntil == nil {
		most = max(most, b.Before)
	}
	if b.LeftEnds && b.RightEnds {
		return most
	}
	return most + 1
}

// unbounded says which inputs a join has to keep for ever, and what would bound it.
func unbounded(j *logical.Join, left, right *props.Props) (what, remedy string) {
	switch {
	case left.Streaming && right.Streaming:
		return "all rows of both inputs", streamRemedy(j, left, right)
	case left.Streaming:
		return "all rows of its left input", lookUpRemedy(j, j.Left, j.Right)
	case right.Streaming:
		return "all rows of its right input", lookUpRemedy(j, j.Right, j.Left)
	}
	return "", ""
}

// streamRemedy is what would bound a join of streams.
func streamRemedy(j *logical.Join, left, right *props.Props) string {
	if len(left.Windows) > 0 && len(right.Windows) > 0 {
		return "join equal windows: compare window_start and window_end of both"
	}
	x, y := timeOf(j.Left), timeOf(j.Right)
	for i, side := range []logical.Node{j.Left, j.Right} {
		if []string{x, y}[i] == "" {
			return "declare a WATERMARK on " + relations(side) + ", and compare the times of both sides"
		}
	}
	return "compare its times, as in " + x + " BETWEEN " + y + " - INTERVAL '1 hour' AND " + y + " + INTERVAL '1 hour'"
}

// timeOf is the event time of the first relation below that has one, whether the query reads it or not; empty if none has.
func timeOf(n logical.Node) (name string) {
	logical.Walk(n, func(n logical.Node) {
		if s, ok := n.(*logical.Scan); ok && name == "" && s.Relation.Watermark != nil {
			name = s.Relation.Name + "." + s.Relation.Columns[s.Relation.Watermark.Column].Name
		}
	})
	return name
}

// lookUpRemedy is what would bound a join of a stream with what is none.
func lookUpRemedy(j *logical.Join, stream, table logical.Node) string {
	if stream != j.Left || j.Kind != physical.InnerJoin && j.Kind != physical.LeftJoin {
		return "aggregate the stream by windows first"
	}
	return "join FOR SYSTEM_TIME AS OF PROCTIME(), which later changes of " + relations(table) + " do not revise"
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
