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

// Tracker follows the sessions of a Session node's input: which rows make which, and when they close. Who has it keeps what is of them.
type Tracker struct {
	Node *physical.Session
	Ctx  *op.Context
	// Lay is how the rows are laid out, less the stamp: by partition and time.
	Lay *sorted.Layout
	// TimeType is the type of times.
	TimeType types.Type

	// mark is the first of the input's columns with the stamp, time that of times in the layout.
	mark, time int
	sessions   *sessions
	// arrivals are the step's rows by stamp, ascending.
	arrivals []arrival
	spare    []*sorted.Changes
	sum      *delta.Set

	watermark int64

	// In are the rows at hand, Regions what they make, Bounds the session of each row by its number, as far as it is known, or Late.
	In      *sorted.Changes
	Regions []Region
	// Old are sessions that regions have touched, Order the numbers of rows: by region.
	Old    []Span
	Bounds []Span
	Order  []int32

	at   *vec.Vector
	view vec.Batch
	sel  []int32
}

// Span is the bounds of a session, half-open.
type Span struct{ Start, End int64 }

// stamp is by what a row is judged: the watermark, and among those of one watermark the epoch.
type stamp struct{ mark, epoch int64 }

func (s stamp) compare(t stamp) int {
	return cmp.Or(cmp.Compare(s.mark, t.mark), cmp.Compare(s.epoch, t.epoch))
}

// arrival are the rows of one stamp.
type arrival struct {
	stamp
	rows *sorted.Changes
}

// NewTracker makes a tracker for a node over an input with columns of types ts, the last of which are the stamp.
func NewTracker(n *physical.Session, ts []types.Type, mem *state.Memory) *Tracker {
	stamped := 1
	if n.Epochs {
		stamped = 2
	}
	in := ts[:len(ts)-stamped]
	lay := sorted.NewLayout(in, n.PartitionBy, []physical.SortKey{{Column: n.Time}})
	return &Tracker{Node: n, Lay: lay, mark: len(in), time: lay.Place[n.Time], TimeType: in[n.Time], sum: delta.NewSet(lay.Spec.Types),
		sessions: newSessions(lay, in[n.Time], mem), watermark: op.NoWatermark, at: &vec.Vector{}}
}

// Gather takes rows of the input.
func (s *Tracker) Gather(b *vec.Batch) {
	marks, epochs := b.Cols[s.mark], noEpochs
	if s.Node.Epochs {
		epochs = b.Cols[s.mark+1]
	}
	if marks.Const && epochs.Const {
		s.arrived(stamp{marks.I64[0], epochs.I64[0]}).Gather(b)
		return
	}
	at := func(k int) stamp {
		i := b.Row(k)
		return stamp{wordAt(marks, i), wordAt(epochs, i)}
	}
	part := *b
	for k := 0; k < b.Rows(); {
		of := at(k)
		part.Sel = s.sel[:0]
		for ; k < b.Rows() && at(k) == of; k++ {
			part.Sel = append(part.Sel, int32(b.Row(k)))
		}
		s.sel = part.Sel
		s.arrived(of).Gather(&part)
	}
}

// noEpochs is the column of epochs of a plan whose stamps have none.
var noEpochs = vec.NewConst(types.T(types.Int8), types.NewInt(0))

func wordAt(v *vec.Vector, i int) int64 {
	if v.Const {
		i = 0
	}
	return v.I64[i]
}

// arrived are the rows of a stamp gathered so far.
func (s *Tracker) arrived(of stamp) *sorted.Changes {
	i, ok := slices.BinarySearchFunc(s.arrivals, of, func(a arrival, of stamp) int { return a.compare(of) })
	if !ok {
		rows := sorted.NewChanges(s.Lay)
		if n := len(s.spare); n > 0 {
			rows, s.spare = s.spare[n-1], s.spare[:n-1]
		}
		s.arrivals = slices.Insert(s.arrivals, i, arrival{of, rows})
	}
	return s.arrivals[i].rows
}

// Watermark notes a watermark.
func (s *Tracker) Watermark(t int64) { s.watermark = max(s.watermark, t) }

// Step brings the rows gathered in, stamp by stamp: what has closed is given to closed, by end, partition, start, and then take is called with the
// rows at hand. What the watermark has closed is given last.
func (s *Tracker) Step(closed func(b *vec.Batch) error, take func() error) error {
	for _, a := range s.arrivals {
		if err := s.closeUpTo(a.mark, closed); err != nil {
			return err
		}
		if err := s.take(a.rows, a.mark, take); err != nil {
			return err
		}
		if a.rows.Reset(); len(s.spare) < 4 {
			s.spare = append(s.spare, a.rows)
		}
	}
	s.arrivals = s.arrivals[:0]
	return s.closeUpTo(s.watermark, closed)
}

// take brings the rows of one stamp in.
func (s *Tracker) take(in *sorted.Changes, mark int64, f func() error) error {
	if in.Retracts {
		if err := in.Consolidate(s.sum, s.Lay.Key); err != nil {
			return err
		}
	}
	if err := in.Group(); err != nil {
		return err
	}
	s.In = in
	if err := s.findRegions(mark); err != nil {
		return err
	}
	s.tellLate(mark)
	if err := f(); err != nil {
		return err
	}
	return s.sessions.flush()
}

// tellLate counts the rows that were left out. What takes a row back does not count.
func (s *Tracker) tellLate(mark int64) {
	row := 0
	for _, c := range s.In.Chunks {
		s.sel = s.sel[:0]
		for i := range c.N {
			if w := c.Weight(i); w > 0 && s.Bounds[row] == Late {
				s.sel = append(s.sel, int32(i))
				s.Ctx.LateRows += w
			}
			row++
		}
		if len(s.sel) == 0 {
			continue
		}
		if s.Ctx.Late != nil {
			s.Lay.Unview(&c.Batch, &s.view)
			s.Ctx.Late(&s.view, s.sel, mark)
		}
	}
}

// Change notes that a session of a region's partition is there from now on, or no more.
func (s *Tracker) Change(r *Region, x Span, weight int64) error {
	if s.Ctx.Once && s.Node.AppendOnly {
		return nil // nothing will read it
	}
	return s.sessions.change(s.In.Keys.Cols, r.Part, s.In.Keys.Hashes()[r.Part], x, weight)
}

// State is the tracker's part of its operator's state.
func (s *Tracker) State() []op.State { return []op.State{s.sessions.byStart, s.sessions.byEnd} }
