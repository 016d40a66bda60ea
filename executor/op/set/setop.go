package set

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/agg"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

var int8T, boolT = types.T(types.Int8), types.T(types.Bool)

// SetOp is INTERSECT or EXCEPT, with or without ALL: how often a row is in the result follows from how often it is in each input.
// An aggregation counts that; its changes become those of the result.
type SetOp struct {
	counts *agg.Aggregate
	result func(left, right int64) int64
	low    op.LowWatermark

	flags [2][]*vec.Vector // of a port: whether its rows are the left's, the right's
	view  vec.Batch
	cols  []*vec.Vector // of view
	// show are, in the aggregation's output, the columns of a row; left and right are the counts.
	show        []int
	left, right int
	changes     *delta.Set
	out         vec.Batch
	weights     []int64
	sel         []int32
}

// NewSetOp makes the operator of a SetOp node over rows of types ts.
func NewSetOp(n *physical.SetOp, ts []types.Type, mem *state.Memory) (*SetOp, error) {
	s := &SetOp{result: resultOf(n), low: op.NewLowWatermark(2), changes: delta.NewSet(ts), sel: []int32{}}
	isLeft, isRight := len(ts), len(ts)+1
	s.left, s.right, s.show = len(ts), len(ts)+1, every(len(ts))
	calls := []physical.AggCall{count(isLeft), count(isRight)}
	for c, t := range ts {
		if f := agg.FormChooser(t); f != nil { // a row of the result is one of the left's
			s.show[c] = len(ts) + len(calls)
			calls = append(calls, physical.AggCall{Name: f.Name, ArgTypes: f.Args, Args: []int{c}, Filter: isLeft, Type: t})
		}
	}
	yes, no := vec.NewConst(boolT, types.NewBool(true)), vec.NewConst(boolT, types.NewBool(false))
	s.flags = [2][]*vec.Vector{{yes, no}, {no, yes}}
	s.out.Cols = make([]*vec.Vector, len(ts))
	var err error
	s.counts, err = agg.New(grouping(every(len(ts)), false, calls...), append(ts[:len(ts):len(ts)], boolT, boolT), mem)
	return s, err
}

func count(filter int) physical.AggCall {
	f := fn.FindAggregate("count", nil)
	return physical.AggCall{Name: f.Name, Filter: filter, Type: int8T}
}

// resultOf is how often a row is in the result.
func resultOf(n *physical.SetOp) func(left, right int64) int64 {
	f := func(l, r int64) int64 { return min(l, r) }
	if n.Set == physical.Except {
		f = func(l, r int64) int64 { return max(l-r, 0) }
	}
	if n.All {
		return f
	}
	return func(l, r int64) int64 { return f(min(l, 1), min(r, 1)) }
}

// Open implements op.Operator.
func (s *SetOp) Open(ctx *op.Context) error { return s.counts.Open(ctx) }

// Push implements op.Operator.
func (s *SetOp) Push(port int, b *vec.Batch, _ op.Output) error {
	s.view = *b
	s.view.Cols = append(append(s.cols[:0], b.Cols...), s.flags[port]...)
	s.cols = s.view.Cols
	return s.counts.Push(0, &s.view, counted{s})
}

// Watermark implements op.Operator.
func (s *SetOp) Watermark(port int, t int64, out op.Output) error {
	if low, moved := s.low.Update(port, t); moved {
		return out.Watermark(low)
	}
	return nil
}

// EndStep implements op.Operator.
func (s *SetOp) EndStep(out op.Output) error {
	defer s.changes.Reset()
	if err := s.counts.EndStep(counted{s}); err != nil {
		return err
	}
	return s.changes.Batches(out.Batch)
}

// counted takes the output of the aggregation.
type counted struct{ *SetOp }

// Watermark implements op.Output.
func (counted) Watermark(int64) error { return nil }

// Batch implements op.Output: the rows of the result that follow from counts, before and after, are summed up.
func (s counted) Batch(b *vec.Batch) error {
	left, right := b.Cols[s.left].I64, b.Cols[s.right].I64
	s.weights, s.sel = s.weights[:0], s.sel[:0]
	for i := range b.N {
		n := s.result(left[i], right[i])
		s.weights = append(s.weights, n*b.Weight(i))
		if n != 0 {
			s.sel = append(s.sel, int32(i))
		}
	}
	for c, from := range s.show {
		s.out.Cols[c] = b.Cols[from]
	}
	s.out.N, s.out.Sel, s.out.Weights = b.N, s.sel, s.weights
	_, err := s.changes.Add(&s.out)
	return err
}

// State implements op.Stateful.
func (s *SetOp) State() []op.State { return s.counts.State() }

// Close implements op.Operator.
func (s *SetOp) Close() { s.counts.Close() }
