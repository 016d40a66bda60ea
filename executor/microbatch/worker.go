package microbatch

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// worker executes one attempt at a time.
type worker struct {
	d       *Driver
	machine sched.Machine
	// stalled is an attempt that a fail point holds up until a time.
	stalled *attempt
	until   int64
	usual   time.Duration // that tasks of the attempt's stage take
	current *attempt      // guarded by the driver's mutex; nil: it has nothing to do
}

// hire adds a worker. The driver's mutex is held, or nothing runs yet.
func (d *Driver) hire(number int) {
	w := &worker{d: d}
	w.machine = d.cfg.Sched.Start(fmt.Sprintf("%s/worker %d", d.cfg.Name, number), w.step)
	d.workers = append(d.workers, w)
}

// step executes one attempt of the queue.
func (w *worker) step() bool {
	d := w.d
	a, fault := w.stalled, failpoint.Fault{}
	if a != nil {
		if left := w.until - d.cfg.Sched.Now(); left > 0 {
			w.machine.WakeAfter(time.Duration(left) * time.Microsecond)
			return false
		}
		w.stalled = nil
	} else {
		if a = w.pick(); a == nil {
			return false
		}
		fault = d.cfg.Faults.Hit(failpoint.Task)
		if stall := fault.Stall(w.usual); stall > 0 {
			w.stalled, w.until = a, d.cfg.Sched.Now()+stall.Microseconds()
			w.machine.WakeAfter(stall)
			return false
		}
	}
	w.run(a, fault)
	return true
}

// pick takes an attempt from the queue: the oldest one whose partition is there. Those whose task another attempt has done go: they would
// keep their batch for as long as the driver runs. No more attempts run than are ordered, but for those that are stuck.
func (w *worker) pick() *attempt {
	d := w.d
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = slices.DeleteFunc(d.queue, func(a *attempt) bool { return a.rebuild == nil && a.task.done() })
	if !d.free() {
		return nil
	}
	for i, a := range d.queue {
		if a.rebuild == nil && a.task.part.lost {
			continue
		}
		d.queue = slices.Delete(d.queue, i, i+1)
		a.since, a.seen, w.current = d.cfg.Sched.Now(), -1, a
		if a.rebuild != nil {
			a.history = d.lineage.history(d, a.rebuild)
			return a
		}
		w.usual = a.task.run.stage.usual
		d.start(a)
		return a
	}
	if len(d.running) > 0 {
		d.cfg.Wake() // for another batch
	}
	return nil
}

// free reports whether fewer attempts run than are ordered. Those that are stuck do not count: they use no processor.
func (d *Driver) free() bool {
	n := 0
	for _, w := range d.workers {
		if w.current != nil && !w.current.stuck {
			n++
		}
	}
	return n < d.ordered()
}

// ordered is how many attempts may run at once.
func (d *Driver) ordered() int { return max(1, d.cfg.Tasks) }

// starved reports whether workers have nothing to do though batches are under way.
func (d *Driver) starved() bool {
	waits := func(a *attempt) bool { return a.rebuild == nil && a.task.part.lost }
	return len(d.running) > 0 && d.free() && !slices.ContainsFunc(d.queue, func(a *attempt) bool { return !waits(a) })
}

// start gives an attempt what it works on: the partition's warm operators, or the version to build them from. The mutex is held.
func (d *Driver) start(a *attempt) {
	t := a.task
	t.attempts = append(t.attempts, a)
	b := t.run.batch
	b.reading++
	if b.started == 0 {
		b.started = a.since
	}
	if t.part.warm != nil {
		a.ops, t.part.warm = t.part.warm, nil
		return
	}
	a.states = retain(t.part.states)
}

func retain(states []driver.State) []driver.State {
	out := slices.Clone(states)
	for _, s := range out {
		s.Version.Retain()
	}
	return out
}

// run executes an attempt and settles what came of it.
func (w *worker) run(a *attempt, fault failpoint.Fault) {
	d := w.d
	if a.rebuild != nil {
		out, err := d.rebuild(a)
		d.mu.Lock()
		defer d.mu.Unlock()
		w.current = nil
		d.rebuilt(a, out, err)
		return
	}
	var out *outcome
	var err error
	switch {
	case fault.Panic:
		out, err = &outcome{ops: a.ops}, &errPanic{error: sqlerr.Internal("panic: fail point %s", failpoint.Task)}
	case a.task.done(): // it was held up until now
		out, err = &outcome{ops: a.ops}, errOvertaken
	default:
		out, err = d.execute(a)
	}
	driver.Release(a.states)
	d.mu.Lock()
	defer d.mu.Unlock()
	w.current = nil
	if err != nil {
		out.drop()
		d.failed(a, err)
	} else {
		d.commit(a, out)
	}
	a.task.run.batch.leave(d)
	d.schedule()
}

// abandon gives back what a stopped worker held up. Batches that wait for its attempt to be over end with it.
func (w *worker) abandon() {
	a := w.stalled
	if a == nil {
		return
	}
	w.stalled = nil
	if a.rebuild != nil {
		a.history.release()
		return
	}
	if a.ops != nil {
		a.ops.drop()
	}
	driver.Release(a.states)
	a.task.run.batch.leave(w.d)
}

// failed decides what becomes of a task of which an attempt has failed. The mutex is held.
func (d *Driver) failed(a *attempt, err error) {
	t := a.task
	t.attempts = slices.DeleteFunc(t.attempts, func(x *attempt) bool { return x == a })
	if t.done() || d.failure != nil {
		return
	}
	d.lineage.failures++
	var panicked *errPanic
	switch {
	case errors.As(err, &panicked):
		t.panics++
		if a.search {
			d.fail(t.poison(panicked))
			d.cfg.Wake()
			return
		}
		t.run.batch.info.Retries++
		d.enqueue(&attempt{task: t, search: t.panics > 1})
	case lostState(err) && !t.lost:
		t.lost = true
		t.run.batch.info.Retries++
		d.lose(t.part)
		d.enqueue(&attempt{task: t})
	default:
		d.fail(fmt.Errorf("stage %d, partition %d, epoch %d: %w", t.run.stage.number, t.part.number, t.run.batch.barrier.Epoch, err))
		d.cfg.Wake()
	}
}

// poison is the error of a task that panics each time it is given the same input, also row by row: running it again would not help.
func (t *task) poison(p *errPanic) error {
	e := sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "stage %d, partition %d fails on its input up to epoch %d each time: %s",
		t.run.stage.number, t.part.number, t.run.batch.barrier.Epoch, sqlerr.From(p.error).Message).
		WithHint("Delete the rows that it fails on, then ALTER VIEW … RESUME; and report it.")
	if p.row != "" {
		e = e.WithDetail("It fails on the row %s.", p.row)
	}
	return e
}
