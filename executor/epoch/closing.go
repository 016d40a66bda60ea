package epoch

import (
	"maps"

	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
)

// closing is one epoch on its way into the log and out to the relations.
type closing struct {
	clock   *Clock
	epoch   uint64
	time    int64
	commits []*Commit
	polled  []polled
	moved   []moved
	ticks   []*Ticks

	changes []*Change // merged by relation, in the order first named
	// touched are the relations that have a block of the epoch.
	touched []*relation.Relation
}

// empty says that there is nothing to close an epoch for.
func (e *closing) empty() bool {
	return len(e.commits) == 0 && len(e.polled) == 0 && len(e.moved) == 0 && len(e.ticks) == 0
}

// close writes the epoch and hands it out. An error means that the log could not be written.
func (e *closing) close() error {
	rec := changelog.Record{Epoch: e.epoch, Time: e.time}
	data := make([]changelog.RelationData, len(e.changes))
	for i, ch := range e.changes {
		data[i] = ch.RelationData
		if ch.fresh {
			ch.record(&rec)
		}
	}
	for _, p := range e.polled {
		p.record(&rec)
	}
	for i := range e.moved {
		e.moved[i].record(&rec, e.clock.position)
	}
	for _, t := range e.ticks {
		t.record(&rec)
	}
	opts := changelog.AppendOptions{With: &kv.Batch{}, Sync: len(e.polled) > 0 || len(e.commits) == 0}
	for _, x := range e.commits {
		rec.Catalog = append(rec.Catalog, x.Catalog...)
		opts.With.AppendBatch(x.With)
		opts.Sync = opts.Sync || !x.NoSync
	}
	if err := e.clock.log.Append(&rec, data, opts); err != nil {
		return err
	}
	return e.handOut()
}

// merge joins what the commits change in each relation. Changes of several commits to one relation with retractions are
// consolidated, as a block is one step.
func (e *closing) merge() {
	at := map[uint32]*Change{}
	for _, x := range e.commits {
		for i := range x.Data {
			ch := &x.Data[i]
			m := at[ch.Relation]
			if m == nil {
				m = &Change{RelationData: changelog.RelationData{Relation: ch.Relation}, Mark: NoMark}
				at[ch.Relation] = m
				e.changes = append(e.changes, m)
			}
			m.Batches = append(m.Batches, ch.Batches...)
			m.Stages = append(m.Stages, ch.Stages...)
			m.Mark = m.Mark.And(ch.Mark)
		}
	}
	for _, m := range e.changes {
		if len(m.Batches) > 1 && retracts(m.Batches) {
			if b := vec.Consolidate(m.Batches); b != nil {
				m.Batches = []*vec.Batch{b}
			} else {
				m.Batches = nil
			}
		}
	}
}

func retracts(batches []*vec.Batch) bool {
	for _, b := range batches {
		if b.Weights != nil {
			return true
		}
	}
	return false
}

// handOut makes the epoch happen: catalog first, as blocks may be of relations that it makes, then blocks, then the clock's
// hand, then the answers.
func (e *closing) handOut() error {
	for _, x := range e.commits {
		if x.Apply != nil {
			x.Apply(e.epoch, e.time)
		}
	}
	for _, ch := range e.changes {
		target := e.clock.find(ch.Relation)
		if target == nil {
			continue // dropped by the same transaction
		}
		if ch.fresh {
			e.clock.fresh(ch)
		}
		b := relation.Block{Epoch: e.epoch, Time: e.time, Batches: ch.Batches}
		if len(ch.Stages) > 0 {
			b.Batches, b.Stored = nil, Stored(e.clock.log, ch.Relation, e.epoch)
		}
		if err := e.publish(target, b, ch); err != nil {
			return err
		}
	}
	for _, p := range e.polled {
		if err := e.publish(p.source.Relation, relation.Block{Epoch: e.epoch, Time: e.time, Batches: p.batches, Ranges: p.unread()}, nil); err != nil {
			return err
		}
	}
	for i := range e.moved {
		if x := &e.moved[i]; !x.told {
			if err := e.publish(x.progress.relation, relation.Block{Epoch: e.epoch, Time: e.time}, nil); err != nil {
				return err
			}
		}
	}
	for _, t := range e.ticks {
		if err := e.add(t.Relation, Tick(e.epoch, e.time)); err != nil {
			return err
		}
	}
	e.clock.mu.Lock()
	for _, p := range e.polled {
		p.source.seen = maps.Clone(p.source.positions)
	}
	e.clock.now.Store(e.time)
	e.clock.closed.Store(e.epoch)
	e.clock.mu.Unlock()
	for _, r := range e.touched { // before, they would find that the epoch is not complete
		r.Tell()
	}
	e.clock.mu.Lock()
	e.clock.tell()
	e.clock.mu.Unlock()
	e.done(nil)
	return nil
}

// publish gives a relation its block, with what the epoch has of its progress in time. ch is the commits' change of it, if that is what
// the block has.
func (e *closing) publish(to *relation.Relation, b relation.Block, ch *Change) error {
	b.Watermark = noWatermark
	if ch != nil && ch.fresh {
		b.Watermark = ch.Mark.Watermark
	}
	for i := range e.moved {
		if x := &e.moved[i]; x.progress.relation == to {
			b.Watermark, b.Idle, x.told = x.watermark, x.idle, true
			return e.add(to, b)
		}
	}
	b.Idle = to.Idle() // rows that stand for no event time leave it as it is
	return e.add(to, b)
}

// add gives a relation its block; those that read it are told when the epoch is closed.
func (e *closing) add(to *relation.Relation, b relation.Block) error {
	e.touched = append(e.touched, to)
	return to.Add(b)
}

func (e *closing) done(err error) {
	for _, x := range e.commits {
		x.Done(e.epoch, err)
	}
}

// Stored reads a relation's rows of one epoch from the log.
func Stored(log *changelog.Log, oid uint32, epoch uint64) func(func(*vec.Batch) error) error {
	return func(emit func(*vec.Batch) error) error { return ScanLog(log, oid, epoch, epoch+1, emit) }
}

// ScanLog emits a relation's rows of the epochs from (inclusive) to (exclusive).
func ScanLog(log *changelog.Log, oid uint32, from, to uint64, emit func(*vec.Batch) error) error {
	it, err := log.Blocks(oid, from, to)
	if err != nil {
		return err
	}
	defer it.Close()
	for it.Next() {
		if err := emit(it.Batch()); err != nil {
			return err
		}
	}
	return it.Err()
}
