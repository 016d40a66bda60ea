package microbatch

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/scratch"
	"github.com/streamdb/streamdb/storage/state"
)

// TestLive runs batches on goroutines, several at once, while tasks panic and stall, partitions and blocks are lost, and blocks are
// spilled; it is for the race detector.
func TestLive(t *testing.T) {
	for _, file := range []bool{false, true} {
		f := newLive(t, file)
		rng := rand.New(rand.NewPCG(1, 2))
		n := 0
		f.faults.Arm(failpoint.Task, func() failpoint.Fault {
			switch n++; {
			case n%97 == 0:
				return failpoint.Fault{Panic: true}
			case n%71 == 0:
				return failpoint.Fault{Delay: 60 * time.Millisecond}
			}
			return failpoint.Fault{}
		})
		f.faults.Follow(failpoint.Lose, failpoint.Rule{Fault: failpoint.Fault{Count: 3}, Every: 4})
		f.faults.Follow(failpoint.Blocks, failpoint.Rule{Fault: failpoint.Fault{Count: 1}, Every: 3})
		for i := range 60 {
			f.cut(i%20 == 0, keys(rng.IntN(200))...)
			f.wait(1)
		}
		f.wait(0)
		require.Equal(t, f.want, f.counts)
		require.Positive(t, f.d.Lineage().Partitions)
		f.empty()
	}
}

// TestRebuildsBesideEachOther loses many partitions at once whose blocks are gone: each rebuild sees whole blocks, or makes them again.
func TestRebuildsBesideEachOther(t *testing.T) {
	f := newLive(t, false)
	for range 10 {
		for range 3 {
			f.cut(false, keys(500)...)
			f.wait(0)
		}
		f.faults.Once(failpoint.Blocks, failpoint.Fault{Count: 1})
		f.faults.Once(failpoint.Lose, failpoint.Fault{Count: 16})
		f.cut(false, keys(500)...)
		f.wait(0)
		require.Equal(t, f.want, f.counts)
	}
	require.Positive(t, f.d.Lineage().Blocks)
	f.empty()
}

// TestLosingVersionIsNotTaken: an attempt that ends after another attempt of its task has found their version damaged counts for nothing, as
// the partition is being made again without it.
func TestLosingVersionIsNotTaken(t *testing.T) {
	f := newFixture(t, 1)
	f.cut(false, keys(100)...)
	f.right()
	f.cut(false, 7)
	d := f.d
	var first, second *attempt
	for first == nil {
		require.True(t, f.sim.Step())
		d.mu.Lock()
		for _, a := range d.queue {
			if a.task.run.stage.stateful {
				first = a
			}
		}
		if first != nil {
			d.queue = nil
			first.since = f.sim.Now()
			d.start(first)
			first.task.run.batch.reading++ // the worker that had them would leave
			second = &attempt{task: first.task}
			d.start(second)
		}
		d.mu.Unlock()
	}
	out, err := d.execute(second)
	require.NoError(t, err)
	d.mu.Lock()
	first.ops.drop()
	d.failed(first, sqlerr.New(sqlerr.DataCorrupted, "a page is damaged"))
	driver.Release(second.states)
	d.commit(second, out)
	first.task.run.batch.reading -= 3
	d.schedule()
	d.mu.Unlock()
	f.right()
	require.Equal(t, 1, d.Lineage().Partitions)
}

// live is a fixture on goroutines.
type live struct{ *fixture }

func newLive(t *testing.T, file bool) *live {
	f := &live{fixture: &fixture{t: t, counts: map[int64]int64{}, want: map[int64]int64{}, mem: state.NewMemory(nil)}}
	cfg := driver.Config{Name: "v", Plan: countPlan(), Tasks: 4, Sched: sched.NewLive(), Mem: f.mem, Durable: func() uint64 { return 0 },
		Faults: &f.faults, Wake: func() {}}
	if file {
		s := scratch.New(t.TempDir())
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		cfg.Scratch = s
	}
	var err error
	f.d, err = New(cfg)
	require.NoError(t, err)
	f.d.budget = 20_000
	require.NoError(t, f.d.Restore(nil))
	return f
}

// wait takes what is complete until at most so many batches are under way.
func (f *live) wait(most int) {
	deadline := time.Now().Add(20 * time.Second)
	for {
		results, err := f.d.Take()
		for _, r := range results {
			f.take(r)
		}
		require.NoError(f.t, err)
		f.d.mu.Lock()
		left := len(f.d.running)
		if left <= most && len(f.d.complete) == 0 {
			f.d.mu.Unlock()
			return
		}
		f.d.mu.Unlock()
		require.True(f.t, time.Now().Before(deadline), "the driver stands still")
		time.Sleep(100 * time.Microsecond)
	}
}
