package window

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// aggregate is an aggregate over frames. One state follows the frame from row to row: rows that come into it are stepped,
// rows that leave it retracted, where the function can; else the state is made anew whenever a row leaves. The states of
// different frames are set aside and finished together.
type aggregate struct {
	frames frames
	agg    *fn.Aggregate
	// total is where totals has a state of the partition: with running that of all its rows, else of those that have been freed, with which
	// all frames begin; -1 if there is none.
	total   int
	running bool
	ctx     fn.Ctx
	args    []int
	filter  int

	cols []*vec.Vector
	// used are the rows that count, usedBefore how many of them there are before each row.
	used, usedBefore []int32
	zeros            []int32
	minus            []int64

	state []*vec.Vector
	// at is the frame whose state it is.
	at rowRange
	// set are the states set aside, setRow the first row of each, of the row → state map.
	set    []*vec.Vector
	setRow []int32
	of     []int32
	result vec.Vector
	one    [1]int32
}

func newAggregate(agg *fn.Aggregate, argTypes []types.Type) *aggregate {
	a := &aggregate{agg: agg, total: -1}
	for _, t := range agg.State(argTypes) {
		a.state = append(a.state, vec.New(t, 1))
		a.set = append(a.set, vec.New(t, 0))
	}
	return a
}

func (a *aggregate) eval(b *block, out *vec.Vector) {
	a.frames.compute(b)
	a.begin(b)
	for k := range b.segs {
		s := &b.segs[k]
		switch {
		case a.running:
			a.resume(b, s)
		case a.total >= 0:
			b.totals.get(a.total, s.part, a.state)
			a.at = rowRange{s.from, s.from}
		default:
			a.restart(s.first)
		}
		for i := s.first; i < s.last; i++ {
			a.move(b, s, i)
		}
		if a.running && !b.before {
			b.totals.set(a.total, s.part, a.state)
		}
	}
	a.finish(b, out)
}

// fold brings a block of rows that are freed into their partitions' states.
func (a *aggregate) fold(b *block) {
	a.begin(b)
	for k := range b.segs {
		s := &b.segs[k]
		b.totals.get(a.total, s.part, a.state)
		a.step(rowRange{s.first, s.last}, 1)
		b.totals.set(a.total, s.part, a.state)
	}
}

// begin finds the rows that count.
func (a *aggregate) begin(b *block) {
	n := b.rows.N
	a.cols = a.cols[:0]
	for _, c := range a.args {
		a.cols = append(a.cols, b.column(c))
	}
	a.used, a.usedBefore, a.of = a.used[:0], sized(a.usedBefore, n+1), sized(a.of, n)
	clear(a.of)
	for i := range int32(n) {
		a.usedBefore[i] = int32(len(a.used))
		if a.counts(b, int(i)) {
			a.used = append(a.used, i)
		}
	}
	a.usedBefore[n] = int32(len(a.used))
	for len(a.zeros) < n {
		a.zeros, a.minus = append(a.zeros, 0), append(a.minus, -1)
	}
	for _, v := range a.set {
		v.Reset(v.Type)
	}
	a.setRow = a.setRow[:0]
	a.ctx.Fail = b.fail
}

// counts reports whether a row is one for the function.
func (a *aggregate) counts(b *block, i int) bool {
	if a.filter >= 0 {
		if f := b.column(a.filter); f.IsNull(i) || f.Bool[i] == 0 {
			return false
		}
	}
	if a.agg.KeepNulls {
		return true
	}
	for _, v := range a.cols {
		if v.IsNull(i) {
			return false
		}
	}
	return true
}

// resume makes the state that of all rows before the first wanted one. Before the changes it is found, and noted for after
// them, by taking back the rows from there on.
func (a *aggregate) resume(b *block, s *segment) {
	b.totals.get(a.total, s.part, a.state)
	if b.before {
		a.step(rowRange{s.first, s.to}, -1)
		b.totals.set(a.total, s.part, a.state)
	}
	a.at = rowRange{s.from, s.first}
}

// restart makes the state that of an empty frame at a row.
func (a *aggregate) restart(at int32) {
	for _, v := range a.state {
		v.Reset(v.Type)
		v.Append(types.Datum{})
	}
	a.at = rowRange{at, at}
}

// move makes the state that of row i's frame, and sets it aside unless the row before has the same.
func (a *aggregate) move(b *block, s *segment, i int32) {
	frame := rowRange{a.frames.from[i], a.frames.to[i]}
	hole, _ := a.frames.hole(b, i)
	if !hole.empty() {
		a.moveAround(b, i, frame)
		return
	}
	if frame == a.at && i > s.first {
		a.of[i] = a.of[i-1]
		return
	}
	a.slide(frame)
	a.setAside(i)
}

// slide makes the state that of another frame.
func (a *aggregate) slide(to rowRange) {
	grows := to.from == a.at.from && to.to >= a.at.to
	if !grows && (!a.agg.Retractable || to.from >= a.at.to || to.from < a.at.from) {
		a.restart(to.from)
	}
	a.step(rowRange{a.at.to, to.to}, 1)
	a.step(rowRange{to.to, a.at.to}, -1)
	a.step(rowRange{a.at.from, to.from}, -1)
	a.at = to
}

// moveAround is move for a frame that something is left out of. What is left out is retracted and put back after, or the state
// made for this row alone.
func (a *aggregate) moveAround(b *block, i int32, frame rowRange) {
	parts, n := a.frames.parts(b, i, false)
	if !a.agg.Retractable {
		a.restart(frame.from)
		for _, p := range parts[:n] {
			a.step(p, 1)
		}
		a.setAside(i)
		a.restart(frame.from)
		return
	}
	a.slide(frame)
	a.stepGaps(frame, parts[:n], -1)
	a.setAside(i)
	a.stepGaps(frame, parts[:n], 1)
}

// stepGaps steps what is between the parts of a frame.
func (a *aggregate) stepGaps(frame rowRange, parts []rowRange, weight int64) {
	at := frame.from
	for _, p := range parts {
		a.step(rowRange{at, p.from}, weight)
		at = p.to
	}
	a.step(rowRange{at, frame.to}, weight)
}

// step adds rows to the state, or takes them back.
func (a *aggregate) step(r rowRange, weight int64) {
	if r.empty() {
		return
	}
	rows := a.used[a.usedBefore[r.from]:a.usedBefore[r.to]]
	if len(rows) == 0 {
		return
	}
	var weights []int64
	if weight < 0 {
		weights = a.minus
	}
	a.agg.Step(&a.ctx, a.state, a.zeros, a.cols, rows, weights)
	for _, v := range a.state {
		if len(v.Data) > maxGarbage && len(v.Data) > 4*int(v.Str[0].Len) {
			d := v.Datum(0)
			v.Reset(v.Type)
			v.Append(d)
		}
	}
}

// maxGarbage is how many bytes of old values a state may hold on to.
const maxGarbage = 4096

// setAside keeps the state as the result of row i's frame.
func (a *aggregate) setAside(i int32) {
	a.of[i] = int32(len(a.setRow))
	a.setRow = append(a.setRow, i)
	for c, v := range a.set {
		v.AppendSelected(a.state[c], a.one[:], 1)
	}
}

// finish computes the results of the states that were set aside.
func (a *aggregate) finish(b *block, out *vec.Vector) {
	n := len(a.setRow)
	if n == 0 {
		return // no row is wanted
	}
	a.ctx.Fail = func(g int32, err error) { b.fail(a.setRow[g], err) }
	typ := out.Type
	a.result.Resize(typ, n)
	clear(a.result.Str)
	a.agg.Finish(&a.ctx, a.set, n, &a.result)
	out.Take(&a.result, a.of[:b.rows.N])
	out.Type = typ
}
