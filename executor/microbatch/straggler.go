package microbatch

import (
	"slices"
	"time"
)

const (
	// stragglerCheck is how often running tasks are looked at.
	stragglerCheck = 5 * time.Millisecond
	// stragglerFactor is how many times as long as the median of its siblings a task may take, and stragglerFloor how long any may.
	stragglerFactor = 4
	stragglerFloor  = 10 * time.Millisecond
	// spareWorkers is how many workers are started beyond the ordered ones, while some are held up.
	spareWorkers = 4
)

// watch looks for tasks that are far behind their siblings and has them run a second time. The version that both start from never
// changes, so the first result counts and the other one is dropped.
func (d *Driver) watch() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.failure != nil || len(d.running) == 0 {
		return false
	}
	now := d.cfg.Sched.Now()
	slow := 0
	for _, b := range d.running {
		for _, r := range b.runs {
			if r.tasks == nil || r.done {
				continue
			}
			limit := r.patience()
			for _, t := range r.tasks {
				if len(t.attempts) == 0 || now-t.attempts[0].since < limit {
					continue
				}
				slow++
				if !t.second && !t.done {
					t.second = true
					b.info.Speculative++
					d.queue = append([]*attempt{{task: t}}, d.queue...)
				}
			}
		}
	}
	d.staff(slow)
	d.monitor.WakeAfter(stragglerCheck)
	return false
}

// patience is how long a task of a run may take: several times as long as those that have finished, or as those of the batch before.
func (r *run) patience() int64 {
	usual := r.stage.usual.Microseconds()
	if len(r.took) > 0 {
		usual = max(usual, r.median())
	}
	if usual == 0 { // nothing is known yet
		return stragglerFactor * stragglerFloor.Microseconds()
	}
	return max(stragglerFloor.Microseconds(), stragglerFactor*usual)
}

// median is how long the tasks of a run took that have finished, of which there are some.
func (r *run) median() int64 {
	took := slices.Clone(r.took)
	slices.Sort(took)
	return took[len(took)/2]
}

// staff starts spare workers, so that those held up by slow tasks are replaced.
func (d *Driver) staff(slow int) {
	busy := 0
	for _, w := range d.workers {
		if w.busy {
			busy++
		}
	}
	if slow > 0 && busy == len(d.workers) && len(d.workers) < max(1, d.cfg.Tasks)+spareWorkers {
		d.hire(len(d.workers))
	}
	if len(d.queue) > 0 {
		for _, w := range d.workers {
			w.machine.Wake()
		}
	}
}
