package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// asofFree forgets what an ASOF join that looks back is done with. A left row is, once the right watermark has passed it: its right
// row is older. A right row is, if one of its key is newer and behind both watermarks: later left rows are newer still, and of the left
// rows that are kept none is as old. So in the end each key keeps one right row.
type asofFree struct {
	j     *Asof
	marks [2]int64
	// left and right are the rows that the watermarks have not passed.
	left, right *waiting

	cursor  state.Cursor
	prefix  []*vec.Vector
	weights []int64
	hashes  []uint64
	// keys numbers the keys of a batch of right rows, and last has the last row of each; older are the rows to be forgotten.
	keys     *delta.Index
	numbers  []int32
	last     []int32
	older    *delta.Rows
	repeated []uint64
}

func newAsofFree(j *Asof, mem *state.Memory) *asofFree {
	return &asofFree{j: j, marks: [2]int64{op.NoWatermark, op.NoWatermark}, left: newWaiting(j.left, mem), right: newWaiting(j.right, mem),
		keys: delta.NewKeyIndex(j.right.keyTypes()), older: delta.NewRows(j.right.types)}
}

// endStep forgets, and emits the left rows that have waited for it.
func (f *asofFree) endStep() error {
	if err := f.eachPassed(f.left, f.marks[right], f.endLeft); err != nil {
		return err
	}
	return f.eachPassed(f.right, min(f.marks[left], f.marks[right]), f.endRight)
}

func (f *asofFree) eachPassed(w *waiting, mark int64, end func(b *vec.Batch, hashes []uint64) error) error {
	if mark == op.NoWatermark {
		return nil
	}
	for g := range state.Groups {
		err := w.end(g, mark, func(b *vec.Batch) error {
			f.hashes = fill(f.hashes, b.N, 0)
			vec.HashRows(b.Cols[:w.side.keys], nil, b.N, f.hashes)
			return end(b, f.hashes)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// endLeft forgets left rows; they come out now if they have waited.
func (f *asofFree) endLeft(b *vec.Batch, hashes []uint64) error {
	if f.j.node.OnClose {
		return f.j.pairBatch(b, hashes, 1)
	}
	return f.remove(f.j.a, b, hashes)
}

// endRight forgets the right rows that are older than those given, of which the last of each key tells.
func (f *asofFree) endRight(b *vec.Batch, hashes []uint64) error {
	defer f.keys.Reset()
	defer f.older.Reset()
	keys := f.j.right.keys
	f.prefix = f.prefix[:0]
	for _, v := range append(b.Cols[:keys:keys], b.Cols[f.j.right.bound.time]) {
		f.prefix = append(f.prefix, v.Flatten(b.N))
	}
	var err error
	if f.numbers, err = f.keys.Add(b.Cols[:keys], nil, b.N, hashes, f.numbers); err != nil {
		return err
	}
	f.last = fill(f.last, f.keys.Len(), 0)
	for i, n := range f.numbers { // they are in the order of time
		f.last[n] = int32(i)
	}
	for _, i := range f.last {
		if err := f.findOlder(int(i), hashes[i]); err != nil {
			return err
		}
	}
	for _, c := range f.older.Chunks {
		if err := f.remove(f.j.b, &c.Batch, c.Hashes); err != nil {
			return err
		}
	}
	return nil
}

// findOlder gathers the right rows of the key of row i of the prefix that are older.
func (f *asofFree) findOlder(i int, hash uint64) error {
	if err := f.j.b.Open(&f.cursor, f.prefix[:f.j.right.keys], i, hash); err != nil {
		return err
	}
	if err := f.cursor.NarrowStart(f.prefix, i, true); err != nil { // the latest come first
		return err
	}
	for {
		ok, err := f.cursor.Next(vec.BatchSize)
		if err != nil || !ok {
			return err
		}
		f.repeated = fill(f.repeated, f.cursor.Batch.N, hash)
		f.older.Add(f.cursor.Batch, f.repeated)
	}
}

// remove takes rows out of an arrangement.
func (f *asofFree) remove(from *state.Ordered, b *vec.Batch, hashes []uint64) error {
	f.weights = f.weights[:0]
	for i := range b.N {
		f.weights = append(f.weights, -b.Weight(i))
	}
	out := *b
	out.Weights = f.weights
	return from.Apply(&out, hashes, nil)
}
