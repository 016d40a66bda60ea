package job

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// matchedPlan is SELECT r.k, counts.n FROM r JOIN counts ON counts.k = r.k, where counts is the result of countPlan over r: a row of r has
// its key's count beside it, and is there as often, only if both are as of one epoch.
func matchedPlan() *physical.Plan {
	one, pair := []types.Type{int8T}, []types.Type{int8T, int8T}
	swap := func(in int, ts []types.Type) physical.Node {
		return physical.Node{Op: &physical.Exchange{Exchange: physical.HashExchange, Keys: []int{0}}, Inputs: []int{in}, Types: ts}
	}
	return &physical.Plan{Nodes: []physical.Node{
		{Op: &physical.Scan{Relation: 1, Columns: []int{0}}, Types: one},
		{Op: &physical.Scan{Relation: 2, Columns: []int{0, 1}}, Types: pair},
		swap(0, one), swap(1, pair),
		{Op: &physical.Join{Join: physical.InnerJoin, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false}, Output: []int{0, 2}},
			Inputs: []int{2, 3}, Types: pair},
		{Op: &physical.Root{Names: []string{"k", "n"}}, Inputs: []int{4}, Types: pair},
	}}
}

// chain is a job of countPlan and one of matchedPlan over its result and its input.
type chain struct {
	*testing.T
	sim             *sched.Sim
	clock           *epoch.Clock
	log             *changelog.Log
	table           *relation.Relation
	counts, matched *link
	written         []map[int64]int64 // rows by key, at the end of each epoch
}

// link is a job and its result.
type link struct {
	of       *chain
	relation *relation.Relation
	inputs   []*relation.Relation
	job      *Job
	cuts     int
	rows     map[[2]int64]int64
	check    func(epoch uint64)
}

func newChain(t *testing.T, seed uint64) *chain {
	c := &chain{T: t, sim: sched.NewSim(seed), written: []map[int64]int64{{}}}
	var err error
	c.log, err = changelog.Open(kv.NewMem(seed))
	require.NoError(t, err)
	c.table = relation.New(1, "r", []types.Type{int8T}, nil, state.NewMemory(nil))
	c.clock = epoch.New(c.log, c.sim, func(uint32) *relation.Relation { return c.table })
	c.table.Derive(relation.At(c.clock.Closed))
	c.write(1, 2)
	c.counts = c.link(2, optest.CountPlan(), c.table)
	c.counts.check = func(e uint64) {
		want := map[[2]int64]int64{}
		for k, n := range c.written[e] {
			want[[2]int64{k, n}] = 1
		}
		require.Equal(c, want, c.counts.rows)
	}
	c.matched = c.link(3, matchedPlan(), c.table, c.counts.relation)
	c.matched.check = func(e uint64) {
		want := map[[2]int64]int64{}
		for k, n := range c.written[e] {
			want[[2]int64{k, n}] = n
		}
		require.Equal(c, want, c.matched.rows)
	}
	c.counts.job.Start()
	c.matched.job.Start()
	return c
}

func (c *chain) link(oid uint32, plan *physical.Plan, inputs ...*relation.Relation) *link {
	l := &link{of: c, inputs: inputs, rows: map[[2]int64]int64{}}
	l.relation = relation.New(oid, "v", []types.Type{int8T, int8T}, nil, state.NewMemory(nil))
	of := map[uint32]Input{}
	for _, r := range inputs {
		of[r.OID] = Input{Relation: r}
	}
	var err error
	l.job, err = New(Config{Name: "v", Plan: plan, Mode: pipelined4, Inputs: of, Began: c.clock.Closed(), Output: l, Clock: c.clock, Log: c.log,
		Sched: c.sim, Mem: state.NewMemory(nil)})
	require.NoError(c, err)
	l.relation.Derive(relation.Derivation{Frontier: l.job.Frontier, Demand: l.job.Demand, Upstream: inputs})
	return l
}

// Publish implements Output: the result is right at its cut, which lies inside of no step of an input.
func (l *link) Publish(b relation.Block) error {
	require.Equal(l.of, b.Epoch, relation.CommonCut(b.Epoch, l.inputs...))
	require.Equal(l.of, b.Epoch, relation.LastCommonCut(b.Epoch, l.inputs...))
	for _, x := range b.Batches {
		for k := range x.Rows() {
			i := x.Row(k)
			at := [2]int64{x.Cols[0].I64[i], x.Cols[1].I64[i]}
			if l.rows[at] += x.Weight(i); l.rows[at] == 0 {
				delete(l.rows, at)
			}
		}
	}
	l.cuts++
	l.check(b.Epoch)
	return l.relation.Publish(b)
}

// Fail implements Output.
func (l *link) Fail(err error) { require.NoError(l.of, err) }

// write adds rows in an epoch of their own.
func (c *chain) write(keys ...int64) {
	b := vec.NewBatch([]types.Type{int8T}, len(keys))
	rows := maps.Clone(c.written[len(c.written)-1])
	for _, k := range keys {
		b.AppendRow(1, types.NewInt(k))
		rows[k]++
	}
	b.Weights = nil
	c.written = append(c.written, rows)
	before := c.clock.Closed()
	c.clock.Submit(&epoch.Commit{Data: []epoch.Change{{RelationData: changelog.RelationData{Relation: 1, Batches: []*vec.Batch{b}}, Mark: epoch.NoMark}},
		Done: func(_ uint64, err error) { require.NoError(c, err) }})
	require.NoError(c, c.sim.Run(10_000, func() bool { return c.clock.Closed() > before }))
}

// TestChainedModeChanges changes the modes of a view and of one over it at any moment. The upper one is right at each of its cuts, which
// the lower one has too, also where that has been batched and is so no longer; and a read finds an epoch at which both have a cut.
func TestChainedModeChanges(t *testing.T) {
	modes := []Mode{pipelined4, batched, pipelined1, batched}
	for seed := range uint64(80) {
		c := newChain(t, seed)
		rng := c.sim.Rand()
		for range 40 {
			c.write(rng.Int64N(5), rng.Int64N(5))
			switch rng.IntN(6) {
			case 0:
				c.counts.job.SetMode(modes[rng.IntN(len(modes))])
			case 1:
				c.matched.job.SetMode(modes[rng.IntN(len(modes))])
			case 2:
				c.matched.relation.Demand(c.clock.Closed())
			}
			for range rng.IntN(40) {
				c.sim.Step()
			}
			e := relation.LastCommonCut(c.clock.Closed(), c.matched.relation)
			require.Equal(t, e, relation.LastCommonCut(e, c.counts.relation))
		}
		last := c.clock.Closed()
		require.NoError(t, c.sim.Run(100_000, func() bool {
			return c.matched.relation.Frontier() >= last && c.counts.job.change == nil && c.matched.job.change == nil
		}))
		c.counts.check(last)
		c.matched.check(last)
		require.LessOrEqual(t, c.matched.cuts, c.counts.cuts)
		c.matched.job.Stop()
		c.counts.job.Stop()
	}
}

// TestFrontierWithinStep: one input has come to the end of a step over several epochs, the other only into it. The output is not complete
// inside of the step, where the first input has no rows to be read.
func TestFrontierWithinStep(t *testing.T) {
	c := newChain(t, 1)
	for len(c.written) <= 6 {
		c.write(1)
	}
	at := map[uint32]uint64{7: 4, 8: 6}
	input := func(oid uint32) *relation.Relation {
		r := relation.New(oid, "in", []types.Type{int8T, int8T}, nil, state.NewMemory(nil))
		r.Derive(relation.At(func() uint64 { return at[oid] }))
		return r
	}
	behind, ahead := input(7), input(8)
	j, err := New(Config{Name: "v", Plan: matchedPlan(), Mode: pipelined4, Inputs: map[uint32]Input{1: {Relation: behind}, 2: {Relation: ahead}},
		Began: 1, Output: c.counts, Clock: c.clock, Log: c.log, Sched: c.sim, Mem: state.NewMemory(nil)})
	require.NoError(t, err)
	defer j.Stop()
	j.done.Store(1)
	require.EqualValues(t, 4, j.Frontier(nil))
	row := vec.NewBatch([]types.Type{int8T, int8T}, 1)
	row.AppendRow(1, types.NewInt(1), types.NewInt(2))
	require.NoError(t, ahead.Publish(relation.Block{Epoch: 6, From: 3, Batches: []*vec.Batch{row}}))
	require.EqualValues(t, 2, j.Frontier(nil))
	at[7] = 6
	require.EqualValues(t, 2, j.Frontier(nil), "the step has not been worked in")
}
