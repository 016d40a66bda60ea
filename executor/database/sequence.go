package database

import (
	"encoding/binary"
	"sync"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/kv"
)

// sequenceReserve is how many values are put aside with one write: a crash leaves a gap of so many at most, as in PostgreSQL.
const sequenceReserve = 32

// Sequences give out the values of sequences, outside transactions, as in PostgreSQL: a rolled back one leaves a gap.
type Sequences struct {
	store kv.Store
	mu    sync.Mutex
	state map[uint32]*sequence
}

// sequence is a sequence in memory: the last value given out, and how far values are put aside in the store.
type sequence struct {
	last     int64
	called   bool // last has been given out
	reserved int64
	any      bool // reserved is meant
}

func newSequences(store kv.Store) *Sequences {
	return &Sequences{store: store, state: map[uint32]*sequence{}}
}

// Next gives out the next value of a sequence.
func (q *Sequences) Next(r *catalog.Relation) (int64, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s, err := q.load(r)
	if err != nil {
		return 0, err
	}
	def := r.SequenceDef
	next := s.last
	if s.called {
		if next, err = step(r, s.last); err != nil {
			return 0, err
		}
	}
	if !s.any || beyond(def, next, s.reserved) {
		ahead := clamp(def, next, sequenceReserve*def.Increment)
		if err := q.put(r.OID, ahead, true); err != nil {
			return 0, err
		}
		s.reserved, s.any = ahead, true
	}
	s.last, s.called = next, true
	return next, nil
}

// step is the value after last; 2200H at the end.
func step(r *catalog.Relation, last int64) (int64, error) {
	def := r.SequenceDef
	next := last + def.Increment
	if def.Increment > 0 && (next > def.Max || next < last) {
		return 0, sqlerr.New(sqlerr.SequenceLimit, "nextval: reached maximum value of sequence %q (%d)", r.Name, def.Max)
	}
	if def.Increment < 0 && (next < def.Min || next > last) {
		return 0, sqlerr.New(sqlerr.SequenceLimit, "nextval: reached minimum value of sequence %q (%d)", r.Name, def.Min)
	}
	return next, nil
}

// beyond reports whether a value lies past another in the sequence's direction.
func beyond(def *catalog.SequenceDef, v, limit int64) bool {
	if def.Increment > 0 {
		return v > limit
	}
	return v < limit
}

// clamp is v + by within the sequence's bounds.
func clamp(def *catalog.SequenceDef, v, by int64) int64 {
	w := v + by
	if by > 0 && (w < v || w > def.Max) {
		return def.Max
	}
	if by < 0 && (w > v || w < def.Min) {
		return def.Min
	}
	return w
}

// Set makes v the sequence's value; called says that it has been given out.
func (q *Sequences) Set(r *catalog.Relation, v int64, called bool) error {
	def := r.SequenceDef
	if v < def.Min || v > def.Max {
		return sqlerr.New(sqlerr.NumericValueOutOfRange, "setval: value %d is out of bounds for sequence %q (%d..%d)", v, r.Name, def.Min, def.Max)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.put(r.OID, v, called); err != nil {
		return err
	}
	q.state[r.OID] = &sequence{last: v, called: called, reserved: v, any: true}
	return nil
}

// Last is the sequence's last value, and whether it has been given out.
func (q *Sequences) Last(r *catalog.Relation) (v int64, called bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s, err := q.load(r)
	if err != nil {
		return 0, false, err
	}
	return s.last, s.called, nil
}

// load gives a sequence's state; after a restart it goes on behind what was put aside.
func (q *Sequences) load(r *catalog.Relation) (*sequence, error) {
	if s := q.state[r.OID]; s != nil {
		return s, nil
	}
	s := &sequence{last: r.SequenceDef.Start}
	value, ok, err := q.store.Get(sequenceKey(r.OID))
	if err != nil {
		return nil, err
	}
	if ok {
		if len(value) != 9 {
			return nil, sqlerr.New(sqlerr.DataCorrupted, "the stored state of sequence %q has %d bytes instead of 9", r.Name, len(value))
		}
		s.last, s.called = int64(binary.BigEndian.Uint64(value)), value[8] != 0
		s.reserved, s.any = s.last, true
	}
	q.state[r.OID] = s
	return s, nil
}

func (q *Sequences) put(oid uint32, v int64, called bool) error {
	value := binary.BigEndian.AppendUint64(nil, uint64(v))
	value = kv.AppendBool(value, called)
	b := &kv.Batch{}
	b.Set(sequenceKey(oid), value)
	return q.store.Commit(b, true)
}

func sequenceKey(oid uint32) []byte {
	return kv.MetaKey(kv.MetaSequence, binary.BigEndian.AppendUint32(nil, oid))
}
