package job

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// fixture is a job of SELECT k, count(*) FROM r GROUP BY k, with a clock, under the simulated scheduler.
type fixture struct {
	*testing.T
	sim    *sched.Sim
	clock  *epoch.Clock
	table  *relation.Relation
	job    *Job
	mem    *state.Memory // of the job
	faults failpoint.Set
	counts map[int64]int64 // what was published
	want   map[int64]int64
	cut    uint64
	failed error
	refuse error // what Publish gives from now on
}

var int8T = types.T(types.Int8)

func newFixture(t *testing.T, seed uint64) *fixture {
	f := &fixture{T: t, sim: sched.NewSim(seed), counts: map[int64]int64{}, want: map[int64]int64{}, mem: state.NewMemory(nil)}
	log, err := changelog.Open(kv.NewMem(seed))
	require.NoError(t, err)
	f.table = relation.New(1, "r", []types.Type{int8T}, nil, state.NewMemory(nil))
	f.clock = epoch.New(log, f.sim, func(uint32) *relation.Relation { return f.table })
	f.table.Derive(relation.At(f.clock.Closed))
	f.write(1, 2, 3)
	f.job, err = New(Config{Name: "v", Plan: optest.CountPlan(), Mode: pipelined4, Inputs: map[uint32]Input{1: {Relation: f.table}}, Began: f.clock.Closed(),
		Output: f, Clock: f.clock, Log: log, Sched: f.sim, Mem: f.mem, Faults: &f.faults})
	require.NoError(t, err)
	f.job.Start()
	f.arrive()
	return f
}

// Publish implements Output.
func (f *fixture) Publish(b relation.Block) error {
	require.Greater(f, b.Epoch, f.cut)
	if f.refuse != nil {
		return f.refuse
	}
	f.cut = b.Epoch
	for _, x := range b.Batches {
		for k := range x.Rows() {
			i := x.Row(k)
			f.counts[x.Cols[0].I64[i]] += x.Weight(i) * x.Cols[1].I64[i]
		}
	}
	return nil
}

// Fail implements Output.
func (f *fixture) Fail(err error) { f.failed = err }

// write adds rows in an epoch of their own.
func (f *fixture) write(keys ...int64) {
	b := vec.NewBatch([]types.Type{int8T}, len(keys))
	for _, k := range keys {
		b.AppendRow(1, types.NewInt(k))
		f.want[k]++
	}
	b.Weights = nil
	before := f.clock.Closed()
	f.clock.Submit(&epoch.Commit{Data: []epoch.Change{{RelationData: changelog.RelationData{Relation: 1, Batches: []*vec.Batch{b}}, Mark: epoch.NoMark}},
		Done: func(_ uint64, err error) { require.NoError(f, err) }})
	require.NoError(f, f.sim.Run(10_000, func() bool { return f.clock.Closed() > before }))
}

// arrive waits for the job to have published all that was written, and checks it.
func (f *fixture) arrive() {
	require.NoError(f, f.sim.Run(100_000, func() bool { return f.job.Done() > 0 && f.job.Frontier(nil) >= f.clock.Closed() && f.job.change == nil }))
	require.NoError(f, f.failed)
	require.Equal(f, f.want, f.counts)
}

// snapshot asks for one at the next epoch, and counts the answer.
func (f *fixture) snapshot(answered *int) {
	b := f.clock.BookNext()
	f.job.RequestSnapshot(b.Epoch, func(s *Snapshot) {
		*answered++
		b.Release()
		if s != nil {
			driver.Release(s.States)
		}
	})
}

// end stops the job, and checks that nothing of it is left.
func (f *fixture) end() {
	f.job.Stop()
	f.empty()
}

func (f *fixture) empty() {
	pages, nodes := f.mem.Live()
	require.Zero(f, pages, "pages")
	require.Zero(f, nodes, "nodes")
	_, booked := f.clock.Booked(0, ^uint64(0))
	require.False(f, booked, "an epoch stays booked")
}

// Modes to change between.
var (
	pipelined1 = Mode{Tasks: 1}
	pipelined4 = Mode{Tasks: 4}
	batched    = Mode{Batched: true, Tasks: 2, Interval: 10 * time.Millisecond}
)

// TestModeChanges changes the mode at any moment, and back before it has changed, with a snapshot asked for, tasks that panic and rows
// that come meanwhile. Results are right, the snapshot is answered, and nothing is left of any driver.
func TestModeChanges(t *testing.T) {
	for seed := range uint64(120) {
		f := newFixture(t, seed)
		if seed%3 == 1 {
			f.faults.Once(failpoint.Task, failpoint.Fault{Panic: true})
			f.faults.Once(failpoint.Barrier, failpoint.Fault{Panic: true})
		}
		asked, answered := 0, 0
		for i, m := range []Mode{batched, pipelined4, batched, pipelined1, pipelined4, batched} {
			asked++
			f.snapshot(&answered)
			f.write(int64(i), 7)
			f.job.SetMode(m)
			for range seed % 23 {
				f.sim.Step()
			}
			f.write(8)
			if seed%2 == 0 {
				f.arrive()
			}
		}
		f.arrive()
		require.Equal(t, batched, f.job.Mode())
		require.Equal(t, asked, answered)
		f.end()
	}
}

// TestStopAtAnyMoment stops a job within changes of its mode, restarts and snapshots.
func TestStopAtAnyMoment(t *testing.T) {
	for seed := range uint64(150) {
		f := newFixture(t, seed)
		if seed%2 == 1 {
			f.faults.Follow(failpoint.Barrier, failpoint.Rule{Fault: failpoint.Fault{Panic: true}, Every: 3, Times: 2})
		}
		answered := 0
		f.snapshot(&answered)
		f.write(5, 6)
		f.job.SetMode(batched)
		for range seed % 50 {
			f.sim.Step()
		}
		f.write(7)
		f.job.SetMode(pipelined4)
		for range seed {
			f.sim.Step()
		}
		f.end()
		require.Equal(t, 1, answered)
		f.job.Stop()
	}
}

// TestFailedJobKeepsNothing: a job that has stopped gives its state and its bookings back at once, whatever was under way.
func TestFailedJobKeepsNothing(t *testing.T) {
	for seed := range uint64(60) {
		f := newFixture(t, seed)
		if seed%2 == 1 {
			f.job.SetMode(batched)
			f.arrive()
		}
		answered := 0
		f.snapshot(&answered)
		f.write(4, 5)
		f.job.SetMode(pipelined1)
		f.refuse = errors.New("no more")
		require.NoError(t, f.sim.Run(100_000, func() bool { f.write(6); return f.failed != nil }))
		require.Equal(t, f.refuse, f.failed)
		require.Equal(t, 1, answered)
		f.empty()
		require.Zero(t, f.job.StateBytes())
		require.False(t, f.job.Hold(f.clock.Closed()+1))
		f.job.Recount(f.clock.Closed() + 1)
		f.job.Unhold(f.clock.Closed() + 1)
		f.empty()
		f.end()
	}
}
