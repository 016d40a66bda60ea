package microbatch

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/failpoint"
)

// TestClose closes drivers at any moment of batches with all that can go on at once: stalled attempts whose tasks others have done, batches
// cut before the last is done, snapshots half taken, lost partitions that wait or are being made again, dropped blocks. Nothing is left.
func TestClose(t *testing.T) {
	for seed := range uint64(150) {
		f := newFixture(t, seed)
		n := 0
		f.faults.Arm(failpoint.Task, func() failpoint.Fault {
			switch n++; {
			case n%17 == 0:
				return failpoint.Fault{Delay: time.Hour}
			case n%29 == 0:
				return failpoint.Fault{Panic: true}
			}
			return failpoint.Fault{}
		})
		f.faults.Follow(failpoint.Lose, failpoint.Rule{Fault: failpoint.Fault{Count: 2}, Every: 3})
		f.faults.Follow(failpoint.Blocks, failpoint.Rule{Fault: failpoint.Fault{Count: 1}, Every: 4})
		f.cut(true, keys(30)...)
		f.cut(true, keys(20)...)
		for range seed {
			f.sim.Step()
		}
		f.stored = 1
		f.cut(true, keys(25)...)
		f.cut(false, keys(25)...)
		for range 3 * seed {
			f.sim.Step()
		}
		f.empty()
	}
}

// TestCloseAfterStraggler: an attempt that another one has overtaken keeps its batch, also one that is not needed any more, until the driver
// is closed.
func TestCloseAfterStraggler(t *testing.T) {
	f := newFixture(t, 4)
	f.cut(false, keys(100)...)
	f.right()
	n := 0
	f.faults.Arm(failpoint.Task, func() failpoint.Fault {
		if n++; n == 3 {
			return failpoint.Fault{Delay: time.Hour}
		}
		return failpoint.Fault{}
	})
	f.cut(true, keys(100)...)
	f.right()
	f.stored = f.epoch
	f.cut(false, keys(10)...)
	f.right()
	require.Len(t, f.d.lineage.kept, 1, "the straggler's batch lies behind the base")
	f.empty()
}

// TestOvertakenAttemptsGo: a second attempt that had not begun when the first ended is not kept in the queue.
func TestOvertakenAttemptsGo(t *testing.T) {
	f := newFixture(t, 1)
	f.cut(false, keys(100)...)
	f.right()
	f.d.mu.Lock()
	r := f.d.lineage.kept[0].runs[0]
	f.d.queue = append(f.d.queue, &attempt{task: r.tasks[0]})
	f.d.mu.Unlock()
	f.cut(false, keys(100)...)
	f.right()
	f.rest()
	require.Empty(t, f.d.queue)
}
