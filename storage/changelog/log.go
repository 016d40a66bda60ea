package changelog

import (
	"sync"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

// Log is the changelog in a store. Its methods may be called from any goroutine; appends take turns.
type Log struct {
	store      kv.Store
	spillBytes int // see defaultSpillBytes

	mu        sync.Mutex
	epoch     uint64 // of the newest record, 0 if there is none
	time      int64
	nextStage uint64
	batch     kv.Batch // reused by Append
	trimmed   map[uint32]Trimmed
	paddings  map[uint32]*vec.Padding
}

// Open gives the log in store, and removes stages that a crash left without an epoch.
func Open(store kv.Store) (*Log, error) {
	l := &Log{store: store, spillBytes: defaultSpillBytes, trimmed: map[uint32]Trimmed{}, paddings: map[uint32]*vec.Padding{}}
	if err := l.readLast(); err != nil {
		return nil, err
	}
	if err := l.sweepStages(); err != nil {
		return nil, err
	}
	return l, nil
}

// Pad says what a relation's rows have in columns that were added to it: from now on Blocks gives rows with all columns.
func (l *Log) Pad(relation uint32, p *vec.Padding) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paddings[relation] = p
}

func (l *Log) padding(relation uint32) *vec.Padding {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.paddings[relation]
}

// Last is the newest epoch and its time; both are 0 while the log is empty.
func (l *Log) Last() (epoch uint64, time int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.epoch, l.time
}

func (l *Log) readLast() error {
	it, err := l.store.Scan(kv.EpochRangeFrom(0))
	if err != nil {
		return err
	}
	defer it.Close()
	if !it.Last() {
		return it.Err()
	}
	r, err := recordAt(it)
	if err != nil {
		return err
	}
	l.epoch, l.time = r.Epoch, r.Time
	return nil
}

func recordAt(it kv.Iterator) (*Record, error) {
	value, err := it.Value()
	if err != nil {
		return nil, err
	}
	return decodeRecord(it.Key(), value)
}

// Records walks over the records of the epochs from from on, oldest first, as they are now.
func (l *Log) Records(from uint64) (*RecordIter, error) {
	it, err := l.store.Scan(kv.EpochRangeFrom(from))
	if err != nil {
		return nil, err
	}
	return &RecordIter{it: it}, nil
}

// RecordIter walks over records. It is for one goroutine, which closes it.
type RecordIter struct {
	it  kv.Iterator
	rec *Record
	err error
}

// Next moves to the next record. It is false at the end and after an error.
func (r *RecordIter) Next() bool {
	if r.err != nil || !r.it.Next() {
		return false
	}
	r.rec, r.err = recordAt(r.it)
	return r.err == nil
}

// Record is the current record. It is the caller's.
func (r *RecordIter) Record() *Record { return r.rec }

// Err is the error that ended the walk, or nil.
func (r *RecordIter) Err() error {
	if r.err != nil {
		return r.err
	}
	return r.it.Err()
}

// Close ends the walk.
func (r *RecordIter) Close() error { return r.it.Close() }

// EpochAt is the newest epoch whose time is at or before time (microseconds since 1970): the one that AS OF SYSTEM TIME
// means. ok is false if the log has no record that old any more, or none yet.
func (l *Log) EpochAt(time int64) (epoch uint64, ok bool, err error) {
	it, err := l.store.Scan(kv.EpochRangeFrom(0))
	if err != nil {
		return 0, false, err
	}
	defer it.Close()
	last, _ := l.Last()
	// Times rise with epochs: halve [low, high), where all epochs below low are old enough and those from high on are not.
	for low, high := uint64(0), last+1; low < high; {
		mid := low + (high-low)/2
		if !it.Seek(kv.EpochKey(mid)) {
			if it.Err() != nil {
				return 0, false, it.Err()
			}
			high = mid
			continue
		}
		r, err := recordAt(it)
		switch {
		case err != nil:
			return 0, false, err
		case r.Time <= time:
			epoch, ok, low = r.Epoch, true, r.Epoch+1
		default:
			high = mid
		}
	}
	return epoch, ok, nil
}

// checkOrder refuses a record that does not come after the newest: a fault of the caller.
func (l *Log) checkOrder(r *Record) error {
	if r.Epoch <= l.epoch {
		return sqlerr.Internal("epoch %d is appended to the changelog after epoch %d", r.Epoch, l.epoch)
	}
	if r.Time < l.time {
		return sqlerr.Internal("the time of epoch %d is before that of epoch %d", r.Epoch, l.epoch)
	}
	return nil
}
