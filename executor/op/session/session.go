package session

import (
	"cmp"
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Session is the operator of the Session node.
type Session struct {
	node *physical.Session
	ctx  *op.Context
	lay  *sorted.Layout
	// mark is the input's column of stamps, time that of times in the layout, timeType its type.
	mark, time int
	timeType   types.Type

	rows     *state.Ordered
	sessions *sessions
	// arrivals are the step's rows by stamp, ascending.
	arrivals []arrival
	spare    []*sorted.Changes
	sum      *delta.Set

	watermark int64
	// out gathers the step's output; it stays empty where sessions are emitted on close.
	out  *delta.Set
	emit op.Output

	// in are the rows at hand, regions what they make, bounds the session of each row by its number.
	in      *sorted.Changes
	regions []region
	old     []span
	bounds  []span
	order   []int32
	at      *vec.Vector

	cur        state.Cursor
	batch      vec.Batch
	view       vec.Batch
	start, end *vec.Vector
	weights    []int64
	sel        []int32
	hashes     []uint64
	changes    state.Changes
	gone       *vec.Batch
	goneHashes []uint64
}

// span is the bounds of a session, half-open.
type span struct{ start, end int64 }

// arrival are the rows of one stamp.
type arrival struct {
	mark int64
	rows *sorted.Changes
}

// New makes the operator of a Session node over an input with columns of types ts, the last of which is the stamp.
func New(n *physical.Session, ts []types.Type, mem *state.Memory) (*Session, error) {
	in := ts[:len(ts)-1]
	lay := sorted.NewLayout(in, n.PartitionBy, []physical.SortKey{{Column: n.Time}})
	s := &Session{node: n, lay: lay, mark: len(ts) - 1, time: lay.Place[n.Time], timeType: in[n.Time], rows: state.NewOrdered(mem, lay.Spec),
		sum: delta.NewSet(lay.Spec.Types), watermark: op.NoWatermark, at: &vec.Vector{}, start: &vec.Vector{}, end: &vec.Vector{},
		gone: vec.NewBatch(lay.Spec.Types, 0)}
	s.sessions = newSessions(lay, s.timeType, mem)
	s.out = delta.NewSet(append(slices.Clone(in), s.timeType, s.timeType))
	return s, nil
}

// Open implements op.Operator.
func (s *Session) Open(ctx *op.Context) error {
	s.ctx = ctx
	return nil
}

// Push implements op.Operator.
func (s *Session) Push(_ int, b *vec.Batch, _ op.Output) error {
	marks := b.Cols[s.mark]
	if marks.Const {
		s.arrived(marks.I64[0]).Gather(b)
		return nil
	}
	part := *b
	for k := 0; k < b.Rows(); {
		mark := marks.I64[b.Row(k)]
		part.Sel = s.sel[:0]
		for ; k < b.Rows() && marks.I64[b.Row(k)] == mark; k++ {
			part.Sel = append(part.Sel, int32(b.Row(k)))
		}
		s.sel = part.Sel
		s.arrived(mark).Gather(&part)
	}
	return nil
}

// arrived are the rows of a stamp gathered so far.
func (s *Session) arrived(mark int64) *sorted.Changes {
	i, ok := slices.BinarySearchFunc(s.arrivals, mark, func(a arrival, m int64) int { return cmp.Compare(a.mark, m) })
	if !ok {
		rows := sorted.NewChanges(s.lay)
		if n := len(s.spare); n > 0 {
			rows, s.spare = s.spare[n-1], s.spare[:n-1]
		}
		s.arrivals = slices.Insert(s.arrivals, i, arrival{mark, rows})
	}
	return s.arrivals[i].rows
}

// Watermark implements op.Operator.
func (s *Session) Watermark(_ int, t int64, out op.Output) error {
	s.watermark = max(s.watermark, t)
	return out.Watermark(t)
}

// EndStep implements op.Operator.
func (s *Session) EndStep(out op.Output) error {
	s.emit = out
	for _, a := range s.arrivals {
		if err := s.closeUpTo(a.mark); err != nil {
			return err
		}
		if err := s.take(a.rows, a.mark); err != nil {
			return err
		}
		if a.rows.Reset(); len(s.spare) < 4 {
			s.spare = append(s.spare, a.rows)
		}
	}
	s.arrivals = s.arrivals[:0]
	if err := s.closeUpTo(s.watermark); err != nil {
		return err
	}
	defer s.out.Reset()
	return s.out.Batches(out.Batch)
}

// take brings the rows of one stamp in.
func (s *Session) take(in *sorted.Changes, mark int64) error {
	if in.Retracts {
		if err := in.Consolidate(s.sum, s.lay.Key); err != nil {
			return err
		}
	}
	if err := in.Group(); err != nil {
		return err
	}
	s.in = in
	if err := s.findRegions(mark); err != nil {
		return err
	}
	s.tellLate(mark)
	if s.node.AppendOnly {
		return s.grow()
	}
	return s.recompute()
}

// tellLate counts the rows that were left out. What takes a row back does not count.
func (s *Session) tellLate(mark int64) {
	row := 0
	for _, c := range s.in.Chunks {
		s.sel = s.sel[:0]
		for i := range c.N {
			if w := c.Weight(i); w > 0 && s.bounds[row] == late {
				s.sel = append(s.sel, int32(i))
				s.ctx.LateRows += w
			}
			row++
		}
		if len(s.sel) == 0 {
			continue
		}
		if s.ctx.Late != nil {
			s.lay.Unview(&c.Batch, &s.view)
			s.ctx.Late(&s.view, s.sel, mark)
		}
	}
}

// State implements op.Stateful.
func (s *Session) State() []op.State {
	return []op.State{s.rows, s.sessions.byStart, s.sessions.byEnd}
}

// Close implements op.Operator.
func (s *Session) Close() {
	for _, st := range s.State() {
		st.Release()
	}
}
