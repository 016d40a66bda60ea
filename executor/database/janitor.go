package database

import (
	"math"
	"time"

	"github.com/streamdb/streamdb/sql/catalog"
)

const (
	// janitorInterval is how often blocks are trimmed.
	janitorInterval = time.Second
	// trimSteps is in how many steps of the janitor page buffers must have been of use to be kept: those that one snapshot gives back are for the
	// next one to copy into.
	trimSteps = 10
	// historyBytes is how much a relation's blocks may take before those that every job has passed go without waiting for
	// History to be over.
	historyBytes = 256 << 20
	// FailedKeep is how long rows are kept that a view or sink which has stopped would go on with: longer, and a bad row nobody looks
	// after would fill the disk. After that one that has read streams can only be made anew.
	FailedKeep = 24 * time.Hour
)

// janitor forgets blocks that nobody needs: every job that reads them has passed them, and History is over.
type janitor struct {
	db      *Database
	wake    func(time.Duration)
	samples []sample // one a step, oldest first
	steps   int
	// swept is the epoch before which records have been looked at.
	swept uint64
	// failed is since when views and sinks have been known to have stopped.
	failed map[uint32]int64
}

func newJanitor(d *Database) *janitor { return &janitor{db: d, failed: map[uint32]int64{}} }

// sample is the newest epoch at a time.
type sample struct {
	time  int64
	epoch uint64
}

func (j *janitor) step() bool {
	now := j.db.cfg.Sched.Now()
	j.samples = append(j.samples, sample{now, j.db.clock.Closed()})
	history := j.db.cfg.History.Microseconds()
	for len(j.samples) > 1 && j.samples[1].time <= now-history {
		j.samples = j.samples[1:]
	}
	old := uint64(0)
	if j.samples[0].time <= now-history {
		old = j.samples[0].epoch
	}
	c := j.db.Catalog()
	j.steps++
	j.db.Objects(func(o *Object) {
		if o.Relation == nil {
			return
		}
		if j.steps%trimSteps == 0 {
			o.mem.Trim()
		}
		passed, snapshotted := j.passed(c, o)
		cutoff := min(old, snapshotted)
		if o.Relation.HistoryBytes() > historyBytes {
			cutoff = passed
		}
		o.Relation.Trim(cutoff)
	})
	j.noteFailed(c, now)
	j.trimTables(c)
	j.trimStreams(c, now)
	j.trimRecords(c, old)
	j.wake(janitorInterval)
	return false
}

// passed is the cut that every running job over a relation has published, and snapshotted the one up to which it is in its snapshot as well:
// a job whose driver stops goes back to that. One that has failed begins anew when it is resumed.
func (j *janitor) passed(c *catalog.Catalog, o *Object) (passed, snapshotted uint64) {
	passed = o.Relation.Cut()
	snapshotted = passed
	for _, r := range c.Readers(o.Meta) {
		x, ok := j.db.Object(r.OID)
		if !ok || x.Job == nil || x.Job.Failure() != nil {
			continue
		}
		passed = min(passed, x.Job.Done())
		at := j.db.durable(r.Computation())
		if at == 0 && expires(r) { // it would go through all of them again
			at = r.ViewDef.Began
		}
		if at > 0 {
			snapshotted = min(snapshotted, at)
		}
	}
	return passed, min(passed, snapshotted)
}

// noteFailed remembers since when views and sinks have stood still.
func (j *janitor) noteFailed(c *catalog.Catalog, now int64) {
	was := j.failed
	j.failed = map[uint32]int64{}
	for _, r := range c.Relations() {
		o, ok := j.db.Object(r.OID)
		if !ok || o.Job == nil || o.Job.Failure() == nil {
			continue
		}
		j.failed[r.OID] = now
		if since, known := was[r.OID]; known {
			j.failed[r.OID] = since
		}
	}
}

// needed is the epoch up to which the log's rows of a table or stream are in all that would read them after a crash: in the snapshots of the
// views and sinks over it, and in what lost partitions of them would be made again from. One without a snapshot, or with one
// of before it counted late rows, needs all rows of a stream; of a table it needs what came since it was made, as a
// sink may have to go through it cut by cut. One that has stopped needs rows for FailedKeep.
func (j *janitor) needed(c *catalog.Catalog, oid uint32) uint64 {
	low := uint64(math.MaxUint64)
	now := j.db.cfg.Sched.Now()
	for _, r := range c.Dependents(oid) {
		if r.ViewDef == nil {
			continue
		}
		if since, ok := j.failed[r.OID]; ok && now-since > FailedKeep.Microseconds() {
			continue
		}
		at := j.db.durable(r.Computation())
		if x, ok := j.db.Object(r.OID); ok && x.Job != nil {
			if at = min(at, x.Job.Base()); x.Job.RecountsPast(at) {
				at = 0
			}
		}
		if of, ok := c.RelationByOID(oid); ok && at == 0 && of.Kind == catalog.Table {
			at = r.ViewDef.Began
		}
		low = min(low, at)
	}
	return low
}

// trimTables removes from the log what a table's newest snapshot has, and nobody will ask for.
func (j *janitor) trimTables(c *catalog.Catalog) {
	for _, r := range c.Relations() {
		o, ok := j.db.Object(r.OID)
		if !ok || r.Kind != catalog.Table {
			continue
		}
		upto := min(j.db.durable(r.OID), o.Relation.Trimmed(), j.needed(c, r.OID))
		if err := j.db.log.Trim(r.OID, upto+1); err != nil {
			j.db.cfg.Log.Error("the log of a table could not be trimmed", "table", r.Name, "error", err)
		}
	}
}

// sweptRecords is how many records are looked at in one step.
const sweptRecords = 20_000

// trimRecords removes the records of epochs of which nothing is left, up to an epoch: each is looked at once, when all rows that will be
// trimmed have been. (What is trimmed later is found by the first sweep after the next start.)
func (j *janitor) trimRecords(c *catalog.Catalog, upto uint64) {
	for _, r := range c.Relations() {
		o, ok := j.db.Object(r.OID)
		_, retained := Retention(r)
		if t := j.db.log.Trimmed(r.OID).Upto; ok && (r.Kind == catalog.Table || retained) && o.Relation.Cut() > t {
			upto = min(upto, t)
		}
	}
	for _, r := range c.Relations() {
		if expires(r) && j.db.durable(r.Computation()) == 0 { // after a crash it begins where it began, which a record says
			upto = min(upto, r.ViewDef.Began-1)
		}
	}
	if upto < j.swept {
		return
	}
	gone := func(oid uint32) bool { _, exists := c.RelationByOID(oid); return !exists }
	var err error
	if j.swept, err = j.db.log.TrimRecords(j.swept, upto+1, sweptRecords, gone); err != nil {
		j.db.cfg.Log.Error("records of the log could not be removed", "error", err)
	}
}

// trimStreams applies the retention of streams: it counts from arrival.
func (j *janitor) trimStreams(c *catalog.Catalog, now int64) {
	if j.db.keepsRows(now) {
		return
	}
	for _, r := range c.Relations() {
		keep, ok := Retention(r)
		if !ok || r.Connector != "" {
			continue
		}
		epoch, ok, err := j.db.log.EpochAt(now - keep.Microseconds())
		if err == nil && ok {
			o, there := j.db.Object(r.OID)
			if there {
				passed, _ := j.passed(c, o)
				epoch = min(epoch, passed, j.needed(c, r.OID))
			}
			err = j.db.log.Trim(r.OID, epoch+1)
		}
		if err != nil {
			j.db.cfg.Log.Error("retention", "stream", r.Name, "error", err)
		}
	}
}
