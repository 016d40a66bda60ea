package database

import (
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/connector"
)

// sinkOutput gives a job's cuts to a sink. The relation keeps the cut and the failure for who asks, but no blocks.
type sinkOutput struct {
	relation *relation.Relation
	sink     connector.Sink
	// committed is the cut up to which the target has everything: after a restart earlier cuts come again, and are left out.
	committed uint64
	// booking keeps that epoch a cut until the job has come there: a batch that went over it would write a part of its rows twice.
	booking epoch.Booking
}

func newSinkOutput(r *relation.Relation, s connector.Sink) *sinkOutput {
	o := &sinkOutput{relation: r, sink: s}
	o.committed, _ = s.Committed()
	return o
}

// resume is for a restart after a cut: what the target has beyond it comes again.
func (o *sinkOutput) resume(clock *epoch.Clock, after uint64) {
	if o.committed > after {
		o.booking = clock.BookAt(o.committed)
	}
}

// Publish implements job.Output.
func (o *sinkOutput) Publish(b relation.Block) error {
	if b.Epoch > o.committed && len(b.Batches) > 0 {
		for _, x := range b.Batches {
			if err := o.sink.Write(b.Epoch, x); err != nil {
				return err
			}
		}
		if err := o.sink.Commit(b.Epoch); err != nil {
			return err
		}
	}
	if b.Epoch >= o.committed {
		o.booking.Release()
	}
	return o.relation.Publish(relation.Block{Epoch: b.Epoch, Time: b.Time, Watermark: b.Watermark})
}

// gather is how the job's tasks gather the sink's rows; nil: as those of any other relation. A sink that gathers them itself
// cannot have them consolidated, so it must do with insertions.
func (o *sinkOutput) gather(plan *physical.Plan) func() connector.Gatherer {
	g, ok := o.sink.(connector.Gathering)
	if !ok || !plan.Output().Props.AppendOnly {
		return nil
	}
	return g.Gather
}

// Fail implements job.Output.
func (o *sinkOutput) Fail(err error) { o.relation.Fail(err) }

// Taken is what an object's sink has taken, if it is a sink that counts; summed says whether there is a checksum.
func (o *Object) Taken() (t connector.Taken, summed, counts bool) {
	if o.sink == nil {
		return t, false, false
	}
	c, counts := o.sink.sink.(connector.Counting)
	if counts {
		t, summed = c.Taken()
	}
	return t, summed, counts
}

// StateBytes is the memory of the pages of an object's job and of a table's or view's rows.
func (o *Object) StateBytes() int64 { return o.mem.Bytes() }

// close ends the sink.
func (o *sinkOutput) close() error {
	o.booking.Release()
	return o.sink.Close()
}
