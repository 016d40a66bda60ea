package epoch

import (
	"time"

	"github.com/streamdb/streamdb/storage/changelog"
)

// AddStream puts the event time of a stream that clients write under the clock.
func (c *Clock) AddStream(p *Progress) {
	c.mu.Lock()
	c.progress = append(c.progress[:len(c.progress):len(c.progress)], p)
	c.mu.Unlock()
	c.Wake()
}

// RemoveStream takes a dropped stream's progress away.
func (c *Clock) RemoveStream(p *Progress) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(p)
}

// Retime changes how a stream's watermark goes on while no rows come, and how far a source may be ahead of another (Source.Align).
func (c *Clock) Retime(relation uint32, t Timing, align time.Duration) {
	c.mu.Lock()
	if p := c.progressOf(relation); p != nil {
		p.retime(t, c.sched.Now())
	}
	for _, s := range c.sources {
		if s.Relation.OID == relation {
			s.Timing, s.Align = t, align
		}
	}
	c.mu.Unlock()
	c.Wake()
}

// forget needs the clock's mutex.
func (c *Clock) forget(p *Progress) {
	kept := make([]*Progress, 0, len(c.progress))
	for _, x := range c.progress {
		if x != p {
			kept = append(kept, x)
		}
	}
	c.progress = kept
}

// settle tells the streams' progress what commits bring, and gives what moves in the epoch.
func (c *Clock) settle(changes []*Change, now int64) (out []moved) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ch := range changes {
		if p := c.progressOf(ch.Relation); p != nil {
			p.lanes[0].rows(ch.Mark, now)
		} else {
			ch.fresh = ch.Mark != NoMark
		}
	}
	for _, p := range c.progress {
		x, next, ok := p.settle(now)
		if next != 0 {
			c.wakeAt(next)
		}
		if ok {
			out = append(out, x)
		}
	}
	return out
}

func (c *Clock) progressOf(relation uint32) *Progress {
	for _, p := range c.progress {
		if p.relation.OID == relation {
			return p
		}
	}
	return nil
}

// record writes down what a change of a fresh stream stands for.
func (ch *Change) record(rec *changelog.Record) {
	if ch.Mark.Watermark != noWatermark {
		rec.Watermarks = append(rec.Watermarks, changelog.Watermark{Relation: ch.Relation, Time: ch.Mark.Watermark})
	}
	if ch.Mark.Seen != noWatermark {
		rec.Seen = append(rec.Seen, changelog.Watermark{Relation: ch.Relation, Time: ch.Mark.Seen})
	}
}

// fresh tells the progress of a stream that the epoch has made what the epoch has of it.
func (c *Clock) fresh(ch *Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.progressOf(ch.Relation); p != nil {
		p.lanes[0].mark, p.low = ch.Mark, ch.Mark.Watermark
	}
}

// position is where a split stands, as a record has it; nil of a stream that clients write.
func (c *Clock) position(p *Progress, split string) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.sources {
		if s.progress == p {
			return encodePosition(s.positions[split])
		}
	}
	return nil
}
