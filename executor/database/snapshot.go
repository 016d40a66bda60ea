package database

import (
	"time"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/storage/snapshot"
)

// defaultSnapshotInterval is how often a group that has moved is snapshotted, if Config does not say.
const defaultSnapshotInterval = time.Second

// contentNode is the plan node under which a view's own rows are kept in a snapshot.
const contentNode = -1

// snapshots takes the snapshots of all groups, each on its own.
type snapshots struct {
	db    *Database
	store *snapshot.Store
	wake  func(time.Duration)
	// taken is the epoch of each group's newest snapshot, so that a group that has not moved is left alone; under are those being
	// taken. Both are guarded by the database's mutex.
	taken map[uint32]uint64
	under map[uint32]*taking
	// durable is the epoch of the newest stored snapshot that each view or sink is in.
	durable map[uint32]uint64
	// writer is the machine that writes those that are ready.
	writer sched.Machine
	ready  []*taking
}

// taking is a snapshot of a group under way: its members report at the cut, each from its own machine.
type taking struct {
	group   uint32
	epoch   uint64
	booking epoch.Booking
	started int64
	missing int
	failed  bool
	members []member
}

// member is one job's part of a snapshot.
type member struct {
	oid       uint32
	plan      uint64
	versions  []driver.State
	watermark int64
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
		if r.ViewDef == nil {
			continue
		}
		lowest[r.OID] = r.OID
		members = append(members, r.OID)
		for _, d := range r.ViewDef.DependsOn {
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
	c := s.db.Catalog()
	all := groups(c)
	for _, r := range c.Relations() { // in the order of OIDs: no step may depend on a map's order
		if oids, ok := all[r.OID]; ok && s.due(r.OID, oids) {
			s.begin(r.OID, oids)
		}
	}
	s.wake(s.db.cfg.SnapshotInterval)
	return false
}

// due reports whether all members of a group run, and one has published a cut since the last snapshot.
func (s *snapshots) due(group uint32, oids []uint32) bool {
	s.db.mu.RLock()
	taken, under := s.taken[group], s.under[group] != nil
	s.db.mu.RUnlock()
	newest := uint64(0)
	for _, oid := range oids {
		o, ok := s.db.Object(oid)
		if !ok || o.Job == nil || o.Job.Failure() != nil || o.Job.Done() == 0 {
			return false
		}
		newest = max(newest, o.Job.Done())
	}
	return !under && newest > taken
}

// busy reports whether a snapshot is under way.
func (s *snapshots) busy() bool {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	return len(s.under) > 0
}

// begin asks all members to freeze at an epoch that is not closed yet, so that none can be past it.
func (s *snapshots) begin(group uint32, oids []uint32) {
	booking := s.db.clock.BookNext()
	t := &taking{group: group, epoch: booking.Epoch, booking: booking, started: s.db.cfg.Sched.Now(), missing: len(oids)}
	s.db.mu.Lock()
	s.under[group] = t
	s.db.mu.Unlock()
	for _, oid := range oids {
		o, ok := s.db.Object(oid)
		if !ok || o.Job == nil {
			s.report(t, member{}, false)
			continue
		}
		o.Job.RequestSnapshot(t.epoch, func(versions []driver.State, ok bool) {
			m := member{oid: oid, plan: planHash(o.Meta.ViewDef.Plan), versions: versions}
			if ok {
				v, _, watermark := o.Relation.Freeze()
				m.watermark = watermark
				if v != nil {
					m.versions = append(m.versions, driver.State{Node: contentNode, Version: v})
				}
			}
			s.report(t, m, ok)
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
	s.db.mu.Lock()
	s.ready = append(s.ready, t)
	s.db.mu.Unlock()
	s.writer.Wake()
}

// writeStep writes one snapshot that is ready.
func (s *snapshots) writeStep() bool {
	s.db.mu.Lock()
	if len(s.ready) == 0 {
		s.db.mu.Unlock()
		return false
	}
	t := s.ready[0]
	s.ready = s.ready[1:]
	s.db.mu.Unlock()
	s.finish(t)
	return true
}

// finish writes a snapshot and gives the frozen state back.
func (s *snapshots) finish(t *taking) {
	if !t.failed {
		if err := s.write(t); err != nil {
			t.failed = true
			s.db.cfg.Log.Error("a snapshot could not be written", "group", t.group, "epoch", t.epoch, "error", err)
		}
	}
	for _, m := range t.members {
		for _, v := range m.versions {
			v.Version.Release()
		}
	}
	s.db.mu.Lock()
	delete(s.under, t.group)
	if !t.failed {
		s.taken[t.group] = t.epoch
		for _, m := range t.members {
			s.durable[m.oid] = t.epoch
		}
	}
	s.db.mu.Unlock()
}
