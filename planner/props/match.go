package props

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

// Settles reports whether the rows of a match settle by the watermark: those of an append-only input in the order of its event time.
func (d *Deriver) Settles(m *logical.Match) bool {
	in, first := d.Of(m.Input), m.OrderBy[0]
	return !d.AdHoc && in.AppendOnly && in.Watermarks.Has(first.Col) && !first.Desc && !first.NullsFirst
}

// match: a row may make others of all matches behind it in its partition. What is emitted on close is what no row can change.
func (d *Deriver) match(m *logical.Match) *Props {
	in := d.Of(m.Input)
	p := &Props{NotNull: in.NotNull.Intersect(logical.OutputSet(m)), Streaming: in.Streaming}
	if d.EmitOnClose && d.Settles(m) {
		p.AppendOnly, p.Watermarks = true, timesOf(m)
	} else {
		p.AppendOnly, p.Watermarks, p.Windows = in.AppendOnly, in.Watermarks, in.Windows
		p.onlyPartitions(m.PartitionBy)
		p.AppendOnly = p.AppendOnly || d.AdHoc && in.AppendOnly
	}
	for _, it := range m.Measures {
		if c, ok := logical.ColumnOf(it.Expr); ok && numbers(m, c) && !m.Spec.AllRows {
			p.addKey(logical.SetOf(m.PartitionBy...).Union(logical.SetOf(it.Col)))
		}
	}
	return p
}

// timesOf are the measures that are the event time of a row of the match, or of one behind it. No match comes that begins before the
// watermark.
func timesOf(m *logical.Match) (out logical.ColSet) {
	if m.Spec.AllRows {
		out.Add(m.OrderBy[0].Col)
	}
	for _, it := range m.Measures {
		c, ok := logical.ColumnOf(it.Expr)
		if ok && slices.ContainsFunc(m.Slots, func(s logical.MatchSlot) bool { return s.Col == c && s.Column == m.OrderBy[0].Col && s.Spec.Shift >= 0 }) {
			out.Add(it.Col)
		}
	}
	return out
}

// numbers reports whether a slot is the number of the match.
func numbers(m *logical.Match, slot logical.ColID) bool {
	return slices.ContainsFunc(m.Slots, func(s logical.MatchSlot) bool { return s.Col == slot && s.Spec.Kind == physical.SlotNumber })
}
