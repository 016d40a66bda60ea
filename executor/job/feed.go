package job

import (
	"sync"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/state"
)

// batchItem and markItem are the items of a feed.
func batchItem(b *vec.Batch, epoch uint64) exchange.Item {
	return exchange.Item{Batch: b, Epoch: epoch, Watermark: op.NoWatermark}
}
func markItem(t int64, epoch uint64) exchange.Item { return exchange.Item{Epoch: epoch, Watermark: t} }

// shape is what a scan gives of its relation's rows: some of their columns, and perhaps when they came.
type shape struct {
	columns []int
	arrival bool
}

func shapeOf(s *physical.Scan) shape { return shape{s.Columns, s.Arrival} }

// pick is b in the shape, sharing its columns. All its rows came at one time.
func (s shape) pick(b *vec.Batch, came int64, out *vec.Batch) *vec.Batch {
	*out = vec.Batch{Cols: out.Cols[:0], N: b.N, Sel: b.Sel, Weights: b.Weights}
	for _, c := range s.columns {
		out.Cols = append(out.Cols, b.Cols[c])
	}
	return s.stamp(out, came)
}

// stamp appends when its rows came to a batch that has the columns.
func (s shape) stamp(b *vec.Batch, came int64) *vec.Batch {
	if s.arrival {
		b.Cols = append(b.Cols, vec.NewConst(types.T(types.Timestamptz), types.NewInt(came)))
	}
	return b
}

// origin is where rows come from: an epoch, and its recorded time. Neither is known of a content.
type origin struct {
	epoch uint64
	came  int64
}

// batches are rows in memory, shared by all that read them.
type batches struct {
	list []*vec.Batch
	shape
	origin
}

func (b *batches) Open() (exchange.Feed, error) {
	return &batchesFeed{left: b.list, shape: b.shape, origin: b.origin}, nil
}
func (b *batches) Release() {}

type batchesFeed struct {
	left []*vec.Batch
	shape
	origin
	out vec.Batch
}

func (f *batchesFeed) Next() (exchange.Item, error) {
	if len(f.left) == 0 {
		return exchange.NoItem, nil
	}
	b := f.left[0]
	f.left = f.left[1:]
	return batchItem(f.pick(b, f.came, &f.out), f.epoch), nil
}

func (f *batchesFeed) Close() {}

// mark is a watermark and the epoch at whose end it came into force.
type mark struct {
	epoch uint64
	time  int64
}

// logged are a relation's rows in the log, from an epoch to before another, with the watermarks that came in between.
type logged struct {
	log      *changelog.Log
	relation uint32
	from, to uint64
	shape
	marks []mark
}

func (l *logged) Open() (exchange.Feed, error) {
	it, err := l.log.Blocks(l.relation, l.from, l.to)
	if err != nil {
		return nil, err
	}
	f := &logFeed{it: it, shape: l.shape, marks: l.marks}
	if l.arrival {
		if f.times, err = epoch.NewTimes(l.log, l.from); err != nil {
			it.Close()
			return nil, err
		}
	}
	return f, nil
}

func (l *logged) Release() {}

// Past implements exchange.Past.
func (l *logged) Past() bool { return l.marks != nil }

type logFeed struct {
	it *changelog.BlockIter
	shape
	times *epoch.Times // nil where nobody asks when rows came
	marks []mark
	held  *vec.Batch // read, but a watermark comes first
	out   vec.Batch
}

func (f *logFeed) Next() (exchange.Item, error) {
	if f.held == nil && f.it.Next() {
		f.held = f.it.Batch()
	}
	if err := f.it.Err(); err != nil {
		return exchange.NoItem, err
	}
	if len(f.marks) > 0 && (f.held == nil || f.marks[0].epoch < f.it.Epoch()) {
		m := f.marks[0]
		f.marks = f.marks[1:]
		return markItem(m.time, m.epoch), nil
	}
	if f.held == nil {
		return exchange.NoItem, nil
	}
	b, came := f.held, int64(0)
	if f.times != nil {
		var err error
		if came, err = f.times.Of(f.it.Epoch()); err != nil {
			return exchange.NoItem, err
		}
	}
	f.held = nil
	return batchItem(f.pick(b, came, &f.out), f.it.Epoch()), nil
}

func (f *logFeed) Close() {
	f.it.Close()
	if f.times != nil {
		f.times.Close()
	}
}

// ranges are rows of a replayable source.
type ranges struct {
	source connector.Source
	types  []types.Type
	shape
	list []markedRange
	// past says that there are watermarks among them.
	past bool
	// spare are batches for the columns, of feeds that have ended: an epoch comes each few milliseconds, and most are smaller than a batch.
	spare *sync.Pool
}

func (r *ranges) Open() (exchange.Feed, error) {
	f := &rangesFeed{source: r.source, shape: r.shape, ranges: r.list, spare: r.spare}
	if f.buf, _ = r.spare.Get().(*vec.Batch); f.buf == nil {
		picked := make([]types.Type, len(r.columns))
		for i, c := range r.columns {
			picked[i] = r.types[c]
		}
		f.buf = vec.NewBatch(picked, vec.BatchSize)
	}
	return f, nil
}

func (r *ranges) Release() {}

// Past implements exchange.Past.
func (r *ranges) Past() bool { return r.past }

// rangesFeed reads range by range.
type rangesFeed struct {
	source connector.Source
	shape
	ranges []markedRange
	reader connector.Reader
	buf    *vec.Batch
	out    vec.Batch
	spare  *sync.Pool
	last   bool // the reader's range is done
}

// markedRange is a range of an epoch, which may be empty, and the watermark behind it.
type markedRange struct {
	relation.Range
	origin
	watermark int64
}

func (f *rangesFeed) Next() (exchange.Item, error) {
	for len(f.ranges) > 0 {
		if f.last {
			m := f.ranges[0]
			f.endRange()
			f.ranges, f.last = f.ranges[1:], false
			if m.watermark != op.NoWatermark {
				return markItem(m.watermark, m.epoch), nil
			}
			continue
		}
		r := &f.ranges[0]
		if r.From == r.To {
			f.last = true
			continue
		}
		if f.reader == nil {
			var err error
			if f.reader, err = f.source.Open(r.Split, r.From, f.columns); err != nil {
				return exchange.NoItem, err
			}
		}
		_, done, err := f.reader.Poll(f.buf, vec.BatchSize, r.To)
		if err != nil {
			return exchange.NoItem, err
		}
		f.last = done || f.buf.N == 0
		if f.buf.N > 0 {
			f.out = vec.Batch{Cols: append(f.out.Cols[:0], f.buf.Cols...), N: f.buf.N, Sel: f.buf.Sel, Weights: f.buf.Weights}
			return batchItem(f.stamp(&f.out, r.came), r.epoch), nil
		}
	}
	return exchange.NoItem, nil
}

// Close gives the batch back: it is the feed's own again, as the one who read it is done.
func (f *rangesFeed) Close() {
	f.endRange()
	if f.buf != nil {
		f.spare.Put(f.buf)
		f.buf = nil
	}
}

func (f *rangesFeed) endRange() {
	if f.reader != nil {
		f.reader.Close()
		f.reader = nil
	}
}

// divide gives the share of a task: an equal part of each range.
func divide(ranges []markedRange, task, of int) []markedRange {
	out := make([]markedRange, len(ranges))
	for i, r := range ranges {
		n := uint64(r.To - r.From)
		out[i] = r
		out[i].From = r.From + connector.Position(n*uint64(task)/uint64(of))
		out[i].To = r.From + connector.Position(n*uint64(task+1)/uint64(of))
	}
	return out
}

// content is some key groups of a frozen content.
type content struct {
	reading *relation.Reading
	columns []int
	groups  []int
	release func()
}

func (c *content) Open() (exchange.Feed, error) {
	return &readingFeed{reading: c.reading, columns: c.columns, groups: c.groups}, nil
}

func (c *content) Release() { c.release() }

type readingFeed struct {
	reading *relation.Reading
	columns []int
	groups  []int
	scan    state.Scan
	begun   bool
}

func (f *readingFeed) Next() (exchange.Item, error) {
	for len(f.groups) > 0 {
		if !f.begun {
			if !f.reading.OpenScan(&f.scan, f.groups[0], f.columns) {
				f.groups = f.groups[1:]
				continue
			}
			f.begun = true
		}
		more, err := f.scan.Next()
		if err != nil {
			return exchange.NoItem, err
		}
		if more {
			return batchItem(f.scan.Batch, 0), nil
		}
		f.groups, f.begun = f.groups[1:], false
	}
	return exchange.NoItem, nil
}

func (f *readingFeed) Close() {}

// marks are watermarks alone, for the tasks that have no rows of the log to read.
type marks struct{ list []mark }

func (m *marks) Open() (exchange.Feed, error) { return &marksFeed{m.list}, nil }
func (m *marks) Release()                     {}

// Past implements exchange.Past.
func (m *marks) Past() bool { return true }

type marksFeed struct{ left []mark }

func (f *marksFeed) Next() (exchange.Item, error) {
	if len(f.left) == 0 {
		return exchange.NoItem, nil
	}
	m := f.left[0]
	f.left = f.left[1:]
	return markItem(m.time, m.epoch), nil
}

func (f *marksFeed) Close() {}
