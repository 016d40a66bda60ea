package job

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
)

// pass closes an epoch that touches nothing.
func (f *fixture) pass() {
	before := f.clock.Closed()
	f.clock.Submit(&epoch.Commit{Done: func(_ uint64, err error) { require.NoError(f, err) }})
	require.NoError(f, f.sim.Run(10_000, func() bool { return f.clock.Closed() > before }))
}

// TestUntouched: an epoch wakes a job only if it has rows for it, once, or if a snapshot was asked for at it.
func TestUntouched(t *testing.T) {
	for _, m := range []Mode{pipelined4, batched} {
		f := newFixture(t, 1)
		f.job.SetMode(m)
		f.arrive()
		woken := 0
		f.job.watcher.Wake = func() {
			woken++
			f.job.machine.Wake()
		}
		for range 10 {
			f.pass()
		}
		require.Zero(t, woken)
		require.Equal(t, f.clock.Closed(), f.job.Frontier(nil), "it is complete all the same")
		f.write(1, 2)
		require.Equal(t, 1, woken)
		f.arrive()
		answered := 0
		f.snapshot(&answered)
		require.Equal(t, 1, woken)
		f.pass()
		require.Equal(t, 2, woken)
		require.NoError(t, f.sim.Run(10_000, func() bool { return answered == 1 }))
		f.pass()
		require.Equal(t, 2, woken)
		f.end()
	}
}

// TestBeginsUnclosed: a job that is made within an epoch begins when that is closed, though nothing else touches it.
func TestBeginsUnclosed(t *testing.T) {
	f := newFixture(t, 1)
	f.end()
	f.counts, f.cut = map[int64]int64{}, 0
	cfg := f.job.cfg
	f.clock.Submit(&epoch.Commit{Done: func(uint64, error) {}, Apply: func(e uint64, _ int64) {
		var err error
		cfg.Began = e
		f.job, err = New(cfg)
		require.NoError(t, err)
		f.job.Start()
		for range 100 { // the clock's step is long, and the job tries before it ends
			f.job.step()
		}
		require.Zero(t, f.job.Done())
	}})
	before := f.clock.Closed()
	require.NoError(t, f.sim.Run(10_000, func() bool { return f.clock.Closed() > before }))
	f.arrive()
	f.end()
}
