package job

import (
	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/vec"
)

// step publishes what is complete and feeds what has come.
func (j *Job) step() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	defer j.keepPace()
	if j.stopped || j.Failure() != nil || j.restarts.waiting(j) {
		return false
	}
	results, err := j.driver.Take()
	for i := range results {
		switch {
		case err != nil || j.Failure() != nil:
			driver.Release(results[i].States)
		default:
			if failed := j.complete(&results[i]); failed != nil {
				j.fail(failed)
			}
		}
	}
	if j.Failure() != nil {
		return false
	}
	if err == nil {
		err = j.advance()
	}
	if err != nil {
		j.recover(err)
	}
	return false
}

// advance changes the driver, if that is asked for, or feeds what is due.
func (j *Job) advance() error {
	if j.change != nil {
		return j.change.advance(j)
	}
	for j.mayFly() {
		fed, err := j.feedNext()
		if !fed || err != nil {
			return err
		}
	}
	return nil
}

// feedNext feeds the next step, if one is due.
func (j *Job) feedNext() (bool, error) {
	if j.issued == 0 {
		return j.backfill(flight{cut: j.origin})
	}
	due := j.recountDue() // asked first: then all that comes before it has come
	first, cut, ok, err := j.nextCut()
	switch {
	case err != nil:
		return false, err
	case ok:
		return true, j.feed(first, cut)
	case due:
		return j.recount()
	}
	return false, nil
}

// complete takes a cut that the driver has completed. What was published before a restart is not published again.
func (j *Job) complete(r *driver.Result) error {
	x := j.flying[0]
	j.flying = j.flying[1:]
	if r.Err != nil {
		driver.Release(r.States)
		return r.Err
	}
	j.due.Store(r.Due)
	if x.frozen != nil {
		x.frozen(r.States)
		return nil
	}
	var err error
	if x.cut > j.done.Load() {
		err = j.publish(x, r)
	}
	if err != nil || !r.Barrier.Snapshot || j.snapshot.epoch != x.cut {
		driver.Release(r.States)
		return err
	}
	j.snapshot.done(&Snapshot{Cut: x.cut, States: r.States, Marks: x.marks, Aligned: r.Aligned})
	j.snapshot = request{}
	return nil
}

// publish makes a complete cut visible.
func (j *Job) publish(x flight, r *driver.Result) error {
	block := relation.Block{Epoch: x.cut, From: x.first, Time: x.time, Batches: j.consolidate(r.Batches), Watermark: r.Watermark,
		Idle: j.IdleAt(x.cut)}
	if x.recount {
		j.late.Store(0)
		j.cfg.Recounted()
	}
	j.late.Add(r.LateRows)
	if len(r.Late) > 0 && j.cfg.Late != nil {
		j.cfg.Late(x.cut, r.Late)
	}
	// The output is told before the job's hand moves, but its content and the hand are read by different callers: who sees the
	// new content early sees a cut that is complete, which is all that a reader relies on.
	if err := j.cfg.Output.Publish(block); err != nil {
		return err
	}
	j.done.Store(x.cut)
	if x.recount {
		j.await(x.cut)
	}
	j.trimTicks()
	j.restarts.progress(j)
	j.cfg.Output.Fail(nil)
	j.cfg.Clock.Wake()
	return nil
}

// consolidate adds up a cut's changes where some are retractions and some are identical. Insertions alone need no adding up: they are right as they
// are.
func (j *Job) consolidate(batches []*vec.Batch) []*vec.Batch {
	if j.cfg.Plan.AddsUp() {
		return batches
	}
	for _, b := range batches {
		if b.Weights == nil {
			continue
		}
		if vec.Distinct(batches) { // what one task makes of a step is consolidated, and mostly no other task makes the same
			return batches
		}
		if out := vec.Consolidate(batches); out != nil {
			return []*vec.Batch{out}
		}
		return nil
	}
	return batches
}

// RequestSnapshot asks the job to cut at an epoch that is not closed yet, and to freeze its state there. done is called
// from the job's step once that cut has been published, with the snapshot, whose states it releases; nil if there will be none, because the job has stopped or is past the epoch.
func (j *Job) RequestSnapshot(epoch uint64, done func(s *Snapshot)) {
	j.mu.Lock()
	if j.stopped || j.Failure() != nil || j.issued >= epoch || j.snapshot.done != nil {
		j.mu.Unlock()
		done(nil)
		return
	}
	j.snapshot = request{epoch, done}
	j.mu.Unlock()
	j.cfg.Clock.Notify(&j.watcher, epoch) // it may not touch the job's inputs
}

// CancelSnapshot takes back a request that will not be answered: another member of the group has refused.
func (j *Job) CancelSnapshot(epoch uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.snapshot.epoch == epoch {
		j.refuseSnapshot()
	}
}

// refuseSnapshot says that there will be none.
func (j *Job) refuseSnapshot() {
	if j.snapshot.done != nil {
		j.snapshot.done(nil)
		j.snapshot = request{}
	}
}
