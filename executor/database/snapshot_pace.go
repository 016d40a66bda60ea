package database

import (
	"sync/atomic"
	"time"

	"github.com/streamdb/streamdb/executor/sched"
)

// A snapshot is paid for twice. After its barrier each task copies the pages that it writes to, as they are frozen, which is most of a
// large state within some hundredths of a second; and the writer reads, packs and writes them. If both happen at once on a machine with
// few processors, the rows that come meanwhile wait for both. So the memory to copy into is made ready before the barrier, and the writer lets the
// tasks copy first, and then works with rests.
const (
	// copyTime is how long tasks have for themselves after a barrier that froze at least copyBytes.
	copyTime  = 50 * time.Millisecond
	copyBytes = 4 << 20
	// writeSlice is how long the writer works before it rests, and restShare for how many times as long it does: so it takes a third of
	// one processor. The Go scheduler would give it a processor for 10 ms at a time.
	writeSlice = 500 * time.Microsecond
	restShare  = 2
	// maxRest is for a slice that was long because the disk was slow.
	maxRest = 2 * time.Millisecond
	// promptBytes is how many bytes a second the snapshots of a group write on average, as far as their interval allows, if a member of it is
	// pipelined. What is written was copied as well, and rows that come meanwhile are late: at half load two processors copy some 2 GiB a
	// second beside their work, so with this it is the rows of half a hundredth of the time. Those of micro-batches wait for the end
	// of their interval anyway, and batchedBytes keeps the disk from being busy all the time.
	promptBytes, batchedBytes = 12 << 20, 64 << 20
	// replayBytes is how many they may write if else what a failed group would go through again took it longer than replayTime, while its
	// tasks have little to do: at most 1/spareShare of the time. With more to do the rows that wait for copies are too many.
	replayBytes = 96 << 20
	replayTime  = 100 * time.Millisecond
	spareShare  = 4
	// maxInterval is how long the next snapshot waits at most for that: so much is replayed after a failure.
	maxInterval = time.Minute
)

// breather makes work in the background leave time to others.
type breather struct {
	sched sched.Scheduler
	rest  func(time.Duration) // nil: it works without rests
	since int64               // when it last rested
	// hurry is how many wait for the work.
	hurry atomic.Int32
}

// breathe is called between two pieces of the work, by who does it.
func (b *breather) breathe() {
	if b.rest == nil || b.hurry.Load() > 0 {
		return
	}
	worked := time.Duration(b.sched.Now()-b.since) * time.Microsecond
	if worked < writeSlice {
		return
	}
	b.rest(min(restShare*worked, maxRest))
	b.since = b.sched.Now()
}

// cost is what a snapshot has taken.
type cost struct {
	started int64
	bytes   uint64
	// worked is how long the group's tasks had worked as it began, in microseconds.
	worked int64
}

// rate is how many bytes a second may be written of a group, whose tasks have worked for so long.
func (c cost) rate(batched bool, worked, now int64) uint64 {
	since := worked - c.worked
	if since < 0 { // a driver was made anew
		since = worked
	}
	switch {
	case since > replayTime.Microseconds() && since*spareShare < now-c.started:
		return replayBytes
	case batched:
		return batchedBytes
	}
	return promptBytes
}

// paid is when the next snapshot of the group may begin if snapshots may write so many bytes a second.
func (c cost) paid(perSecond uint64) int64 {
	return c.started + int64(min(c.bytes*1e6/perSecond, uint64(maxInterval.Microseconds())))
}

// frozen is the memory of what a snapshot has frozen.
func (t *taking) frozen() (n int64) {
	for _, m := range t.members {
		for _, v := range m.versions {
			n += v.Version.Bytes()
		}
	}
	return n
}

// next takes the snapshots that may be written now, and has the writer woken for those that have to wait.
func (s *snapshots) next() (ready []*taking) {
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	now, soonest := s.db.cfg.Sched.Now(), int64(0)
	later := s.ready[:0]
	for _, t := range s.ready {
		switch {
		case t.from <= now || s.breather.hurry.Load() > 0:
			ready = append(ready, t)
			continue
		case soonest == 0 || t.from < soonest:
			soonest = t.from
		}
		later = append(later, t)
	}
	clear(s.ready[len(later):])
	if s.ready = later; soonest != 0 {
		s.writer.WakeAfter(time.Duration(soonest-now) * time.Microsecond)
	}
	return ready
}

// wait is for how long the writing of a snapshot is put off.
func (s *snapshots) wait(t *taking) time.Duration {
	if s.breather.hurry.Load() > 0 || t.failed || t.frozen() < copyBytes {
		return 0
	}
	return copyTime
}
