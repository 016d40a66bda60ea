package join

import (
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// partners counts the partners of one side's rows: in counts those of all rows that have any, and for a step in rows, which
// has the side's changed rows and then others whose partners change.
type partners struct {
	side *side
	// counts is a Z-set of the side's rows in which the weight is how many partners one such row has.
	counts *store

	rows *delta.Index
	// changed are the numbers in rows of the side's changed rows, in their order.
	changed []int32
	// old and new are the rows' weights before and after the step, change how many partners they win.
	old, new, change []int64

	numbers            []int32
	sel                []int32
	hashes             []uint64
	ch                 state.Changes
	matched, unmatched []int64
}

func newPartners(s *side, mem *state.Memory) *partners {
	return &partners{side: s, rows: delta.NewIndex(s.types), counts: s.newStore(mem)}
}

// begin begins the step's list with the side's changes.
func (p *partners) begin() (err error) {
	for _, c := range p.side.in.Chunks {
		if p.numbers, err = p.rows.Add(c.Cols, nil, c.N, nil, p.numbers); err != nil {
			return err
		}
		p.changed = append(p.changed, p.numbers...)
	}
	p.extend()
	return nil
}

// extend makes room for the rows that have been added to the list, and says which is the first of them.
func (p *partners) extend() (known int) {
	known = len(p.old)
	for len(p.old) < p.rows.Len() {
		p.old, p.new, p.change = append(p.old, 0), append(p.new, 0), append(p.change, 0)
	}
	return known
}

// apply brings the side's changes into its state.
func (p *partners) apply() error {
	next := p.changed
	return p.side.apply(func(ch *state.Changes) {
		for k := range ch.Old {
			p.old[next[k]], p.new[next[k]] = ch.Old[k], ch.New[k]
		}
		next = next[len(ch.Old):]
	})
}

// applyOnce is apply where the state is empty and stays so.
func (p *partners) applyOnce() {
	next := p.changed
	for _, c := range p.side.in.Chunks {
		for i := range c.N {
			p.new[next[i]] = c.Weight(i)
		}
		next = next[c.N:]
	}
}

// meetNew counts the partners of those changed rows that were not there before. The first probing row is changed row base.
func (p *partners) meetNew(base int, pairs *pairs) {
	for k := range pairs.Batch.Rows() {
		i := pairs.Batch.Row(k)
		if n := p.changed[base+int(pairs.Probing[i])]; p.old[n] == 0 {
			p.change[n] += weightAt(pairs.Stored, i)
		}
	}
}

// meet counts the other side's changed rows, which probed, as partners of the rows that they met.
func (p *partners) meet(pairs *pairs, changed *delta.Chunk) (err error) {
	b := &pairs.Batch
	cols := b.Cols[p.side.offset : p.side.offset+len(p.side.cols)]
	if p.numbers, err = p.rows.Add(cols, b.Sel, b.N, nil, p.numbers); err != nil {
		return err
	}
	known := p.extend()
	for k, n := range p.numbers {
		i := b.Row(k)
		if int(n) >= known { // not one of the side's own changes
			p.old[n] = weightAt(pairs.Stored, i)
			p.new[n] = p.old[n]
		}
		p.change[n] += changed.Weight(int(pairs.Probing[i]))
	}
	return nil
}

func weightAt(weights []int64, i int) int64 {
	if weights == nil {
		return 1
	}
	return weights[i]
}

// finish brings the changed counts into the state and gives, for up to vec.BatchSize rows of the list at a time, how the
// weights of those with and of those without partners change. once says that no later step will ask for the counts.
func (p *partners) finish(once bool, give func(cols []*vec.Vector, sel []int32, n int, matched, unmatched []int64) error) error {
	n := p.rows.Len()
	p.matched, p.unmatched = fill(p.matched, n, 0), fill(p.unmatched, n, 0)
	for from := 0; from < n; from += vec.BatchSize {
		p.sel = p.sel[:0]
		for i := from; i < min(from+vec.BatchSize, n); i++ {
			p.sel = append(p.sel, int32(i))
		}
		if once {
			for _, i := range p.sel {
				addTo(p.change[i] > 0, p.new[i], &p.matched[i], &p.unmatched[i])
			}
		} else if err := p.count(n); err != nil {
			return err
		}
		if err := give(p.rows.Cols, p.sel, n, p.matched, p.unmatched); err != nil {
			return err
		}
	}
	return nil
}

// count brings the counts of the selected rows up to date.
func (p *partners) count(n int) error {
	p.hashes = fill(p.hashes, len(p.sel), 0)
	vec.HashRows(p.rows.Cols[:p.side.keys], p.sel, n, p.hashes)
	b := vec.Batch{Cols: p.rows.Cols, N: n, Sel: p.sel, Weights: p.change}
	if err := p.counts.apply(&b, p.hashes, &p.ch); err != nil {
		return err
	}
	gone := false
	for k, i := range p.sel {
		was, is := p.ch.Old[k] > 0, p.ch.New[k] > 0
		p.change[i] = 0
		if p.new[i] == 0 && p.ch.New[k] != 0 {
			p.change[i], gone = -p.ch.New[k], true // rows that are not there have no count
		}
		addTo(is, p.new[i], &p.matched[i], &p.unmatched[i])
		addTo(was, -p.old[i], &p.matched[i], &p.unmatched[i])
	}
	if !gone {
		return nil
	}
	return p.counts.apply(&b, p.hashes, nil)
}

func addTo(matched bool, weight int64, with, without *int64) {
	if matched {
		*with += weight
	} else {
		*without += weight
	}
}

// reset forgets the step.
func (p *partners) reset() {
	p.rows.Reset()
	p.changed, p.old, p.new, p.change = p.changed[:0], p.old[:0], p.new[:0], p.change[:0]
}
