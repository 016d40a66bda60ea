package microbatch

import (
	"slices"
	"time"
)

const (
	// monitorTick is how often running tasks are looked at.
	monitorTick = time.Millisecond
	// stragglerFactor is how many times as long as the median of its siblings a task may take, and stragglerFloor how long any may. Where
	// workers have nothing to do a second attempt costs nothing: then stuckFactor and stuckFloor hold for one that does not move. One that
	// does is slow because of its rows, or of others that use the processor, and another attempt would be no faster.
	stragglerFactor = 4
	stragglerFloor  = 10 * time.Millisecond
	stuckFactor     = 2
	stuckFloor      = 2 * time.Millisecond
	// stuckPart is for which part of what a task usually takes it may take no rows, before it is taken to wait for something.
	stuckPart = 4
	// spareWorkers is how many workers are started beyond the ordered ones, while some are held up.
	spareWorkers = 4
)

// watch looks for tasks that are far behind their siblings and has them run a second time. The version that both start from never
// changes, so the first result counts and the other attempt breaks off. Long before, a task that does not move gives its place among those that
// run to another: it waits for something, and uses no processor.
func (d *Driver) watch() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.failure != nil {
		return false
	}
	now := d.cfg.Sched.Now()
	if len(d.running) == 0 {
		d.rest(now)
		return false
	}
	d.notice(now)
	idle := d.starved()
	for _, b := range d.running {
		for _, r := range b.runs {
			if r.tasks == nil || r.done {
				continue
			}
			for _, t := range r.tasks {
				if t.second || t.done() || len(t.attempts) == 0 {
					continue
				}
				if a := t.attempts[0]; now-a.since >= r.patience(idle && a.stuck) {
					t.second = true
					b.info.Speculative++
					d.queue = slices.Insert(d.queue, 0, &attempt{task: t})
				}
			}
		}
	}
	d.staff()
	d.monitor.WakeAfter(monitorTick)
	return false
}

// rest gives up the emptied batches once no batch has come for a while.
func (d *Driver) rest(now int64) {
	if left := d.newest + poolIdle.Microseconds() - now; left > 0 {
		d.monitor.WakeAfter(time.Duration(left) * time.Microsecond)
		return
	}
	for range 2 { // the first has them count from now on
		d.trim()
	}
}

// notice finds the attempts that have taken no rows for a while.
func (d *Driver) notice(now int64) {
	for _, w := range d.workers {
		a := w.current
		if a == nil || a.rebuild != nil {
			continue
		}
		if n := a.progress.Load(); n != a.seen {
			a.seen, a.moved = n, now
		}
		a.stuck = now-a.moved >= max(monitorTick, a.task.run.stage.usual/stuckPart).Microseconds()
	}
}

// patience is how long a task of a run may take: several times as long as those that have finished, or as those of the batch before. stuck says
// that it does not move, while workers have nothing to do.
func (r *run) patience(stuck bool) int64 {
	usual := r.stage.usual.Microseconds()
	if len(r.took) > 0 {
		usual = max(usual, r.median())
	}
	switch {
	case usual == 0: // nothing is known yet
		return stragglerFactor * stragglerFloor.Microseconds()
	case stuck:
		return max(stuckFloor.Microseconds(), stuckFactor*usual)
	}
	return max(stragglerFloor.Microseconds(), stragglerFactor*usual)
}

// median is how long the tasks of a run took that have finished, of which there are some.
func (r *run) median() int64 {
	took := slices.Clone(r.took)
	slices.Sort(took)
	return took[len(took)/2]
}

// staff starts a spare worker if all are held up that there are, and wakes those that have nothing to do.
func (d *Driver) staff() {
	if len(d.queue) == 0 || !d.free() {
		return
	}
	if !slices.ContainsFunc(d.workers, func(w *worker) bool { return w.current == nil }) && len(d.workers) < d.ordered()+spareWorkers {
		d.hire(len(d.workers))
	}
	for _, w := range d.workers {
		w.machine.Wake()
	}
}
