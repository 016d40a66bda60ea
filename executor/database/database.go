package database

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/scratch"
	"github.com/streamdb/streamdb/storage/snapshot"
)

// Config is what a database is opened with.
type Config struct {
	Store      kv.Store
	Sched      sched.Scheduler
	Connectors connector.Set
	// Root is the folder that file connectors may use; empty allows no files.
	Root string
	// Scratch is the folder in which what does not fit into memory may be put, without a name; empty: nothing is.
	Scratch string
	// Tasks is how many tasks a stage of a view has if the view does not say: the number of cores.
	Tasks int
	// Virtual are the relations that are computed when read.
	Virtual []*catalog.Relation
	// BindWatermark binds a stream's WATERMARK FOR expression over the stream's columns.
	BindWatermark func(c *catalog.Catalog, r *catalog.Relation) (expr.Node, error)
	// SnapshotInterval is how often a group that has moved is snapshotted; 0 is each second.
	SnapshotInterval time.Duration
	// Rest gives the processors to others for some time; it is called by what works in the background. nil: that works without rests, as in a
	// simulation.
	Rest func(time.Duration)
	// History is how long changes are kept for who comes late; 0 is the constant of that name.
	History time.Duration
	Log     *slog.Logger
	// Faults are the places that are to fail, in tests and benchmarks; nil: none.
	Faults *failpoint.Set
}

// Database is an open database.
type Database struct {
	cfg   Config
	log   *changelog.Log
	clock *epoch.Clock

	catalog   atomic.Pointer[catalog.Catalog]
	sequences *Sequences

	snapshots *snapshots
	late      lateRows
	auto      *auto
	scratch   *scratch.File
	machines  []sched.Machine

	// parting is when a view was last about to part from those that it is computed with; 0: never.
	parting atomic.Int64

	mu      sync.RWMutex
	objects map[uint32]*Object
}

// Open opens the database in a store, and starts its clock and jobs.
func Open(cfg Config) (*Database, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.SnapshotInterval == 0 {
		cfg.SnapshotInterval = defaultSnapshotInterval
	}
	if cfg.History == 0 {
		cfg.History = History
	}
	log, err := changelog.Open(cfg.Store)
	if err != nil {
		return nil, err
	}
	d := &Database{cfg: cfg, log: log, objects: map[uint32]*Object{}, sequences: newSequences(cfg.Store)}
	d.auto = newAuto(d)
	if cfg.Scratch != "" {
		d.scratch = scratch.New(cfg.Scratch)
	}
	d.clock = epoch.New(log, cfg.Sched, d.relation)
	store, err := snapshot.Open(cfg.Store, snapshotsKept)
	if err != nil {
		return nil, err
	}
	d.snapshots = newSnapshots(d, store)
	c, err := loadCatalog(cfg.Store, cfg.Virtual)
	if err != nil {
		return nil, err
	}
	d.catalog.Store(c)
	if err := d.recover(); err != nil {
		d.Close()
		return nil, err
	}
	d.startMachines()
	return d, nil
}

// snapshotsKept is how many snapshots of a group are kept.
const snapshotsKept = 2

// startMachines starts what runs beside clock and jobs.
func (d *Database) startMachines() {
	d.snapshots.writer = d.cfg.Sched.Start("snapshot writer", d.snapshots.writeStep)
	s := d.cfg.Sched.Start("snapshots", d.snapshots.step)
	d.snapshots.wake = s.WakeAfter
	j := newJanitor(d)
	m := d.cfg.Sched.Start("janitor", j.step)
	j.wake = m.WakeAfter
	a := d.cfg.Sched.Start("choice of models", d.auto.step)
	d.auto.wake = a.WakeAfter
	d.machines = append(d.machines, s, m, d.snapshots.writer, a)
	a.WakeAfter(autoInterval)
	s.WakeAfter(d.cfg.SnapshotInterval)
	d.snapshots.writer.Wake()
	m.WakeAfter(janitorInterval)
}

// lastSnapshot is how long Close waits for the last snapshot.
const lastSnapshot = 5 * time.Second

// Close takes a last snapshot of what has moved, so that the next start has little to replay, and stops the clock and all jobs.
// The store stays open.
func (d *Database) Close() {
	d.snapshotNow(lastSnapshot)
	d.clock.Stop()
	for _, m := range d.machines {
		m.Stop()
		m.Join()
	}
	d.mu.Lock()
	objects := d.objects
	d.objects = map[uint32]*Object{}
	d.mu.Unlock()
	for _, oid := range slices.Backward(slices.Sorted(maps.Keys(objects))) { // a job may still read what its view depends on, which was there before it
		if o := objects[oid]; d.Catalog().Leads(o.Meta) {
			o.stop(d)
		}
	}
	if d.scratch != nil {
		if err := d.scratch.Close(); err != nil {
			d.cfg.Log.Warn("closing the scratch file", "error", err)
		}
	}
}

// snapshotNow begins the snapshots that are due, closes an epoch for them, and waits until they are written.
func (d *Database) snapshotNow(wait time.Duration) {
	if len(d.machines) == 0 {
		return // recovery has failed
	}
	for _, b := range []*breather{&d.snapshots.breather, &d.snapshots.reserving} {
		b.hurry.Add(1)
		defer b.hurry.Add(-1)
	}
	end := time.Now().Add(wait)
	before := d.snapshots.busy() // what is under way already is of an older epoch
	d.snapshotUntil(end)
	if before {
		d.snapshotUntil(end)
	}
}

// snapshotUntil begins what is due, and waits for all that is under way, until a time, or as long as the store takes anything.
func (d *Database) snapshotUntil(end time.Time) {
	d.snapshots.begin(true)
	var refused atomic.Bool
	d.clock.Submit(&epoch.Commit{NoSync: true, Done: func(_ uint64, err error) { refused.Store(err != nil) }})
	d.snapshots.writer.Wake() // for those that were to wait
	for d.snapshots.busy() && !refused.Load() && time.Now().Before(end) {
		time.Sleep(5 * time.Millisecond)
	}
}

// SnapshotInfo is a snapshot, and for how many microseconds its barrier waited at most in a task for the other inputs; -1 if that is not
// known any more.
type SnapshotInfo struct {
	snapshot.Info
	Aligned int64
}

// Snapshots lists the snapshots of all groups.
func (d *Database) Snapshots() (out []SnapshotInfo) {
	list := d.snapshots.store.List()
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, x := range list {
		info := SnapshotInfo{x, -1}
		for _, a := range d.snapshots.aligned[uint32(x.Group)] {
			if a.epoch == x.Epoch {
				info.Aligned = max(info.Aligned, a.took)
			}
		}
		out = append(out, info)
	}
	return out
}

// Catalog is the newest closed epoch's catalog.
func (d *Database) Catalog() *catalog.Catalog { return d.catalog.Load() }

// Clock is the database's clock.
func (d *Database) Clock() *epoch.Clock { return d.clock }

// Sequences give out the values of sequences.
func (d *Database) Sequences() *Sequences { return d.sequences }

// Log is the changelog.
func (d *Database) Log() *changelog.Log { return d.log }

// Sched is what runs the database's machines.
func (d *Database) Sched() sched.Scheduler { return d.cfg.Sched }

// Store is the store that the database is in.
func (d *Database) Store() kv.Store { return d.cfg.Store }

// Connectors are the connectors that streams and sinks can use.
func (d *Database) Connectors() connector.Set { return d.cfg.Connectors }

// Object finds a relation at work.
func (d *Database) Object(oid uint32) (*Object, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	o, ok := d.objects[oid]
	return o, ok
}

func (d *Database) relation(oid uint32) *relation.Relation {
	if o, ok := d.Object(oid); ok {
		return o.Relation
	}
	return nil
}

// Objects calls f with each relation at work, by OID.
func (d *Database) Objects(f func(*Object)) {
	for _, r := range d.Catalog().Relations() {
		if o, ok := d.Object(r.OID); ok {
			f(o)
		}
	}
}

// Commit submits a transaction's changes and waits until they are in an epoch.
func (d *Database) Commit(ctx context.Context, x *epoch.Commit) (uint64, error) {
	type answer struct {
		epoch uint64
		err   error
	}
	done := make(chan answer, 1)
	x.Done = func(epoch uint64, err error) { done <- answer{epoch, err} }
	d.clock.Submit(x)
	// Once submitted a commit cannot be taken back, so the answer is waited for even if the client has gone.
	a := <-done
	return a.epoch, a.err
}

// ChangeCatalog makes x change the catalog from old to new.
func (d *Database) ChangeCatalog(x *epoch.Commit, old, new *catalog.Catalog) error {
	b := &kv.Batch{}
	if err := storeChange(b, old, new); err != nil {
		return err
	}
	b.AppendBatch(x.With)
	x.With = b
	x.Catalog = []byte{catalogFormat}
	check := x.Check
	x.Check = func() error {
		if d.Catalog() != old {
			return sqlerr.New(sqlerr.SerializationFailure, "could not serialize access due to a concurrent change of the catalog").
				WithHint("Run the transaction again.")
		}
		if check != nil {
			return check()
		}
		return nil
	}
	x.Apply = func(epoch uint64, _ int64) { d.apply(old, new, epoch) }
	return nil
}
