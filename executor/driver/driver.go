package driver

import (
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/scratch"
	"github.com/streamdb/streamdb/storage/state"
)

// Driver executes one plan. Its methods are called by one goroutine at a time, that of the job.
type Driver interface {
	// Feed gives a leaf rows of the step under way. share makes the part of each of so many tasks, nil for one that has none;
	// together they are all rows. The inputs are the driver's, which releases them.
	Feed(leaf int, share func(task, of int) exchange.Input)
	// Watermark raises a leaf's watermark, behind the rows fed so far.
	Watermark(leaf int, t int64)
	// Cut ends the step, or with Within an epoch inside of it: all leaves have been fed.
	Cut(b exchange.Barrier)
	// Take gives the cuts that have been completed, in order, and the error that has stopped the driver, if one has.
	Take() ([]Result, error)
	// Stats calls f with the counters of each task's operators. They are read while tasks run, and may be a step old.
	Stats(f func(Stat))
	// Restore puts state back before anything is fed, whatever tasks it came from: each task takes over the key groups that it
	// owns. The versions stay the caller's.
	Restore(states []State) error
	// Close stops the tasks and gives back their state, and all that has not been taken. It may be called more than once.
	Close()
}

// Config is what a driver runs and with what.
type Config struct {
	Name string
	Plan *physical.Plan
	// Tasks is how many tasks may run at once.
	Tasks int
	Sched sched.Scheduler
	Mem   *state.Memory
	Env   fn.Env
	// Gather makes what a task gathers the output of a step in; nil: copies of the rows.
	Gather func() connector.Gatherer
	// Wake is called when there is a result to take, or room for another cut.
	Wake func()
	// Durable is the epoch of the newest snapshot that is stored: what lies behind it is not needed to recover. nil: none is ever
	// stored.
	Durable func() uint64
	// Scratch takes blocks that are too many for memory; nil: they are dropped, and made again if they are needed.
	Scratch *scratch.File
	// Faults are the places that are to fail, in tests and benchmarks; nil: none.
	Faults *failpoint.Set
}

// Result is a complete cut.
type Result struct {
	Barrier exchange.Barrier
	// Batches are the changes of the plan's output; they are the taker's. They are not consolidated across batches unless the
	// plan's last operators did so.
	Batches   []*vec.Batch
	Watermark int64
	// Err is a run-time error whose row is there at the cut.
	Err error
	// Aligned is for how many microseconds at most a task waited for its other inputs with a barrier on one.
	Aligned int64
	// LateRows is how many rows were left out as late in the step.
	LateRows int64
	// Late are those rows, up to a limit. They are the taker's.
	Late []LateRows
	// Due is the time at which the clock alone changes the output next; op.EndOfTime for never.
	Due int64
	// States is the state at the cut, if the barrier asked for it. The taker releases it.
	States []State
}

// State is one frozen state of one task's operator: a version in memory, or how a snapshot describes it.
type State struct {
	// Node is the plan node, Index which of its operator's states, and Task the task that had it.
	Node, Index, Task int
	Version           *state.Version
	// Manifest is set instead of Version in what a snapshot has.
	Manifest []byte
}

// Release gives the versions of states back.
func Release(states []State) {
	for _, s := range states {
		if s.Version != nil {
			s.Version.Release()
		}
	}
}

// Stat is what a task's operator has done so far.
type Stat struct {
	Node, Task int
	graph.Stats
	// StateBytes is the memory of the operator's states, as of the last cut.
	StateBytes int64
	// Busy, Idle and BackPressured are the shares of the task's time in which it worked, waited for input, and waited for
	// those that read its output.
	Busy, Idle, BackPressured float64
	// Worked is for how many microseconds the task has worked since the driver was made. Of the nodes of one task the first has it.
	Worked int64
}
