package agg

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/session"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Sessions is the operator of the SessionAggregate node: it keeps an aggregate for each open session and no rows. A session that grows, or
// that is made of several, takes the aggregates of those over.
type Sessions struct {
	*session.Tracker
	node *physical.SessionAggregate
	// a has the layout of groups, by partition, start and end, and computes results.
	a *Aggregate
	// open are the open sessions' aggregates, by partition and start.
	open *state.Hashed
	out  *delta.Set

	view vec.Batch
	// state and count are the aggregates of the regions at hand, byRow the region of each row of a chunk, of which sel count.
	state  []*vec.Vector
	count  []int64
	region []int32
	byRow  []int32
	sel    []int32
	// cells and have are some sessions, spans the bounds of them; parts and rows are whose they are.
	cells, have *cells
	spans       []session.Span
	parts, rows []int32
	weights     []int64
}

// NewSessions makes the operator of a SessionAggregate node over an input with columns of types in.
func NewSessions(n *physical.SessionAggregate, in []types.Type, mem *state.Memory) (*Sessions, error) {
	s := &Sessions{Tracker: session.NewTracker(&n.Session, in, mem), node: n}
	// Start and end are no columns of the input: they have the time's type and take its place.
	group := &physical.Aggregate{Keys: append(slices.Clone(n.PartitionBy), n.Time, n.Time), Calls: n.Calls, AppendOnly: true,
		WindowStart: physical.NoColumn, WindowEnd: physical.NoColumn}
	var err error
	if s.a, err = New(group, in, mem); err != nil {
		return nil, err
	}
	if len(s.a.lists)+len(s.a.distincts) > 0 {
		return nil, sqlerr.Internal("a plan aggregates sessions by calls that cannot be merged")
	}
	keys := len(n.PartitionBy) + 1
	s.open, s.out = state.NewHashed(mem, cellSpec(s.a.layout, keys)), delta.NewSet(s.a.out)
	s.cells, s.have = newCells(s.a.layout, keys), newCells(s.a.layout, keys)
	s.state = vectors(len(s.a.layout.state))
	return s, nil
}

// Open implements op.Operator.
func (s *Sessions) Open(ctx *op.Context) error {
	s.Ctx = ctx
	return s.a.Open(ctx)
}

// Push implements op.Operator.
func (s *Sessions) Push(_ int, b *vec.Batch, _ op.Output) error {
	s.Gather(b)
	return nil
}

// Watermark implements op.Operator.
func (s *Sessions) Watermark(_ int, t int64, out op.Output) error {
	s.Tracker.Watermark(t)
	return out.Watermark(t)
}

// EndStep implements op.Operator.
func (s *Sessions) EndStep(out op.Output) error {
	s.a.beginCalls()
	if err := s.Step(s.close, s.take); err != nil {
		return err
	}
	defer s.out.Reset()
	return s.out.Batches(out.Batch)
}

// take aggregates the rows at hand by region, and makes each region one session, with the aggregates of those it has touched.
func (s *Sessions) take() error {
	if err := s.aggregate(); err != nil {
		return err
	}
	s.spans, s.parts, s.rows = s.spans[:0], s.parts[:0], s.rows[:0]
	for k := range s.Regions {
		r := &s.Regions[k]
		for _, old := range s.Old[r.From:r.To] {
			if err := s.note(r, k, old, -1); err != nil {
				return err
			}
		}
	}
	if err := s.each(s.absorb); err != nil {
		return err
	}
	s.spans, s.parts, s.rows = s.spans[:0], s.parts[:0], s.rows[:0]
	for k := range s.Regions {
		if err := s.note(&s.Regions[k], k, s.Regions[k].Span, 1); err != nil {
			return err
		}
	}
	return s.each(s.put)
}

// note notes a session of a region that goes or comes.
func (s *Sessions) note(r *session.Region, region int, x session.Span, weight int64) error {
	s.spans, s.parts, s.rows = append(s.spans, x), append(s.parts, int32(r.Part)), append(s.rows, int32(region))
	return s.Change(r, x, weight)
}

// aggregate steps the rows at hand into the regions' aggregates.
func (s *Sessions) aggregate() error {
	s.region = sized(s.region, s.In.Len())
	for k := range s.Regions {
		for _, row := range s.Order[s.Regions[k].First:s.Regions[k].Last] {
			s.region[row] = int32(k)
		}
	}
	s.count = zeroed(s.count[:0], len(s.Regions))
	for c, v := range s.state {
		v.Resize(s.a.layout.state[c], 0)
		extendZero(v, len(s.Regions))
	}
	row := 0
	for _, c := range s.In.Chunks {
		s.byRow, s.sel = s.region[row:row+c.N], sized(s.sel, 0)
		for i := range c.N {
			if s.Bounds[row+i] != session.Late {
				s.sel = append(s.sel, int32(i))
				s.count[s.byRow[i]] += c.Weight(i)
			}
		}
		row += c.N
		s.Lay.Unview(&c.Batch, &s.view)
		if err := s.step(&s.view); err != nil {
			return err
		}
	}
	return nil
}

// step steps the selected rows of a batch into the calls' states.
func (s *Sessions) step(b *vec.Batch) error {
	if len(s.sel) == 0 {
		return nil
	}
	a := s.a
	for i := range a.calls {
		c := &a.calls[i]
		if c.how != merged {
			continue
		}
		a.args = a.args[:0]
		for _, x := range c.args {
			a.args = append(a.args, b.Cols[x])
		}
		c.fn.Step(&a.ofRows.Ctx, s.state[c.from:c.to], s.byRow, a.args, a.rowsOf(c, b, s.sel), b.Weights)
		if err := a.failRows(b, b.Weights); err != nil {
			return err
		}
	}
	return nil
}

// each brings the sessions that were noted to hand, by their keys.
func (s *Sessions) each(f func(spans []session.Span, regions []int32) error) error {
	for from := 0; from < len(s.spans); from += vec.BatchSize {
		to := min(from+vec.BatchSize, len(s.spans))
		s.key(s.In.Keys.Cols, s.parts[from:to], s.spans[from:to])
		if err := f(s.spans[from:to], s.rows[from:to]); err != nil {
			return err
		}
	}
	return nil
}

// key makes s.cells' keys those of sessions of the partitions in rows of keys.
func (s *Sessions) key(keys []*vec.Vector, rows []int32, spans []session.Span) {
	c := s.cells
	c.n = len(rows)
	for k, v := range keys {
		c.keys[k].Take(v, rows)
	}
	starts := c.keys[len(keys)]
	starts.Resize(s.TimeType, c.n)
	for k, x := range spans {
		starts.I64[k] = x.Start
	}
	// A key group has all sessions of a partition.
	c.hash()
	groups := make([]uint64, c.n)
	vec.HashRows(c.keys[:len(keys)], nil, c.n, groups)
	for k := range c.hashes {
		c.hashes[k] = state.InGroup(c.hashes[k], state.GroupOf(groups[k]))
	}
}

// absorb adds the aggregates of the sessions at hand to those of their regions. They are taken back and go.
func (s *Sessions) absorb(spans []session.Span, regions []int32) error {
	if err := s.have.find(s.open, s.cells, s.a.layout); err != nil {
		return err
	}
	if !s.node.EmitOnClose {
		if err := s.emit(s.have, spans, -1); err != nil {
			return err
		}
	}
	for i := range s.a.calls {
		if c := &s.a.calls[i]; c.how == merged {
			c.fn.Merge(&s.a.ofGroups.Ctx, s.state[c.from:c.to], regions, s.have.state[c.from:c.to], len(regions))
		}
	}
	for k, r := range regions {
		s.count[r] += s.have.count.I64[k]
	}
	_, err := s.open.Delete(s.cells.keys, s.cells.hashes, nil, s.cells.n)
	return err
}

// put brings in the sessions at hand with the aggregates of their regions.
func (s *Sessions) put(spans []session.Span, regions []int32) error {
	c := s.cells
	c.count.Resize(int8T, c.n)
	for k, r := range regions {
		c.count.I64[k] = s.count[r]
	}
	for k, v := range c.state {
		v.Take(s.state[k], regions)
	}
	if !s.node.EmitOnClose {
		if err := s.emit(c, spans, 1); err != nil {
			return err
		}
	}
	if s.Ctx.Once {
		return nil // nothing will read it
	}
	c.setLink(nowhere)
	return c.put(s.open, c, nil)
}

// emit emits, times weight, the rows of sessions of the keys at hand.
func (s *Sessions) emit(c *cells, spans []session.Span, weight int64) error {
	a, keys := s.a, len(s.node.PartitionBy)
	g := a.groups
	g.n = c.n
	for k := range keys + 1 {
		*g.keys[k] = *s.cells.keys[k]
	}
	ends := g.keys[keys+1]
	ends.Resize(s.TimeType, c.n)
	for k, x := range spans {
		ends.I64[k] = x.End
	}
	g.was = *c.count
	for k, v := range g.state {
		*v = *c.state[k]
	}
	if err := a.settle(&g.after, g.was.I64); err != nil {
		return err
	}
	b := vec.Batch{Cols: g.after.show, N: g.n, Sel: sized(s.sel, 0)}
	s.weights = s.weights[:0]
	for k := range g.n {
		s.weights = append(s.weights, weight)
		if g.after.row[k] {
			b.Sel = append(b.Sel, int32(k))
		}
	}
	s.sel, b.Weights = b.Sel, s.weights
	_, err := s.out.Add(&b)
	return err
}

// close drops the aggregates of sessions that close, by end, partition, start. They are emitted if they are to be then.
func (s *Sessions) close(b *vec.Batch) error {
	keys := b.Cols[1 : 1+len(s.node.PartitionBy)]
	s.spans, s.rows = s.spans[:0], s.rows[:0]
	for i := range b.N {
		s.spans = append(s.spans, session.Span{Start: b.Cols[len(b.Cols)-1].Datum(i).I, End: b.Cols[0].Datum(i).I})
		s.rows = append(s.rows, int32(i))
	}
	s.key(keys, s.rows, s.spans)
	if s.node.EmitOnClose {
		if err := s.have.find(s.open, s.cells, s.a.layout); err != nil {
			return err
		}
		if err := s.emit(s.have, s.spans, 1); err != nil {
			return err
		}
	}
	_, err := s.open.Delete(s.cells.keys, s.cells.hashes, nil, s.cells.n)
	return err
}

// State implements op.Stateful.
func (s *Sessions) State() []op.State { return append([]op.State{s.open}, s.Tracker.State()...) }

// Close implements op.Operator.
func (s *Sessions) Close() {
	s.a.Close()
	for _, st := range s.State() {
		st.Release()
	}
}
