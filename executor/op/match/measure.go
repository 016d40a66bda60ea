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
	kept     []int // the input's columns that the result has
	measures []*expr.Program
	used     []bool // by slot: a measure reads it
	aggs     []*aggregate

	list []match
	// labels are the variables of the matches' rows, one match after another.
	labels []int32
	// given are the rows of the result.
	given []given

	cols   []*vec.Vector // by slot
	passed []vec.Vector  // the columns kept
	rows   []int32
	group  []int32
	out    vec.Batch
	bad    []rowError
}

// given is a row of the result: of a match, of which it shows the first so many rows.
type given struct{ match, rows int32 }

// match is a match: its rows in the block, and its number in the partition.
type match struct {
	from, to int32
	seg      int32
	labels   int32 // where they begin
	number   int64
}

// newMatches is for an input with so many columns.
func newMatches(n *physical.Match, columns int) (*matches, error) {
	m := &matches{node: n, used: make([]bool, len(n.Slots)), cols: nulls(n.Slots), kept: n.PartitionBy}
	if n.AllRows {
		m.kept = make([]int, columns)
		for c := range m.kept {
			m.kept[c] = c
		}
	}
	m.passed = make([]vec.Vector, len(m.kept))
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

// of are the variables of the rows of a match that a row of the result shows, or with final of all.
func (m *matches) of(g given, final bool) []int32 {
	x := &m.list[g.match]
	if final {
		g.rows = x.to - x.from
	}
	return m.labels[x.labels : x.labels+g.rows]
}

// give finds the rows of the result.
func (m *matches) give() {
	m.given = m.given[:0]
	for i := range m.list {
		first, last := int32(1), m.list[i].to-m.list[i].from
		if !m.node.AllRows || last == 0 && !m.node.OmitEmpty {
			first = last
		}
		for n := first; n <= last; n++ {
			m.given = append(m.given, given{int32(i), n})
		}
	}
}

// at is the row of the input that a row of the result stands for.
func (m *matches) at(g given) int32 { return m.list[g.match].from + max(0, g.rows-1) }

// rowsOf computes the rows of the matches; the batch is valid until the next call. Those whose measures fail are told to fail and left
// out.
func (m *matches) rowsOf(b *block, fail func(row int32, err error) error) (*vec.Batch, error) {
	m.give()
	n := len(m.given)
	m.bad, m.out.Cols = m.bad[:0], m.out.Cols[:0]
	m.out.N, m.out.Sel, m.out.Weights = n, nil, nil
	if n == 0 {
		return &m.out, nil
	}
	for k := range m.node.Slots {
		if m.used[k] {
			m.fill(b, k)
		}
	}
	m.aggregate(b)
	m.pass(b)
	x := expr.Ctx{Env: m.ctx.Env, Params: m.ctx.Params, Fail: m.failed}
	for _, p := range m.measures {
		m.out.Cols = append(m.out.Cols, p.EvalRows(&x, m.cols, n, nil))
	}
	return &m.out, m.settle(fail)
}

// pass makes the columns that the result has of the input.
func (m *matches) pass(b *block) {
	m.rows = m.rows[:0]
	for _, g := range m.given {
		m.rows = append(m.rows, m.at(g))
	}
	for k, c := range m.kept {
		m.passed[k].Take(b.column(c), m.rows)
		m.out.Cols = append(m.out.Cols, &m.passed[k])
	}
}

// settle leaves out the rows that failed.
func (m *matches) settle(fail func(row int32, err error) error) error {
	if len(m.bad) == 0 {
		return nil
	}
	m.out.Sel = []int32{}
	for i, g := range m.given {
		err := errorOn(m.bad, int32(i))
		if err == nil {
			m.out.Sel = append(m.out.Sel, int32(i))
			continue
		}
		if err := fail(m.at(g), err); err != nil {
			return err
		}
	}
	return nil
}

// fill makes the column of a slot: its value for each row of the result.
func (m *matches) fill(b *block, k int) {
	slot := &m.node.Slots[k]
	if m.cols[k].Const {
		m.cols[k] = &vec.Vector{}
	}
	out := m.cols[k]
	switch slot.Kind {
	case physical.SlotAggregate: // see aggregate
	case physical.SlotNumber:
		out.Resize(slot.Type, len(m.given))
		for i, g := range m.given {
			out.I64[i] = m.list[g.match].number
		}
	case physical.SlotClassifier:
		out.Resize(slot.Type, 0)
		for i, row := range m.positions(b, slot) {
			of := m.of(m.given[i], slot.Final)
			if at := row - m.list[m.given[i].match].from; row != none && at >= 0 && int(at) < len(of) {
				out.Append(types.NewText(m.node.Variables[of[at]]))
			} else {
				out.Append(types.Null)
			}
		}
	default:
		b.fill(slot, m.positions(b, slot), out)
	}
}

// positions are the rows that a slot is of, by row of the result.
func (m *matches) positions(b *block, slot *physical.MatchSlot) []int32 {
	m.rows = m.rows[:0]
	for _, g := range m.given {
		x := &m.list[g.match]
		row := none
		if k := find(slot, m.of(g, slot.Final)); k != none {
			row = int(b.segs[x.seg].at(x.from+int32(k), slot.Shift))
		}
		m.rows = append(m.rows, int32(row))
	}
	return m.rows
}

// find is which of a match's rows, with these variables, a slot begins at.
func find(slot *physical.MatchSlot, of []int32) int {
	left := slot.Offset
	for i := range of {
		k := i
		if !slot.First {
			k = len(of) - 1 - i
		}
		if takes(slot.Of, int(of[k])) {
			if left--; left < 0 {
				return k
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
		for i, g := range m.given {
			m.step(a, state, int32(i), g)
		}
		out := m.cols[a.slot]
		out.Resize(a.spec.Type, len(m.given))
		clear(out.Str)
		c := fn.Ctx{Env: m.ctx.Env, Fail: m.failed}
		a.fn.Finish(&c, state, len(m.given), out)
	}
}

func (m *matches) failed(i int32, err error) { m.bad = append(m.bad, rowError{i, err}) }

// step adds the state of row i of the result. It is that of the row before and one row more, if that shows the same match.
func (m *matches) step(a *aggregate, state []*vec.Vector, i int32, g given) {
	of, from := m.of(g, a.spec.Final), 0
	if !a.spec.Final && i > 0 && m.given[i-1].match == g.match {
		for _, v := range state {
			v.AppendSelected(v, []int32{i - 1}, 1)
		}
		from = len(of) - 1
		if err := errorOn(m.bad, i-1); err != nil {
			m.failed(i, err)
		}
	} else {
		appendZero(state)
	}
	m.rows = m.rows[:0]
	for k := from; k < len(of); k++ {
		row := m.list[g.match].from + int32(k)
		switch ok, err := a.counts(row, int(of[k])); {
		case err != nil:
			m.failed(i, err)
		case ok:
			m.group[row] = i
			m.rows = append(m.rows, row)
		}
	}
	if len(m.rows) == 0 {
		return
	}
	c := fn.Ctx{Env: m.ctx.Env, Fail: func(_ int32, err error) { m.failed(i, err) }}
	a.fn.Step(&c, state, m.group, a.cols, m.rows, nil)
}
