package microbatch

import (
	"fmt"
	"math"
	"sync"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/sched"
)

// Driver implements driver.Driver.
type Driver struct {
	cfg     driver.Config
	judges  bool // rows are judged late somewhere: epochs with a watermark stay apart in a batch
	byEpoch bool // an operator goes by epochs: all stay apart
	stages  []*stage
	edges   []*edge
	monitor sched.Machine
	spiller sched.Machine
	budget  int64  // of the memory of kept blocks
	filling *batch // the job's alone

	mu       sync.Mutex
	workers  []*worker
	running  []*batch // cut and not complete, oldest first
	queue    []*attempt
	lineage  lineage
	complete []driver.Result
	infos    []driver.BatchInfo
	failure  error
	closed   bool
	newest   int64 // when the newest batch was cut
}

// New makes the driver of a plan.
func New(cfg driver.Config) (*Driver, error) {
	d := &Driver{cfg: cfg, budget: blockBudget, judges: graph.Judges(cfg.Plan), byEpoch: graph.ByEpoch(cfg.Plan)}
	d.layOut()
	for _, s := range d.stages { // what cannot be built is told here, and whether a stage has state
		o, err := d.newOperators(s.parts[0])
		if err != nil {
			o.drop()
			return nil, err
		}
		s.stateful, s.clocked = len(o.instance.States()) > 0, o.instance.Clocked()
		o.drop()
	}
	d.filling = d.newBatch()
	for i := range d.ordered() {
		d.hire(i)
	}
	d.monitor = cfg.Sched.Start("micro-batches of "+cfg.Name, d.watch)
	d.spiller = cfg.Sched.Start("blocks of "+cfg.Name, d.spillStep)
	return d, nil
}

// Feed implements driver.Driver.
func (d *Driver) Feed(leaf int, share func(task, of int) exchange.Input) {
	s := d.reader(leaf)
	seg := d.filling.last()
	for p := range s.parts {
		seg.feeds[leaf] = append(seg.feeds[leaf], share(p, len(s.parts)))
	}
}

// reader is the stage that has a leaf.
func (d *Driver) reader(leaf int) *stage {
	for _, s := range d.stages {
		for _, l := range s.Leaves {
			if l == leaf {
				return s
			}
		}
	}
	panic(fmt.Sprintf("microbatch: plan node %d is no leaf", leaf))
}

// Watermark implements driver.Driver.
func (d *Driver) Watermark(leaf int, t int64) {
	marks := d.filling.last().marks
	if old, ok := marks[leaf]; !ok || t > old {
		marks[leaf] = t
	}
}

// Cut implements driver.Driver.
func (d *Driver) Cut(x exchange.Barrier) {
	b := d.filling
	if x.Within {
		if d.byEpoch || d.judges && len(b.last().marks) > 0 {
			b.segments = append(b.segments, newSegment())
		}
		return
	}
	d.filling = d.newBatch()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.newest = d.cfg.Sched.Now()
	b.seal(x, d.newest)
	b.rebase = len(d.lineage.kept) >= maxKept && len(d.lineage.later) == 0 && d.lineage.pinned == 0
	d.running = append(d.running, b)
	d.inject()
	d.schedule()
	d.monitor.WakeAfter(monitorTick)
}

// Take implements driver.Driver.
func (d *Driver) Take() ([]driver.Result, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.complete
	d.complete = nil
	return out, d.failure
}

// Stats implements driver.Driver.
func (d *Driver) Stats(f func(driver.Stat)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Sched.Now()
	for _, s := range d.stages {
		for _, p := range s.parts {
			busy, idle := p.times.Now(now)
			for i, x := range p.stats {
				x.Busy, x.Idle = busy, idle
				if i == 0 {
					x.Worked = p.times.Ever()
				}
				f(x)
			}
		}
	}
}

// Batches implements driver.Batcher.
func (d *Driver) Batches() []driver.BatchInfo {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]driver.BatchInfo(nil), d.infos...)
}

// Base implements driver.Batcher.
func (d *Driver) Base() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.failure != nil {
		return math.MaxUint64
	}
	d.lineage.advance(d) // a snapshot may have been stored since the last batch
	return d.lineage.base.epoch
}

// Starved implements driver.Batcher.
func (d *Driver) Starved() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.starved()
}

// Lineage implements driver.Batcher.
func (d *Driver) Lineage() driver.LineageInfo {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lineage.info()
}

// Restore implements driver.Driver.
func (d *Driver) Restore(states []driver.State) error {
	for _, s := range d.stages {
		if !s.stateful {
			continue
		}
		if err := d.restore(s, states); err != nil {
			return err
		}
	}
	d.lineage.begin(d.stages)
	return nil
}

// restore gives the partitions of a stage what they own of states.
func (d *Driver) restore(s *stage, states []driver.State) error {
	first, err := d.newOperators(s.parts[0])
	defer first.drop()
	if err != nil {
		return err
	}
	opened, err := driver.Open(first.instance, states)
	if err != nil {
		return err
	}
	defer driver.Release(opened)
	for _, p := range s.parts {
		o, err := d.build(p, opened, nil, false)
		if err != nil {
			return err
		}
		p.warm, p.states = o, driver.Freeze(o.instance, p.number)
	}
	return nil
}

// Close implements driver.Driver.
func (d *Driver) Close() {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return
	}
	d.closed = true
	machines := []sched.Machine{d.monitor, d.spiller}
	for _, w := range d.workers {
		machines = append(machines, w.machine)
	}
	d.mu.Unlock()
	for _, m := range machines {
		m.Stop()
		m.Join()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range d.workers {
		w.abandon()
	}
	for _, b := range append(d.running, d.filling) {
		b.release()
	}
	for _, r := range d.complete {
		driver.Release(r.States)
	}
	d.lineage.release()
	for _, s := range d.stages {
		for _, p := range s.parts {
			p.release()
		}
	}
	d.running, d.complete, d.queue, d.lineage.kept = nil, nil, nil, nil
}

// fail stops the driver.
func (d *Driver) fail(err error) {
	if d.failure == nil {
		d.failure = err
	}
	d.queue = nil
}
