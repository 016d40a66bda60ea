package lower

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// match brings the partitions together and recognises patterns in each. Where rows settle by the watermark, late ones are left out
// below the exchange, where they still come in the order in which they were recorded.
func (l *lowering) match(m *logical.Match) rel {
	in := l.lower(m.Input)
	settles := l.props.Settles(m)
	if time := m.OrderBy[0].Col; settles {
		ends := slices.ContainsFunc(in.props.Windows, func(w props.Window) bool { return w.End == time })
		in = l.judged(in, time, ends)
	}
	keys := in.dist.orderLike(m.PartitionBy)
	in = l.byKey(in, keys)
	op := m.Spec
	op.PartitionBy, op.OrderBy = in.positions(keys), in.sortKeys(m.OrderBy)
	op.Watermark, op.EmitOnClose = settles, settles && l.options.EmitOnClose
	slots := rel{cols: make([]logical.ColID, len(m.Slots))}
	for i := range m.Slots {
		slots.cols[i] = m.Slots[i].Col
		op.Slots = append(op.Slots, l.matchSlot(&m.Slots[i], &in))
	}
	for _, e := range m.Define {
		op.Define = append(op.Define, l.condition(e, &slots))
	}
	cols := slices.Clone(keys)
	if op.AllRows {
		cols = slices.Clone(in.cols)
	}
	for _, it := range m.Measures {
		op.Measures = append(op.Measures, l.expr(it.Expr, &slots))
		cols = append(cols, it.Col)
	}
	unbounded, remedy := "", ""
	if in.props.Streaming {
		unbounded, remedy = l.matchState(&op, keys)
	}
	out := l.add(&op, []rel{in}, rel{cols: cols, props: l.props.Of(m), dist: in.dist.after(keys)}, unbounded)
	if p := &l.plan.Nodes[out.node].Props; p.Unbounded != "" {
		p.Remedy = remedy
	}
	return out
}

func (l *lowering) matchSlot(s *logical.MatchSlot, in *rel) physical.MatchSlot {
	out := s.Spec
	if s.Column != 0 {
		out.Column = in.position(s.Column)
	}
	if s.Aggregate != nil {
		out.Name, out.ArgTypes = s.Aggregate.Name, slices.Clone(s.Aggregate.Args)
		for _, a := range s.Args {
			out.Args = append(out.Args, l.expr(a, in))
		}
	}
	return out
}

// condition is a condition of DEFINE, none if it is true of any row.
func (l *lowering) condition(e expr.Node, slots *rel) physical.Expr {
	x := l.expr(e, slots)
	if x.Node != nil && expr.IsTrue(x.Node) {
		return physical.Expr{}
	}
	return x
}

// matchState is what of the state of a match grows for ever, and what would bound it.
func (l *lowering) matchState(m *physical.Match, keys []logical.ColID) (unbounded, remedy string) {
	if !m.Watermark {
		return "all rows of its input", "ORDER BY the watermark column of an append-only input first, ascending"
	}
	var parts []string
	if m.Within == physical.NoWithin {
		parts, remedy = append(parts, "the rows of matches that have begun"), "say WITHIN how long a match may last"
	}
	if n := m.LooksBack(); n == 1 && len(keys) > 0 {
		parts = append(parts, "the last row of each "+l.list(keys)+" for PREV")
	} else if n > 1 && len(keys) > 0 {
		parts = append(parts, fmt.Sprintf("the last %d rows of each %s for PREV", n, l.list(keys)))
	}
	if m.Numbers() && len(keys) > 0 {
		parts = append(parts, "the number of matches of each "+l.list(keys))
	}
	return strings.Join(parts, ", "), remedy
}
