package txn

import (
	"slices"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
)

// WriteSet is what a transaction has changed in one relation and not yet committed: a list of rows with weights, in the order
// of the changes, and an index over it for each unique key.
type WriteSet struct {
	Meta     *catalog.Relation
	Relation *relation.Relation
	// Rows are the changes, each of weight +1 or -1.
	Rows *vec.Batch
	// Stage holds the first rows of a stream's write set that has become large; they cannot be read before the commit.
	Stage *changelog.Stage
	// Mark is what a stream's rows stand for in event time.
	Mark   epoch.Mark
	marker *database.Marker
	keys   []*keyIndex
	// padding is what the relation's rows lack, if the transaction has added columns to it; nil if it has not.
	padding *vec.Padding
}

// keyIndex finds the last change of a key.
type keyIndex struct {
	columns []int
	// last is, by the hash of the key, the newest row with it; next leads from a row to the one before with the same hash.
	last map[uint64]int32
	next []int32
	size int // rows of the write set that are indexed
}

func newWriteSet(meta *catalog.Relation, r *relation.Relation) *WriteSet {
	w := &WriteSet{Meta: meta, Relation: r, Rows: vec.NewBatch(meta.Types(), 0), Mark: epoch.NoMark}
	for _, k := range meta.Keys {
		w.keys = append(w.keys, &keyIndex{columns: k.Columns, last: map[uint64]int32{}})
	}
	return w
}

// reset makes an empty write set one of the relation with another definition.
func (w *WriteSet) reset(meta *catalog.Relation) (err error) {
	fresh := newWriteSet(meta, w.Relation)
	fresh.marker = w.marker
	fresh.padding, err = meta.Padding()
	*w = *fresh
	return err
}

// add appends changes of one sign.
func (w *WriteSet) add(b *vec.Batch, weight int64) {
	n := b.Rows()
	from := w.Rows.N
	for i, c := range b.Cols {
		w.Rows.Cols[i].AppendSelected(c, b.Sel, b.N)
	}
	w.Rows.Weights = slices.Grow(w.Rows.Weights, n)[:from+n]
	for i := range n {
		w.Rows.Weights[from+i] = weight
	}
	w.Rows.N = from + n
	for _, k := range w.keys {
		k.extend(w.Rows)
	}
}

// stageRows is how many rows a stream's write set holds before it goes to disk.
const stageRows = 16 * vec.BatchSize

// append adds rows to a relation without keys. Those of a stream go to disk when they become many, if nothing later in the
// transaction can want to read them or to take them back.
func (w *WriteSet) append(t *Txn, b *vec.Batch) error {
	if w.marker != nil {
		mark, err := w.marker.Rows(b, t.db.Sched().Now())
		if err != nil {
			return err
		}
		w.Mark = w.Mark.And(mark)
	}
	w.add(b, 1)
	if w.Meta.Kind != catalog.Stream || !t.Implicit || w.Rows.N < stageRows {
		return nil
	}
	if w.Stage == nil {
		w.Stage = t.db.Log().Stage(w.Meta.OID)
	}
	weights := w.Rows.Weights
	w.Rows.Weights = nil
	err := w.Stage.Write(w.Rows)
	w.Rows.Recycle()
	w.Rows.Weights = weights[:0]
	return err
}

// mark is a place to go back to, and truncate goes back.
func (w *WriteSet) mark() int { return w.Rows.N }

func (w *WriteSet) truncate(n int) {
	if n == w.Rows.N {
		return
	}
	rows := vec.NewBatch(w.Rows.Types(), n)
	keep := make([]int32, n)
	for i := range keep {
		keep[i] = int32(i)
	}
	for i, c := range w.Rows.Cols {
		rows.Cols[i].AppendSelected(c, keep, n)
	}
	rows.N, rows.Weights = n, w.Rows.Weights[:n:n]
	w.Rows = rows
	for _, k := range w.keys {
		k.last, k.next, k.size = map[uint64]int32{}, nil, 0
		k.extend(rows)
	}
}

// extend indexes the rows that have come since the last time.
func (k *keyIndex) extend(rows *vec.Batch) {
	n := rows.N - k.size
	if n == 0 {
		return
	}
	sel := make([]int32, n)
	for i := range sel {
		sel[i] = int32(k.size + i)
	}
	hashes := make([]uint64, n)
	vec.HashRows(pickCols(rows, k.columns), sel, rows.N, hashes)
	for i, h := range hashes {
		before, ok := k.last[h]
		if !ok {
			before = -1
		}
		k.next = append(k.next, before)
		k.last[h] = sel[i]
	}
	k.size = rows.N
}

// find is the newest change of the key that row i of cols has; ok is false if the write set does not touch it.
func (k *keyIndex) find(rows *vec.Batch, cols []*vec.Vector, i int, hash uint64) (row int32, ok bool) {
	at, ok := k.last[hash]
	for ; ok && at >= 0; at = k.next[at] {
		same := true
		for c, col := range k.columns {
			same = same && vec.Equal(cols[c], i, rows.Cols[col], int(at))
		}
		if same {
			return at, true
		}
	}
	return 0, false
}

func pickCols(b *vec.Batch, columns []int) []*vec.Vector {
	out := make([]*vec.Vector, len(columns))
	for i, c := range columns {
		out[i] = b.Cols[c]
	}
	return out
}

// empty reports whether there is nothing to commit.
func (w *WriteSet) empty() bool { return w.Rows.N == 0 && w.Stage == nil }

// changes is what the commit hands over: for a stream the rows as they came, for a table their sum.
func (w *WriteSet) changes() changelog.RelationData {
	d := changelog.RelationData{Relation: w.Meta.OID}
	if w.Stage != nil {
		d.Stages = []*changelog.Stage{w.Stage}
	}
	if w.Rows.N == 0 {
		return d
	}
	rows := w.Rows
	if w.Meta.Kind == catalog.Table {
		rows = vec.Consolidate([]*vec.Batch{w.Rows})
	} else {
		rows.Weights = nil
	}
	if rows != nil {
		d.Batches = chunks(rows)
	}
	return d
}

// chunkRows is how many rows a batch of a commit has at most, so that no operator has to take a million at once.
const chunkRows = 8 * vec.BatchSize

// chunks cuts a batch into selections of itself.
func chunks(b *vec.Batch) []*vec.Batch {
	if b.N <= chunkRows {
		return []*vec.Batch{b}
	}
	var out []*vec.Batch
	for from := 0; from < b.N; from += chunkRows {
		n := min(chunkRows, b.N-from)
		part := vec.NewBatch(b.Types(), n)
		sel := make([]int32, n)
		for i := range sel {
			sel[i] = int32(from + i)
		}
		part.AppendRows(b, sel)
		out = append(out, part)
	}
	return out
}
