package agg

import (
	"slices"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// twoPhase is an aggregate over partial ones of several tasks, which the batches go to in turn.
type twoPhase struct {
	op.Operator
	below  []*Partial
	pushes int
}

// above is a partial aggregate's output: the aggregate above it.
type above struct {
	op  op.Operator
	out op.Output
}

func (a above) Batch(b *vec.Batch) error { return a.op.Push(0, b, a.out) }
func (a above) Watermark(int64) error    { return nil }

func (o *twoPhase) Open(ctx *op.Context) error {
	for _, p := range o.below {
		if err := p.Open(ctx); err != nil {
			return err
		}
	}
	return o.Operator.Open(ctx)
}

func (o *twoPhase) Push(_ int, b *vec.Batch, out op.Output) error {
	o.pushes++
	return o.below[o.pushes%len(o.below)].Push(0, b, above{o.Operator, out})
}

func (o *twoPhase) Watermark(_ int, t int64, out op.Output) error {
	for _, p := range o.below {
		if err := p.Watermark(0, t, above{o.Operator, out}); err != nil {
			return err
		}
	}
	return o.Operator.Watermark(0, t, out)
}

func (o *twoPhase) EndStep(out op.Output) error {
	for _, p := range o.below {
		if err := p.EndStep(above{o.Operator, out}); err != nil {
			return err
		}
	}
	return o.Operator.EndStep(out)
}

func (o *twoPhase) State() []op.State { return o.Operator.(op.Stateful).State() }

func (o *twoPhase) Close() {
	for _, p := range o.below {
		p.Close()
	}
	o.Operator.Close()
}

// split makes a partial aggregate for the rows of an aggregate, and what the aggregate's calls then are; not ok where the planner would not.
func split(n *physical.PartialAggregate, in []types.Type) (calls []physical.AggCall, mid []types.Type, ok bool) {
	l, err := newLayout(n.Whole(), in)
	if err != nil || len(l.calls) > len(n.Calls) {
		return nil, nil, false
	}
	mid = slices.Concat(l.keys, []types.Type{int8T}, l.state)
	at := len(l.keys) + 1
	for i, c := range l.calls {
		if c.how == ordered || c.distinct || slices.ContainsFunc(l.state[c.from:c.to], func(t types.Type) bool { return t.Kind() == types.KindBytes }) {
			return nil, nil, false
		}
		final := physical.AggCall{Name: n.Calls[i].Name, ArgTypes: n.Calls[i].ArgTypes, Filter: physical.NoColumn, Type: n.Calls[i].Type}
		for range c.to - c.from {
			final.Args = append(final.Args, at)
			at++
		}
		calls = append(calls, final)
	}
	return calls, mid, true
}

// phases makes an Aggregate, or one over partial aggregates where that can be.
func phases(t *rapid.T, n *physical.Aggregate, in []types.Type) func(mem *state.Memory) (op.Operator, error) {
	below := &physical.PartialAggregate{Keys: n.Keys, Calls: n.Calls, AppendOnly: n.AppendOnly}
	calls, mid, ok := split(below, in)
	if !ok || rapid.IntRange(0, 2).Draw(t, "direct") == 0 {
		return func(mem *state.Memory) (op.Operator, error) { return New(n, in, mem) }
	}
	merging := *n
	merging.Keys, merging.Calls, merging.Partial = columns(len(n.Keys)), calls, &physical.Partial{Count: len(n.Keys)}
	return drawPhases(t, below, in, func(mem *state.Memory) (op.Operator, error) { return New(&merging, mid, mem) })
}

// slicePhases is phases for a SliceAggregate.
func slicePhases(t *rapid.T, n *physical.SliceAggregate, in []types.Type) func(mem *state.Memory) (op.Operator, error) {
	below := &physical.PartialAggregate{Keys: append(slices.Clone(n.Keys), n.Slice, n.First), Calls: n.Calls, AppendOnly: n.AppendOnly}
	calls, mid, ok := split(below, in)
	require.True(t, ok)
	if rapid.Bool().Draw(t, "direct") {
		return func(mem *state.Memory) (op.Operator, error) { return NewSlices(n, in, mem) }
	}
	merging, keys := *n, len(n.Keys)
	merging.Keys, merging.Slice, merging.First, merging.Calls = columns(keys), keys, keys+1, calls
	merging.Partial = &physical.Partial{Count: keys + 2}
	return drawPhases(t, below, in, func(mem *state.Memory) (op.Operator, error) { return NewSlices(&merging, mid, mem) })
}

// drawPhases makes an operator over partial aggregates that have little room, so that they are given early, or row by row.
func drawPhases(t *rapid.T, n *physical.PartialAggregate, in []types.Type, final func(mem *state.Memory) (op.Operator, error)) func(mem *state.Memory) (op.Operator, error) {
	room, tasks := rapid.IntRange(1, 8).Draw(t, "room"), rapid.IntRange(1, 3).Draw(t, "tasks")
	passing := rapid.SampledFrom([]int{0, 0, 3, 1000}).Draw(t, "passing")
	return func(mem *state.Memory) (op.Operator, error) {
		o := &twoPhase{}
		for range tasks {
			p, err := NewPartial(n, in, mem)
			if err != nil {
				return nil, err
			}
			p.room, p.passing = room, passing
			o.below = append(o.below, p)
		}
		var err error
		o.Operator, err = final(mem)
		return o, err
	}
}

// columns are the first n columns.
func columns(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// given counts the rows that a partial aggregate gives.
type given struct {
	rows  int
	count int64
}

func (g *given) Batch(b *vec.Batch) error {
	g.rows += b.Rows()
	for k := range b.Rows() {
		g.count += b.Cols[1].I64[b.Row(k)]
	}
	return nil
}

func (g *given) Watermark(int64) error { return nil }

// TestPartialAdapts: rows of few groups are added up until the cut; those of as many groups as rows are passed on, until they are few again.
func TestPartialAdapts(t *testing.T) {
	n := countAndMax(false)
	p, err := NewPartial(&physical.PartialAggregate{Keys: n.Keys, Calls: n.Calls, AppendOnly: true}, benchTypes, state.NewMemory(nil))
	require.NoError(t, err)
	require.NoError(t, p.Open(&op.Context{Faults: &op.Faults{}}))
	defer p.Close()
	push := func(g *given, batches []*vec.Batch) {
		for _, b := range batches {
			require.NoError(t, p.Push(0, b, g))
		}
	}
	few := &given{}
	push(few, benchBatches(100, 64))
	require.Zero(t, few.rows)
	require.NoError(t, p.EndStep(few))
	require.Equal(t, given{100, 64 * vec.BatchSize}, *few)

	many, unique := &given{}, benchBatches(1<<30, passFor*partialGroups/vec.BatchSize+4)
	push(many, unique)
	require.NoError(t, p.EndStep(many))
	require.EqualValues(t, len(unique)*vec.BatchSize, many.count)
	require.Greater(t, many.rows, len(unique)*vec.BatchSize*99/100)
	require.Zero(t, p.passing, "it tries again")

	few = &given{}
	push(few, benchBatches(100, 64))
	require.NoError(t, p.EndStep(few))
	require.Equal(t, given{100, 64 * vec.BatchSize}, *few)
}

// TestPartialRefuses: what cannot be merged is no partial aggregate.
func TestPartialRefuses(t *testing.T) {
	distinct := countAndMax(true)
	_, err := NewPartial(&physical.PartialAggregate{Keys: distinct.Keys, Calls: distinct.Calls, AppendOnly: true}, benchTypes, state.NewMemory(nil))
	require.Error(t, err)
	_, err = NewPartial(&physical.PartialAggregate{Keys: []int{0}}, []types.Type{numeric}, state.NewMemory(nil))
	require.Error(t, err)
}
