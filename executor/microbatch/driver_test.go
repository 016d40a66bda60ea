package microbatch

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/scratch"
	"github.com/streamdb/streamdb/storage/state"
)

// TestBatches runs batches under many schedules, several at once.
func TestBatches(t *testing.T) {
	for seed := range uint64(50) {
		f := newFixture(t, seed)
		for i := range 10 {
			f.cut(false, keys(10*i)...)
			if i%3 == 0 {
				f.right()
			}
		}
		f.right()
	}
}

// TestPanicIsRunAgain: a task that panics once is run again from its version.
func TestPanicIsRunAgain(t *testing.T) {
	for at := range 20 {
		f := newFixture(t, uint64(at))
		f.cut(false, keys(100)...)
		f.right()
		n := 0
		f.faults.Arm(failpoint.Task, func() failpoint.Fault {
			n++
			return failpoint.Fault{Panic: n == at}
		})
		f.cut(false, keys(100)...)
		f.right()
		if at > 0 {
			require.Equal(t, 1, f.d.Batches()[1].Retries)
		}
	}
}

// TestPoison: a task that panics each time stops the driver, with the reason.
func TestPoison(t *testing.T) {
	f := newFixture(t, 1)
	f.faults.Arm(failpoint.Task, func() failpoint.Fault { return failpoint.Fault{Panic: true} })
	f.cut(false, 7)
	err := f.settle()
	require.ErrorContains(t, err, "fails on its input up to epoch 1 each time")
	require.Equal(t, sqlerr.ObjectNotInPrerequisiteState, sqlerr.CodeOf(err))
}

// TestLostPartition: only the lost partition is made again, from the snapshot on, and it reads about its share of the rows since.
func TestLostPartition(t *testing.T) {
	for _, lost := range []int{1, 2, 5} {
		t.Run(fmt.Sprint(lost), func(t *testing.T) {
			f := newFixture(t, uint64(lost))
			f.cut(true, keys(5000)...)
			f.right()
			f.stored = f.epoch
			for range 4 {
				f.cut(false, keys(5000)...)
				f.right()
			}
			f.faults.Once(failpoint.Lose, failpoint.Fault{Count: lost})
			f.cut(false, keys(5000)...)
			f.right()
			info := f.d.Lineage()
			require.Equal(t, lost, info.Partitions)
			require.Equal(t, 4*lost, info.Tasks, "a task for each batch since the snapshot")
			require.Zero(t, info.Blocks)
			require.InEpsilon(t, 4*5000*lost/state.Groups, info.Rows, 0.2)
		})
	}
}

// TestLostBlocks: blocks that are gone are made again from their parents.
func TestLostBlocks(t *testing.T) {
	f := newFixture(t, 3)
	f.cut(true, keys(1000)...)
	f.right()
	f.stored = f.epoch
	f.cut(false, keys(1000)...)
	f.right()
	f.faults.Once(failpoint.Blocks, failpoint.Fault{Count: 1})
	f.cut(false, keys(1000)...)
	f.right()
	f.faults.Once(failpoint.Lose, failpoint.Fault{Count: 1})
	f.cut(false, keys(1000)...)
	f.right()
	info := f.d.Lineage()
	require.Equal(t, 1, info.Partitions)
	require.Positive(t, info.Blocks)
}

// TestStraggler: a task that stalls is run a second time, and the batch does not wait for the first.
func TestStraggler(t *testing.T) {
	f := newFixture(t, 4)
	f.cut(false, keys(1000)...)
	f.right()
	n := 0
	f.faults.Arm(failpoint.Task, func() failpoint.Fault {
		if n++; n == 12 {
			return failpoint.Fault{Delay: time.Hour}
		}
		return failpoint.Fault{}
	})
	began := f.sim.Now()
	f.cut(false, keys(1000)...)
	f.right()
	require.Less(t, f.sim.Now()-began, time.Second.Microseconds())
	require.Equal(t, 1, f.d.Batches()[1].Speculative)
	f.cut(false, keys(1000)...)
	f.right()
}

// TestSnapshotMoves: a driver goes on from the state that another had at a cut.
func TestSnapshotMoves(t *testing.T) {
	f := newFixture(t, 5)
	f.cut(false, keys(300)...)
	f.cut(true, keys(200)...)
	f.right()
	old := f.d
	f.open(f.states)
	old.Close()
	f.cut(false, keys(400)...)
	f.right()
}

// TestIdlePartitions: a batch that touches one key runs one task of the stage that counts.
func TestIdlePartitions(t *testing.T) {
	f := newFixture(t, 6)
	f.cut(false, keys(100)...)
	f.right()
	f.cut(false, 7)
	f.right()
	require.Equal(t, 2, f.d.Batches()[1].Tasks)
}

// TestSpill: blocks over the budget are read back from the scratch file for a rebuild, and made again where that cannot be read.
func TestSpill(t *testing.T) {
	for _, c := range []struct {
		name   string
		file   bool
		damage bool
	}{{"file", true, false}, {"no file", false, false}, {"damaged", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, 8)
			f.d.budget = 1
			var file *scratch.File
			if c.file {
				file = scratch.New(t.TempDir())
				f.d.cfg.Scratch = file
			}
			f.cut(true, keys(1000)...)
			f.right()
			f.stored = f.epoch
			for range 3 {
				f.cut(false, keys(1000)...)
				f.right()
				f.rest()
			}
			if c.damage {
				require.NoError(t, file.Close())
			}
			f.faults.Once(failpoint.Lose, failpoint.Fault{Count: 2})
			f.cut(false, keys(1000)...)
			f.right()
			info := f.d.Lineage()
			require.Equal(t, 2, info.Partitions)
			require.Equal(t, c.file, info.Spilled > 0)
			require.Equal(t, c.file && !c.damage, info.Loaded > 0)
			require.Equal(t, !c.file || c.damage, info.Blocks > 0)
			if c.file && !c.damage {
				f.cut(true, keys(10)...)
				f.right()
				f.stored = f.epoch
				f.cut(false, keys(10)...)
				f.right()
				f.rest()
				require.Less(t, file.Bytes(), int64(10_000), "what lies behind the snapshot is given back")
			}
		})
	}
}
