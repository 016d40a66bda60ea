package epoch

import (
	"time"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/storage/changelog"
)

// Ticks are the epochs at which time alone changes what a job shows: rows expire. They are recorded, as a watermark under the OID of the
// job's output, so that a job that replays them cuts where it has cut before.
type Ticks struct {
	// Relation gets a block without rows at each tick. It is the job's input.
	Relation *relation.Relation
	// Due is when the clock changes the job's output next, as of where it has come; Frontier is how far it is complete.
	Due      func() int64
	Frontier func() uint64

	last int64 // when an epoch was last closed for it
}

// tickInterval is how long the clock waits at least between two epochs that it closes for one job.
const tickInterval = 100 * time.Millisecond

// AddTicks puts the ticks of a job under the clock.
func (c *Clock) AddTicks(t *Ticks) {
	c.mu.Lock()
	c.ticks = append(c.ticks[:len(c.ticks):len(c.ticks)], t)
	c.mu.Unlock()
	c.Wake()
}

// RemoveTicks is AddTicks's opposite.
func (c *Clock) RemoveTicks(t *Ticks) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := make([]*Ticks, 0, len(c.ticks))
	for _, x := range c.ticks {
		if x != t {
			kept = append(kept, x)
		}
	}
	c.ticks = kept
}

// tick gives the ticks of an epoch of this time. It is closed for others too, or only if a job has something due. Of a job that is
// behind it is not known what is due, so every epoch that is closed is a tick of it until it has caught up.
func (c *Clock) tick(forOthers bool, at int64) (out []*Ticks) {
	c.mu.Lock()
	list := c.ticks
	c.mu.Unlock()
	closes := forOthers
	for _, t := range list {
		behind, due := t.Frontier() < c.Closed(), t.Due()
		if behind || due <= at {
			out = append(out, t)
		}
		if behind || due == op.EndOfTime { // one that is behind wakes the clock when it has caught up
			continue
		}
		switch next := max(due, t.last+tickInterval.Microseconds()); {
		case next > at:
			c.wakeAt(next)
		case !forOthers:
			t.last, closes = at, true
		}
	}
	if !closes {
		return nil
	}
	return out
}

func (t *Ticks) record(rec *changelog.Record) {
	rec.Watermarks = append(rec.Watermarks, changelog.Watermark{Relation: t.Relation.OID, Time: rec.Time})
}

// Tick is the block of a tick.
func Tick(epoch uint64, time int64) relation.Block {
	return relation.Block{Epoch: epoch, Time: time, Watermark: time}
}
