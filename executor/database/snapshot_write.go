package database

import (
	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/storage/snapshot"
)

// writeStep writes the snapshots that are ready, and removes what relations that exist no more have left.
func (s *snapshots) writeStep() bool {
	s.vacuum()
	s.writeAll(s.next())
	c := s.db.Catalog()
	if err := s.store.Retain(func(namespace uint64) bool { return len(c.Computed(uint32(namespace))) > 0 }); err != nil {
		s.db.cfg.Log.Error("snapshots of dropped relations could not be removed", "error", err)
	}
	return false
}

// vacuum removes, once after a start, the pages that a crash has left without a snapshot.
func (s *snapshots) vacuum() {
	if s.vacuumed {
		return
	}
	s.vacuumed = true
	if _, err := s.store.Vacuum(func() bool { return false }); err != nil {
		s.db.cfg.Log.Error("pages without a snapshot could not be removed", "error", err)
	}
}

// alignment is how long a member's barrier waited at an epoch, in microseconds.
type alignment struct {
	epoch uint64
	took  int64
}

// alignmentsKept is how many of them are kept of a group.
const alignmentsKept = 256

// commitBytes is how much is written before it is committed: small snapshots share a commit, as each costs an fsync, and none waits
// for many others.
const commitBytes = 1 << 20

// writeAll writes snapshots, several in a commit.
func (s *snapshots) writeAll(ready []*taking) {
	var (
		written []*taking
		writers []*snapshot.Writer
		size    uint64
	)
	commit := func() {
		if len(writers) > 0 {
			s.commit(written, writers)
			s.end(written)
			written, writers, size = nil, nil, 0
		}
	}
	for _, t := range ready {
		w := s.write(t)
		if w == nil {
			s.end([]*taking{t})
			continue
		}
		written, writers, size = append(written, t), append(writers, w), size+w.Bytes()
		if size >= commitBytes {
			commit()
		}
	}
	commit()
}

// write writes what is new of a snapshot; nil if it has failed.
func (s *snapshots) write(t *taking) *snapshot.Writer {
	if t.failed {
		return nil
	}
	w, err := s.writeGroup(t)
	if err != nil {
		s.failed(t, err)
		return nil
	}
	return w
}

func (s *snapshots) failed(t *taking, err error) {
	s.db.cfg.Log.Error("a snapshot could not be written", "group", t.group, "epoch", t.epoch, "error", err)
}

// commit makes snapshots that were written durable, and says so.
func (s *snapshots) commit(list []*taking, writers []*snapshot.Writer) {
	if err := s.store.Commit(writers...); err != nil {
		for _, t := range list {
			s.failed(t, err)
		}
		return
	}
	for _, t := range list {
		for _, m := range t.members {
			for _, v := range m.versions {
				v.Version.MarkStored()
			}
		}
	}
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	for i, t := range list {
		s.costs[t.group] = cost{t.started, writers[i].Bytes(), t.worked}
		for _, m := range t.members {
			s.durable[m.oid] = t.epoch
			s.aligned[t.group] = append(s.aligned[t.group], alignment{t.epoch, m.aligned})
		}
		if kept := s.aligned[t.group]; len(kept) > alignmentsKept {
			s.aligned[t.group] = kept[len(kept)-alignmentsKept:]
		}
	}
}

// end gives the frozen state of snapshots back: the next ones of their groups may begin.
func (s *snapshots) end(list []*taking) {
	for _, t := range list {
		for _, m := range t.members {
			driver.Release(m.versions)
		}
	}
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	for _, t := range list {
		delete(s.under, t.group)
	}
}
