package agg

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Partial is the operator of the PartialAggregate node. It gathers groups in a scratch that stays in the processor's cache, and gives them out
// when that is full, before a watermark and at the cut. Where keys are nearly all different there is nothing to gain: it then gives each
// row as a group of its own, and tries again from time to time. What is merged of it is the same either way.
type Partial struct {
	// rows gathers; of its state only the scratch is used. Its index has the groups' keys, or ints does: nil if it cannot.
	rows *Aggregate
	ints *integers
	// room is how many groups are gathered. taken are the rows in the scratch, passing those that are still to be given by themselves.
	room, taken, passing int

	groups []int32
	ones   []int64
	count  vec.Vector
	state  []*vec.Vector
	out    vec.Batch
}

const (
	// partialGroups is how many groups are gathered. With what belongs to them they fit into the second-level cache.
	partialGroups = 4 * vec.BatchSize
	// passFor is for how many times what is gathered rows are given by themselves, before it is tried again whether they share groups: so
	// often that it is soon noticed, and so seldom that trying costs little.
	passFor = 64
	// worthwhile is how many rows a group must have, on average, for gathering to pay.
	worthwhile = 2
)

// NewPartial makes the operator of a PartialAggregate node over an input with columns of types in.
func NewPartial(n *physical.PartialAggregate, in []types.Type, mem *state.Memory) (*Partial, error) {
	rows, err := New(n.Whole(), in, mem)
	if err != nil {
		return nil, err
	}
	if len(rows.lists)+len(rows.distincts) > 0 || len(rows.calls) > len(n.Calls) {
		return nil, sqlerr.Internal("a plan aggregates partially by calls that cannot be merged")
	}
	return &Partial{rows: rows, ints: newIntegers(rows.layout.keys), room: partialGroups, state: vectors(len(rows.layout.state))}, nil
}

// Open implements op.Operator.
func (p *Partial) Open(ctx *op.Context) error { return p.rows.Open(ctx) }

// Push implements op.Operator.
func (p *Partial) Push(_ int, b *vec.Batch, out op.Output) error {
	if p.passing > 0 {
		p.passing -= b.Rows()
		return p.pass(b, out)
	}
	if err := p.gather(b, out); err != nil {
		return err
	}
	if p.taken += b.Rows(); len(p.rows.scratch.count) < p.room {
		return nil
	}
	return p.flush(out)
}

// gather brings the rows of a batch into the scratch: by one integer, as long as they differ in no more.
func (p *Partial) gather(b *vec.Batch, out op.Output) error {
	if p.ints == nil || p.rows.scratch.index.Len() > 0 {
		return p.rows.gather(b)
	}
	sel := p.rows.wanted(b)
	if sel != nil && len(sel) == 0 || b.N == 0 {
		return nil
	}
	p.look(b)
	if !p.ints.fits(p.rows.keys, sel, b.N) {
		if err := p.flush(out); err != nil {
			return err
		}
		if !p.ints.fits(p.rows.keys, sel, b.N) {
			return p.rows.gather(b)
		}
	}
	p.groups = sized(p.groups, b.N)
	p.ints.add(p.rows.keys, sel, b.N, p.groups)
	s := p.rows.scratch
	s.tally(len(p.ints.values), p.groups, sel, b.N, b.Weights)
	return p.step(b, sel, p.groups, s.state)
}

// look brings the keys of a batch to hand.
func (p *Partial) look(b *vec.Batch) {
	for i, k := range p.rows.node.Keys {
		p.rows.keys[i] = b.Cols[k]
	}
}

// step brings rows into the states of their groups.
func (p *Partial) step(b *vec.Batch, sel, groups []int32, states []*vec.Vector) error {
	a := p.rows
	a.beginCalls()
	for i := range a.calls {
		if c := &a.calls[i]; c.how == merged {
			if err := a.stepInto(states[c.from:c.to], c, b, a.rowsOf(c, b, sel), groups, b.Weights); err != nil {
				return err
			}
		}
	}
	return nil
}

// Watermark implements op.Operator.
func (p *Partial) Watermark(_ int, t int64, out op.Output) error {
	if err := p.flush(out); err != nil {
		return err
	}
	return out.Watermark(t)
}

// EndStep implements op.Operator.
func (p *Partial) EndStep(out op.Output) error { return p.flush(out) }

// Close implements op.Operator.
func (p *Partial) Close() { p.rows.Close() }

// flush gives out what was gathered.
func (p *Partial) flush(out op.Output) error {
	s := p.rows.scratch
	n, keys := len(s.count), s.index.Cols
	if n == 0 {
		return nil
	}
	if s.index.Len() == 0 && p.ints != nil {
		keys = p.ints.columns()
		defer p.ints.reset()
	}
	if n >= p.room/4 && p.taken < worthwhile*n {
		p.passing = passFor * p.room
	}
	p.taken = 0
	for from := 0; from < n; from += vec.BatchSize {
		var sel []int32
		if n > vec.BatchSize {
			sel = p.rows.all(n)[from:min(from+vec.BatchSize, n)]
		}
		if err := p.give(keys, s.count, s.state, sel, out); err != nil {
			return err
		}
	}
	s.reset()
	return nil
}

// pass gives out the rows of a batch, each as a group.
func (p *Partial) pass(b *vec.Batch, out op.Output) error {
	a := p.rows
	sel := a.wanted(b)
	if sel != nil && len(sel) == 0 || b.N == 0 {
		return nil
	}
	p.look(b)
	count := b.Weights
	if count == nil {
		for len(p.ones) < b.N {
			p.ones = append(p.ones, 1)
		}
		count = p.ones[:b.N]
	}
	for c, v := range p.state {
		v.Resize(a.layout.state[c], 0)
		extendZero(v, b.N)
	}
	if err := p.step(b, sel, a.all(b.N), p.state); err != nil {
		return err
	}
	return p.give(a.keys, count, p.state, sel, out)
}

// give gives out the selected ones of groups.
func (p *Partial) give(keys []*vec.Vector, count []int64, states []*vec.Vector, sel []int32, out op.Output) error {
	p.count = vec.Vector{Type: int8T, I64: count}
	b := &p.out
	b.Cols = append(append(append(b.Cols[:0], keys...), &p.count), states...)
	b.N, b.Sel = len(count), sel
	return out.Batch(b)
}

// mergePartial merges the partial aggregates of a batch, whose groups have just been numbered, into the scratch.
func (a *Aggregate) mergePartial(b *vec.Batch, sel []int32) {
	n := b.N
	if sel != nil {
		n = len(sel)
	}
	for i := range a.calls {
		c := &a.calls[i]
		if c.how != merged {
			continue
		}
		a.args = a.args[:0]
		for j, x := range c.args {
			v := b.Cols[x].Flatten(b.N)
			if sel != nil {
				a.taken[c.from+j].Take(v, sel)
				v = a.taken[c.from+j]
			}
			a.args = append(a.args, v)
		}
		c.fn.Merge(&a.ofRows.Ctx, a.scratch.state[c.from:c.to], a.scratch.numbers, a.args, n)
	}
}
