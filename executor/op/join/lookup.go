package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// LookUp joins each left row with the right rows as they are at the end of the row's epoch, and then forgets it: no later change of the
// right side revises the output. So it goes by epochs, not by cuts, and gives the same in steps of any length.
type LookUp struct {
	kind        physical.JoinKind
	left, right *side
	pairs       *pairs
	emit        *emitter
	ctx         *op.Context
	// held is the left input's watermark, which follows the epoch's rows; there is no other.
	held int64
	met  []bool
	sel  []int32
}

func newLookUp(n *physical.Join, leftTypes, rightTypes []types.Type, mem *state.Memory) (*LookUp, error) {
	if n.Join != physical.InnerJoin && n.Join != physical.LeftJoin || !n.LeftAppendOnly {
		return nil, sqlerr.Internal("a look-up is an inner or left join of append-only rows")
	}
	l := newLayout(n, leftTypes, rightTypes)
	p, err := newPairs(l)
	if err != nil {
		return nil, err
	}
	return &LookUp{kind: n.Join, left: newInput(l, left), right: newSide(l, right, mem), pairs: p, emit: newEmitter(l), held: op.NoWatermark, sel: []int32{}}, nil
}

// Open implements op.Operator.
func (j *LookUp) Open(ctx *op.Context) error {
	j.ctx = ctx
	j.pairs.eval = op.NewEvaluator(ctx)
	return nil
}

// Push implements op.Operator.
func (j *LookUp) Push(port int, b *vec.Batch, _ op.Output) error {
	if port == left {
		j.left.gather(b, j.kind == physical.LeftJoin)
		return nil
	}
	c := j.right.look(b)
	return j.right.arr.apply(&c.Batch, c.Hashes, nil)
}

// Watermark implements op.Operator. The right side has no event time that matters.
func (j *LookUp) Watermark(port int, t int64, _ op.Output) error {
	if port == left {
		j.held = max(j.held, t)
	}
	return nil
}

// Prompt implements op.Prompt: a watermark that is passed on follows the rows before it.
func (j *LookUp) Prompt() bool { return true }

// EndEpoch implements op.Epochal.
func (j *LookUp) EndEpoch(out op.Output) error {
	defer j.left.endStep()
	j.emit.begin(out, true)
	for _, c := range j.left.alone.Chunks {
		if err := j.emit.alone(j.left, c.Cols, nil, c.N, c.Weights); err != nil {
			return err
		}
	}
	for _, c := range j.left.in.Chunks {
		j.met = fill(j.met, c.N, false)
		err := j.pairs.each(c, j.left, j.right, func() error {
			for k := range j.pairs.Batch.Rows() {
				j.met[j.pairs.Probing[j.pairs.Batch.Row(k)]] = true
			}
			return j.emit.pairs(j.pairs)
		})
		if err != nil {
			return err
		}
		if j.kind == physical.InnerJoin {
			continue
		}
		j.sel = j.sel[:0]
		for i, met := range j.met {
			if !met {
				j.sel = append(j.sel, int32(i))
			}
		}
		if err := j.emit.alone(j.left, c.Cols, j.sel, c.N, c.Weights); err != nil {
			return err
		}
	}
	if j.held == op.NoWatermark {
		return nil
	}
	return out.Watermark(j.held)
}

// EndStep implements op.Operator.
func (j *LookUp) EndStep(out op.Output) error { return j.EndEpoch(out) }

// State implements op.Stateful.
func (j *LookUp) State() []op.State { return []op.State{j.right.arr.state()} }

// Close implements op.Operator.
func (j *LookUp) Close() { j.right.arr.release() }
