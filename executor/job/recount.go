package job

import (
	"slices"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
)

// A recount is an epoch at which the job leaves its state and computes its query anew, over all rows of its inputs up to there, also
// those that had been left out as late. What it publishes at that epoch is the difference; later rows are judged as before.
//
// A recount is a part of the job's history like a row: a job that goes through the epoch once more, after a crash, recounts once more, so
// that those which read it see the same changes at the same epochs. Therefore it comes to be in two steps. Hold keeps the job before the
// epoch while that becomes durable, and Recount lets it happen. Epochs of the past are in Config.

// recounts are a job's.
type recounts struct {
	epochs  []uint64 // those that are durable, ascending
	booked  []epoch.Booking
	pending uint64 // the first that is ahead, or held; 0: none
}

// await books the recounts past a cut: the job's inputs must have them as cuts.
func (j *Job) await(cut uint64) {
	r := &j.recounts
	r.release(func(e uint64) bool { return e <= cut })
	for _, e := range r.epochs {
		if j.Failure() == nil && e > cut && !slices.ContainsFunc(r.booked, func(b epoch.Booking) bool { return b.Epoch == e }) {
			r.booked = append(r.booked, j.cfg.Clock.BookAt(e))
		}
	}
	r.pending = 0
	for _, b := range r.booked {
		if r.pending == 0 || b.Epoch < r.pending {
			r.pending = b.Epoch
		}
	}
	j.held.Store(r.pending)
}

// release ends bookings.
func (r *recounts) release(which func(epoch uint64) bool) {
	r.booked = slices.DeleteFunc(r.booked, func(b epoch.Booking) bool {
		if !which(b.Epoch) {
			return false
		}
		b.Release()
		return true
	})
}

// Hold keeps the job, and what is said of its frontier, before an epoch that is booked and not closed yet. It is false if the job has
// stopped, or waits for an epoch already.
func (j *Job) Hold(e uint64) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.stopped || j.Failure() != nil || j.recounts.pending != 0 {
		return false
	}
	j.recounts.booked = append(j.recounts.booked, j.cfg.Clock.BookAt(e))
	j.recounts.pending = e
	j.held.Store(e)
	j.cfg.Clock.Notify(&j.watcher, e)
	return true
}

// Recount makes the job count anew at the epoch at which it is held, which is durable now.
func (j *Job) Recount(e uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.recounts.epochs = append(j.recounts.epochs, e)
	j.machine.Wake()
}

// Unhold lets the job go on as if it had not been held.
func (j *Job) Unhold(e uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.stopped { // all is released
		return
	}
	j.recounts.release(func(x uint64) bool { return x == e })
	j.await(j.done.Load())
	j.machine.Wake()
}

// RecountsPast reports whether the job counts anew at an epoch past one, or is held for it: a snapshot of then does not do without the rows
// before it.
func (j *Job) RecountsPast(cut uint64) bool {
	if j.held.Load() > cut {
		return true
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.recounts.last() > cut
}

// last is the newest recount, 0 if there is none.
func (r *recounts) last() uint64 {
	if len(r.epochs) == 0 {
		return 0
	}
	return r.epochs[len(r.epochs)-1]
}

// upTo is the newest recount up to a cut: rows up to there are not judged.
func (r *recounts) upTo(cut uint64) (newest uint64) {
	for _, e := range r.epochs {
		if e <= cut {
			newest = e
		}
	}
	return newest
}

// free is how far the job may go, and say that it has come, of a frontier. It must be read after the frontier: who holds the job does so
// before the epoch is closed.
func (j *Job) free(frontier uint64) uint64 {
	if e := j.held.Load(); e != 0 && e <= frontier {
		return relation.LastCommonCut(e-1, j.relations()...)
	}
	return frontier
}

// recountDue reports whether nothing is missing for the recount that is ahead but what comes before it.
func (j *Job) recountDue() bool {
	e := j.recounts.pending
	return e != 0 && slices.Contains(j.recounts.epochs, e) && len(j.flying) == 0 && j.inputFrontier(nil) >= e
}

// recount counts anew, once all that comes before is published. If an input has a step that goes up to the epoch, so has the job.
func (j *Job) recount() (bool, error) {
	e := j.recounts.pending
	first, ok, err := j.nextBlock(j.issued)
	if err != nil {
		return false, err
	}
	if !ok || first > e {
		first = e
	}
	if err := j.renewDriver(); err != nil {
		return false, err
	}
	j.issued, j.origin = 0, e
	return j.backfill(flight{first: first, cut: e})
}

// collapse makes the watermarks up to an epoch one at its end, so that no row up to there is behind one.
func collapse(list []mark, upTo uint64) []mark {
	n := 0
	for n < len(list) && list[n].epoch <= upTo {
		n++
	}
	if n == 0 {
		return list
	}
	return append([]mark{{upTo, list[n-1].time}}, list[n:]...)
}
