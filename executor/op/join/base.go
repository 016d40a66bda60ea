package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// New makes the operator of a Join node over inputs with columns of these types.
func New(n *physical.Join, leftTypes, rightTypes []types.Type, mem *state.Memory) (op.Operator, error) {
	switch {
	case n.LookUp:
		return newLookUp(n, leftTypes, rightTypes, mem)
	case n.NullAware:
		return newNotIn(n, leftTypes, rightTypes, mem)
	case n.Bound != nil && n.Bound.OnClose && n.Bound.Windows:
		return newWindowJoin(n, leftTypes, rightTypes, mem)
	}
	return newJoin(n, leftTypes, rightTypes, mem)
}

// base is what the joins have in common: two sides, how pairs are made of them, and where they go.
type base struct {
	sides [2]*side
	pairs *pairs
	emit  *emitter
	low   op.LowWatermark
	ctx   *op.Context
	// bound says when rows are freed, if not nil. marks are the inputs' watermarks.
	bound *physical.JoinBound
	marks [2]int64
	// byKey says that the keys of one side tell which rows of the other have a partner.
	byKey bool
}

func newBase(l *layout, mem *state.Memory) (base, error) {
	b := base{emit: newEmitter(l), low: op.NewLowWatermark(2), marks: [2]int64{op.NoWatermark, op.NoWatermark}}
	for i := range b.sides {
		b.sides[i] = newSide(l, i, mem)
	}
	var err error
	b.pairs, err = newPairs(l)
	return b, err
}

// Open implements op.Operator.
func (b *base) Open(ctx *op.Context) error {
	b.ctx = ctx
	b.pairs.eval = op.NewEvaluator(ctx)
	return nil
}

// Watermark implements op.Operator.
func (b *base) Watermark(port int, t int64, out op.Output) error {
	b.marks[port] = max(b.marks[port], t)
	if low, moved := b.low.Update(port, t); moved {
		return out.Watermark(b.outMark(low))
	}
	return nil
}

// State implements op.Stateful.
func (b *base) State() []op.State {
	states := []op.State{b.sides[left].arr.state(), b.sides[right].arr.state()}
	for _, s := range b.sides {
		if log := s.arr.logState(); log != nil {
			states = append(states, log)
		}
	}
	return states
}

// Close implements op.Operator.
func (b *base) Close() {
	for _, s := range b.sides {
		s.arr.release()
	}
}

func unknownKind(k physical.JoinKind) error { return sqlerr.Internal("unknown kind of join %q", k) }
