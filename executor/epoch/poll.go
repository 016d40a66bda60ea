package epoch

import (
	"math"
	"time"

	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/connector"
)

// poll asks the sources what they have for the epoch that is being closed. again says that one of them can go on at once.
func (c *Clock) poll(sources []*Source, now int64) (out []polled, again bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	epoch := c.Closed() + 1
	ready := c.ready(sources, now)
	moved := map[string]connector.Position{} // how far each counter goes in this epoch
	for i, s := range sources {
		if !ready[i] {
			continue
		}
		was := s.dry
		p, ok := s.poll(now, c.counterGroup(s), moved)
		if !ok {
			again = again || s.dry != was // no other waits for it any more
			continue
		}
		s.flying = append(s.flying, epoch)
		again = again || !s.ended()
		out = append(out, p)
	}
	return out, again
}

// ready says which sources may move now. All are asked before any moves, so that those of one counter get one answer.
func (c *Clock) ready(sources []*Source, now int64) []bool {
	out := make([]bool, len(sources))
	for i, s := range sources {
		group := c.counterGroup(s)
		if s.err != nil || s.ended() || (!s.traits.Paced && !anyRead(group)) || !allRoom(group) || c.anyAhead(group) {
			s.progress.touch(now)
			continue
		}
		out[i] = true
		if s.traits.Paced {
			out[i] = c.gathered(lastPolled(group), now)
		}
	}
	return out
}

// gathered reports whether a paced source that was polled last at a time is to be polled now, and has the clock step when it is next. Who
// else wakes the clock in between does not put that off: each job does that has published the epoch before.
func (c *Clock) gathered(last, now int64) bool {
	interval := Interval.Microseconds()
	if now < last+interval {
		c.wakeAt(last + interval)
		return false
	}
	c.wakeAt(now + interval)
	return true
}

// poll moves a source that is ready as far as it may go now.
func (s *Source) poll(now int64, group []*Source, moved map[string]connector.Position) (polled, bool) {
	p := polled{source: s}
	var err error
	if s.traits.Divisible {
		err = s.divide(&p, now, group, moved)
	} else {
		err = s.pull(&p, now)
	}
	if err != nil {
		s.err = sqlerr.From(err)
		s.Relation.Fail(s.err)
		return polled{}, false
	}
	s.dry = len(p.ranges) == 0
	if s.dry {
		return polled{}, false
	}
	s.adapt(now)
	for _, r := range p.ranges {
		s.positions[r.Split] = r.To
	}
	return p, true
}

// counterGroup is s and the sources that move together with it.
func (c *Clock) counterGroup(s *Source) []*Source {
	if s.traits.Counter == "" {
		return []*Source{s}
	}
	var group []*Source
	for _, x := range c.sources {
		if x.traits.Counter == s.traits.Counter {
			group = append(group, x)
		}
	}
	return group
}

func anyRead(group []*Source) bool {
	for _, s := range group {
		if len(s.readers) > 0 {
			return true
		}
	}
	return false
}

// lastPolled is when any of the group was last polled.
func lastPolled(group []*Source) (last int64) {
	for _, s := range group {
		last = max(last, s.last)
	}
	return last
}

func allRoom(group []*Source) bool {
	for _, s := range group {
		if !s.room() {
			return false
		}
	}
	return true
}

// divide gives the splits' next ranges, to be read by whoever needs the rows.
func (s *Source) divide(p *polled, now int64, group []*Source, moved map[string]connector.Position) error {
	limit := s.limit(now)
	for _, split := range s.Source.Splits() {
		from := s.positions[split]
		if to := s.goal(from, limit, group, moved); to > from {
			p.ranges = append(p.ranges, relation.Range{Split: split, From: from, To: to})
		}
	}
	return s.mark(p, now)
}

// pull reads the next rows of each split here, since only reading tells where they end; the jobs share them.
func (s *Source) pull(p *polled, now int64) error {
	for _, split := range s.Source.Splits() {
		x := s.pulls[split]
		if x == nil {
			var err error
			if x, err = s.openPull(split); err != nil {
				return err
			}
		}
		if err := x.next(s, split, p, now); err != nil {
			return err
		}
	}
	return nil
}

// room reports whether the slowest reader has come far enough for another epoch.
func (s *Source) room() bool {
	slowest := ^uint64(0)
	for r := range s.readers {
		if r.Cut != nil {
			slowest = min(slowest, r.Cut())
		}
	}
	n := 0
	for n < len(s.flying) && s.flying[n] <= slowest {
		n++
	}
	s.flying = s.flying[n:]
	return len(s.flying) < maxFlying
}

// limit is the position that the clock lets any split go to.
func (s *Source) limit(now int64) connector.Position {
	return min(s.Source.End(), s.Source.Due(time.Duration(now-s.Began)*time.Microsecond))
}

// goal is where a split is read to in this epoch: as far as it is due, but not more than a quantum. Sources of one counter
// go to one position; the first range of one that is newer than the others is all that they have had.
func (s *Source) goal(from, limit connector.Position, group []*Source, moved map[string]connector.Position) connector.Position {
	if s.traits.Counter == "" {
		return min(limit, from+s.quantum())
	}
	to, ok := moved[s.traits.Counter]
	if !ok {
		at := furthest(group)
		to = max(at, min(limit, at+s.quantum()))
		moved[s.traits.Counter] = to
	}
	return min(to, s.Source.End())
}

// quantum is how many positions an epoch may take. A paced source takes all that is due: its readers set the pace of epochs, and those that
// lag catch up in larger ones, which cost them less.
func (s *Source) quantum() connector.Position {
	if s.traits.Paced {
		return maxQuantum
	}
	return s.Quantum
}

// furthest is how far any of the group has come.
func furthest(group []*Source) (at connector.Position) {
	for _, s := range group {
		for _, p := range s.positions {
			at = max(at, p)
		}
	}
	return at
}

// mark tells the splits' progress what their ranges stand for, and that they have come to their end.
func (s *Source) mark(p *polled, now int64) error {
	for _, r := range p.ranges {
		m := NoMark
		if s.Mark != nil {
			var err error
			if m, err = s.Mark(r, now); err != nil {
				return err
			}
		}
		l := s.progress.lane(r.Split)
		l.rows(m, now)
		if r.To >= s.Source.End() {
			l.end()
		}
	}
	return nil
}

// target is how long an epoch should take: what suits all readers that it has to wait for.
func (s *Source) target() time.Duration {
	shortest := time.Duration(math.MaxInt64)
	for r := range s.readers {
		switch {
		case r.Cut == nil:
		case r.Epoch == nil:
			return targetEpoch
		default:
			shortest = min(shortest, r.Epoch())
		}
	}
	if shortest == math.MaxInt64 {
		return targetEpoch
	}
	return max(shortest, targetEpoch)
}

// adapt steers the quantum of an unpaced source towards epochs of the target's length.
func (s *Source) adapt(now int64) {
	took := now - s.last
	first := s.last == 0
	s.last = now
	if s.traits.Paced || first || took <= 0 {
		return
	}
	switch target := s.target().Microseconds(); {
	case took < target/2:
		s.Quantum = min(2*s.Quantum, maxQuantum)
	case took > 2*target:
		s.Quantum = max(s.Quantum/2, minQuantum)
	}
}
