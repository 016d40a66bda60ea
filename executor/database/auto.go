package database

import (
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/job"
)

const (
	// autoInterval is how often the model of a view with execution = 'auto' is thought over.
	autoInterval = 500 * time.Millisecond
	// autoBehind is how far a view may lag behind its inputs, and autoPatience for how many looks in a row, before it is batched.
	autoBehind   = time.Second
	autoPatience = 4
	// autoCalm is the share of the time that batches may take, and autoCalmFor for how many looks in a row, before they are given up.
	autoCalm    = 0.2
	autoCalmFor = 20
)

// auto chooses how views with execution = 'auto' are executed: pipelined for its latency, unless the view cannot keep up; then in
// micro-batches, which take more at once, until they have little to do.
type auto struct {
	db   *Database
	wake func(time.Duration)

	mu      sync.Mutex
	choices map[uint32]*choice
}

// choice is what was chosen for a view, and what speaks for another choice.
type choice struct {
	batched bool
	why     string
	looks   int // in a row that spoke for the other model
}

func newAuto(db *Database) *auto { return &auto{db: db, choices: map[uint32]*choice{}} }

// of is the choice for a view.
func (a *auto) of(oid uint32) *choice {
	c := a.choices[oid]
	if c == nil {
		c = &choice{why: "pipelined for its latency: the view keeps up"}
		a.choices[oid] = c
	}
	return c
}

// batched reports whether a view is to be executed in micro-batches.
func (a *auto) batched(oid uint32) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.of(oid).batched
}

// Chosen says how a view with execution = 'auto' is executed at the moment, and why.
func (d *Database) Chosen(oid uint32) (model, why string) {
	d.auto.mu.Lock()
	defer d.auto.mu.Unlock()
	c := d.auto.of(oid)
	if c.batched {
		return Microbatch, c.why
	}
	return Pipelined, c.why
}

// step looks at all views with execution = 'auto', and forgets what was chosen for others: one that comes to it again begins anew.
func (a *auto) step() bool {
	seen := map[uint32]bool{}
	a.db.Objects(func(o *Object) {
		seen[o.Meta.OID] = Execution(o.Meta) == Auto
		if o.Job != nil && Execution(o.Meta) == Auto && o.Job.Done() > 0 && o.Job.Failure() == nil && a.look(o.Meta.OID, o.Job) {
			o.Job.SetMode(a.db.Mode(o.Meta))
		}
	})
	a.mu.Lock()
	maps.DeleteFunc(a.choices, func(oid uint32, _ *choice) bool { return !seen[oid] })
	a.mu.Unlock()
	a.wake(autoInterval)
	return false
}

// look thinks over the model of a view; it reports whether the choice is another one now.
func (a *auto) look(oid uint32, j *job.Job) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.of(oid)
	speaks, patience, why := a.against(c, j)
	if !speaks {
		c.looks = 0
		return false
	}
	if c.looks++; c.looks < patience {
		return false
	}
	c.batched, c.why, c.looks = !c.batched, why, 0
	return true
}

// against reports whether something speaks against the model that is in use, and how often it has to.
func (a *auto) against(c *choice, j *job.Job) (speaks bool, patience int, why string) {
	now := a.db.cfg.Sched.Now()
	if !c.batched {
		lag := time.Duration(j.Waiting(now)) * time.Microsecond
		return lag > autoBehind, autoPatience, fmt.Sprintf("micro-batches for their throughput: pipelined, the view was %v behind its inputs", lag.Round(time.Millisecond))
	}
	share := batchShare(j.Batches(), now)
	return share < autoCalm && j.Waiting(now) < autoBehind.Microseconds(), autoCalmFor, fmt.Sprintf("pipelined for its latency: micro-batches had work for %d %% of the time", int(100*share))
}

// batchShare is the share of the last interval in which batches ran, of those that have completed: how long a long one runs shows only when it
// has, until then the view lags.
func batchShare(batches []driver.BatchInfo, now int64) float64 {
	since, ran := now-autoInterval.Microseconds(), int64(0)
	for _, b := range batches {
		begun := b.Started + b.Planning + b.Scheduling
		ran += max(0, min(now, begun+b.Run)-max(since, begun))
	}
	return float64(ran) / float64(autoInterval.Microseconds())
}
