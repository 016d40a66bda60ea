package database

import (
	"maps"
	"slices"
	"time"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/job"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/storage/snapshot"
)

// defaultSnapshotInterval is how often a group that has moved is snapshotted, if Config does not say.
const defaultSnapshotInterval = time.Second

// contentNode is the plan node under which a relation's own rows are kept in a snapshot; those by its other keys have indexes from 1.
const contentNode = -1

// snapshots takes the snapshots of all groups, each on its own.
type snapshots struct {
	db    *Database
	store *snapshot.Store
	wake  func(time.Duration)
	// writer is the machine that writes those that are ready.
	writer   sched.Machine
	breather breather
	// reserving is that of the memory that is made ready before a barrier.
	reserving breather
	vacuumed  bool

	// What follows is guarded by the database's mutex.

	// durable is the epoch of the newest stored snapshot that each view, sink or table is in; under are those being taken, by group.
	durable map[uint32]uint64
	// aligned are the newest alignments of the members of each group.
	aligned map[uint32][]alignment
	under   map[uint32]*taking
	// costs are those of the newest one of each group.
	costs  map[uint32]cost
	ready  []*taking
	tables map[uint32]tableMark
}

func newSnapshots(d *Database, store *snapshot.Store) *snapshots {
	s := &snapshots{db: d, store: store, durable: map[uint32]uint64{}, aligned: map[uint32][]alignment{}, under: map[uint32]*taking{},
		costs: map[uint32]cost{}, tables: map[uint32]tableMark{}}
	s.breather.sched, s.breather.rest = d.cfg.Sched, d.cfg.Rest
	s.reserving.sched, s.reserving.rest = d.cfg.Sched, d.cfg.Rest
	store.Between(s.breather.breathe)
	return s
}

// taking is a snapshot of a group under way: its members report at the cut, each from its own machine.
type taking struct {
	group   uint32
	epoch   uint64
	booking epoch.Booking
	started int64
	worked  int64 // how long the members' tasks had, in microseconds
	asked   []*job.Job
	missing int
	failed  bool
	members []member
	// from is when it may be written.
	from int64
}

// member is one relation's part of a snapshot.
type member struct {
	oid       uint32 // a view's computation
	plan      uint64
	versions  []driver.State
	watermark int64
	marks     []int64 // of the scans of a job
	aligned   int64   // how long the barrier waited, in microseconds
}

// freeze adds the rows of the member's relation.
func (m *member) freeze(r *relation.Relation) relation.Frozen {
	f := r.Freeze()
	if m.plan == 0 {
		m.plan = uint64(f.Added)
	}
	m.watermark = f.Watermark
	if f.Content != nil {
		m.versions = append(m.versions, driver.State{Node: contentNode, Version: f.Content})
	}
	for i, v := range f.Keys {
		m.versions = append(m.versions, driver.State{Node: contentNode, Index: 1 + i, Version: v})
	}
	return f
}

// groups are the views and sinks joined by views that read views, each named by its lowest OID: they are snapshotted at one
// epoch.
func groups(c *catalog.Catalog) map[uint32][]uint32 {
	lowest := map[uint32]uint32{}
	find := func(oid uint32) uint32 {
		for lowest[oid] != oid {
			oid = lowest[oid]
		}
		return oid
	}
	var members []uint32
	for _, r := range c.Relations() { // by OID: what a view reads comes before it
		if r.ViewDef == nil || !c.Leads(r) {
			continue
		}
		lowest[r.OID] = r.OID
		members = append(members, r.OID)
		for _, d := range r.ViewDef.DependsOn {
			d = leader(c, d)
			if _, ok := lowest[d]; ok {
				a, b := find(r.OID), find(d)
				lowest[max(a, b)] = min(a, b)
			}
		}
	}
	out := map[uint32][]uint32{}
	for _, oid := range members {
		out[find(oid)] = append(out[find(oid)], oid)
	}
	return out
}

// step begins the snapshots that are due.
func (s *snapshots) step() bool {
	s.begin(false)
	s.wake(s.db.cfg.SnapshotInterval)
	return false
}

// begin begins them, with last also those that could wait.
func (s *snapshots) begin(last bool) {
	s.cancel()
	c := s.db.Catalog()
	all := groups(c)
	for _, r := range c.Relations() { // in the order of OIDs: no step may depend on a map's order
		if oids := s.due(r.OID, all[r.OID], last); len(oids) > 0 {
			s.beginGroup(r.OID, oids)
		}
		if r.Kind == catalog.Table {
			s.beginTable(r.OID, last)
		}
	}
}

// cancel takes back the requests of snapshots that one of the members has refused: others may wait for it.
func (s *snapshots) cancel() {
	s.db.mu.RLock()
	var refused []*taking
	for _, group := range slices.Sorted(maps.Keys(s.under)) {
		if t := s.under[group]; t.failed {
			refused = append(refused, t)
		}
	}
	s.db.mu.RUnlock()
	for _, t := range refused {
		for _, x := range t.asked {
			x.CancelSnapshot(t.epoch)
		}
	}
}

// due are the members of a group that are to be snapshotted now: those that have not stopped, if one of them has published a cut since the
// last snapshot that it is in, none is back-filling, and the last one is paid for, or it is the last for long. One that has stopped stays in
// the snapshots that it is in, and so does what it would go on from; it holds up nobody else.
func (s *snapshots) due(group uint32, oids []uint32, last bool) (running []uint32) {
	moved, batched, worked := false, true, int64(0)
	for _, oid := range oids {
		o, ok := s.db.Object(oid)
		if !ok || o.Job == nil || o.Job.Failure() != nil || o.Relation.Stopped() != nil {
			continue
		}
		done := o.Job.Done()
		if done == 0 {
			return nil
		}
		moved = moved || done > s.db.durable(o.Meta.Computation())
		batched = batched && o.Job.Mode().Batched
		worked += o.Job.Worked()
		running = append(running, oid)
	}
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	now, c := s.db.cfg.Sched.Now(), s.costs[group]
	if !moved || s.under[group] != nil || !last && now < c.paid(c.rate(batched, worked, now)) {
		return nil
	}
	return running
}

// reserve has the members of a group make memory ready for the copies of pages that come after the
// barrier, and says for how long their tasks have worked.
func (s *snapshots) reserve(oids []uint32) (worked int64) {
	for _, oid := range oids {
		if o, ok := s.db.Object(oid); ok && o.Job != nil {
			o.mem.Reserve(s.reserving.breathe)
			worked += o.Job.Worked()
		}
	}
	return worked
}

// busy reports whether a snapshot is under way.
func (s *snapshots) busy() bool {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	return len(s.under) > 0
}

// beginGroup asks members to freeze at an epoch that is not closed yet, so that none can be past it.
func (s *snapshots) beginGroup(group uint32, oids []uint32) {
	worked := s.reserve(oids)
	booking := s.db.clock.BookNext()
	t := &taking{group: group, epoch: booking.Epoch, booking: booking, started: s.db.cfg.Sched.Now(), worked: worked, missing: len(oids)}
	for _, oid := range oids {
		if o, ok := s.db.Object(oid); ok && o.Job != nil {
			t.asked = append(t.asked, o.Job)
		}
	}
	s.db.mu.Lock()
	s.under[group] = t
	s.db.mu.Unlock()
	for _, oid := range oids {
		o, ok := s.db.Object(oid)
		if !ok || o.Job == nil {
			s.report(t, member{}, false)
			continue
		}
		o.Job.RequestSnapshot(t.epoch, func(x *job.Snapshot) {
			m := member{oid: o.Meta.Computation(), plan: planOf(o.Meta)}
			if x != nil {
				m.versions, m.marks, m.aligned = x.States, x.Marks, x.Aligned
				m.freeze(o.Relation)
			}
			s.report(t, m, x != nil)
		})
	}
}

// report takes a member's part; the last one has the snapshot written, by the writer: it may be a job's step that reports.
func (s *snapshots) report(t *taking, m member, ok bool) {
	s.db.mu.Lock()
	t.members = append(t.members, m)
	t.failed = t.failed || !ok
	t.missing--
	done := t.missing == 0
	s.db.mu.Unlock()
	if !done {
		return
	}
	t.booking.Release()
	t.from = s.db.cfg.Sched.Now() + s.wait(t).Microseconds()
	s.db.mu.Lock()
	s.ready = append(s.ready, t)
	s.db.mu.Unlock()
	s.writer.Wake()
}
