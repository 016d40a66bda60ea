package database

import (
	"encoding/binary"
	"fmt"

	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

// Resume makes a view or sink that has failed run again, in one step from its last good cut: a bad row that was deleted since does
// no harm. It does nothing to one that runs.
//
// The new job computes its query from all its inputs as they are now, in one step; what the relation's content has already is
// taken off, so readers and dependants see one cut: the difference.
func (d *Database) Resume(oid uint32) error {
	o, ok := d.Object(oid)
	if !ok || o.Job == nil {
		return nil
	}
	if o.Job.Failure() == nil {
		return nil
	}
	if o.Meta.Kind == catalog.Sink {
		return sqlerr.Unsupported("RESUME of a sink", "DROP and CREATE it: it begins with the rows that are there now.")
	}
	if err := d.anew(o.Meta); err != nil {
		return err
	}
	began, at := d.clock.Closed(), o.Meta.Computation()
	if err := d.markResumed(at, began); err != nil {
		return err
	}
	o.Job.Stop()
	d.forgetSnapshot(at)
	resumed := *o
	resumed.renewal = &renewal{Relation: o.Relation, due: true}
	if err := d.newJob(&resumed, began, resumed.renewal); err != nil {
		return err
	}
	resumed.derive(o.Relation.Upstream())
	for _, x := range d.sharing(o) {
		also := resumed
		also.Meta, also.Relation = x.Meta, x.Relation
		d.put(&also)
	}
	o.Relation.Fail(nil)
	resumed.Job.Start()
	return nil
}

// renewal is a view's output. If it is due, the first block is the whole result of a job that was begun anew: what is published is what of
// it the content has not yet, so that readers and dependants see one cut.
type renewal struct {
	*relation.Relation
	due bool
}

// Publish implements job.Output.
func (o *renewal) Publish(b relation.Block) error {
	if !o.due {
		return o.Relation.Publish(b)
	}
	o.due = false
	have, err := o.Relation.Read()
	if err != nil {
		return err
	}
	defer have.Release()
	columns := make([]int, len(o.Types))
	for i := range columns {
		columns[i] = i
	}
	batches := b.Batches
	err = have.Scan(columns, func(x *vec.Batch) error {
		minus := x.Clone()
		for i := range minus.N {
			if minus.Weights == nil {
				minus.Weights = make([]int64, minus.N)
			}
			minus.Weights[i] = -x.Weight(x.Row(i))
		}
		batches = append(batches, minus)
		return nil
	})
	if err != nil {
		return err
	}
	b.Batches = nil
	if len(batches) > 0 {
		if sum := vec.Consolidate(batches); sum != nil {
			b.Batches = []*vec.Batch{sum}
		}
	}
	return o.Relation.Publish(b)
}

// resumedKey is where the epoch of a view's last resumption is.
func resumedKey(computation uint32) []byte {
	return kv.MetaKey(kv.MetaCounter, fmt.Appendf(nil, "resumed %010d", computation))
}

// markResumed makes it durable that a view has been resumed: going on from a snapshot of before would lead it through the cut at
// which it failed once more.
func (d *Database) markResumed(oid uint32, epoch uint64) error {
	b := &kv.Batch{}
	b.Set(resumedKey(oid), binary.BigEndian.AppendUint64(nil, epoch))
	return d.cfg.Store.Commit(b, true)
}

// forgetSnapshot says that the stored snapshot of a view is of no use any more: until there is another all rows that it reads are needed.
func (d *Database) forgetSnapshot(oid uint32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.snapshots.durable, oid)
}

// resumedSince reports whether a view has been resumed at an epoch or later.
func (d *Database) resumedSince(oid uint32, epoch uint64) (bool, error) {
	value, ok, err := d.cfg.Store.Get(resumedKey(oid))
	if err != nil || !ok {
		return false, err
	}
	if len(value) != 8 {
		return false, sqlerr.New(sqlerr.DataCorrupted, "the epoch at which relation %d was resumed has %d bytes instead of 8", oid, len(value))
	}
	return binary.BigEndian.Uint64(value) >= epoch, nil
}
