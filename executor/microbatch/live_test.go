package microbatch

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/executor/sched"
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

// live is a fixture on goroutines.
type live struct{ *fixture }

func newLive(t *testing.T, file bool) *live {
	f := &live{fixture: &fixture{t: t, counts: map[int64]int64{}, want: map[int64]int64{}, mem: state.NewMemory(nil)}}
	cfg := driver.Config{Name: "v", Plan: optest.CountPlan(), Tasks: 4, Sched: sched.NewLive(), Mem: f.mem, Durable: func() uint64 { return 0 },
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
