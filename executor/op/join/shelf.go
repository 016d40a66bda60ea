package join

import (
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

// keepsLog reports whether a side's rows, which never change, are better kept in a log. Those that go one by one are not, as a log's rows go all
// together.
func (s *sideLayout) keepsLog() bool {
	return s.keys > 0 && (s.bound == nil || s.bound.width > 0) && state.LogPays(s.types[s.keys:])
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
	ts := state.IndexSpec(l.types[:l.keys], false).Types
	return &logger{keys: l.keys, waiting: deferred{types: ts}, defers: defers(ts)}
}

// insert adds the selected rows of b, which have these hashes of their keys.
func (l *logger) insert(s shelf, b *vec.Batch, hashes []uint64) error {
	l.places.Resize(state.PlaceType, b.N)
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
	rows state.Fetch
	// index are the columns that are asked of the index, rest those of the log.
	index, rest []int
	found       []*vec.Vector
}

// ask says that pairs need the used columns of a side, and gives the columns of the index to ask for.
func (f *fetcher) ask(s *sideLayout) []int {
	f.index, f.rest = f.index[:0], f.rest[:0]
	for _, c := range s.used {
		if c < s.keys {
			f.index = append(f.index, c)
		} else {
			f.rest = append(f.rest, c-s.keys)
		}
	}
	f.index = append(f.index, s.keys)
	return f.index
}

// fetch gives the used columns of rows of the index, of which b has the columns that were asked for. They are valid until the next call.
func (f *fetcher) fetch(s *sideLayout, log *state.Log, b *vec.Batch) ([]*vec.Vector, error) {
	if err := f.rows.Rows(&log.LogReader, b.Cols[len(b.Cols)-1].I64[:b.N], f.rest); err != nil {
		return nil, err
	}
	keys, rest := b.Cols, f.rows.Cols
	f.found = f.found[:0]
	for _, c := range s.used {
		from := &rest
		if c < s.keys {
			from = &keys
		}
		f.found, *from = append(f.found, (*from)[0]), (*from)[1:]
	}
	return f.found, nil
}
