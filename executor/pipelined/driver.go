package pipelined

import (
	"fmt"
	"sync"

	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/state"
)

// Config is what a driver runs and with what.
type Config struct {
	Name  string
	Plan  *physical.Plan
	Tasks int // of each stage that can be shared out
	Sched sched.Scheduler
	Mem   *state.Memory
	Env   fn.Env
	// Late takes rows that came too late; it may be called from several tasks at once. nil: they are only counted.
	Late func(b *vec.Batch, rows []int32, watermark int64)
	// Gather makes what a task gathers the output of a step in; nil: copies of the rows.
	Gather func() connector.Gatherer
	// Wake is called when there is a result to take, or room for another cut.
	Wake func()
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
	// LateRows is how many rows were left out as late in the step.
	LateRows int64
	// Versions is the state at the cut, if the barrier asked for it. The taker releases them.
	Versions []TaskVersion
}

// TaskVersion is one frozen state.
type TaskVersion struct {
	Node, Index, Task int
	Version           *state.Version
}

// Driver runs one plan. Its methods are called by one goroutine at a time, that of the job.
type Driver struct {
	cfg    Config
	tasks  []*task
	leaves map[int][]*exchange.Channel // plan node → channel to each task that has it

	mu       sync.Mutex
	open     map[uint64]*cut // cuts under way
	complete []Result
	failure  error
}

type cut struct {
	result  Result
	faults  op.Faults
	reports int
}

// New builds the tasks of a plan. They run once Start is called.
func New(cfg Config) (*Driver, error) {
	d := &Driver{cfg: cfg, leaves: map[int][]*exchange.Channel{}, open: map[uint64]*cut{}}
	b := builder{driver: d, channels: map[edge][][]*exchange.Channel{}}
	if err := b.build(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Feed gives one task of a leaf rows to pull. Shares says among how many it can be divided.
func (d *Driver) Feed(leaf, task int, f exchange.Feed) {
	d.leaves[leaf][task].Send(exchange.Message{Kind: exchange.Scan, Feed: f})
}

// Shares is how many tasks a leaf has.
func (d *Driver) Shares(leaf int) int { return len(d.leaves[leaf]) }

// Watermark sends a leaf's watermark behind the rows fed so far.
func (d *Driver) Watermark(leaf int, t int64) {
	for _, c := range d.leaves[leaf] {
		c.Send(exchange.Message{Kind: exchange.Watermark, Time: t})
	}
}

// Cut ends the step: all leaves have been fed.
func (d *Driver) Cut(b exchange.Barrier) {
	d.mu.Lock()
	d.open[b.Epoch] = &cut{result: Result{Barrier: b, Watermark: op.NoWatermark}}
	d.mu.Unlock()
	for _, t := range d.tasks {
		for _, in := range t.inputs {
			if in.leaf {
				in.ch.Send(exchange.Message{Kind: exchange.Cut, Barrier: b})
			}
		}
	}
}

// Flying is how many cuts are under way.
func (d *Driver) Flying() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.open)
}

// Take gives the cuts that have been completed, in order, and the error that has stopped the driver, if one has.
func (d *Driver) Take() ([]Result, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.complete
	d.complete = nil
	return out, d.failure
}

// report is a task's part of a cut.
type report struct {
	barrier   exchange.Barrier
	batches   []*vec.Batch
	watermark int64 // of the root's task; NoWatermark from the others
	faults    *op.Faults
	late      int64
	versions  []TaskVersion
}

func (d *Driver) report(r report) {
	d.mu.Lock()
	c := d.open[r.barrier.Epoch]
	c.result.Batches = append(c.result.Batches, r.batches...)
	c.result.Watermark = max(c.result.Watermark, r.watermark)
	c.result.LateRows += r.late
	c.result.Versions = append(c.result.Versions, r.versions...)
	if err := c.faults.Merge(r.faults); err != nil && c.result.Err == nil {
		c.result.Err = err
	}
	c.reports++
	done := c.reports == len(d.tasks)
	if done {
		if c.result.Err == nil {
			c.result.Err = c.faults.Err()
		}
		d.complete = append(d.complete, c.result)
		delete(d.open, r.barrier.Epoch)
	}
	d.mu.Unlock()
	if done {
		d.cfg.Wake()
	}
}

func (d *Driver) fail(task string, err error) {
	d.mu.Lock()
	if d.failure == nil {
		d.failure = fmt.Errorf("task %s: %w", task, err)
	}
	d.mu.Unlock()
	d.cfg.Wake()
}

// Stats calls f with the counters of each task's operators. They are read while tasks run, and may be a step old.
func (d *Driver) Stats(f func(node, task int, s graph.Stats)) {
	for _, t := range d.tasks {
		t.mu.Lock()
		for _, s := range t.stats {
			f(s.node, t.number, s.stats)
		}
		t.mu.Unlock()
	}
}

// Restore puts a state back before Start, from the manifest of one of the tasks that the plan had when it was frozen: each task
// takes over the key groups that it owns now.
func (d *Driver) Restore(node, index int, manifest []byte) error {
	for _, t := range d.tasks {
		for _, s := range t.instance.States() {
			if s.Node != node || s.Index != index {
				continue
			}
			if err := t.adopt(s.State, manifest); err != nil {
				return fmt.Errorf("state %d of plan node %d: %w", index, node, err)
			}
		}
	}
	return nil
}

// StateBytes is the memory of all operators' state, as of their last cut.
func (d *Driver) StateBytes() (n int64) {
	for _, t := range d.tasks {
		t.mu.Lock()
		n += t.stateBytes
		t.mu.Unlock()
	}
	return n
}

// Close stops the tasks and gives back their state.
func (d *Driver) Close() {
	for _, t := range d.tasks {
		if t.machine != nil {
			t.machine.Stop()
		}
	}
	for _, t := range d.tasks {
		if t.machine != nil {
			t.machine.Join()
		}
		t.close()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.complete {
		for _, v := range r.Versions {
			v.Version.Release()
		}
	}
	d.complete = nil
}
