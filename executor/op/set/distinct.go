package set

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/agg"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// NewDistinct makes the operator of a Distinct node over rows of types ts.
func NewDistinct(n *physical.Distinct, ts []types.Type, mem *state.Memory) (op.Operator, error) {
	if n.AppendOnly && !slices.ContainsFunc(ts, func(t types.Type) bool { return !types.OneForm(t) }) {
		return newFirst(ts, mem), nil
	}
	return agg.New(grouping(every(len(ts)), n.AppendOnly), ts, mem)
}

// grouping is an aggregation by keys without windows.
func grouping(keys []int, appendOnly bool, calls ...physical.AggCall) *physical.Aggregate {
	return &physical.Aggregate{Keys: keys, Calls: calls, AppendOnly: appendOnly, WindowStart: physical.NoColumn, WindowEnd: physical.NoColumn}
}

func every(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// first emits each row when it is seen for the first time: DISTINCT over rows that are only added.
type first struct {
	seen *state.Hashed
	ctx  *op.Context
	// index has rows that were seen of late, so that a row is looked up in the state when it is new to it only. In a query's
	// only step it has all of them, and the state none.
	index *delta.Index

	hashes  []uint64
	numbers []int32
	sel     []int32
	refs    state.Refs
	out     vec.Batch
}

// keepRows is how many rows the index may have before it is begun anew.
const keepRows = 1 << 16

func newFirst(ts []types.Type, mem *state.Memory) *first {
	return &first{seen: state.NewHashed(mem, state.Spec{Types: ts, Key: len(ts), Unique: true}), index: delta.NewKeyIndex(ts), sel: []int32{}}
}

// Open implements op.Operator.
func (f *first) Open(ctx *op.Context) error {
	f.ctx = ctx
	return nil
}

// Push implements op.Operator.
func (f *first) Push(_ int, b *vec.Batch, out op.Output) error {
	if cap(f.hashes) < b.Rows() {
		f.hashes = make([]uint64, max(b.Rows(), vec.BatchSize))
	}
	f.hashes = f.hashes[:b.Rows()]
	vec.HashRows(b.Cols, b.Sel, b.N, f.hashes)
	known := int32(f.index.Len())
	var err error
	if f.numbers, err = f.index.Add(b.Cols, b.Sel, b.N, f.hashes, f.numbers); err != nil {
		return err
	}
	f.out = vec.Batch{Cols: b.Cols, N: b.N, Sel: f.sel[:0]}
	fresh := f.hashes[:0]
	for k, n := range f.numbers {
		if n != known {
			continue // numbers are given in order
		}
		known++
		f.out.Sel, fresh = append(f.out.Sel, int32(b.Row(k))), append(fresh, f.hashes[k])
	}
	f.sel = f.out.Sel
	if len(fresh) > 0 && !f.ctx.Once {
		if err := f.remember(fresh); err != nil {
			return err
		}
	}
	if len(f.out.Sel) == 0 {
		return nil
	}
	return out.Batch(&f.out)
}

// remember takes out of f.out the rows that the state has, and brings the others into it.
func (f *first) remember(hashes []uint64) error {
	b := &f.out
	if err := f.seen.Lookup(b.Cols, hashes, b.Sel, b.N, &f.refs); err != nil {
		return err
	}
	n := 0
	for k, i := range b.Sel {
		if !f.refs.Found(k) {
			b.Sel[n], hashes[n] = i, hashes[k]
			n++
		}
	}
	b.Sel, f.sel = b.Sel[:n], b.Sel[:n]
	if n > 0 {
		if err := f.seen.Put(b, hashes[:n], nil); err != nil {
			return err
		}
	}
	if f.index.Len() > keepRows {
		f.index.Reset()
	}
	return nil
}

// Watermark implements op.Operator.
func (f *first) Watermark(_ int, t int64, out op.Output) error { return out.Watermark(t) }

// Prompt implements op.Prompt.
func (f *first) Prompt() bool { return true }

// EndStep implements op.Operator.
func (f *first) EndStep(op.Output) error {
	f.index.Reset()
	return nil
}

// State implements op.Stateful.
func (f *first) State() []op.State { return []op.State{f.seen} }

// Close implements op.Operator.
func (f *first) Close() { f.seen.Release() }
