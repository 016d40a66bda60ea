package agg

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Slices is the operator of the SliceAggregate node. A step's rows are aggregated by slice before anything else is done with them.
// Then, where windows change while they are open, the changes of a slice are brought into each of its windows (expand.go): the answer
// itself changes as often. Where windows are given once, the state has slices only, of which windows are put together when they
// have closed (assembly.go).
type Slices struct {
	node *physical.SliceAggregate
	// slices gathers rows by slice; of its state only the scratch is used. windows has the windows' layout and emits, and, unless
	// they are given once, it has their state.
	slices, windows *Aggregate
	assembly        *assembly // nil unless windows are given once
	// late are rows that came too late for some of their windows, where windows are given once: these are put together before.
	late        *delta.Rows
	size, slide int64
	time        types.Type

	keys       []*vec.Vector
	start, end *vec.Vector
	hashes     []uint64
	sel, order []int32
	taken      []*vec.Vector
}

// NewSlices makes the operator of a SliceAggregate node over an input with columns of types in.
func NewSlices(n *physical.SliceAggregate, in []types.Type, mem *state.Memory) (*Slices, error) {
	s := &Slices{node: n, size: n.Of.Size, slide: n.Of.Slide, time: in[n.Slice], start: &vec.Vector{}, end: &vec.Vector{}}
	var err error
	bySlice := &physical.Aggregate{Keys: append(slices.Clone(n.Keys), n.Slice, n.First), Calls: n.Calls, AppendOnly: n.AppendOnly,
		WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn, Partial: n.Partial}
	if s.slices, err = New(bySlice, in, mem); err != nil {
		return nil, err
	}
	// Start and end are no columns of the input: they have the slice's type and take its place.
	byWindow := &physical.Aggregate{Keys: append(slices.Clone(n.Keys), n.Slice, n.Slice), Calls: n.Calls, AppendOnly: n.AppendOnly,
		WindowStart: len(n.Keys), WindowEnd: len(n.Keys) + 1, EmitOnClose: n.Final, Partial: n.Partial}
	if s.windows, err = newHashed(byWindow, in, len(n.Keys), mem); err != nil {
		return nil, err
	}
	if len(s.windows.lists)+len(s.windows.distincts) > 0 {
		return nil, sqlerr.Internal("a plan shares slices among calls that cannot be merged")
	}
	if n.Final {
		s.assembly, s.late = newAssembly(s, mem), delta.NewRows(in)
	}
	return s, nil
}

// Open implements op.Operator.
func (s *Slices) Open(ctx *op.Context) error {
	if err := s.slices.Open(ctx); err != nil {
		return err
	}
	return s.windows.Open(ctx)
}

// Push implements op.Operator.
func (s *Slices) Push(_ int, b *vec.Batch, out op.Output) error {
	if s.assembly == nil {
		return s.slices.gather(b)
	}
	if err := s.slices.gather(s.divide(b)); err != nil {
		return err
	}
	if s.slices.scratch.index.Len() <= keepGroups-vec.BatchSize {
		return nil
	}
	return s.assembly.bring(out)
}

// divide puts the rows of a batch that are late for some windows aside. Mostly there are none.
func (s *Slices) divide(b *vec.Batch) *vec.Batch {
	ends, firsts := b.Cols[s.node.Slice].Flatten(b.N).I64, b.Cols[s.node.First].Flatten(b.N).I64
	late := 0
	for k := range b.Rows() {
		if i := b.Row(k); firsts[i] > ends[i] {
			late++
		}
	}
	if late == 0 {
		return b
	}
	onTime, tardy := *b, *b
	onTime.Sel, tardy.Sel = make([]int32, 0, b.Rows()-late), make([]int32, 0, late)
	for k := range b.Rows() {
		if i := b.Row(k); firsts[i] > ends[i] {
			tardy.Sel = append(tardy.Sel, int32(i))
		} else {
			onTime.Sel = append(onTime.Sel, int32(i))
		}
	}
	s.late.Add(&tardy, nil)
	return &onTime
}

// Watermark implements op.Operator. Where windows are given when they close this gives them.
func (s *Slices) Watermark(port int, t int64, out op.Output) error {
	switch {
	case !s.node.Closes:
		return out.Watermark(t)
	case s.assembly == nil:
		return s.windows.Watermark(port, t, out)
	}
	if t <= s.windows.watermark {
		return nil
	}
	s.windows.watermark = t
	if err := s.assembly.bring(out); err != nil {
		return err
	}
	if err := s.assembly.advance(t, out); err != nil {
		return err
	}
	return out.Watermark(t)
}

// Prompt implements op.Prompt: windows that are given when they close are out before the watermark.
func (s *Slices) Prompt() bool { return s.node.Final && s.node.Closes }

// EndStep implements op.Operator.
func (s *Slices) EndStep(out op.Output) error {
	if s.assembly == nil {
		if err := s.expand(out); err != nil {
			return err
		}
		return s.windows.EndStep(out)
	}
	if err := s.assembly.bring(out); err != nil {
		return err
	}
	if s.node.Closes {
		return s.assembly.bringLate(op.EndOfTime, out) // all that was before their windows has come
	}
	return s.assembly.advance(op.EndOfTime, out)
}

// State implements op.Stateful.
func (s *Slices) State() []op.State {
	if s.assembly != nil {
		return s.assembly.state()
	}
	return s.windows.State()
}

// Close implements op.Operator.
func (s *Slices) Close() {
	s.slices.Close()
	s.windows.Close()
	if s.assembly != nil {
		for _, st := range s.assembly.state() {
			st.Release()
		}
	}
}

// floorTo is the last bound of parts of a length at or before t.
func (s *Slices) floorTo(t, length int64) int64 {
	d := t - s.node.Of.Offset
	q := d / length
	if d%length < 0 {
		q--
	}
	return q*length + s.node.Of.Offset
}
