package job

import (
	"errors"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

const (
	// maxRestarts is how often a job is begun again without having published anything in between.
	maxRestarts = 4
	// firstBackoff is how long the first restart waits; each further one waits twice as long.
	firstBackoff = 20 * time.Millisecond
	// forgiven is after what time without a failure earlier ones do not count any more.
	forgiven = time.Minute
)

// restarts is the policy for a driver that has stopped: the job goes back to its last snapshot and replays, alone, a few times and
// ever later, before it is given up.
type restarts struct {
	count int   // since the last progress
	total int64 // ever
	until int64 // when to go on; 0: it runs
	last  int64 // when the driver stopped last
	from  uint64
	cause error
}

// waiting reports whether the job waits for its next attempt, which it begins when it is due.
func (r *restarts) waiting(j *Job) bool {
	if r.until == 0 {
		return false
	}
	if left := r.until - j.cfg.Sched.Now(); left > 0 {
		j.machine.WakeAfter(time.Duration(left) * time.Microsecond)
		return true
	}
	r.until = 0
	if err := j.begin(); err != nil {
		j.fail(err)
		return true
	}
	return false
}

// progress forgets the attempts: the job got further than where it stopped.
func (r *restarts) progress(j *Job) {
	if r.count > 0 && j.done.Load() > r.from {
		r.count, r.cause = 0, nil
	}
}

// recover begins a job again whose driver has stopped, unless that would not help.
func (j *Job) recover(cause error) {
	r := &j.restarts
	now := j.cfg.Sched.Now()
	if now-r.last > forgiven.Microseconds() {
		r.count = 0
	}
	r.last = now
	if r.count >= maxRestarts || !transient(cause) {
		j.fail(cause)
		return
	}
	backoff := firstBackoff << r.count
	r.count++
	r.total++
	r.from, r.cause = j.done.Load(), cause
	r.until = now + backoff.Microseconds()
	j.driver.Close()
	j.flying = nil
	if j.change != nil {
		j.change.abandon()
	}
	j.machine.WakeAfter(backoff)
}

// transient reports whether an error may not come again: a fault of the machine or of our own, not one of the data.
func transient(err error) bool {
	var gone *trimmed
	if errors.As(err, &gone) {
		return true
	}
	switch sqlerr.CodeOf(err) {
	case sqlerr.InternalError, sqlerr.DataCorrupted, sqlerr.IOError:
		return true
	}
	return false
}

// begin makes a new driver and puts it where the job can go on from: its newest snapshot, if all that came since is kept. Else it is fed
// its inputs as of the cut that it published last, which its output has already; a job that is Stepwise begins where it began.
func (j *Job) begin() error {
	if err := j.renewDriver(); err != nil {
		return err
	}
	j.issued = 0
	if done := j.done.Load(); done > 0 && !j.cfg.Stepwise {
		j.origin = done
	}
	s, err := j.stored()
	if err != nil {
		return err
	}
	if s == nil {
		return j.anew()
	}
	if err := j.resume(s); err != nil { // the snapshot cannot be read: do without
		j.flying, j.issued = nil, 0
		if err := j.renewDriver(); err != nil {
			return err
		}
		return j.anew()
	}
	return nil
}

// anew is why the job cannot begin without a snapshot; nil if it can.
func (j *Job) anew() error {
	if j.cfg.Stepwise && j.origin == 0 {
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "%q cannot go on: when its rows came is in a snapshot that cannot be read", j.cfg.Name).
			WithHint("DROP and CREATE it: it begins with the rows that are there now.")
	}
	if j.cfg.Anew == nil {
		return nil
	}
	return j.cfg.Anew()
}

// stored is the snapshot to go on from; nil if there is none, or blocks since are gone.
func (j *Job) stored() (*Snapshot, error) {
	if j.cfg.Stored == nil || j.restarts.count > maxRestarts/2 && !j.cfg.Stepwise && j.anew() == nil {
		return nil, nil
	}
	s, err := j.cfg.Stored()
	if s == nil || err != nil {
		return nil, err
	}
	done := j.done.Load()
	if s.Cut < j.began || s.Cut > done { // it is of a time before the job was begun anew, or not of what the output has
		return nil, nil
	}
	if s.Cut < j.recounts.upTo(done) { // what was published since is not what would come of it
		return nil, nil
	}
	if _, _, gone := j.nextBlock(s.Cut); gone != nil {
		return nil, nil
	}
	return s, nil
}

// Restarting is why the job's driver has stopped and is to be begun again; nil if it runs.
func (j *Job) Restarting() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.restarts.cause
}

// Restarts is how often the job's driver was begun again.
func (j *Job) Restarts() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.restarts.total
}
