package job

import (
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/changelog"
)

// remark raises the leaves to the watermarks that were in force at a cut: they are no part of the operators' states, and without them
// late rows that come after a restart would be taken, until their stream's watermark moves again.
func (j *Job) remark(cut uint64) {
	for i := range j.cfg.Plan.Nodes {
		if _, ok := j.cfg.Plan.Nodes[i].Op.(*physical.Values); ok {
			j.driver.Watermark(i, op.EndOfTime)
		}
	}
	j.times.reach(cut, 0, func(int, int64) {})
	for _, x := range j.times {
		if x.at != op.NoWatermark {
			j.driver.Watermark(x.node, x.at)
		}
	}
}

// readRanges are the ranges of a source that epochs up to one have let through, with the scan's watermarks among them.
func readRanges(log *changelog.Log, oid uint32, marks []mark, upTo uint64) (out []markedRange, err error) {
	passed := func(epoch uint64) { // watermarks of epochs before come before the rows of one
		for len(marks) > 0 && marks[0].epoch < epoch {
			out = append(out, markedRange{origin: origin{epoch: marks[0].epoch}, watermark: marks[0].time})
			marks = marks[1:]
		}
	}
	err = epoch.EachRange(log, oid, upTo, func(r relation.Range, epoch uint64, came int64) error {
		passed(epoch)
		out = append(out, markedRange{r, origin{epoch, came}, op.NoWatermark})
		return nil
	})
	passed(upTo + 1)
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
