package relation

import (
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Selection are the rows of a relation within bounds, as of an epoch. Release it.
type Selection struct {
	bounds  *Bounds
	columns []int
	cursor  state.Cursor
	// first are the rows that were read at once; version holds more to read, if there are many.
	first   *vec.Batch
	version *state.Version
	// undo are the blocks past the epoch: what they brought within the bounds is taken back.
	undo []Block
}

// Select finds the rows within bounds of an index's order, as of an epoch, with the given columns. It reads a batch straight from the
// index, between two cuts; only when there are more rows is a version frozen. It is nil if the index cannot be read (it is not there,
// or not built yet), or if the blocks since the epoch are not kept: then the relation must be read whole.
func (r *Relation) Select(index uint32, bounds *Bounds, columns []int, epoch uint64) (*Selection, error) {
	x, more, err := r.selectFirst(index, bounds, columns, epoch)
	if err != nil || !more {
		return x, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	i := r.sortedBy(index)
	if i == nil {
		return nil, nil
	}
	var ok bool
	if x.undo, ok = r.since(epoch); !ok {
		return nil, nil
	}
	x.version = i.tree.Freeze()
	if err := bounds.open(&x.cursor, x.version.Ordered()); err != nil {
		x.Release()
		return nil, err
	}
	return x, nil
}

// selectFirst reads the rows if they are one batch. With more they must be read from a version.
func (r *Relation) selectFirst(index uint32, bounds *Bounds, columns []int, epoch uint64) (x *Selection, more bool, err error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	i := r.sortedBy(index)
	if i == nil {
		return nil, false, nil
	}
	x = &Selection{bounds: bounds, columns: columns}
	x.cursor.Cols = make([]int, len(columns))
	for k, c := range columns {
		x.cursor.Cols[k] = i.place[c]
	}
	var ok bool
	if x.undo, ok = r.since(epoch); !ok {
		return nil, false, nil
	}
	if err := bounds.open(&x.cursor, &i.tree.OrderedReader); err != nil {
		return nil, false, err
	}
	if x.cursor.Rows() > vec.BatchSize {
		return x, true, nil
	}
	if _, err := x.cursor.Next(vec.BatchSize); err != nil {
		return nil, false, err
	}
	x.first = x.cursor.Batch
	return x, false, nil
}

// SelectKey finds the row with a unique key: bounds give each of its columns a value. It reads the content as it is, between two cuts, and
// freezes nothing. It is nil if there is no such key, or if the blocks since the epoch are not kept.
func (r *Relation) SelectKey(bounds *Bounds, columns []int, epoch uint64) (*Selection, error) {
	var hash [1]uint64
	vec.HashRows(bounds.Equal, nil, 1, hash[:])
	r.mu.RLock()
	defer r.mu.RUnlock()
	c := r.byKey(bounds.Columns)
	undo, ok := r.since(epoch)
	if c == nil || !ok {
		return nil, nil
	}
	x := &Selection{bounds: bounds, columns: columns, undo: undo}
	var refs state.Refs
	if err := c.rows.Lookup(bounds.Equal, hash[:], nil, 1, &refs); err != nil || !refs.Found(0) {
		return x, err
	}
	x.first = &vec.Batch{N: 1, Cols: make([]*vec.Vector, len(columns))}
	for i, p := range c.columns(columns) {
		x.first.Cols[i] = &vec.Vector{}
		c.rows.Gather(&refs, p, x.first.Cols[i])
	}
	return x, nil
}

// since are the blocks past an epoch; not ok if one of them is not kept any more. The relation is locked.
func (r *Relation) since(epoch uint64) (blocks []Block, ok bool) {
	if epoch >= r.cut {
		return nil, true
	}
	return r.history.blocks[r.history.after(epoch):], epoch >= r.history.trimmed
}

// Consolidated says that Scan emits each row once, with a positive weight.
func (x *Selection) Consolidated() bool { return len(x.undo) == 0 }

// Scan emits the rows, and then with their weights negated the changes to take back; only the sum says what is there. A batch is the
// callee's until emit returns.
func (x *Selection) Scan(emit func(*vec.Batch) error) error {
	if x.first != nil {
		if err := emit(x.first); err != nil {
			return err
		}
	}
	for x.version != nil {
		more, err := x.cursor.Next(vec.BatchSize)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := emit(x.cursor.Batch); err != nil {
			return err
		}
	}
	for i := range x.undo {
		if err := x.undo[i].Scan(func(b *vec.Batch) error { return x.takeBack(b, emit) }); err != nil {
			return err
		}
	}
	return nil
}

// takeBack emits the opposite of what a batch of changes brought within the bounds.
func (x *Selection) takeBack(b *vec.Batch, emit func(*vec.Batch) error) error {
	rows := x.bounds.Select(b)
	if len(rows) == 0 {
		return nil
	}
	out := vec.Batch{N: b.N, Sel: rows, Weights: make([]int64, b.N)}
	for _, c := range x.columns {
		out.Cols = append(out.Cols, b.Cols[c])
	}
	for _, i := range rows {
		out.Weights[i] = -b.Weight(int(i))
	}
	return emit(&out)
}

// Release gives back what the selection holds.
func (x *Selection) Release() {
	if x.version != nil {
		x.version.Release()
		x.version = nil
	}
}
