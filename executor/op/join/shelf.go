package join

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// shelf is a store without slices, or one slice of a store: whole rows by their keys or, where there is a log, the keys with the places of the
// rest of the rows in it. As the index then has small rows, it is made larger and split with little copying, and large rows are copied once.
type shelf struct {
	start int64 // of the slice; 0 where there are none
	rows  *state.Hashed
	log   *state.Log
}

// placeType is the type of the column of places, which follows the keys.
var placeType = types.T(types.Int8)

// keepsLog reports whether a side's rows are better kept in a log: they never change, and are larger than a place. Those that go one by one are
// not, as a log's rows go all together.
func (s *sideLayout) keepsLog() bool {
	if s.keys == 0 || s.bound != nil && s.bound.width == 0 {
		return false
	}
	const few = 2
	rest := s.types[s.keys:]
	for _, t := range rest {
		if t.Kind() == types.KindBytes {
			return true
		}
	}
	return len(rest) > few
}

// indexSpec is that of the index of a log.
func (s *sideLayout) indexSpec() state.Spec {
	return state.Spec{Types: append(append([]types.Type{}, s.types[:s.keys]...), placeType), Key: s.keys}
}

// logger adds rows to shelves with logs.
type logger struct {
	keys   int
	places vec.Vector
	index  []*vec.Vector
	// waiting are rows that are in a log and not yet in its index, if any ever wait.
	waiting deferred
	defers  bool
}

func newLogger(l *sideLayout) *logger {
	ts := l.indexSpec().Types
	return &logger{keys: l.keys, waiting: deferred{types: ts}, defers: defers(ts)}
}

// insert adds the selected rows of b, which have these hashes of their keys.
func (l *logger) insert(s shelf, b *vec.Batch, hashes []uint64) error {
	l.places.Resize(placeType, b.N)
	rest := *b
	rest.Cols = b.Cols[l.keys:]
	if err := s.log.Append(&rest, hashes, l.places.I64); err != nil {
		return err
	}
	l.index = append(append(l.index[:0], b.Cols[:l.keys]...), &l.places)
	index := *b
	index.Cols = l.index
	if !l.defers {
		return s.rows.Insert(&index, hashes)
	}
	if r := l.waiting.add(s.start, &index, hashes); len(r.hashes) < mostDeferred {
		return nil
	}
	return l.settle(s)
}

// settle brings the rows of a shelf that wait into its index.
func (l *logger) settle(s shelf) error {
	for _, r := range l.waiting.slices {
		if r.start == s.start {
			if err := s.rows.Insert(r.batch, r.hashes); err != nil {
				return err
			}
		}
	}
	l.waiting.forget(func(start int64) bool { return start == s.start })
	return nil
}

// fetcher gets the rows that a log has for what was found in its index.
type fetcher struct {
	refs state.Refs
	vecs []vec.Vector
	// strings are buffers for the columns, which have them until the next rows are fetched.
	strings [][]byte
	found   []*vec.Vector
}

// indexed appends to dst the columns of the index that are needed for those of a side that pairs need: keys, and at last the place.
func (s *sideLayout) indexed(dst []int) []int {
	for _, c := range s.used {
		if c < s.keys {
			dst = append(dst, c)
		}
	}
	return append(dst, s.keys)
}

// fetch gives a side's used columns of rows of the index, of which b has the columns of indexed. They are valid until the next call.
func (f *fetcher) fetch(s *sideLayout, log *state.Log, b *vec.Batch) ([]*vec.Vector, error) {
	if err := log.Find(b.Cols[len(b.Cols)-1].I64[:b.N], &f.refs); err != nil {
		return nil, err
	}
	for len(f.vecs) < len(s.used) {
		f.vecs, f.strings = append(f.vecs, vec.Vector{}), append(f.strings, nil)
	}
	f.found = f.found[:0]
	keys := b.Cols
	for k, c := range s.used {
		if c < s.keys {
			f.found, keys = append(f.found, keys[0]), keys[1:]
			continue
		}
		v := &f.vecs[k]
		log.Gather(&f.refs, c-s.keys, v, f.strings[k])
		if v.Kind() == types.KindBytes {
			f.strings[k] = v.Data
		}
		f.found = append(f.found, v)
	}
	return f.found, nil
}
