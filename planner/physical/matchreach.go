package physical

import (
	"slices"

	"github.com/streamdb/streamdb/sql/expr"
)

// LooksBack is how many rows before the first of a match conditions and measures can read.
func (m *Match) LooksBack() int {
	back := 0
	look := func(e Expr, variable int) {
		m.eachSlot(e, func(s *MatchSlot) { back = max(back, -s.Shift-m.leastPosition(s, variable)) })
	}
	for v, e := range m.Define {
		look(e, v)
	}
	for _, e := range m.Measures {
		look(e, NoColumn)
	}
	return back
}

// LooksAhead is how many rows behind the last of a match conditions and measures can read.
func (m *Match) LooksAhead() int {
	ahead := 0
	for i := range m.Slots {
		ahead = max(ahead, m.Slots[i].Shift)
	}
	return ahead
}

// Numbers reports whether a condition or measure reads the match's number.
func (m *Match) Numbers() bool {
	return slices.ContainsFunc(m.Slots, func(s MatchSlot) bool { return s.Kind == SlotNumber })
}

// eachSlot visits the slots of an expression that are of a row.
func (m *Match) eachSlot(e Expr, visit func(s *MatchSlot)) {
	if e.None() {
		return
	}
	expr.Walk(e.Node, func(n expr.Node) bool {
		if c, ok := n.(*expr.Column); ok {
			if s := &m.Slots[c.Index]; s.Kind != SlotNumber && s.Kind != SlotAggregate {
				visit(s)
			}
		}
		return true
	})
}

// leastPosition is the least place in a match, from 0, of the row that a slot begins at, before its shift. In the condition of a
// variable the last row of that variable, or of all, is its own.
func (m *Match) leastPosition(s *MatchSlot, variable int) int {
	of := s.Of
	if variable != NoColumn && !s.First && s.Offset == 0 && (len(of) == 0 || slices.Contains(of, variable)) {
		of = []int{variable}
	}
	if len(of) == 0 {
		return 0
	}
	at := max(0, m.Pattern.before(of))
	if s.First {
		at += s.Offset
	}
	return at
}

// before is the least number of rows before one of these variables; -1 if none is in the pattern.
func (p *Pattern) before(vars []int) int {
	least, rows := -1, 0
	if p.Kind == PatternVariable {
		if slices.Contains(vars, p.Variable) {
			return 0
		}
		return -1
	}
	for i := range p.Items {
		if n := p.Items[i].before(vars); n >= 0 && (least < 0 || rows+n < least) {
			least = rows + n
		}
		if p.Kind == PatternSequence {
			rows += p.Items[i].length()
		}
	}
	return least
}

// length is the least number of rows of a match.
func (p *Pattern) length() int {
	switch p.Kind {
	case PatternVariable:
		return 1
	case PatternRepeat:
		return p.Min * p.Items[0].length()
	case PatternAlternation:
		least := p.Items[0].length()
		for i := range p.Items[1:] {
			least = min(least, p.Items[i+1].length())
		}
		return least
	}
	n := 0
	for i := range p.Items {
		n += p.Items[i].length()
	}
	return n
}

// Nullable reports whether the pattern can take no row.
func (p *Pattern) Nullable() bool { return p.length() == 0 }
