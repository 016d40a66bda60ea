package session

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Session is the operator of the Session node.
type Session struct {
	*Tracker
	rows *state.Ordered
	// out gathers the step's output; it stays empty where sessions are emitted on close.
	out  *delta.Set
	emit op.Output

	cur          state.Cursor
	batch        vec.Batch
	starts, ends *vec.Vector
	weights      []int64
	hashes       []uint64
	changes      state.Changes
	gone         *vec.Batch
	goneHashes   []uint64
}

// New makes the operator of a Session node over an input with columns of types ts, the last of which are the stamp.
func New(n *physical.Session, ts []types.Type, mem *state.Memory) (*Session, error) {
	t := NewTracker(n, ts, mem)
	s := &Session{Tracker: t, rows: state.NewOrdered(mem, t.Lay.Spec), starts: &vec.Vector{}, ends: &vec.Vector{}, gone: vec.NewBatch(t.Lay.Spec.Types, 0)}
	s.out = delta.NewSet(append(slices.Clone(ts[:t.mark]), t.TimeType, t.TimeType))
	return s, nil
}

// Open implements op.Operator.
func (s *Session) Open(ctx *op.Context) error {
	s.Ctx = ctx
	return nil
}

// Push implements op.Operator.
func (s *Session) Push(_ int, b *vec.Batch, _ op.Output) error {
	s.Gather(b)
	return nil
}

// Watermark implements op.Operator.
func (s *Session) Watermark(_ int, t int64, out op.Output) error {
	s.Tracker.Watermark(t)
	return out.Watermark(t)
}

// EndStep implements op.Operator.
func (s *Session) EndStep(out op.Output) error {
	s.emit = out
	take := s.recompute
	if s.Node.AppendOnly {
		take = s.grow
	}
	if err := s.Step(s.free, take); err != nil {
		return err
	}
	defer s.out.Reset()
	return s.out.Batches(out.Batch)
}

// State implements op.Stateful.
func (s *Session) State() []op.State { return append([]op.State{s.rows}, s.Tracker.State()...) }

// Close implements op.Operator.
func (s *Session) Close() {
	for _, st := range s.State() {
		st.Release()
	}
}
