package changelog

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/kv"
)

// AppendOptions are what else an append does.
type AppendOptions struct {
	// Sync makes the epoch, and all before it, durable before Append returns.
	Sync bool
	// With are changes of other keys that are committed in the same moment as the epoch: the catalog, sequences. May be nil.
	With *kv.Batch
}

// Append adds one epoch: rec, and the rows of data in their order. It sets rec.Relations. Batches are read, not kept;
// stages are the log's afterwards. The epoch is there whole or not at all. After an error from the store it is unknown
// until the next opening whether it is there, and all later appends fail as well; after any other error nothing has
// happened, and the stages may be used or aborted.
func (l *Log) Append(rec *Record, data []RelationData, opts AppendOptions) error {
	stages, err := l.gather(data)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.checkOrder(rec); err != nil {
		return err
	}
	l.batch.Reset()
	rec.Relations = rec.Relations[:0]
	chunk := uint32(0)
	for i, s := range stages {
		if i == 0 || s.relation != stages[i-1].relation {
			rec.Relations = append(rec.Relations, RelationRows{Relation: s.relation})
			chunk = 0
		}
		total := &rec.Relations[len(rec.Relations)-1]
		total.Chunks += s.extent.chunks
		total.Rows += s.extent.rows
		chunk = s.addTo(&l.batch, rec.Epoch, chunk)
	}
	key := kv.EpochKey(rec.Epoch)
	l.batch.SetInPlace(key, func(dst []byte) []byte {
		return kv.Seal(dst, key, recordVersion, func(dst []byte) []byte { return appendRecord(dst, rec) })
	})
	l.batch.AppendBatch(opts.With)
	if err := l.store.Commit(&l.batch, opts.Sync); err != nil {
		return err
	}
	for _, s := range stages {
		s.state = stageAppended
	}
	l.epoch, l.time = rec.Epoch, rec.Time
	return nil
}

// gather finishes the stages of data, and makes one of the batches of each relation. Relations without rows are left
// out; those that have some must be named once.
func (l *Log) gather(data []RelationData) ([]*Stage, error) {
	var stages []*Stage
	seen := make(map[uint32]bool, len(data))
	for i := range data {
		d := &data[i]
		if seen[d.Relation] {
			return nil, sqlerr.Internal("relation %d is named twice in one epoch", d.Relation)
		}
		seen[d.Relation] = true
		of := d.Stages
		if len(d.Batches) > 0 {
			s := l.Stage(d.Relation)
			for _, b := range d.Batches {
				if err := s.Write(b); err != nil {
					s.Abort()
					return nil, err
				}
			}
			of = append(of[:len(of):len(of)], s)
		}
		for _, s := range of {
			if s.relation != d.Relation {
				return nil, sqlerr.Internal("a stage of relation %d is appended to relation %d", s.relation, d.Relation)
			}
			if err := s.Finish(); err != nil {
				return nil, err
			}
			if s.extent.rows > 0 {
				stages = append(stages, s)
			}
		}
	}
	return stages, nil
}
