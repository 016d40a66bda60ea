package microbatch

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// fixture is a driver of SELECT k, count(*) FROM r GROUP BY k under the simulated scheduler.
type fixture struct {
	t      *testing.T
	sim    *sched.Sim
	faults failpoint.Set
	d      *Driver
	epoch  uint64
	stored uint64
	counts map[int64]int64 // what has come out
	want   map[int64]int64
	states []driver.State // of the last snapshot
	mem    *state.Memory
	inputs atomic.Int64 // that were fed and not released
	opened func()       // is called as one is opened; nil: nothing is
	plan   *physical.Plan
}

var int8T = types.T(types.Int8)

func newFixture(t *testing.T, seed uint64) *fixture {
	f := &fixture{t: t, sim: sched.NewSim(seed), counts: map[int64]int64{}, want: map[int64]int64{}, mem: state.NewMemory(nil),
		plan: optest.CountPlan()}
	f.open(nil)
	t.Cleanup(f.empty)
	return f
}

// empty closes the driver, and checks that nothing of it is left: no page of state, and no input.
func (f *fixture) empty() {
	driver.Release(f.states)
	f.states = nil
	f.d.Close()
	f.d.Close()
	pages, nodes := f.mem.Live()
	require.Zero(f.t, pages, "pages")
	require.Zero(f.t, nodes, "nodes")
	require.Zero(f.t, f.inputs.Load(), "inputs")
}

// open makes the driver, from a state if one is given.
func (f *fixture) open(states []driver.State) {
	var err error
	f.d, err = New(driver.Config{Name: "v", Plan: f.plan, Tasks: 2, Sched: f.sim, Mem: f.mem, Wake: func() {},
		Durable: func() uint64 { return f.stored }, Faults: &f.faults})
	require.NoError(f.t, err)
	require.NoError(f.t, f.d.Restore(states))
}

// input is rows in memory. The fixture counts those that have not been released.
type input struct {
	of       *fixture
	list     []*vec.Batch
	released atomic.Bool
}

func (i *input) Open() (exchange.Feed, error) {
	if i.of.opened != nil {
		i.of.opened()
	}
	return &feed{i.list}, nil
}

func (i *input) Release() {
	if i.released.Swap(true) {
		panic("an input is released twice")
	}
	i.of.inputs.Add(-1)
}

type feed struct{ left []*vec.Batch }

func (f *feed) Next() (exchange.Item, error) {
	if len(f.left) == 0 {
		return exchange.NoItem, nil
	}
	b := f.left[0]
	f.left = f.left[1:]
	return exchange.Item{Batch: b, Watermark: exchange.NoItem.Watermark}, nil
}

func (f *feed) Close() {}

// cut runs a batch with the keys, whose rows are dealt to the tasks in turn.
func (f *fixture) cut(snapshot bool, keys ...int64) {
	f.d.Feed(0, func(task, of int) exchange.Input {
		b := vec.NewBatch([]types.Type{int8T}, len(keys))
		for i := task; i < len(keys); i += of {
			b.AppendRow(1, types.NewInt(keys[i]))
		}
		b.Weights = nil
		if b.N == 0 {
			return nil
		}
		f.inputs.Add(1)
		return &input{of: f, list: []*vec.Batch{b}}
	})
	f.epoch++
	f.d.Cut(exchange.Barrier{Epoch: f.epoch, Snapshot: snapshot})
	for _, k := range keys {
		f.want[k]++
	}
}

// settle runs until all batches have completed, and adds up what they changed.
func (f *fixture) settle() error {
	var failure error
	done := func() bool {
		results, err := f.d.Take()
		for _, r := range results {
			f.take(r)
		}
		failure = err
		f.d.mu.Lock()
		defer f.d.mu.Unlock()
		return err != nil || len(f.d.running) == 0 && len(f.d.complete) == 0
	}
	require.NoError(f.t, f.sim.Run(100_000, done))
	return failure
}

func (f *fixture) take(r driver.Result) {
	require.NoError(f.t, r.Err)
	for _, b := range r.Batches {
		for k := range b.Rows() {
			i := b.Row(k)
			f.counts[b.Cols[0].I64[i]] += b.Weight(i) * b.Cols[1].I64[i]
		}
	}
	if r.Barrier.Snapshot {
		driver.Release(f.states)
		f.states = r.States
	}
}

// rest runs until nothing is left to do at once.
func (f *fixture) rest() {
	end := f.sim.Now() + time.Second.Microseconds()
	for f.sim.Now() < end && f.sim.Step() {
	}
}

// right checks that what has come out is what went in.
func (f *fixture) right() {
	require.NoError(f.t, f.settle())
	require.Equal(f.t, f.want, f.counts)
}

// keys are so many keys from 0.
func keys(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i)
	}
	return out
}
