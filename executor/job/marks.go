package job

import (
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
)

// remark raises the leaves to the watermarks that were in force at a cut: they are no part of the operators' states, and without them
// late rows that come after a restart would be taken, until their stream's watermark moves again.
func (j *Job) remark(cut uint64) {
	for i := range j.cfg.Plan.Nodes {
		w := int64(op.NoWatermark)
		switch x := j.cfg.Plan.Nodes[i].Op.(type) {
		case *physical.Values:
			w = op.EndOfTime
		case *physical.Scan:
			w = j.cfg.Inputs[x.Relation].Relation.WatermarkAt(cut)
		}
		if w != op.NoWatermark {
			j.driver.Watermark(i, w)
		}
	}
}

// readMarks are a relation's watermarks up to an epoch.
func readMarks(log *changelog.Log, oid uint32, upTo uint64) (marks []mark, err error) {
	err = eachRecord(log, upTo, func(r *changelog.Record) error {
		for _, w := range r.Watermarks {
			if w.Relation == oid && w.Split == "" && (len(marks) == 0 || w.Time > marks[len(marks)-1].time) {
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
			if w.Relation == oid && w.Split == "" && len(out) > 0 {
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
