package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Join joins two inputs. It gathers in Push and emits at EndStep, unless it streams (stream.go).
//
// It calls its sides a and b: a is the one whose rows are kept without a partner (in a full join, b's are as well), so a
// right join is a left one with the sides exchanged.
//
// In a query's only step a's state is not kept, as nothing will read it.
type Join struct {
	base
	kind  physical.JoinKind
	build int // b's index, unless the step chooses
	match matcher
	// streams says that pairs are emitted in Push, final that no output is revised.
	streams, final bool
	// pair is emitPairs, made once.
	pair func() error
	mem  *state.Memory
}

// matcher follows which rows have a partner, and emits the rows, or the nulls beside them, that depend on it.
type matcher interface {
	// step does all that is to be done at a cut between gathering and endStep.
	step(a, b *side) error
	// states are the arrangements that it keeps besides the two sides'.
	states() []op.State
	// drop frees what it keeps of a side's rows with times before least, after emitting what is then sure of them.
	drop(side int, least int64) error
}

func newJoin(n *physical.Join, leftTypes, rightTypes []types.Type, mem *state.Memory) (*Join, error) {
	j := &Join{kind: n.Join, build: right, streams: streams(n), mem: mem}
	j.pair = j.emitPairs
	l := newLayout(n, leftTypes, rightTypes)
	switch n.Join {
	case physical.InnerJoin, physical.LeftJoin, physical.FullJoin, physical.SemiJoin, physical.AntiJoin:
	case physical.RightJoin:
		j.build = left
	default:
		return nil, unknownKind(n.Join)
	}
	byRow := n.Join != physical.InnerJoin && l.residual != nil
	j.final = n.Bound != nil && n.Bound.OnClose && j.keepsUnmatched()
	if byRow || j.final {
		l.sides[1-j.build].useAll()
		if n.Join == physical.FullJoin {
			l.sides[j.build].useAll()
		}
	}
	for i := range l.sides {
		l.sides[i].logged = j.streams && l.sides[i].keepsLog()
	}
	var err error
	if j.base, err = newBase(l, mem); err != nil {
		return nil, err
	}
	j.bound = n.Bound
	switch {
	case j.final:
		j.match = newCloseMatcher(j, mem)
	case byRow:
		j.match = newRowMatcher(j, mem)
	default:
		j.match, j.byKey = newKeyMatcher(j), n.Join != physical.InnerJoin
	}
	return j, nil
}

// emitsPairs says that the output has pairs, not rows of a alone.
func (j *Join) emitsPairs() bool { return j.kind != physical.SemiJoin && j.kind != physical.AntiJoin }

// keepsUnmatched says that rows of a without a partner are in the output.
func (j *Join) keepsUnmatched() bool {
	return j.kind != physical.SemiJoin && j.kind != physical.InnerJoin
}

// Open implements op.Operator. A query's only step does not stream: what it joins may take rows back.
func (j *Join) Open(ctx *op.Context) error {
	for _, s := range j.sides {
		if s.logged && ctx.Once {
			s.arr.release()
			s.logged = false
			s.arr = s.newStore(j.mem)
		}
	}
	return j.base.Open(ctx)
}

// Push implements op.Operator. In a query's only step it is better to wait for the smaller side.
func (j *Join) Push(port int, b *vec.Batch, out op.Output) error {
	if j.streams && !j.ctx.Once {
		return j.stream(port, b, out)
	}
	j.sides[port].gather(b, j.keepsUnmatched() && (port != j.build || j.kind == physical.FullJoin))
	return nil
}

// Prompt implements op.Prompt: pairs that are streamed are out before the watermark.
func (j *Join) Prompt() bool { return j.streams && !j.ctx.Once }

// Watermark implements op.Operator. What has been streamed is done with, so state is freed at once.
func (j *Join) Watermark(port int, t int64, out op.Output) error {
	if err := j.base.Watermark(port, t, out); err != nil {
		return err
	}
	if !j.Prompt() {
		return nil
	}
	return j.free(j.match.drop)
}

// EndStep implements op.Operator.
func (j *Join) EndStep(out op.Output) error {
	if err := j.step(out); err != nil {
		return err
	}
	j.emit.begin(out, true)
	if err := j.free(j.match.drop); err != nil {
		return err
	}
	for _, s := range j.sides {
		if err := s.arr.settle(); err != nil {
			return err
		}
	}
	return nil
}

// step emits what the step's changes make.
func (j *Join) step(out op.Output) error {
	a, b := j.choose()
	if a.in.Len()+b.in.Len()+a.alone.Len()+b.alone.Len() == 0 {
		return nil
	}
	defer a.endStep()
	defer b.endStep()
	retracts := a.in.Retracts || b.in.Retracts || a.alone.Retracts || b.alone.Retracts
	fresh := a.arr.rows()+b.arr.rows() == 0
	j.emit.begin(out, j.final || !retracts && (j.kind == physical.InnerJoin || fresh))
	for _, s := range []*side{a, b} {
		for _, c := range s.alone.Chunks {
			if err := j.emit.alone(s, c.Cols, nil, c.N, c.Weights); err != nil {
				return err
			}
		}
	}
	if err := j.match.step(a, b); err != nil {
		return err
	}
	return j.emit.flush()
}

// choose gives the sides their roles. An inner join that begins builds the smaller side.
func (j *Join) choose() (a, b *side) {
	build := j.build
	if l, r := j.sides[left], j.sides[right]; j.kind == physical.InnerJoin && l.arr.rows()+r.arr.rows() == 0 && l.in.Len() < r.in.Len() {
		build = left
	}
	return j.sides[1-build], j.sides[build]
}

// State implements op.Stateful.
func (j *Join) State() []op.State { return append(j.base.State(), j.match.states()...) }

// Close implements op.Operator.
func (j *Join) Close() {
	j.base.Close()
	for _, s := range j.match.states() {
		s.Release()
	}
}

// emitPairs is what pairs.each is given when pairs are output.
func (j *Join) emitPairs() error { return j.emit.pairs(j.pairs) }
