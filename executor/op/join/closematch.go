package join

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// closeMatcher is for joins over append-only inputs whose rows without a partner are emitted when they can have none any more: then
// no output is revised.
type closeMatcher struct {
	j       *Join
	waiting [2]*waiting // nil where unmatched rows are not kept
}

func newCloseMatcher(j *Join, mem *state.Memory) *closeMatcher {
	m := &closeMatcher{j: j}
	for i, s := range j.sides {
		if i != j.build || j.kind == physical.FullJoin {
			m.waiting[i] = newWaiting(s, mem)
		}
	}
	return m
}

func (m *closeMatcher) states() []op.State {
	var out []op.State
	for _, w := range m.waiting {
		if w != nil {
			out = append(out, w.rows)
		}
	}
	return out
}

// step implements matcher.
func (m *closeMatcher) step(a, b *side) error {
	if err := m.pair(b, a); err != nil {
		return err
	}
	if err := b.apply(nil); err != nil {
		return err
	}
	if err := m.pair(a, b); err != nil {
		return err
	}
	return a.apply(nil)
}

// pair emits the pairs of from's changes and to's rows. Of the changes those without a partner begin to wait, and the rows that
// have won one wait no longer.
func (m *closeMatcher) pair(from, to *side) error {
	ofFrom, ofTo := m.waiting[from.index], m.waiting[to.index]
	for _, c := range from.in.Chunks {
		if ofFrom != nil {
			ofFrom.met = fill(ofFrom.met, c.N, false)
		}
		err := m.j.pairs.each(c, from, to, func() error { return m.met(ofFrom, ofTo) })
		if err != nil {
			return err
		}
		if ofFrom != nil {
			if err := ofFrom.add(c); err != nil {
				return err
			}
		}
	}
	if ofTo != nil {
		return ofTo.leave()
	}
	return nil
}

// met notes who is in the pairs at hand, and emits them.
func (m *closeMatcher) met(ofFrom, ofTo *waiting) error {
	p := m.j.pairs
	if ofFrom != nil {
		for k := range p.Batch.Rows() {
			ofFrom.met[p.Probing[p.Batch.Row(k)]] = true
		}
	}
	if ofTo != nil {
		s := ofTo.side
		if _, err := ofTo.matched.Add(p.Batch.Cols[s.offset:s.offset+len(s.cols)], p.Batch.Sel, p.Batch.N, nil, nil); err != nil {
			return err
		}
	}
	if m.j.emitsPairs() {
		return m.j.emitPairs()
	}
	return nil
}

// drop implements matcher: it emits the rows that have waited in vain.
func (m *closeMatcher) drop(side int, least int64) error {
	w := m.waiting[side]
	if w == nil || least == op.NoWatermark {
		return nil
	}
	for g := range state.Groups {
		if err := w.end(g, least, func(b *vec.Batch) error { return m.j.emit.alone(w.side, b.Cols, nil, b.N, b.Weights) }); err != nil {
			return err
		}
	}
	return nil
}

// waiting are the rows of a side that have no partner so far, by when they can have none any more.
type waiting struct {
	side *side
	// rows lie in the key group of their key, and there in the order of until.
	rows *state.Ordered
	// met says which rows of the probing chunk have a partner; matched are the other rows that have won one.
	met     []bool
	matched *delta.Index

	cursor  state.Cursor
	ch      state.Changes
	sel     []int32
	hashes  []uint64
	weights []int64
}

func newWaiting(s *side, mem *state.Memory) *waiting {
	spec := state.Spec{Types: s.types, Order: []state.Order{{Col: s.bound.until}}}
	return &waiting{side: s, rows: state.NewOrdered(mem, spec), matched: delta.NewIndex(s.types), sel: []int32{}}
}

// add makes the rows of a chunk wait that were not met.
func (w *waiting) add(c *delta.Chunk) error {
	w.sel, w.hashes = w.sel[:0], w.hashes[:0]
	for i, met := range w.met {
		if !met {
			w.sel, w.hashes = append(w.sel, int32(i)), append(w.hashes, c.Hashes[i])
		}
	}
	b := c.Batch
	b.Sel = w.sel
	return w.rows.Apply(&b, w.hashes, nil)
}

// leave takes out the rows that have won a partner.
func (w *waiting) leave() error {
	defer w.matched.Reset()
	n := w.matched.Len()
	if n == 0 {
		return nil
	}
	w.hashes, w.weights = fill(w.hashes, n, 0), fill(w.weights, n, 0)
	vec.HashRows(w.matched.Cols[:w.side.keys], nil, n, w.hashes)
	b := vec.Batch{Cols: w.matched.Cols, N: n, Weights: w.weights}
	if err := w.rows.Apply(&b, w.hashes, &w.ch); err != nil { // which of them wait, and how often
		return err
	}
	for i, old := range w.ch.Old {
		w.weights[i] = -old
	}
	return w.rows.Apply(&b, w.hashes, nil)
}

// end gives the rows of a key group with times before least to f and takes them out.
func (w *waiting) end(group int, least int64, f func(b *vec.Batch) error) error {
	for {
		if err := w.rows.Scan(&w.cursor, group); err != nil {
			return err
		}
		ok, err := w.cursor.Next(vec.BatchSize)
		if err != nil || !ok {
			return err
		}
		times := w.cursor.Batch.Cols[w.side.bound.until].I64
		n, _ := slices.BinarySearch(times[:w.cursor.Batch.N], least)
		if least == op.EndOfTime {
			n = w.cursor.Batch.N
		}
		if n == 0 {
			return nil
		}
		b := w.cursor.Batch.Clone() // the arrangement is written while it is read
		if b.N = n; b.Weights != nil {
			b.Weights = b.Weights[:n]
		}
		if err := f(b); err != nil {
			return err
		}
		w.hashes, w.weights = fill(w.hashes, n, 0), w.weights[:0]
		vec.HashRows(b.Cols[:w.side.keys], nil, n, w.hashes)
		for i := range n {
			w.weights = append(w.weights, -b.Weight(i))
		}
		b.Weights = w.weights
		if err := w.rows.Apply(b, w.hashes, nil); err != nil {
			return err
		}
	}
}
