package order

import (
	"math"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// FirstRows keeps the first rows of each partition of an append-only input.
type FirstRows struct {
	node *physical.FirstRows
	ctx  *op.Context
	lay  *sorted.Layout
	kept *kept

	// keys are the partitions that the step has touched, ranks their first rows: numbers of rows of pool, or, while a batch is looked at, ^i for
	// row i of view.
	keys  *delta.Index
	ranks rankings
	pool  *vec.Batch
	// places are those of the pool's rows in kept's log.
	places []int64
	// room is how many rows pool may have before those that have no place any more are taken out.
	room int
	view vec.Batch
	// entered are the partitions that rows of the batch are in.
	entered []int32
	isIn    []bool

	hashes  []uint64
	order   state.HashOrder
	numbers []int32
	rows    []int32

	out firstOutput
	// watermark closes partitions of windows.
	watermark int64
}

// minRoom is how many rows the pool has room for at least.
const minRoom = 64 * vec.BatchSize

// NewFirstRows makes the operator of a FirstRows node over an input with columns of types ts.
func NewFirstRows(n *physical.FirstRows, ts []types.Type, mem *state.Memory) *FirstRows {
	lay := sorted.NewLayout(ts, n.PartitionBy, n.OrderBy)
	return &FirstRows{node: n, lay: lay, kept: newKept(lay, n.Limit, lay.End(n.Closing), mem), keys: delta.NewKeyIndex(lay.Spec.Types[:lay.Key]),
		ranks: rankings{limit: int32(n.Limit)}, pool: vec.NewBatch(lay.Spec.Types, 0), room: minRoom, out: newFirstOutput(lay), watermark: op.NoWatermark}
}

// Open implements op.Operator.
func (f *FirstRows) Open(ctx *op.Context) error {
	f.ctx = ctx
	return nil
}

// Push implements op.Operator.
func (f *FirstRows) Push(_ int, b *vec.Batch, _ op.Output) error {
	n := b.Rows()
	if n == 0 {
		return nil
	}
	f.lay.View(b, &f.view)
	for c, v := range f.view.Cols {
		f.view.Cols[c] = v.Flatten(b.N) // comparators take no constants
	}
	if cap(f.hashes) < n {
		f.hashes = make([]uint64, n, max(n, vec.BatchSize))
	}
	known, keys, hashes := f.keys.Len(), f.view.Cols[:f.lay.Key], f.hashes[:n]
	vec.HashRows(keys, b.Sel, b.N, hashes)
	var err error
	if f.numbers, err = f.keys.Add(keys, b.Sel, b.N, hashes, f.numbers); err != nil {
		return err
	}
	if err := f.load(known); err != nil {
		return err
	}
	for k, p := range f.numbers {
		i := b.Row(k)
		f.offer(p, ^int32(i), b.Weight(i))
	}
	return f.settle()
}

// load brings the rows that partitions from a number on had at the last cut.
func (f *FirstRows) load(known int) error {
	f.ranks.add(f.keys.Len() - known)
	for len(f.isIn) < f.keys.Len() {
		f.isIn = append(f.isIn, false)
	}
	f.rows = f.rows[:0]
	for p := known; p < f.keys.Len(); p++ {
		f.rows = append(f.rows, int32(p))
	}
	if len(f.rows) == 0 {
		return nil
	}
	err := f.kept.load(f.keys.Cols, f.rows, f.keys.Hashes()[known:], func(b *vec.Batch, places []int64, of []int32) {
		at := int32(f.pool.N)
		rows := *b
		rows.Weights = nil // it is the places that count
		f.pool.AppendBatch(&rows)
		f.places = append(f.places, places...)
		f.unplaced()
		for i, p := range of {
			f.offer(p, at+int32(i), b.Weight(i))
		}
	})
	for _, p := range f.entered {
		f.ranks.cut(p)
		f.isIn[p] = false
	}
	f.entered = f.entered[:0]
	return err
}

// row is where a row of a number lies.
func (f *FirstRows) row(ref int32) ([]*vec.Vector, int) {
	if ref < 0 {
		return f.view.Cols, int(^ref)
	}
	return f.pool.Cols, int(ref)
}

// offer gives a row of a weight the places among the first of partition p that it should have.
func (f *FirstRows) offer(p, ref int32, weight int64) {
	cols, i := f.row(ref)
	compare := func(other int32) int {
		others, j := f.row(other)
		return f.lay.Compare(cols, i, others, j)
	}
	for range min(weight, int64(f.ranks.limit)) {
		place, same, ok := f.ranks.search(p, compare)
		if !ok {
			return
		}
		if same != none {
			ref = same
		}
		f.ranks.insert(p, place, ref)
		if !f.isIn[p] {
			f.isIn[p] = true
			f.entered = append(f.entered, p)
		}
	}
}

// settle copies those rows of the batch that have a place.
func (f *FirstRows) settle() error {
	f.rows = f.rows[:0]
	for _, p := range f.entered {
		f.isIn[p] = false
		list := f.ranks.of(f.ranks.now[p])
		for k, ref := range list {
			if ref >= 0 {
				continue
			}
			if n := len(f.rows); n == 0 || f.rows[n-1] != ^ref { // copies of one row stand together
				f.rows = append(f.rows, ^ref)
			}
			list[k] = int32(f.pool.N + len(f.rows) - 1)
		}
	}
	f.entered = f.entered[:0]
	rows := f.view
	rows.Weights = nil
	f.pool.AppendRows(&rows, f.rows)
	f.unplaced()
	if f.pool.N > f.room {
		f.compact()
	}
	for _, v := range f.pool.Cols {
		if len(v.Data) > math.MaxUint32 {
			return sqlerr.New(sqlerr.ProgramLimitExceeded, "more than 4 GiB of text in one column of one step's changes")
		}
	}
	return nil
}

// unplaced notes that the last rows of the pool are in no log.
func (f *FirstRows) unplaced() {
	for len(f.places) < f.pool.N {
		f.places = append(f.places, noPlace)
	}
}

// compact takes rows without a place out of the pool.
func (f *FirstRows) compact() {
	live := f.ranks.renumber(f.pool.N, nil)
	pool := vec.NewBatch(f.lay.Spec.Types, len(live))
	pool.AppendRows(f.pool, live)
	places := make([]int64, len(live))
	for i, row := range live {
		places[i] = f.places[row]
	}
	f.pool, f.places = pool, places
	f.room = max(minRoom, 2*pool.N)
}

// Watermark implements op.Operator.
func (f *FirstRows) Watermark(_ int, at int64, out op.Output) error {
	f.watermark = max(f.watermark, at)
	return out.Watermark(at)
}

// EndStep implements op.Operator.
func (f *FirstRows) EndStep(out op.Output) error {
	defer f.kept.close(f.watermark)
	if f.keys.Len() == 0 {
		return nil
	}
	defer f.reset()
	if err := f.emit(out); err != nil {
		return err
	}
	return f.kept.compact()
}

func (f *FirstRows) reset() {
	f.keys.Reset()
	f.ranks.reset()
	f.isIn = f.isIn[:0]
	if f.pool.N > minRoom || f.room > minRoom {
		f.pool, f.room, f.isIn, f.places = vec.NewBatch(f.lay.Spec.Types, 0), minRoom, nil, nil
	}
	f.pool.Recycle()
	f.places = f.places[:0]
}

// State implements op.Stateful.
func (f *FirstRows) State() []op.State { return f.kept.states() }

// Close implements op.Operator.
func (f *FirstRows) Close() { f.kept.release() }
