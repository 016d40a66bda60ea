package job

import (
	"sync/atomic"

	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/query"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// backfill feeds all rows of the inputs as of a cut, in one step. It is false while they are not complete.
func (j *Job) backfill(step flight) (bool, error) {
	began, counted := step.cut, j.recounts.upTo(step.cut)
	if j.inputFrontier(nil) < began {
		return false, nil
	}
	j.times.begin(nil)
	now, err := j.timeOf(began)
	if err != nil {
		return false, err
	}
	marks, err := j.times.replay(j.cfg.Log, j.recorded, began, now)
	if err != nil {
		return false, err
	}
	for _, x := range j.times {
		if x.clock {
			for _, m := range marks[x.node] {
				j.windows.came(m.time)
			}
		}
	}
	for i := range j.cfg.Plan.Nodes {
		switch x := j.cfg.Plan.Nodes[i].Op.(type) {
		case *physical.Scan:
			if err := j.backfillScan(i, x, collapse(marks[i], counted), began); err != nil {
				return false, err
			}
		case *physical.Values:
			b, err := query.ConstantRows(&j.cfg.Plan.Nodes[i], &expr.Ctx{Env: j.cfg.Env})
			if err != nil {
				return false, err
			}
			j.feedBatches(i, []*vec.Batch{b}, shape{columns: identity(len(b.Cols))}, origin{})
			j.driver.Watermark(i, op.EndOfTime)
		}
	}
	j.time = now
	j.closes.Store(j.windows.due(j.times.clockAt()))
	j.booking.Release()
	j.issued = began
	step.time, step.recount = j.time, began == j.recounts.pending
	j.cut(step)
	return true, nil
}

func identity(n int) []int {
	columns := make([]int, n)
	for i := range columns {
		columns[i] = i
	}
	return columns
}

// recorded reports whether the log has the past of a scan's input, epoch by epoch.
func (j *Job) recorded(leaf int) bool {
	in := j.cfg.Inputs[j.cfg.Plan.Nodes[leaf].Op.(*physical.Scan).Relation]
	return in.Source != nil || in.Logged
}

// backfillScan feeds a scan its input, with the watermarks that it had.
func (j *Job) backfillScan(leaf int, scan *physical.Scan, marks []mark, began uint64) error {
	in := j.cfg.Inputs[scan.Relation]
	switch {
	case in.Source != nil:
		return j.backfillSource(leaf, scan, in, marks, began)
	case in.Logged:
		j.backfillLogged(leaf, scan, marks, began)
		return nil
	default:
		if err := j.backfillReading(leaf, scan, in, began); err != nil {
			return err
		}
		for _, m := range marks {
			j.driver.Watermark(leaf, m.time)
		}
		return nil
	}
}

// backfillLogged feeds a stream's rows from the log, epoch by epoch, each with its watermark, so that rows are judged late as they were
// when they came. One task reads them; the others get the watermarks.
func (j *Job) backfillLogged(leaf int, scan *physical.Scan, list []mark, began uint64) {
	j.driver.Feed(leaf, func(task, _ int) exchange.Input {
		if task > 0 {
			return &marks{list}
		}
		return &logged{log: j.cfg.Log, relation: scan.Relation, to: began + 1, shape: shapeOf(scan), marks: list}
	})
}

// backfillSource feeds what the clock has let through of a source, likewise.
func (j *Job) backfillSource(leaf int, scan *physical.Scan, in Input, marks []mark, began uint64) error {
	list, err := readRanges(j.cfg.Log, scan.Relation, marks, began)
	if err != nil {
		return err
	}
	j.feedRanges(leaf, scan, in, list)
	return nil
}

// backfillReading feeds a table's or view's content, a share of the key groups to each task.
func (j *Job) backfillReading(leaf int, scan *physical.Scan, in Input, began uint64) error {
	reading, err := in.Relation.Read()
	if err != nil {
		return err
	}
	if !in.Relation.Rewind(reading, began) {
		reading.Release()
		return &trimmed{in.Relation.Name, began}
	}
	if !reading.Consolidated() {
		return j.backfillRewound(leaf, scan, in, reading, began)
	}
	var left atomic.Int32
	j.driver.Feed(leaf, func(task, of int) exchange.Input {
		if task == 0 { // it may have been read before the next one is asked for
			left.Store(int32(of))
		}
		c := &content{reading: reading, columns: scan.Columns, release: func() {
			if left.Add(-1) == 0 {
				reading.Release()
			}
		}}
		for g := task; g < state.Groups; g += of {
			c.groups = append(c.groups, g)
		}
		return c
	})
	return nil
}

// backfillRewound feeds a content that has gone past the epoch already, with what came since taken off: whole and added up, as
// operators that were planned for insertions must see no retraction.
func (j *Job) backfillRewound(leaf int, scan *physical.Scan, in Input, reading *relation.Reading, began uint64) error {
	defer reading.Release()
	var list []*vec.Batch
	if err := reading.Scan(identity(in.Relation.Width()), func(b *vec.Batch) error {
		list = append(list, b.Clone())
		return nil
	}); err != nil {
		return err
	}
	if len(list) > 0 {
		if sum := vec.Consolidate(list); sum != nil {
			j.feedBatches(leaf, []*vec.Batch{sum}, shapeOf(scan), origin{})
		}
	}
	return nil
}
