package epoch

import (
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
)

// Times tells the recorded times of epochs, asked for in ascending order. Close closes it.
type Times struct {
	*changelog.RecordIter
	at bool // it stands at a record
}

// NewTimes begins at an epoch.
func NewTimes(log *changelog.Log, from uint64) (*Times, error) {
	it, err := log.Records(from)
	if err != nil {
		return nil, err
	}
	return &Times{RecordIter: it}, nil
}

// Of is the time of an epoch that has rows, and so a record.
func (t *Times) Of(epoch uint64) (int64, error) {
	for !t.at || t.Record().Epoch < epoch {
		if t.at = t.Next(); !t.at {
			break
		}
	}
	if err := t.Err(); err != nil {
		return 0, err
	}
	if !t.at || t.Record().Epoch != epoch {
		return 0, sqlerr.New(sqlerr.DataCorrupted, "epoch %d has rows in the log and no record", epoch)
	}
	return t.Record().Time, nil
}

// EachRange calls f with what each epoch up to one has let through of a source, in order, with the epoch and its recorded time. A range may be
// empty: its split has only become idle.
func EachRange(log *changelog.Log, source uint32, upTo uint64, f func(r relation.Range, epoch uint64, time int64) error) error {
	it, err := log.Records(0)
	if err != nil {
		return err
	}
	defer it.Close()
	at := map[string]connector.Position{}
	for it.Next() && it.Record().Epoch <= upTo {
		for _, s := range it.Record().Splits {
			if s.Relation != source {
				continue
			}
			to, err := DecodePosition(s.Position)
			if err != nil {
				return err
			}
			if err := f(relation.Range{Split: s.Name, From: at[s.Name], To: to}, it.Record().Epoch, it.Record().Time); err != nil {
				return err
			}
			at[s.Name] = to
		}
	}
	return it.Err()
}
