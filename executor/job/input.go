package job

import (
	"sync/atomic"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/query"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/state"
)

// feedNext feeds the driver the next cut, if there is one. The caller holds mu.
func (j *Job) feedNext() (bool, error) {
	if j.issued == 0 {
		return j.backfill()
	}
	f := j.inputFrontier()
	next, ok := j.nextBlock(j.issued)
	if s := j.snapshot.epoch; s > j.issued && s <= f && (!ok || next > s) {
		return true, j.cut(s)
	}
	if !ok || next > f {
		return false, nil
	}
	for i := range j.cfg.Plan.Nodes {
		scan, isScan := j.cfg.Plan.Nodes[i].Op.(*physical.Scan)
		if !isScan {
			continue
		}
		in := j.cfg.Inputs[scan.Relation]
		b, found, gone := in.Relation.Next(j.issued)
		if gone {
			return false, sqlerr.Internal("the changes of %q past epoch %d are gone", in.Relation.Name, j.issued)
		}
		if found && b.Epoch == next {
			j.times[next] = b.Time
			if err := j.feedBlock(i, scan, in, &b); err != nil {
				return false, err
			}
		}
	}
	return true, j.cut(next)
}

func (j *Job) cut(epoch uint64) error {
	if _, ok := j.times[epoch]; !ok {
		j.times[epoch] = j.cfg.Clock.Now()
	}
	j.issued = epoch
	j.driver.Cut(j.barrier(epoch))
	return nil
}

// feedBlock feeds one block to a scan: rows in memory go to the tasks in turn, ranges are divided among them.
func (j *Job) feedBlock(leaf int, scan *physical.Scan, in Input, b *relation.Block) error {
	shares := j.driver.Shares(leaf)
	switch {
	case len(b.Ranges) > 0:
		j.feedRanges(leaf, scan, in, marked(b.Ranges))
	case b.Stored != nil:
		f, err := newLogFeed(j.cfg.Log, scan.Relation, b.Epoch, b.Epoch+1, scan.Columns, nil)
		if err != nil {
			return err
		}
		j.driver.Feed(leaf, int(b.Epoch)%shares, f)
	default:
		for t := range shares {
			if part := every(b.Batches, t, shares); len(part) > 0 {
				j.driver.Feed(leaf, t, &batchesFeed{batches: part, columns: scan.Columns})
			}
		}
	}
	if b.Watermark != op.NoWatermark {
		j.driver.Watermark(leaf, b.Watermark)
	}
	return nil
}

// every is the batches whose index is first modulo of.
func every(batches []*vec.Batch, first, of int) (out []*vec.Batch) {
	for i := first; i < len(batches); i += of {
		out = append(out, batches[i])
	}
	return out
}

func marked(ranges []relation.Range) []markedRange {
	out := make([]markedRange, len(ranges))
	for i, r := range ranges {
		out[i] = markedRange{r, op.NoWatermark}
	}
	return out
}

// feedRanges shares ranges of a source among the tasks: by parts of each where the source allows it, else whole to one.
func (j *Job) feedRanges(leaf int, scan *physical.Scan, in Input, ranges []markedRange) {
	shares := j.driver.Shares(leaf)
	if !in.Source.Source.Traits().Divisible {
		shares = 1
	}
	for t := range shares {
		j.driver.Feed(leaf, t, newRangesFeed(in.Source.Source, in.Relation.Types, scan.Columns, divide(ranges, t, shares)))
	}
}

// backfill feeds the first step: all rows of the inputs as of the epoch at which the job began.
func (j *Job) backfill() (bool, error) {
	if j.inputFrontier() < j.cfg.Began {
		return false, nil
	}
	for i := range j.cfg.Plan.Nodes {
		var err error
		switch x := j.cfg.Plan.Nodes[i].Op.(type) {
		case *physical.Scan:
			err = j.backfillScan(i, x)
		case *physical.Values:
			var b *vec.Batch
			if b, err = query.ConstantRows(&j.cfg.Plan.Nodes[i], &expr.Ctx{Env: j.cfg.Env}); err == nil {
				columns := make([]int, len(b.Cols))
				for c := range columns {
					columns[c] = c
				}
				j.driver.Feed(i, 0, &batchesFeed{batches: []*vec.Batch{b}, columns: columns})
				j.driver.Watermark(i, op.EndOfTime)
			}
		}
		if err != nil {
			return false, err
		}
	}
	return true, j.cut(j.cfg.Began)
}

func (j *Job) backfillScan(leaf int, scan *physical.Scan) error {
	in := j.cfg.Inputs[scan.Relation]
	switch {
	case in.Source != nil:
		return j.backfillSource(leaf, scan, in)
	case in.Logged:
		marks, err := readMarks(j.cfg.Log, scan.Relation, j.cfg.Began)
		if err != nil {
			return err
		}
		f, err := newLogFeed(j.cfg.Log, scan.Relation, 0, j.cfg.Began+1, scan.Columns, marks)
		if err != nil {
			return err
		}
		j.driver.Feed(leaf, 0, f)
		for t := 1; t < j.driver.Shares(leaf); t++ {
			j.driver.Feed(leaf, t, &marksFeed{marks})
		}
		return nil
	default:
		return j.backfillReading(leaf, scan, in)
	}
}

// backfillReading feeds a table's or view's content, a share of the key groups to each task.
func (j *Job) backfillReading(leaf int, scan *physical.Scan, in Input) error {
	reading := in.Relation.Read()
	if !in.Relation.Rewind(reading, j.cfg.Began) {
		reading.Release()
		return sqlerr.Internal("%q cannot be read as of epoch %d any more", in.Relation.Name, j.cfg.Began)
	}
	if !reading.Consolidated() {
		return j.backfillRewound(leaf, scan, in, reading)
	}
	shares := j.driver.Shares(leaf)
	var left atomic.Int32
	left.Store(int32(shares))
	for t := range shares {
		f := &readingFeed{reading: reading, columns: scan.Columns, release: func() {
			if left.Add(-1) == 0 {
				reading.Release()
			}
		}}
		for g := t; g < state.Groups; g += shares {
			f.groups = append(f.groups, g)
		}
		j.driver.Feed(leaf, t, f)
	}
	if w := in.Relation.Watermark(); w != op.NoWatermark {
		j.driver.Watermark(leaf, w)
	}
	return nil
}

// backfillRewound feeds a content that has gone past the epoch already, with what came since taken off: whole and added up, as
// operators that were planned for insertions must see no retraction.
func (j *Job) backfillRewound(leaf int, scan *physical.Scan, in Input, reading *relation.Reading) error {
	defer reading.Release()
	all := make([]int, len(in.Relation.Types))
	for i := range all {
		all[i] = i
	}
	var batches []*vec.Batch
	if err := reading.Scan(all, func(b *vec.Batch) error {
		batches = append(batches, b.Clone())
		return nil
	}); err != nil {
		return err
	}
	if len(batches) > 0 {
		if sum := vec.Consolidate(batches); sum != nil {
			j.driver.Feed(leaf, 0, &batchesFeed{batches: []*vec.Batch{sum}, columns: scan.Columns})
		}
	}
	if w := in.Relation.Watermark(); w != op.NoWatermark {
		j.driver.Watermark(leaf, w)
	}
	return nil
}

// backfillSource feeds what the clock has let through of a source, epoch by epoch, each with its watermark, so that rows are
// judged late as they were when they came.
func (j *Job) backfillSource(leaf int, scan *physical.Scan, in Input) error {
	ranges, err := readRanges(j.cfg.Log, scan.Relation, j.cfg.Began)
	if err != nil {
		return err
	}
	j.feedRanges(leaf, scan, in, ranges)
	return nil
}

// leafMark is the watermark of a leaf, by its plan node.
type leafMark struct {
	leaf int
	time int64
}

// marksAt are the watermarks that the leaves had at a cut: those of streams are in the log, those of views were restored with
// them.
func (j *Job) marksAt(cut uint64) (out []leafMark, err error) {
	logged := map[uint32]int64{}
	if err := eachRecord(j.cfg.Log, cut, func(r *changelog.Record) error {
		for _, w := range r.Watermarks {
			if old, ok := logged[w.Relation]; !ok || w.Time > old {
				logged[w.Relation] = w.Time
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for i := range j.cfg.Plan.Nodes {
		switch x := j.cfg.Plan.Nodes[i].Op.(type) {
		case *physical.Values:
			out = append(out, leafMark{i, op.EndOfTime})
		case *physical.Scan:
			in := j.cfg.Inputs[x.Relation]
			t := in.Relation.Watermark()
			if in.Logged || in.Source != nil {
				var ok bool
				if t, ok = logged[x.Relation]; !ok {
					t = op.NoWatermark
				}
			}
			if t != op.NoWatermark {
				out = append(out, leafMark{i, t})
			}
		}
	}
	return out, nil
}

// restoreWatermarks tells the leaves the watermarks that were in force at a cut: they are no part of the operators' states, and without
// them late rows that come after a restart would be taken, until their stream's watermark moves again.
func (j *Job) restoreWatermarks(cut uint64) error {
	for i := range j.cfg.Plan.Nodes {
		w := int64(op.NoWatermark)
		switch x := j.cfg.Plan.Nodes[i].Op.(type) {
		case *physical.Values:
			w = op.EndOfTime
		case *physical.Scan:
			in := j.cfg.Inputs[x.Relation]
			if in.Source == nil && !in.Logged { // a view of the same snapshot, or a table
				w = in.Relation.Watermark()
				break
			}
			marks, err := readMarks(j.cfg.Log, x.Relation, cut)
			if err != nil {
				return err
			}
			if len(marks) > 0 {
				w = marks[len(marks)-1].time
			}
		}
		if w != op.NoWatermark {
			j.driver.Watermark(i, w)
		}
	}
	return nil
}

// readMarks are a relation's watermarks up to an epoch.
func readMarks(log *changelog.Log, oid uint32, upTo uint64) (marks []mark, err error) {
	err = eachRecord(log, upTo, func(r *changelog.Record) error {
		for _, w := range r.Watermarks {
			if w.Relation == oid && (len(marks) == 0 || w.Time > marks[len(marks)-1].time) {
				marks = append(marks, mark{r.Epoch, w.Time})
			}
		}
		return nil
	})
	return marks, err
}

// readRanges are the ranges of a source that epochs up to one have let through, with the watermark behind each epoch's last.
func readRanges(log *changelog.Log, oid uint32, upTo uint64) (out []markedRange, err error) {
	at := map[string]connector.Position{}
	err = eachRecord(log, upTo, func(r *changelog.Record) error {
		for _, s := range r.Splits {
			if s.Relation != oid {
				continue
			}
			to, err := epoch.DecodePosition(s.Position)
			if err != nil {
				return err
			}
			out = append(out, markedRange{relation.Range{Split: s.Name, From: at[s.Name], To: to}, op.NoWatermark})
			at[s.Name] = to
		}
		for _, w := range r.Watermarks {
			if w.Relation == oid && len(out) > 0 {
				out[len(out)-1].watermark = max(out[len(out)-1].watermark, w.Time)
			}
		}
		return nil
	})
	return out, err
}

func eachRecord(log *changelog.Log, upTo uint64, f func(*changelog.Record) error) error {
	it, err := log.Records(0)
	if err != nil {
		return err
	}
	defer it.Close()
	for it.Next() && it.Record().Epoch <= upTo {
		if err := f(it.Record()); err != nil {
			return err
		}
	}
	return it.Err()
}

// marksFeed gives the watermarks to the tasks that have no rows of the log to read.
type marksFeed struct{ marks []mark }

func (f *marksFeed) Next() (exchange.Item, error) {
	if len(f.marks) == 0 {
		return exchange.NoItem, nil
	}
	m := f.marks[0]
	f.marks = f.marks[1:]
	return markItem(m.time), nil
}

func (f *marksFeed) Close() {}
