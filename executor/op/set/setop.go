package set

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Rows computes how often each row is in a result from how often it is in the inputs: DISTINCT, INTERSECT and EXCEPT, with
// and without ALL. It keeps each input's rows with their multiplicities.
type Rows struct {
	result  func(counts []int64) int64
	inputs  []*counts
	deltas  []*delta.Set
	touched *delta.Index
	low     op.LowWatermark
	out     *delta.Set
}

// NewDistinct makes the operator of a Distinct node over rows of types ts.
func NewDistinct(ts []types.Type, mem *state.Memory) *Rows {
	return newRows(ts, 1, mem, func(c []int64) int64 { return min(max(c[0], 0), 1) })
}

// NewSetOp makes the operator of a SetOp node over rows of types ts.
func NewSetOp(n *physical.SetOp, ts []types.Type, mem *state.Memory) *Rows {
	result := func(c []int64) int64 { return min(max(c[0], 0), max(c[1], 0)) }
	if n.Set == physical.Except {
		result = func(c []int64) int64 { return max(max(c[0], 0)-max(c[1], 0), 0) }
	}
	if n.All {
		return newRows(ts, 2, mem, result)
	}
	// Without ALL each side counts once.
	return newRows(ts, 2, mem, func(c []int64) int64 {
		return result([]int64{min(max(c[0], 0), 1), min(max(c[1], 0), 1)})
	})
}

func newRows(ts []types.Type, inputs int, mem *state.Memory, result func([]int64) int64) *Rows {
	r := &Rows{result: result, touched: delta.NewKeyIndex(ts), low: op.NewLowWatermark(inputs), out: delta.NewSet(ts)}
	for range inputs {
		r.inputs = append(r.inputs, newCounts(ts, mem))
		r.deltas = append(r.deltas, delta.NewSet(ts))
	}
	return r
}

// Open implements op.Operator.
func (r *Rows) Open(*op.Context) error { return nil }

// Push implements op.Operator.
func (r *Rows) Push(port int, b *vec.Batch, _ op.Output) error {
	_, err := r.deltas[port].Add(b)
	return err
}

// Watermark implements op.Operator.
func (r *Rows) Watermark(port int, t int64, out op.Output) error {
	if low, moved := r.low.Update(port, t); moved {
		return out.Watermark(low)
	}
	return nil
}

// EndStep implements op.Operator: of each row that was touched, what it was in the result before and what it is now.
func (r *Rows) EndStep(out op.Output) error {
	defer r.reset()
	for _, d := range r.deltas {
		err := d.Batches(func(b *vec.Batch) error {
			_, err := r.touched.Add(b.Cols, b.Sel, b.N, nil, nil)
			return err
		})
		if err != nil {
			return err
		}
	}
	if r.touched.Len() == 0 {
		return nil
	}
	rows := &vec.Batch{Cols: r.touched.Cols, N: r.touched.Len()}
	if err := r.emit(rows, -1); err != nil {
		return err
	}
	for i, d := range r.deltas {
		if err := d.Batches(r.inputs[i].apply); err != nil {
			return err
		}
	}
	if err := r.emit(rows, 1); err != nil {
		return err
	}
	return r.out.Batches(out.Batch)
}

// emit adds the result's rows among those touched, as things stand, to the output with a sign. Of an input's rows the left one's
// representation is shown.
func (r *Rows) emit(rows *vec.Batch, sign int64) error {
	totals := make([]total, len(r.inputs))
	for i, in := range r.inputs {
		if err := in.totals(rows, &totals[i]); err != nil {
			return err
		}
	}
	show := vec.NewBatch(rows.Types(), 0)
	each := make([]int64, len(r.inputs))
	for k := range rows.N {
		for i := range totals {
			each[i] = totals[i].count[k]
		}
		n := r.result(each)
		if n == 0 || totals[0].rep[k] < 0 {
			continue
		}
		show.AppendRows(totals[0].reps, totals[0].rep[k:k+1])
		for len(show.Weights) < show.N {
			show.Weights = append(show.Weights, 0)
		}
		show.Weights[show.N-1] = sign * n
	}
	if show.N == 0 {
		return nil
	}
	_, err := r.out.Add(show)
	return err
}

func (r *Rows) reset() {
	for _, d := range r.deltas {
		d.Reset()
	}
	r.touched.Reset()
	r.out.Reset()
}

// State implements op.Stateful.
func (r *Rows) State() []op.State {
	out := make([]op.State, len(r.inputs))
	for i, in := range r.inputs {
		out[i] = in.rows
	}
	return out
}

// Close implements op.Operator.
func (r *Rows) Close() {}
