package database

import (
	"time"
)

const (
	// tableInterval is how long changes of a table wait for a snapshot at most: so much has to be replayed at a start.
	tableInterval = time.Minute
	// tableShare is which part of a table must have changed for a snapshot before that. Changes are scattered over the pages, so
	// a snapshot each second would write a large table again and again for a few rows.
	tableShare = 4
)

// tableMark is a table's newest snapshot: when it was taken, and how much had changed by then.
type tableMark struct {
	time    int64
	changes int64
}

// beginTable takes a snapshot of a table, if it is due: a table is a group of its own, and at its cut at any time. It is the log that
// makes its rows durable; the snapshot lets the log be trimmed, and a start find the rows without reading all that ever
// happened to them.
func (s *snapshots) beginTable(oid uint32, last bool) {
	o, ok := s.db.Object(oid)
	if !ok || o.Relation == nil || !s.tableDue(o, last) {
		return
	}
	now := s.db.cfg.Sched.Now()
	m := member{oid: oid, plan: planOf(o.Meta)}
	f := m.freeze(o.Relation)
	t := &taking{group: oid, epoch: f.Cut, started: now, members: []member{m}}
	s.db.mu.Lock()
	s.under[oid] = t
	s.ready = append(s.ready, t)
	s.tables[oid] = tableMark{now, f.Changes}
	s.db.mu.Unlock()
	s.writer.Wake()
}

func (s *snapshots) tableDue(o *Object, last bool) bool {
	oid := o.Meta.OID
	s.db.mu.RLock()
	under, durable, mark := s.under[oid] != nil, s.durable[oid], s.tables[oid]
	s.db.mu.RUnlock()
	if under || o.Relation.Cut() <= durable {
		return false
	}
	changed := o.Relation.Changes() - mark.changes
	return last || changed*tableShare >= o.Relation.Rows() || s.db.cfg.Sched.Now()-mark.time >= tableInterval.Microseconds()
}
