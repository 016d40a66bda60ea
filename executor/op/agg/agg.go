package agg

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Aggregate is the operator of the Aggregate node.
type Aggregate struct {
	*layout
	mem *state.Memory
	ctx *op.Context

	scratch   *scratch
	groups    *groups
	distincts []*distinct
	lists     []*list
	emit      emitter
	// ofRows and ofGroups are what functions are called with that take rows, and those that take groups.
	ofRows, ofGroups kernel

	watermark int64
	// quiet says that the state was empty when the step began and has been written since: nothing of it is out yet.
	quiet bool

	keys     []*vec.Vector
	hashes   []uint64
	sel      []int32
	some     []int32
	identity []int32
	args     []*vec.Vector
	// taken are columns of partial states of which some are left out.
	taken []*vec.Vector
}

// New makes the operator of an Aggregate node over an input with columns of types in.
func New(n *physical.Aggregate, in []types.Type, mem *state.Memory) (*Aggregate, error) {
	return newHashed(n, in, len(n.Keys), mem)
}

// newHashed is New for groups whose state is found by the first so many keys, which with the slice tell the others.
func newHashed(n *physical.Aggregate, in []types.Type, keys int, mem *state.Memory) (*Aggregate, error) {
	l, err := newLayout(n, in)
	if err != nil {
		return nil, err
	}
	l.hashed = keys
	a := &Aggregate{layout: l, mem: mem, watermark: op.NoWatermark}
	a.scratch, a.groups = newScratch(l), newGroups(l, mem)
	a.emit = newEmitter(l)
	a.keys = make([]*vec.Vector, len(l.keys))
	if n.Partial != nil {
		a.taken = vectors(len(l.state))
	}
	for i := range l.calls {
		a.follow(i)
	}
	for _, d := range a.distincts {
		d.open(l, mem)
	}
	return a, nil
}

// follow gives a call what it needs besides the groups' states.
func (a *Aggregate) follow(i int) {
	c := &a.calls[i]
	if c.distinct {
		a.followDistinct(i)
	}
	if c.how == ordered {
		a.lists = append(a.lists, newList(a.layout, i, a.mem))
	}
}

// followDistinct gives a call the distinct values of its arguments, which calls over the same arguments share.
func (a *Aggregate) followDistinct(i int) {
	for _, d := range a.distincts {
		if d.take(a.layout, i) {
			return
		}
	}
	d := newDistinct(a.layout, &a.calls[i])
	d.take(a.layout, i)
	a.distincts = append(a.distincts, d)
}

// Open implements op.Operator.
func (a *Aggregate) Open(ctx *op.Context) error {
	a.ctx = ctx
	return nil
}

// Push implements op.Operator.
func (a *Aggregate) Push(_ int, b *vec.Batch, out op.Output) error {
	if err := a.gather(b); err != nil {
		return err
	}
	return a.spill(out)
}

// gather brings the rows of a batch into the scratch.
func (a *Aggregate) gather(b *vec.Batch) error {
	sel := a.wanted(b)
	if sel != nil && len(sel) == 0 || b.N == 0 {
		return nil
	}
	for i, k := range a.node.Keys {
		a.keys[i] = b.Cols[k]
	}
	rows := b.N
	if sel != nil {
		rows = len(sel)
	}
	a.hashes = sized(a.hashes, rows)
	vec.HashRows(a.keys, sel, b.N, a.hashes)
	weights := b.Weights
	if p := a.node.Partial; p != nil {
		weights = b.Cols[p.Count].Flatten(b.N).I64
	}
	groups, err := a.scratch.add(a.keys, sel, b.N, a.hashes, weights)
	if err != nil {
		return err
	}
	a.beginCalls()
	if a.node.Partial != nil {
		a.mergePartial(b, sel)
		return nil
	}
	for i := range a.calls {
		c := &a.calls[i]
		if c.distinct || c.how == counted {
			continue
		}
		rows := a.rowsOf(c, b, sel)
		if c.how == ordered {
			err = a.listOf(i).add(a, b, rows, groups, b.Weights)
		} else {
			err = a.step(c, b, rows, groups, b.Weights)
		}
		if err != nil {
			return err
		}
	}
	for _, d := range a.distincts {
		if err := d.add(a, b, sel, groups); err != nil {
			return err
		}
	}
	a.scratch.compact()
	return nil
}

// spill brings a full scratch into the state.
func (a *Aggregate) spill(out op.Output) error {
	if !a.full() {
		return nil
	}
	a.quiet = !a.node.EmitOnClose
	return a.merge(out)
}

// full reports whether the scratch has so many groups that they are better brought into the state, where that needs no notes of what
// the state was before: it is empty, as where a view begins, or nothing is emitted yet.
func (a *Aggregate) full() bool {
	if a.scratch.index.Len() <= keepGroups-vec.BatchSize || a.ctx.Once { // a query's only step needs no state beside the scratch
		return false
	}
	return a.node.EmitOnClose || a.quiet || a.groups.rows() == 0 && len(a.lists) == 0
}

// step brings rows into the scratch's states of a call.
func (a *Aggregate) step(c *call, b *vec.Batch, rows, groups []int32, weights []int64) error {
	return a.stepInto(a.scratch.state[c.from:c.to], c, b, rows, groups, weights)
}

// stepInto brings rows into states of a call.
func (a *Aggregate) stepInto(states []*vec.Vector, c *call, b *vec.Batch, rows, groups []int32, weights []int64) error {
	a.args = a.args[:0]
	for _, x := range c.args {
		a.args = append(a.args, b.Cols[x])
	}
	c.fn.Step(&a.ofRows.Ctx, states, groups, a.args, rows, weights)
	return a.failRows(b, weights)
}

// listOf is the list of call i.
func (a *Aggregate) listOf(i int) *list {
	for _, l := range a.lists {
		if l.number == i {
			return l
		}
	}
	return nil
}

// Watermark implements op.Operator. Where windows are emitted when they close this emits them.
func (a *Aggregate) Watermark(_ int, t int64, out op.Output) error {
	if t <= a.watermark {
		return nil
	}
	a.watermark = t
	if a.node.EmitOnClose {
		if err := a.merge(out); err != nil {
			return err
		}
		if err := a.emitClosed(out); err != nil {
			return err
		}
	}
	return out.Watermark(t)
}

// Prompt implements op.Prompt: windows that are emitted when they close are out before the watermark.
func (a *Aggregate) Prompt() bool { return a.node.EmitOnClose }

// EndStep implements op.Operator.
func (a *Aggregate) EndStep(out op.Output) error {
	if a.node.Global && a.groups.rows() == 0 && a.scratch.index.Len() == 0 {
		if _, err := a.scratch.add(nil, nil, 1, nil, []int64{0}); err != nil {
			return err
		}
	}
	if err := a.merge(out); err != nil {
		return err
	}
	if a.quiet {
		a.quiet = false
		if err := a.emitAll(out); err != nil {
			return err
		}
	}
	if a.windowed() && !a.node.EmitOnClose {
		return a.freeClosed()
	}
	return nil
}

// State implements op.Stateful.
func (a *Aggregate) State() []op.State {
	out := []op.State{a.groups.arrangement()}
	for _, d := range a.distincts {
		out = append(out, d.seen.arrangement())
	}
	for _, l := range a.lists {
		out = append(out, l.rows)
	}
	return out
}

// Close implements op.Operator.
func (a *Aggregate) Close() {
	for _, s := range a.State() {
		s.Release()
	}
}
