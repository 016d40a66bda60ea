package epoch

import (
	"encoding/binary"
	"maps"
	"time"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
)

// Reader is a job that reads a source; it holds the source back to its own pace.
type Reader struct {
	// Cut is the epoch up to which the job has come. Nil holds nothing back.
	Cut func() uint64
	// Epoch is how long an epoch of an unpaced source should take the job; nil, or 0: as short as is reasonable.
	Epoch func() time.Duration
}

// Source is a polled source under the clock: a stream's splits and how far each has been let through.
type Source struct {
	Relation *relation.Relation
	Source   connector.Source
	// Mark is what the rows of a range stand for, and MarkRows what rows do, when the clock shows now; nil for a stream without event
	// time.
	Mark     func(r relation.Range, now int64) (Mark, error)
	MarkRows func(b *vec.Batch, now int64) (Mark, error)
	// Timing is how the watermark goes on while no rows come.
	Timing Timing
	// Align is how far, in event time, it may be ahead of another source of the same job; 0: any distance.
	Align time.Duration
	// Began is when the stream was created, in microseconds since 1970: where its pace counts from.
	Began int64
	// Quantum is how many positions an epoch takes at first of a source that is not paced.
	Quantum connector.Position

	traits    connector.Traits
	positions map[string]connector.Position
	seen      map[string]connector.Position // positions as of the newest closed epoch
	progress  *Progress
	readers   map[*Reader]struct{}
	pulls     map[string]*puller // readers of a source that is not divisible
	flying    []uint64           // epochs that the slowest reader may not have passed
	last      int64              // when it was polled
	dry       bool               // it had nothing then
	err       error
}

const (
	// maxFlying is how many epochs of a source may be under way: enough that its readers never wait for the clock.
	maxFlying = 4
	// targetEpoch is how long an epoch of an unpaced source should take its readers at least.
	targetEpoch  = 10 * time.Millisecond
	minQuantum   = 1 << 10
	maxQuantum   = 1 << 22
	firstQuantum = 1 << 14
)

// AddSource puts a source under the clock, at these positions and with what the log says of its progress (of a restart; for a new stream nil
// and NewStoredProgress).
func (c *Clock) AddSource(s *Source, positions map[string]connector.Position, stored *StoredProgress) {
	s.traits, s.positions = s.Source.Traits(), map[string]connector.Position{}
	s.progress = NewProgress(s.Relation, s.Timing, s.Source.Splits(), stored, c.sched.Now())
	s.readers, s.pulls = map[*Reader]struct{}{}, map[string]*puller{}
	for _, split := range s.Source.Splits() {
		s.positions[split] = positions[split]
		if stored.Low == op.EndOfTime || s.traits.Divisible && positions[split] >= s.Source.End() {
			s.progress.lane(split).end()
		}
	}
	s.seen = maps.Clone(s.positions)
	if s.Quantum == 0 {
		s.Quantum = firstQuantum
	}
	c.mu.Lock()
	c.sources = append(c.sources[:len(c.sources):len(c.sources)], s)
	c.progress = append(c.progress[:len(c.progress):len(c.progress)], s.progress)
	c.mu.Unlock()
	c.Wake()
}

// RemoveSource takes a dropped stream's source away.
func (c *Clock) RemoveSource(s *Source) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := make([]*Source, 0, len(c.sources))
	for _, x := range c.sources {
		if x != s {
			kept = append(kept, x)
		}
	}
	c.sources = kept
	c.forget(s.progress)
}

// AddReader and RemoveReader say that a job reads the source: an unpaced source runs only while one does.
func (c *Clock) AddReader(s *Source, r *Reader) {
	c.mu.Lock()
	s.readers[r] = struct{}{}
	c.mu.Unlock()
	c.Wake()
}

// RemoveReader is AddReader's opposite.
func (c *Clock) RemoveReader(s *Source, r *Reader) {
	c.mu.Lock()
	delete(s.readers, r)
	c.mu.Unlock()
	c.Wake()
}

// Read reports whether jobs read the source.
func (c *Clock) Read(s *Source) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(s.readers) > 0
}

// Ended says that nothing more will come of the source; err is why it has stopped.
func (c *Clock) Ended(s *Source) (ended bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return s.ended() && c.Closed() >= s.lastEpoch(), s.err
}

func (s *Source) lastEpoch() uint64 {
	if len(s.flying) == 0 {
		return 0
	}
	return s.flying[len(s.flying)-1]
}

func (s *Source) ended() bool { return s.progress.ended() }

// polled is what a source puts into an epoch.
type polled struct {
	source  *Source
	ranges  []relation.Range
	batches []*vec.Batch
}

func (p *polled) record(rec *changelog.Record) {
	for _, r := range p.ranges {
		rec.Splits = append(rec.Splits, changelog.Split{Relation: p.source.Relation.OID, Name: r.Split, Position: encodePosition(r.To)})
	}
}

// unread are the ranges whose rows are not in the batches.
func (p *polled) unread() []relation.Range {
	if p.source.traits.Divisible {
		return p.ranges
	}
	return nil
}

func encodePosition(p connector.Position) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(p))
}

// DecodePosition is the position in a record's split.
func DecodePosition(b []byte) (connector.Position, error) {
	if len(b) != 8 {
		return 0, sqlerr.New(sqlerr.DataCorrupted, "a source's stored position has %d bytes instead of 8", len(b))
	}
	return connector.Position(binary.BigEndian.Uint64(b)), nil
}
