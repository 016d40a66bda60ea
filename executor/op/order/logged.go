package order

import (
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// logged brings kept rows into logs and back. What has lost its place among the first stays in a log until it is half of what a key group has
// there: then the others are copied to a new one. So a row is copied once or so for each row that goes, and never because others come.
type logged struct {
	keys int
	rest []types.Type
	// cols are 0, 1, 2, … for all columns of the rest.
	cols []int
	// write is how an arrangement takes a change.
	write func(rows *state.Hashed, b *vec.Batch, hashes []uint64) error
	mem   *state.Memory

	fetch  state.Fetch
	rows   vec.Batch
	index  vec.Batch
	places vec.Vector
	sel    []int32
	hashes []uint64

	scan  state.Scan
	moved *delta.Rows // rows of the index
}

// spareRows are not worth a compaction.
const spareRows = 256

// newLogged is for logs of rows with columns of types rest, of which arrangements of index have keys and places.
func newLogged(index state.Spec, rest []types.Type, mem *state.Memory) *logged {
	l := &logged{keys: index.Key, rest: rest, write: writes(index), mem: mem, moved: delta.NewRows(index.Types)}
	for c := range rest {
		l.cols = append(l.cols, c)
	}
	return l
}

// whole gives the rows, and their places, of which b has what the index has. They are valid until the next call.
func (l *logged) whole(b *vec.Batch, log *state.Log) (*vec.Batch, []int64, error) {
	places := b.Cols[l.keys].I64[:b.N]
	if err := l.fetch.Rows(&log.LogReader, places, l.cols); err != nil {
		return nil, nil, err
	}
	cols := append(append(l.rows.Cols[:0], b.Cols[:l.keys]...), l.fetch.Cols[:len(l.rest)]...)
	l.rows = vec.Batch{Cols: cols, N: b.N, Weights: b.Weights}
	return &l.rows, places, nil
}

// log adds the rows of b without a place to a log, and gives what the index is to have of all rows. It is valid until the next call.
func (l *logged) log(b *vec.Batch, hashes []uint64, places []int64, log *state.Log) (*vec.Batch, error) {
	l.sel, l.hashes = l.sel[:0], l.hashes[:0]
	for k, h := range hashes {
		if i := b.Row(k); places[i] == noPlace {
			l.sel, l.hashes = append(l.sel, int32(i)), append(l.hashes, h)
		}
	}
	rest := vec.Batch{Cols: b.Cols[l.keys:], N: b.N, Sel: l.sel}
	if err := log.Append(&rest, l.hashes, places); err != nil {
		return nil, err
	}
	l.places = vec.Vector{Type: state.PlaceType, I64: places}
	cols := append(append(l.index.Cols[:0], b.Cols[:l.keys]...), &l.places)
	l.index = vec.Batch{Cols: cols, N: b.N, Sel: b.Sel, Weights: b.Weights}
	return &l.index, nil
}

// compact makes the log anew of those key groups of which more than half has gone.
func (l *logged) compact(k keptRows) error {
	for group := range state.Groups {
		if k.log.GroupRows(group) > 2*k.rows.GroupRows(group)+spareRows {
			if err := l.compactGroup(k, group); err != nil {
				return err
			}
		}
	}
	return nil
}

// compactGroup makes the log of a key group, and its index, anew.
func (l *logged) compactGroup(k keptRows, group int) error {
	defer l.moved.Reset()
	fresh := state.NewLog(l.mem, l.rest)
	defer fresh.Release()
	k.rows.Scan(&l.scan, group)
	for {
		ok, err := l.scan.Next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := l.move(l.scan.Batch, k.log, fresh); err != nil {
			return err
		}
	}
	live, err := fresh.DetachGroup(group)
	if err != nil {
		return err
	}
	for _, s := range []interface {
		DetachGroup(group int) (*state.Group, error)
	}{k.log, k.rows} {
		gone, err := s.DetachGroup(group)
		if err != nil {
			return err
		}
		gone.Release()
	}
	if err := k.log.AttachGroup(live); err != nil {
		return err
	}
	return l.reindex(k.rows)
}

// move copies rows of the index from one log to another, and keeps what the index is to have of them.
func (l *logged) move(b *vec.Batch, from, to *state.Log) error {
	rows, _, err := l.whole(b, from)
	if err != nil {
		return err
	}
	hashes, places := make([]uint64, b.N), make([]int64, b.N)
	vec.HashRows(b.Cols[:l.keys], nil, b.N, hashes)
	for i := range places {
		places[i] = noPlace
	}
	index, err := l.log(rows, hashes, places, to)
	if err != nil {
		return err
	}
	l.moved.Add(index, hashes)
	return nil
}

// reindex gives the index what was moved.
func (l *logged) reindex(rows *state.Hashed) error {
	for _, c := range l.moved.Chunks {
		if err := l.write(rows, &c.Batch, c.Hashes); err != nil {
			return err
		}
	}
	return nil
}
