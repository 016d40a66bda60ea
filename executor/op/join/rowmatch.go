package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// rowMatcher is for joins with a residual: rows of one key may or may not have a partner. It counts the partners of each row
// that is kept without one.
type rowMatcher struct {
	j      *Join
	counts [2]*partners // nil where unmatched rows are not kept
	sel    []int32
}

func newRowMatcher(j *Join, mem *state.Memory) *rowMatcher {
	m := &rowMatcher{j: j, sel: []int32{}} // never nil, which is all rows
	for i, s := range j.sides {
		if i != j.build || j.kind == physical.FullJoin {
			m.counts[i] = newPartners(s, mem)
		}
	}
	return m
}

func (m *rowMatcher) states() []op.State {
	var out []op.State
	for _, p := range m.counts {
		if p != nil {
			out = append(out, p.counts.state())
		}
	}
	return out
}

func (m *rowMatcher) drop(side int, least int64) error {
	if p := m.counts[side]; p != nil {
		return p.counts.drop(least)
	}
	return nil
}

// step implements matcher. The pairs are A_old ⋈ dB and dA ⋈ B_new; a row that is new has been counted in the second only, one
// that was there before has the pairs of the other side's changes added to its count.
func (m *rowMatcher) step(a, b *side) error {
	ofA, ofB := m.counts[a.index], m.counts[b.index]
	for _, s := range []*side{a, b} {
		if err := s.consolidate(true); err != nil {
			return err
		}
		if p := m.counts[s.index]; p != nil {
			defer p.reset()
			if err := p.begin(); err != nil {
				return err
			}
		}
	}
	if err := m.apply(b, ofB); err != nil {
		return err
	}
	if err := m.pair(b, a, ofB, ofA); err != nil {
		return err
	}
	if m.j.ctx.Once {
		ofA.applyOnce()
	} else if err := m.apply(a, ofA); err != nil {
		return err
	}
	if err := m.pair(a, b, ofA, ofB); err != nil {
		return err
	}
	for _, p := range []*partners{ofA, ofB} {
		if p != nil {
			if err := p.finish(m.j.ctx.Once, m.emitChange(p.side)); err != nil {
				return err
			}
		}
	}
	return nil
}

// apply brings a side's changes into its state and into its partners' list.
func (m *rowMatcher) apply(s *side, p *partners) error {
	if p == nil {
		return s.apply(nil)
	}
	return p.apply()
}

// pair makes the pairs of from's changes and to's rows: they count for changed rows that are new, and for the rows they met.
func (m *rowMatcher) pair(from, to *side, ofFrom, ofTo *partners) error {
	base := 0
	for _, c := range from.in.Chunks {
		err := m.j.pairs.each(c, from, to, func() error {
			if ofFrom != nil {
				ofFrom.meetNew(base, m.j.pairs)
			}
			if ofTo != nil {
				if err := ofTo.meet(m.j.pairs, c); err != nil {
					return err
				}
			}
			if m.j.emitsPairs() {
				return m.j.emitPairs()
			}
			return nil
		})
		if err != nil {
			return err
		}
		base += c.N
	}
	return nil
}

// emitChange emits the rows of a side that have come or gone with their partners.
func (m *rowMatcher) emitChange(s *side) func(cols []*vec.Vector, sel []int32, n int, matched, unmatched []int64) error {
	return func(cols []*vec.Vector, sel []int32, n int, matched, unmatched []int64) error {
		weights := unmatched
		if m.j.kind == physical.SemiJoin {
			weights = matched
		}
		m.sel = m.sel[:0]
		for _, i := range sel {
			if weights[i] != 0 {
				m.sel = append(m.sel, i)
			}
		}
		return m.j.emit.alone(s, cols, m.sel, n, weights)
	}
}
