package match

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// matches are the matches of a block, and the rows that they give.
type matches struct {
	ctx      *op.Context
	node     *physical.Match
	measures []*expr.Program
	used     []bool // by slot: a measure reads it
	aggs     []*aggregate

	list []match
	// labels are the variables of the matches' rows, one match after another.
	labels []int32

	cols  []*vec.Vector // by slot
	rows  []int32
	group []int32
	out   vec.Batch
	bad   []rowError
}

// match is a match: its rows in the block, and its number in the partition.
type match struct {
	from, to int32
	seg      int32
	labels   int32 // where they begin
	number   int64
}

func newMatches(n *physical.Match) (*matches, error) {
	m := &matches{node: n, used: make([]bool, len(n.Slots)), cols: nulls(n.Slots)}
	for _, e := range n.Measures {
		p, err := expr.Compile(e.Node)
		if err != nil {
			return nil, err
		}
		m.measures = append(m.measures, p)
		for _, k := range slotsOf(e.Node) {
			m.used[k] = true
		}
	}
	for range len(n.PartitionBy) + len(n.Measures) {
		m.out.Cols = append(m.out.Cols, &vec.Vector{})
	}
	var err error
	m.aggs, err = newAggregates(n, m.used)
	return m, err
}

func (m *matches) reset() { m.list, m.labels = m.list[:0], m.labels[:0] }

// add keeps a match that a search has found.
func (m *matches) add(s *search, seg int32, number int64) {
	f := s.best
	m.list = append(m.list, match{from: f.from, to: f.to, seg: seg, labels: int32(len(m.labels)), number: number})
	m.labels = s.labels.read(f.labels, f.to-f.from, m.labels)
}

// of are the variables of a match's rows.
func (m *matches) of(x *match) []int32 { return m.labels[x.labels : x.labels+x.to-x.from] }

// rowsOf computes the rows of the matches; the batch is valid until the next call. Those whose measures fail are told to fail and left
// out.
func (m *matches) rowsOf(b *block, fail func(row int32, err error) error) (*vec.Batch, error) {
	n := len(m.list)
	m.bad = m.bad[:0]
	for k := range m.node.Slots {
		if m.used[k] {
			m.fill(b, k)
		}
	}
	m.aggregate(b)
	first := m.rows[:0]
	for i := range m.list {
		first = append(first, m.list[i].from)
	}
	keys := len(m.node.PartitionBy)
	for c, p := range m.node.PartitionBy {
		m.out.Cols[c].Take(b.column(p), first)
	}
	x := expr.Ctx{Env: m.ctx.Env, Params: m.ctx.Params, Fail: func(i int32, err error) { m.bad = append(m.bad, rowError{i, err}) }}
	for c, p := range m.measures {
		m.out.Cols[keys+c] = p.EvalRows(&x, m.cols, n, nil)
	}
	m.rows = first
	m.out.N, m.out.Sel, m.out.Weights = n, nil, nil
	return &m.out, m.settle(fail)
}

// settle leaves out the rows that failed.
func (m *matches) settle(fail func(row int32, err error) error) error {
	if len(m.bad) == 0 {
		return nil
	}
	m.out.Sel = []int32{}
	for i := range m.list {
		err := errorOn(m.bad, int32(i))
		if err == nil {
			m.out.Sel = append(m.out.Sel, int32(i))
			continue
		}
		if err := fail(m.list[i].from, err); err != nil {
			return err
		}
	}
	return nil
}

// fill makes the column of a slot: its value for each match.
func (m *matches) fill(b *block, k int) {
	slot := &m.node.Slots[k]
	switch slot.Kind {
	case physical.SlotAggregate: // see aggregate
	case physical.SlotNumber:
		out := vec.New(slot.Type, len(m.list))
		for i := range m.list {
			out.AppendInt64(m.list[i].number)
		}
		m.cols[k] = out
	case physical.SlotClassifier:
		out := vec.New(slot.Type, len(m.list))
		for i, row := range m.positions(b, slot) {
			x := &m.list[i]
			if row < x.from || row >= x.to {
				out.Append(types.Null)
				continue
			}
			out.Append(types.NewText(m.node.Variables[m.of(x)[row-x.from]]))
		}
		m.cols[k] = out
	default:
		if m.cols[k].Const {
			m.cols[k] = &vec.Vector{}
		}
		b.fill(slot, m.positions(b, slot), m.cols[k])
	}
}

// positions are the rows that a slot is of, by match.
func (m *matches) positions(b *block, slot *physical.MatchSlot) []int32 {
	m.rows = m.rows[:0]
	for i := range m.list {
		x := &m.list[i]
		row := m.find(x, slot)
		if row != none {
			row = b.segs[x.seg].at(row, slot.Shift)
		}
		m.rows = append(m.rows, row)
	}
	return m.rows
}

// find is the row of a match that a slot begins at.
func (m *matches) find(x *match, slot *physical.MatchSlot) int32 {
	of := m.of(x)
	left := slot.Offset
	if slot.First {
		for k, v := range of {
			if takes(slot.Of, int(v)) {
				if left--; left < 0 {
					return x.from + int32(k)
				}
			}
		}
		return none
	}
	for k := len(of) - 1; k >= 0; k-- {
		if takes(slot.Of, int(of[k])) {
			if left--; left < 0 {
				return x.from + int32(k)
			}
		}
	}
	return none
}

// aggregate makes the columns of the aggregates.
func (m *matches) aggregate(b *block) {
	if len(m.aggs) == 0 {
		return
	}
	m.group = append(m.group[:0], make([]int32, b.rows.N)...)
	for _, a := range m.aggs {
		a.compute(m.ctx, b)
		state := a.newState()
		for i := range m.list {
			appendZero(state)
			m.step(a, state, int32(i))
		}
		out := &vec.Vector{}
		out.Resize(a.spec.Type, len(m.list))
		clear(out.Str)
		c := fn.Ctx{Env: m.ctx.Env, Fail: func(g int32, err error) { m.bad = append(m.bad, rowError{g, err}) }}
		a.fn.Finish(&c, state, len(m.list), out)
		m.cols[a.slot] = out
	}
}

// step adds the rows of match i to its state.
func (m *matches) step(a *aggregate, state []*vec.Vector, i int32) {
	x := &m.list[i]
	m.rows = m.rows[:0]
	for k, v := range m.of(x) {
		row := x.from + int32(k)
		switch ok, err := a.counts(row, int(v)); {
		case err != nil:
			m.bad = append(m.bad, rowError{i, err})
		case ok:
			m.group[row] = i
			m.rows = append(m.rows, row)
		}
	}
	if len(m.rows) == 0 {
		return
	}
	c := fn.Ctx{Env: m.ctx.Env, Fail: func(_ int32, err error) { m.bad = append(m.bad, rowError{i, err}) }}
	a.fn.Step(&c, state, m.group, a.cols, m.rows, nil)
}
