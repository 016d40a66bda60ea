package changelog

import (
	"math"

	"github.com/streamdb/streamdb/storage/kv"
)

// Trimmed says what of a relation's rows is gone.
type Trimmed struct {
	// Upto is the newest epoch whose rows are gone.
	Upto uint64
	// At is the newest epoch that there was when they went: who read all rows later has read what is there still.
	At uint64
}

// Trimmed is what of a relation's rows is gone; zero if nothing is.
func (l *Log) Trimmed(relation uint32) Trimmed {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.trimmed[relation]
}

// Trim removes a relation's rows of all epochs before before. Their records stay. A crash may undo it, and Trimmed with it.
func (l *Log) Trim(relation uint32, before uint64) error {
	last, _ := l.Last()
	if before <= l.Trimmed(relation).Upto+1 {
		return nil
	}
	t := Trimmed{Upto: before - 1, At: last}
	it, err := l.store.Scan(kv.ReferenceRange(relation, 0, before))
	if err != nil {
		return err
	}
	refs, err := readReferences(it, relation, 0, before)
	it.Close()
	if err != nil {
		return err
	}
	var b kv.Batch
	for _, r := range refs {
		b.DeleteRange(kv.StageRange(relation, r.stage))
	}
	b.DeleteRange(kv.ReferenceRange(relation, 0, before))
	b.DeleteRange(kv.BlockRange(relation, 0, before))
	key := kv.TrimmedKey(relation)
	b.SetInPlace(key, func(dst []byte) []byte { return kv.Seal(dst, key, trimmedVersion, t.append) })
	if err := l.store.Commit(&b, false); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trimmed[relation] = t
	return nil
}

// Drop removes all that the log has of a relation, for one that exists no more. Stages of it that are still open must
// have been aborted.
func (l *Log) Drop(relation uint32) error {
	var b kv.Batch
	b.DeleteRange(kv.LogRange(relation))
	l.mu.Lock()
	delete(l.trimmed, relation)
	l.mu.Unlock()
	return l.store.Commit(&b, false)
}

// TrimRecords removes the records of epochs before before, but never the newest one.
func (l *Log) TrimRecords(before uint64) error {
	last, _ := l.Last()
	var b kv.Batch
	b.DeleteRange(kv.EpochRange(0, min(before, last)))
	return l.store.Commit(&b, false)
}

// DiskBytes is about how much disk a relation's rows take.
func (l *Log) DiskBytes(relation uint32) (uint64, error) {
	return l.store.DiskBytes(kv.LogRange(relation))
}

// sweepStages removes the stages that no epoch names, sets the number of the next one, and reads what has been trimmed.
func (l *Log) sweepStages() error {
	it, err := l.store.Scan(kv.AllLogRange())
	if err != nil {
		return err
	}
	defer it.Close()
	var b kv.Batch
	ok := it.Next()
	for ok {
		relation := kv.LogRelation(it.Key())
		if err := l.sweepRelation(it, relation, &b); err != nil {
			return err
		}
		ok = it.Seek(kv.LogRange(relation).Upper)
	}
	if it.Err() != nil || b.Len() == 0 {
		return it.Err()
	}
	// Synced, so that a stage number can be given again after the next opening without meeting what is left of the old one.
	return l.store.Commit(&b, true)
}

// sweepRelation looks at a relation's references, and at the first key of each stage.
func (l *Log) sweepRelation(it kv.Iterator, relation uint32, b *kv.Batch) error {
	refs, err := readReferences(it, relation, 0, math.MaxUint64)
	if err != nil {
		return err
	}
	named := make(map[uint64]bool, len(refs))
	for _, r := range refs {
		named[r.stage] = true
		l.nextStage = max(l.nextStage, r.stage)
	}
	stages := kv.StagesRange(relation)
	for ok := it.Seek(stages.Lower); ok && string(it.Key()) < string(stages.Upper); {
		stage, _ := kv.LogKeyNumbers(it.Key())
		l.nextStage = max(l.nextStage, stage)
		r := kv.StageRange(relation, stage)
		if !named[stage] {
			b.DeleteRange(r)
		}
		ok = it.Seek(r.Upper)
	}
	return l.readTrimmed(it, relation)
}

func (l *Log) readTrimmed(it kv.Iterator, relation uint32) error {
	key := kv.TrimmedKey(relation)
	if !it.Seek(key) || string(it.Key()) != string(key) {
		return it.Err()
	}
	value, err := it.Value()
	if err != nil {
		return err
	}
	l.trimmed[relation], err = decodeTrimmed(it.Key(), value)
	return err
}
