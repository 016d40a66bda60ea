package microbatch

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// passPlan is SELECT k FROM r: a single stage of eight tasks.
func passPlan() *physical.Plan {
	one := []types.Type{int8T}
	return &physical.Plan{Nodes: []physical.Node{
		{Op: &physical.Scan{Relation: 1, Columns: []int{0}}, Types: one},
		{Op: &physical.Root{Names: []string{"k"}}, Inputs: []int{0}, Types: one},
	}}
}

// TestOneSlowTaskOfEight: a task that waits for nine times as long as it works costs less than a fifth of the throughput. Here tasks
// take nothing but the time that the fail point gives them, which is the scheduler's: two workers, as many batches under way as a job has.
func TestOneSlowTaskOfEight(t *testing.T) {
	for name, plan := range map[string]*physical.Plan{"stateless": passPlan(), "grouped": optest.CountPlan()} {
		t.Run(name, func(t *testing.T) {
			const seeds = 3
			var usual, slowed int64
			for seed := range uint64(seeds) {
				usual += took(t, seed, plan, 1)
				slowed += took(t, seed, plan, 10)
			}
			t.Logf("%d µs, with a slow task of eight %d µs", usual/seeds, slowed/seeds)
			require.Less(t, 0.8, float64(usual)/float64(slowed))
		})
	}
}

// took is how long some batches take, every eighth task of which takes so many times as long as the others. All are shorter than what the
// monitor can see.
func took(t *testing.T, seed uint64, plan *physical.Plan, slow int) int64 {
	const (
		batches, rows = 60, 800
		work          = 900  // µs
		most, hungry  = 2, 4 // batches under way, and while workers starve
	)
	f := &fixture{t: t, sim: sched.NewSim(seed), counts: map[int64]int64{}, want: map[int64]int64{}, mem: state.NewMemory(nil), plan: plan}
	defer f.empty()
	n := 0
	f.faults.Arm(failpoint.Task, func() failpoint.Fault {
		if n++; n%8 == 0 {
			return failpoint.Fault{Delay: time.Duration(slow*work) * time.Microsecond}
		}
		return failpoint.Fault{Delay: work * time.Microsecond}
	})
	f.open(nil)
	began, left := f.sim.Now(), batches
	require.NoError(t, f.sim.Run(1_000_000, func() bool {
		results, err := f.d.Take()
		require.NoError(t, err)
		for _, r := range results {
			driver.Release(r.States)
		}
		for under := len(f.d.running); left > 0 && (under < most || under < hungry && f.d.Starved()); under++ {
			f.cut(false, keys(rows)...)
			left--
		}
		return left == 0 && len(f.d.running) == 0
	}))
	return f.sim.Now() - began
}

// TestOvertakenAttemptBreaksOff: an attempt whose task another one has done takes no more rows, and is no failure.
func TestOvertakenAttemptBreaksOff(t *testing.T) {
	f := newFixture(t, 1)
	f.cut(false, keys(100)...)
	f.right()
	f.cut(false, 7)
	d := f.d
	d.mu.Lock()
	first, second := d.queue[0], &attempt{task: d.queue[0].task}
	d.queue = nil
	d.start(first)
	d.start(second)
	d.mu.Unlock()
	out, err := d.execute(first)
	require.NoError(t, err)
	d.mu.Lock()
	d.commit(first, out)
	d.mu.Unlock()
	beaten, err := d.execute(second)
	require.ErrorIs(t, err, errOvertaken)
	require.Equal(t, int64(1), beaten.attempt.progress.Load(), "it has looked at one batch")
	driver.Release(second.states)
	d.mu.Lock()
	beaten.drop()
	d.failed(second, err)
	first.task.run.batch.reading -= 2
	d.schedule()
	d.mu.Unlock()
	f.right()
	require.Zero(t, d.Lineage().Failures)
	require.Zero(t, d.Batches()[1].Retries)
}
