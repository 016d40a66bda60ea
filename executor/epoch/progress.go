package epoch

import (
	"time"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/storage/changelog"
)

// Mark is what rows stand for in event time.
type Mark struct {
	// Watermark is the highest watermark among them, and Seen the highest event time; both are op.NoWatermark where none counts.
	Watermark, Seen int64
}

// NoMark is the mark of no rows, and of rows without event time.
var NoMark = Mark{noWatermark, noWatermark}

// And is the mark of these rows and others.
func (m Mark) And(o Mark) Mark { return Mark{max(m.Watermark, o.Watermark), max(m.Seen, o.Seen)} }

// Timing is how a stream's watermark goes on while no rows come.
type Timing struct {
	// Idle is for how long a split is without rows when it leaves the minimum; 0: it never does.
	Idle time.Duration
	// ByClock has the watermark go on at the pace of the clock while all splits are idle.
	ByClock bool
}

// Progress is how far a stream has come in event time: the lowest of its splits' watermarks, but for those that are idle. When all are,
// it is the highest event time seen. What it decides by the clock is recorded with the epoch, so that replay need not decide again.
//
// It belongs to the clock, whose machine alone uses it once it runs; what others may read is in the relation.
type Progress struct {
	relation *relation.Relation
	timing   Timing
	lanes    []*lane
	low      int64 // the watermark
	idle     bool  // all splits are
	advanced int64 // until when the clock has moved the watermark of an idle stream
}

// lane is one split; the only one, without a name, of a stream that clients write.
type lane struct {
	name  string
	mark  Mark
	last  int64 // when it had rows, or could not have had any
	idle  bool
	ended bool
	// moved and turned say that the mark has risen, and idle has changed, since the last epoch.
	moved, turned bool
}

// StoredProgress is what the log says of a stream's progress.
type StoredProgress struct {
	// Low is the watermark, and Idle says that all splits are. Splits are the splits by name.
	Low    int64
	Idle   bool
	Splits map[string]StoredSplit
}

// StoredSplit is what the log says of a split.
type StoredSplit struct {
	Mark Mark
	Idle bool
}

// NewStoredProgress is what the log says of a stream that is new.
func NewStoredProgress() *StoredProgress {
	return &StoredProgress{Low: noWatermark, Splits: map[string]StoredSplit{}}
}

// Read takes in what an epoch's record says of the relation.
func (s *StoredProgress) Read(rec *changelog.Record, relation uint32) {
	at := func(name string) StoredSplit {
		if x, ok := s.Splits[name]; ok {
			return x
		}
		return StoredSplit{Mark: NoMark}
	}
	for _, x := range rec.Splits {
		if x.Relation == relation {
			y := at(x.Name)
			y.Idle = x.Idle
			s.Splits[x.Name] = y
		}
	}
	for _, w := range rec.Watermarks {
		switch {
		case w.Relation != relation:
		case w.Split != "":
			y := at(w.Split)
			y.Mark.Watermark = max(y.Mark.Watermark, w.Time)
			s.Splits[w.Split] = y
		default:
			s.Low = max(s.Low, w.Time)
		}
	}
	for _, x := range rec.Statuses {
		if x.Relation == relation {
			s.Idle = x.Idle
		}
	}
	for _, w := range rec.Seen {
		if w.Relation == relation {
			y := at(w.Split)
			y.Mark.Seen = max(y.Mark.Seen, w.Time)
			s.Splits[w.Split] = y
		}
	}
}

// NewProgress makes the progress of a stream with these splits (nil: clients write it) from what is stored of it. Silence counts from
// now on: what was while the server was down says nothing.
func NewProgress(r *relation.Relation, t Timing, splits []string, s *StoredProgress, now int64) *Progress {
	p := &Progress{relation: r, timing: t, low: s.Low, advanced: now}
	if splits == nil {
		splits = []string{""}
	}
	for _, name := range splits {
		l := &lane{name: name, mark: NoMark, last: now}
		if x, ok := s.Splits[name]; ok {
			l.mark, l.idle = x.Mark, x.Idle
		}
		if len(splits) == 1 {
			l.mark.Watermark, l.idle = max(l.mark.Watermark, s.Low), s.Idle
		}
		p.lanes = append(p.lanes, l)
	}
	p.idle = p.allIdle()
	return p
}

func (p *Progress) lane(name string) *lane {
	for _, l := range p.lanes {
		if l.name == name {
			return l
		}
	}
	return p.lanes[0]
}

// rows says that a split had rows.
func (l *lane) rows(m Mark, now int64) {
	next := l.mark.And(m)
	l.moved = l.moved || next != l.mark
	l.mark, l.last = next, now
	l.turned = l.turned || l.idle
	l.idle = false
}

// end says that the split has come to its end.
func (l *lane) end() { l.ended, l.idle = true, false }

// touch says that the stream's splits could not have had rows: their silence says nothing.
func (p *Progress) touch(now int64) {
	for _, l := range p.lanes {
		l.last = now
	}
}

// allIdle reports whether no split can hold up the watermark, and none of them will have rows for certain.
func (p *Progress) allIdle() bool {
	any := false
	for _, l := range p.lanes {
		if !l.idle && !l.ended {
			return false
		}
		any = any || l.idle
	}
	return any
}

// retime changes how the watermark goes on while no rows come. Where idleness begins to count, silence does from now on, and the next epoch
// records what has been seen so far.
func (p *Progress) retime(t Timing, now int64) {
	if p.timing.Idle == 0 && t.Idle != 0 {
		p.touch(now)
		for _, l := range p.lanes {
			l.moved = l.moved || l.mark.Seen != noWatermark
		}
	}
	p.timing = t
}

// ended reports whether nothing more will come.
func (p *Progress) ended() bool {
	for _, l := range p.lanes {
		if !l.ended {
			return false
		}
	}
	return true
}

// merged is the watermark that the splits stand for.
func (p *Progress) merged() int64 {
	low, seen, live := int64(op.EndOfTime), int64(noWatermark), false
	for _, l := range p.lanes {
		seen = max(seen, l.mark.Seen)
		if !l.idle && !l.ended {
			low, live = min(low, l.mark.Watermark), true
		}
	}
	if !live && !p.ended() {
		return seen
	}
	return low
}

// settle decides by the clock which splits are idle, and gives what an epoch at this time is to record; ok is false if nothing has
// changed. next is when to look again, 0 if nothing depends on the clock.
func (p *Progress) settle(now int64) (x moved, next int64, ok bool) {
	for _, l := range p.lanes {
		if p.timing.Idle == 0 || l.idle || l.ended {
			continue
		}
		if due := l.last + p.timing.Idle.Microseconds(); due > now {
			next = sooner(next, due)
			continue
		}
		l.idle, l.turned = true, true
	}
	was := p.idle
	p.idle = p.allIdle()
	low := max(p.low, p.merged())
	if p.idle && p.timing.ByClock {
		low, next = p.byClock(was, low, now, next)
	}
	x = moved{progress: p, idle: p.idle, turned: p.idle != was, watermark: noWatermark, seen: p.timing.Idle != 0}
	if low > p.low {
		p.low, x.watermark = low, low
	}
	for _, l := range p.lanes {
		ok = ok || l.moved || l.turned
	}
	return x, next, ok || x.watermark != noWatermark
}

// clockStep is how often the clock moves the watermark of an idle stream.
const clockStep = 250 * time.Millisecond

// byClock moves the watermark of an idle stream with the clock, in steps.
func (p *Progress) byClock(was bool, low, now, next int64) (int64, int64) {
	if !was || low == noWatermark {
		p.advanced = now
	}
	if passed := now - p.advanced; passed >= clockStep.Microseconds() {
		low, p.advanced = low+passed, now
	}
	return low, sooner(next, p.advanced+clockStep.Microseconds())
}

// sooner is the earlier of two times, of which 0 means none.
func sooner(a, b int64) int64 {
	if a == 0 || b < a {
		return b
	}
	return a
}

// moved is what an epoch has of a stream's progress.
type moved struct {
	progress  *Progress
	watermark int64 // noWatermark if it has not risen
	idle      bool
	turned    bool // the stream's status has changed
	seen      bool // the highest event time counts, as the stream may be idle
	told      bool // a block of the epoch has it
}

// record writes down what replay cannot decide again.
func (x *moved) record(rec *changelog.Record, position func(p *Progress, split string) []byte) {
	p, oid := x.progress, x.progress.relation.OID
	if x.watermark != noWatermark {
		rec.Watermarks = append(rec.Watermarks, changelog.Watermark{Relation: oid, Time: x.watermark})
	}
	if x.turned {
		rec.Statuses = append(rec.Statuses, changelog.Status{Relation: oid, Idle: x.idle})
	}
	for _, l := range p.lanes {
		if l.turned && l.name != "" {
			rec.Splits = append(rec.Splits, changelog.Split{Relation: oid, Name: l.name, Position: position(p, l.name), Idle: l.idle})
		}
		if l.moved && l.name != "" && len(p.lanes) > 1 {
			rec.Watermarks = append(rec.Watermarks, changelog.Watermark{Relation: oid, Split: l.name, Time: l.mark.Watermark})
		}
		if l.moved && x.seen && l.mark.Seen != noWatermark {
			rec.Seen = append(rec.Seen, changelog.Watermark{Relation: oid, Split: l.name, Time: l.mark.Seen})
		}
		l.moved, l.turned = false, false
	}
}
