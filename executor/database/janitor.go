package database

import (
	"math"
	"slices"
	"time"

	"github.com/streamdb/streamdb/sql/catalog"
)

const (
	// janitorInterval is how often blocks are trimmed.
	janitorInterval = time.Second
	// historyBytes is how much a relation's blocks may take before those that every job has passed go without waiting for
	// History to be over.
	historyBytes = 256 << 20
)

// janitor forgets blocks that nobody needs: every job that reads them has passed them, and History is over.
type janitor struct {
	db      *Database
	wake    func(time.Duration)
	samples []sample // one a step, oldest first
}

// sample is the newest epoch at a time.
type sample struct {
	time  int64
	epoch uint64
}

func (j *janitor) step() bool {
	now := j.db.cfg.Sched.Now()
	j.samples = append(j.samples, sample{now, j.db.clock.Closed()})
	for len(j.samples) > 1 && j.samples[1].time <= now-History.Microseconds() {
		j.samples = j.samples[1:]
	}
	old := uint64(0)
	if j.samples[0].time <= now-History.Microseconds() {
		old = j.samples[0].epoch
	}
	c := j.db.Catalog()
	j.db.Objects(func(o *Object) {
		if o.Relation == nil {
			return
		}
		passed := j.passed(c, o)
		cutoff := min(old, passed)
		if o.Relation.HistoryBytes() > historyBytes {
			cutoff = passed
		}
		o.Relation.Trim(cutoff)
	})
	j.trimStreams(c, now)
	j.wake(janitorInterval)
	return false
}

// passed is the cut that every running job over a relation has published. A job that failed begins anew when it is resumed.
func (j *janitor) passed(c *catalog.Catalog, o *Object) uint64 {
	low := o.Relation.Cut()
	for _, r := range c.Dependents(o.Meta.OID) {
		if x, ok := j.db.Object(r.OID); ok && x.Job != nil && x.Job.Failure() == nil {
			low = min(low, x.Job.Done())
		}
	}
	return low
}

// restarts is the epoch from which all views and sinks over a stream would read it again after a crash: a row may only go when a
// snapshot has what came of it. It is that of the oldest of their groups' snapshots; one without a snapshot keeps all rows.
func (j *janitor) restarts(c *catalog.Catalog, oid uint32) uint64 {
	dependents := map[uint32]bool{}
	for _, r := range c.Dependents(oid) {
		dependents[r.OID] = true
	}
	low := uint64(math.MaxUint64)
	j.db.mu.RLock()
	defer j.db.mu.RUnlock()
	for group, members := range groups(c) {
		if slices.ContainsFunc(members, func(m uint32) bool { return dependents[m] }) {
			low = min(low, j.db.snapshots.taken[group])
		}
	}
	return low
}

// trimStreams applies the retention of streams: it counts from arrival.
func (j *janitor) trimStreams(c *catalog.Catalog, now int64) {
	for _, r := range c.Relations() {
		keep, ok := Retention(r)
		if !ok || r.Connector != "" {
			continue
		}
		epoch, ok, err := j.db.log.EpochAt(now - keep.Microseconds())
		if err == nil && ok {
			o, there := j.db.Object(r.OID)
			if there {
				epoch = min(epoch, j.passed(c, o), j.restarts(c, r.OID))
			}
			err = j.db.log.Trim(r.OID, epoch+1)
		}
		if err != nil {
			j.db.cfg.Log.Error("retention", "stream", r.Name, "error", err)
		}
	}
}
