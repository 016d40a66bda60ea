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
	before = min(before, last+1)
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

// Retain drops the relations that are not live: a crash may have undone their Drop.
func (l *Log) Retain(live func(relation uint32) bool) error {
	it, err := l.store.Scan(kv.AllLogRange())
	if err != nil {
		return err
	}
	defer it.Close()
	for ok := it.Next(); ok; {
		relation := kv.LogRelation(it.Key())
		if !live(relation) {
			if err := l.Drop(relation); err != nil {
				return err
			}
		}
		ok = it.Seek(kv.LogRange(relation).Upper)
	}
	return it.Err()
}

// TrimRecords removes the records of the epochs from (inclusive) to before (exclusive) that say nothing any more: all rows that they name
// are gone, and they say nothing else of relations that are not gone. The newest record always stays. It looks at so many records at most,
// and gives the epoch to go on at.
func (l *Log) TrimRecords(from, before uint64, most int, gone func(relation uint32) bool) (next uint64, err error) {
	last, _ := l.Last()
	before = min(before, last)
	it, err := l.Records(from)
	if err != nil {
		return from, err
	}
	defer it.Close()
	var b kv.Batch
	run := from // all records from there on, up to the one looked at, can go
	end := func(epoch uint64) {
		b.DeleteRange(kv.EpochRange(run, epoch))
		run = epoch + 1
	}
	for ; it.Next() && it.Record().Epoch < before; most-- {
		if most == 0 {
			before = it.Record().Epoch
			break
		}
		if l.needed(it.Record(), gone) {
			end(it.Record().Epoch)
		}
	}
	if it.Err() != nil {
		return from, it.Err()
	}
	end(before)
	if b.Len() == 0 {
		return before, nil
	}
	return before, l.store.Commit(&b, false)
}

// needed reports whether a record says something that replay has to know.
func (l *Log) needed(r *Record, gone func(relation uint32) bool) bool {
	for _, x := range r.Relations {
		if r.Epoch > l.Trimmed(x.Relation).Upto && !gone(x.Relation) {
			return true
		}
	}
	for _, x := range r.Splits {
		if !gone(x.Relation) {
			return true
		}
	}
	for _, x := range r.Statuses {
		if !gone(x.Relation) {
			return true
		}
	}
	for _, marks := range [][]Watermark{r.Watermarks, r.Seen} {
		for _, x := range marks {
			if !gone(x.Relation) {
				return true
			}
		}
	}
	return false
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
