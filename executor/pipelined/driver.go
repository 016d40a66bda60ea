package pipelined

import (
	"fmt"
	"sync"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
)

// Driver implements driver.Driver.
type Driver struct {
	cfg    driver.Config
	tasks  []*task
	leaves map[int][]*exchange.Channel // plan node → channel to each task that has it
	closed bool                        // the job's alone

	mu       sync.Mutex
	open     map[uint64]*cut // cuts under way
	complete []driver.Result
	failure  error
}

type cut struct {
	result  driver.Result
	faults  op.Faults
	reports int
}

// New builds the tasks of a plan. They run once Start is called.
func New(cfg driver.Config) (*Driver, error) {
	d := &Driver{cfg: cfg, leaves: map[int][]*exchange.Channel{}, open: map[uint64]*cut{}}
	b := builder{driver: d, channels: map[edge][][]*exchange.Channel{}}
	if err := b.build(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Feed implements driver.Driver.
func (d *Driver) Feed(leaf int, share func(task, of int) exchange.Input) {
	for t, c := range d.leaves[leaf] {
		if in := share(t, len(d.leaves[leaf])); in != nil {
			c.Send(exchange.Message{Kind: exchange.Scan, Input: in})
		}
	}
}

// Watermark implements driver.Driver.
func (d *Driver) Watermark(leaf int, t int64) {
	for _, c := range d.leaves[leaf] {
		c.Send(exchange.Message{Kind: exchange.Watermark, Time: t})
	}
}

// Cut implements driver.Driver.
func (d *Driver) Cut(b exchange.Barrier) {
	if !b.Within {
		d.mu.Lock()
		d.open[b.Epoch] = &cut{result: driver.Result{Barrier: b, Watermark: op.NoWatermark, Due: op.EndOfTime}}
		d.mu.Unlock()
	}
	for _, t := range d.tasks {
		for _, in := range t.inputs {
			if in.leaf {
				in.ch.Send(exchange.Message{Kind: exchange.Cut, Barrier: b})
			}
		}
	}
}

// Take implements driver.Driver.
func (d *Driver) Take() ([]driver.Result, error) {
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
	due       int64
	late      int64
	aligned   int64 // how long the task waited for its other inputs, in microseconds
	lateRows  []driver.LateRows
	states    []driver.State
}

func (d *Driver) report(r report) {
	d.mu.Lock()
	c := d.open[r.barrier.Epoch]
	c.result.Batches = append(c.result.Batches, r.batches...)
	c.result.Watermark = max(c.result.Watermark, r.watermark)
	c.result.Due = min(c.result.Due, r.due)
	c.result.LateRows += r.late
	c.result.Aligned = max(c.result.Aligned, r.aligned)
	c.result.Late = append(c.result.Late, r.lateRows...)
	c.result.States = append(c.result.States, r.states...)
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

// Stats implements driver.Driver.
func (d *Driver) Stats(f func(driver.Stat)) {
	for _, t := range d.tasks {
		t.mu.Lock()
		for _, s := range t.stats {
			f(s)
		}
		t.mu.Unlock()
	}
}

// Restore implements driver.Driver.
func (d *Driver) Restore(states []driver.State) error {
	var opened []driver.State
	defer func() { driver.Release(opened) }()
	for _, t := range d.tasks {
		if t.number == 0 { // the first of a stage
			driver.Release(opened)
			var err error
			if opened, err = driver.Open(t.instance, states); err != nil {
				return err
			}
		}
		owned := func(group int) bool { return t.owner[group] == t.number }
		if err := driver.Adopt(t.instance, opened, owned); err != nil {
			return err
		}
	}
	return nil
}

// Close implements driver.Driver.
func (d *Driver) Close() {
	if d.closed {
		return
	}
	d.closed = true
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
		driver.Release(r.States)
	}
	for _, c := range d.open { // what some tasks have frozen already
		driver.Release(c.result.States)
	}
	d.complete, d.open = nil, nil
}
