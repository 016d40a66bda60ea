package join

import (
	"github.com/streamdb/streamdb/executor/op"
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
}

func newAsofFree(j *Asof, mem *state.Memory) *asofFree {
	return &asofFree{j: j, marks: [2]int64{op.NoWatermark, op.NoWatermark}, left: newWaiting(j.left, mem), right: newWaiting(j.right, mem)}
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

// endRight forgets the right rows that are older than those given.
func (f *asofFree) endRight(b *vec.Batch, hashes []uint64) error {
	keys := f.j.right.keys
	f.prefix = f.prefix[:0]
	for _, v := range append(b.Cols[:keys:keys], b.Cols[f.j.right.bound.time]) {
		f.prefix = append(f.prefix, v.Flatten(b.N))
	}
	for i := range b.N {
		for {
			if err := f.j.b.Open(&f.cursor, f.prefix[:keys], i, hashes[i]); err != nil {
				return err
			}
			if err := f.cursor.NarrowStart(f.prefix, i, true); err != nil { // the latest come first
				return err
			}
			ok, err := f.cursor.Next(vec.BatchSize)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			older := f.cursor.Batch.Clone() // the arrangement is written while it is read
			same := fill([]uint64(nil), older.N, hashes[i])
			if err := f.remove(f.j.b, older, same); err != nil {
				return err
			}
		}
	}
	return nil
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
