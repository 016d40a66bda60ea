package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// keyMatcher is for joins in which partners have equal keys and nothing else is asked: a row has one if its key is among the
// other side's. It needs no state of its own.
//
// With m(k) = 1 where key k is in B, the rows of A that have a partner change by dA·m_new + A_old·dm: the new rows by what
// is there now, the old ones by the keys that appeared or went.
type keyMatcher struct {
	j       *Join
	keys    [2]*keyChange
	probe   state.Probe
	matched []bool
	sel     []int32
	weights []int64
}

func newKeyMatcher(j *Join) *keyMatcher {
	m := &keyMatcher{j: j, sel: []int32{}} // never nil, which is all rows
	for i, s := range j.sides {
		m.keys[i] = &keyChange{keys: delta.NewKeyIndex(s.keyTypes())}
	}
	return m
}

func (m *keyMatcher) states() []op.State { return nil }

func (m *keyMatcher) drop(int, int64) error { return nil }

// step implements matcher.
func (m *keyMatcher) step(a, b *side) error {
	j := m.j
	for _, s := range []*side{a, b} {
		if err := s.consolidate(false); err != nil {
			return err
		}
	}
	full := j.kind == physical.FullJoin
	fresh := b.arr.rows() == 0
	ofA, ofB := m.keys[a.index], m.keys[b.index]
	defer ofA.keys.Reset()
	defer ofB.keys.Reset()
	if err := ofB.before(b, j.kind != physical.InnerJoin && a.arr.rows() > 0); err != nil {
		return err
	}
	if err := ofA.before(a, full && !fresh); err != nil {
		return err
	}
	// Where b keeps unmatched rows too, they follow dB·m_old + B_new·dm, as its old rows are gone by the time a's changes are
	// known; and over an empty b, when all of a is new as well, dB·m_new alone.
	if err := m.join(b, a, j.emitsPairs(), full && !fresh); err != nil {
		return err
	}
	if err := b.apply(nil); err != nil {
		return err
	}
	if err := m.transit(ofB, a, b); err != nil {
		return err
	}
	if err := m.probeWithA(a, b); err != nil {
		return err
	}
	if !j.ctx.Once || full {
		if err := a.apply(nil); err != nil {
			return err
		}
	}
	if full && fresh {
		return m.join(b, a, false, true)
	}
	return m.transit(ofA, b, a)
}

// probeWithA joins a's changes with b as it is now.
func (m *keyMatcher) probeWithA(a, b *side) error {
	if m.j.kind == physical.SemiJoin {
		return m.semi(a, b)
	}
	return m.join(a, b, m.j.emitsPairs(), m.j.keepsUnmatched())
}

// join emits the pairs of from's changes and to's rows, and those of the changes that have no partner.
func (m *keyMatcher) join(from, to *side, pairs, unmatched bool) error {
	for _, c := range from.in.Chunks {
		var found []bool
		var err error
		switch {
		case pairs:
			found, err = m.emitPairs(c, from, to)
		case unmatched:
			found, err = to.has(c.Cols[:from.keys], nil, c.N, c.Hashes)
		}
		if err != nil {
			return err
		}
		if unmatched {
			if err := m.j.emit.alone(from, c.Cols, m.where(found, false), c.N, c.Weights); err != nil {
				return err
			}
		}
	}
	return nil
}

// emitPairs emits the pairs of a chunk and tells which of its rows have any.
func (m *keyMatcher) emitPairs(c *delta.Chunk, from, to *side) ([]bool, error) {
	if m.j.kind == physical.InnerJoin {
		return nil, m.j.pairs.each(c, from, to, m.j.pair)
	}
	m.matched = fill(m.matched, c.N, false)
	return m.matched, m.j.pairs.each(c, from, to, func() error {
		for _, i := range m.j.pairs.Probing {
			m.matched[i] = true
		}
		return m.j.emitPairs()
	})
}

// semi emits those of a's changes that have a partner.
func (m *keyMatcher) semi(a, b *side) error {
	for _, c := range a.in.Chunks {
		found, err := b.has(c.Cols[:a.keys], nil, c.N, c.Hashes)
		if err != nil {
			return err
		}
		if err := m.j.emit.alone(a, c.Cols, m.where(found, true), c.N, c.Weights); err != nil {
			return err
		}
	}
	return nil
}

// where are the rows for which found is is.
func (m *keyMatcher) where(found []bool, is bool) []int32 {
	m.sel = m.sel[:0]
	for i, f := range found {
		if f == is {
			m.sel = append(m.sel, int32(i))
		}
	}
	return m.sel
}

// transit emits the change of the rows of s whose key has appeared in, or gone from, the other side.
func (m *keyMatcher) transit(ch *keyChange, s, of *side) error {
	sel, hashes, err := ch.after(of)
	if err != nil || len(sel) == 0 {
		return err
	}
	return s.arr.near(ch.keys.Cols, sel, ch.keys.Len(), hashes, s.keyReach(), func(at shelf, sel []int32, hashes []uint64) error {
		return m.transitIn(at.rows, ch, s, sel, hashes)
	})
}

// transitIn is transit for the rows of one arrangement.
func (m *keyMatcher) transitIn(h *state.Hashed, ch *keyChange, s *side, sel []int32, hashes []uint64) error {
	m.probe.Cols = nil
	if err := h.Probe(&m.probe, ch.keys.Cols, hashes, sel, ch.keys.Len()); err != nil {
		return err
	}
	for {
		ok, err := m.probe.Next()
		if err != nil || !ok {
			return err
		}
		b := m.probe.Batch
		m.weights = m.weights[:0]
		for k, key := range m.probe.Rows {
			w := b.Weight(k)
			if ch.was[key] == (m.j.kind == physical.SemiJoin) {
				w = -w // a key that goes takes the rows of a semi join, and brings all others'
			}
			m.weights = append(m.weights, w)
		}
		if err := m.j.emit.alone(s, b.Cols, nil, b.N, m.weights); err != nil {
			return err
		}
	}
}

// keyChange follows which of the keys that a side's changes touch appear in it or go.
type keyChange struct {
	keys    *delta.Index
	was     []bool
	on      bool
	numbers []int32
	sel     []int32
	hashes  []uint64
}

// before notes the keys of s's changes and whether they are there before these are applied. Without on it notes nothing.
func (ch *keyChange) before(s *side, on bool) (err error) {
	ch.on = on
	if !on {
		return nil
	}
	for _, c := range s.in.Chunks {
		if ch.numbers, err = ch.keys.Add(c.Cols[:s.keys], nil, c.N, c.Hashes, ch.numbers); err != nil {
			return err
		}
	}
	ch.was = ch.was[:0]
	return ch.look(s, func(_ int, found bool) { ch.was = append(ch.was, found) })
}

// after gives the keys that have appeared or gone, with their hashes. They are valid until the keys are reset.
func (ch *keyChange) after(s *side) ([]int32, []uint64, error) {
	if !ch.on {
		return nil, nil, nil
	}
	ch.sel, ch.hashes = ch.sel[:0], ch.hashes[:0]
	err := ch.look(s, func(key int, found bool) {
		if found != ch.was[key] {
			ch.sel, ch.hashes = append(ch.sel, int32(key)), append(ch.hashes, ch.keys.Hashes()[key])
		}
	})
	return ch.sel, ch.hashes, err
}

// look tells of each key whether s has it.
func (ch *keyChange) look(s *side, tell func(key int, found bool)) error {
	n := ch.keys.Len()
	for from := 0; from < n; from += vec.BatchSize {
		to := min(from+vec.BatchSize, n)
		sel := ch.numbers[:0]
		for key := from; key < to; key++ {
			sel = append(sel, int32(key))
		}
		ch.numbers = sel
		found, err := s.has(ch.keys.Cols, sel, n, ch.keys.Hashes()[from:to])
		if err != nil {
			return err
		}
		for key := from; key < to; key++ {
			tell(key, found[key])
		}
	}
	return nil
}
