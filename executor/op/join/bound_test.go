package join

import (
	"slices"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// timedTypes are a key, a time in seconds (as microseconds), and a value.
var timedTypes = []types.Type{int8T, types.T(types.Timestamp), int8T}

// endedTypes have a time until when a row may have partners as well.
var endedTypes = append(timedTypes[:3:3], types.T(types.Timestamp))

const (
	second = 1_000_000
	// until is that column.
	until = 3
)

// boundedRun is a join with a bound under test: its on-time rows so far, and the inputs' watermarks.
type boundedRun struct {
	n      *physical.Join
	h      *optest.Harness
	marks  [2]int64
	inputs [2]*optest.ZSet
	watch  *watch
}

// watch checks that what comes is behind no watermark. That of an operator which is not prompt waits for the cut, as graph.Instance
// has it.
type watch struct {
	t      *rapid.T
	h      *optest.Harness
	times  []int // the output columns with times
	passed int64
}

func newWatch(t *rapid.T, h *optest.Harness, times ...int) *watch {
	w := &watch{t: t, h: h, times: times, passed: op.NoWatermark}
	h.Out.Watch = w.batch
	return w
}

func (w *watch) batch(b *vec.Batch) {
	for k := range b.Rows() {
		for _, c := range w.times {
			if i := b.Row(k); !b.Cols[c].IsNull(i) {
				require.Greater(w.t, b.Cols[c].Datum(i).I, w.passed, "a row behind the watermark")
			}
		}
	}
}

// watermark notes one that the operator was given.
func (w *watch) watermark() {
	if p, ok := w.h.Op.(op.Prompt); ok && p.Prompt() {
		w.passed = w.h.Out.Passed
	}
}

// endStep notes that the step has ended.
func (w *watch) endStep() { w.passed = w.h.Out.Passed }

func drawBounded(t *rapid.T) *physical.Join {
	n := &physical.Join{Join: rapid.SampledFrom([]physical.JoinKind{physical.InnerJoin, physical.LeftJoin, physical.RightJoin,
		physical.FullJoin, physical.SemiJoin, physical.AntiJoin}).Draw(t, "kind"), Bound: &physical.JoinBound{Left: 1, Right: 1}}
	n.LeftAppendOnly = rapid.Bool().Draw(t, "appends")
	n.RightAppendOnly = n.LeftAppendOnly
	b := n.Bound
	b.OnClose = n.LeftAppendOnly && rapid.Bool().Draw(t, "onClose")
	if rapid.Bool().Draw(t, "key") {
		n.LeftKeys, n.RightKeys, n.NullsEqual = []int{0}, []int{0}, []bool{rapid.Bool().Draw(t, "nulls")}
	}
	column := func(side, c int) expr.Node { return expr.NewColumn(len(endedTypes)*side+c, endedTypes[c], "") }
	time := func(side int) expr.Node { return column(side, 1) }
	switch rapid.IntRange(0, 3).Draw(t, "windows") {
	case 1: // equal times
		n.LeftKeys, n.RightKeys, n.NullsEqual = append(n.LeftKeys, 1), append(n.RightKeys, 1), append(n.NullsEqual, false)
		b.HoldBack = 1
	case 0:
		b.Windows, b.LeftEnds, b.RightEnds = true, true, true
		n.LeftKeys, n.RightKeys, n.NullsEqual = append(n.LeftKeys, 1), append(n.RightKeys, 1), append(n.NullsEqual, false)
		if rapid.Bool().Draw(t, "residual") {
			n.Residual = physical.E(call("<", column(0, 2), column(1, 2)))
		}
	default:
		b.Before = rapid.Int64Range(-3, 6).Draw(t, "before") * second
		b.After = rapid.Int64Range(-b.Before/second, 6).Draw(t, "after") * second
		shift := func(d int64) expr.Node {
			return expr.NewConst(types.T(types.Interval), types.NewInterval(0, 0, d))
		}
		first, last := call(">=", time(1), call("-", time(0), shift(b.Before))), call("<=", time(1), call("+", time(0), shift(b.After)))
		if rapid.Bool().Draw(t, "left until") {
			b.LeftUntil = &physical.Until{Column: until, Plus: rapid.Int64Range(-2, 2).Draw(t, "plus") * second}
			b.After, last = physical.Unlimited, call("<=", time(1), call("+", column(0, until), shift(b.LeftUntil.Plus)))
		}
		if rapid.IntRange(0, 2).Draw(t, "right until") == 0 {
			b.RightUntil = &physical.Until{Column: until, Plus: rapid.Int64Range(-2, 2).Draw(t, "plus") * second}
			b.Before, first = physical.Unlimited, call("<=", time(0), call("+", column(1, until), shift(b.RightUntil.Plus)))
		}
		n.Residual = physical.E(expr.NewAnd(first, last))
		b.HoldBack = 1
		for _, d := range []int64{b.Before, b.After} {
			if d != physical.Unlimited {
				b.HoldBack = max(b.HoldBack, d+1)
			}
		}
	}
	n.Output = []int{0, 1, 2, 3, 4, 5, 6, 7}
	if n.Join == physical.SemiJoin || n.Join == physical.AntiJoin {
		n.Output = n.Output[:4]
	}
	return n
}

func newBoundedRun(t *rapid.T, n *physical.Join) *boundedRun {
	var out []types.Type
	both := slices.Concat(endedTypes, endedTypes)
	for _, c := range n.Output {
		out = append(out, both[c])
	}
	r := &boundedRun{n: n, marks: [2]int64{op.NoWatermark, op.NoWatermark}}
	r.h = optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{endedTypes, endedTypes}, Output: out,
		New: func(mem *state.Memory) (op.Operator, error) { return New(n, endedTypes, endedTypes, mem) }}, false)
	var times []int // what ends by a column may come out any time after its own
	if n.Bound.LeftUntil == nil {
		times = append(times, 1)
	}
	if n.Bound.RightUntil == nil && len(out) > len(endedTypes) {
		times = append(times, len(endedTypes)+1)
	}
	r.watch = newWatch(t, r.h, times...)
	r.inputs = [2]*optest.ZSet{optest.NewZSet(endedTypes), optest.NewZSet(endedTypes)}
	return r
}

// row draws a row that is not late.
func (r *boundedRun) row(t *rapid.T, port int) []types.Datum {
	least := max(r.marks[port], 0)
	if r.n.Bound.Windows {
		least++
	}
	at := types.NewInt((least+second-1)/second*second + rapid.Int64Range(0, 8).Draw(t, "at")*second)
	key := types.NewInt(rapid.Int64Range(0, 2).Draw(t, "k"))
	if rapid.IntRange(0, 9).Draw(t, "null key") == 0 {
		key = types.Null
	}
	if rapid.IntRange(0, 19).Draw(t, "null time") == 0 && !r.n.Bound.Windows {
		at = types.Null
	}
	end := types.Null
	if r.n.Bound.LeftUntil != nil || r.n.Bound.RightUntil != nil {
		end = types.NewInt(least + rapid.Int64Range(-2, 12).Draw(t, "until")*second)
		if rapid.IntRange(0, 19).Draw(t, "null until") == 0 {
			end = types.Null
		}
	}
	return []types.Datum{key, at, types.NewInt(rapid.Int64Range(0, 2).Draw(t, "v")), end}
}

// change draws a change of an input: an insertion, or the retraction of a row that is not behind the watermark.
func (r *boundedRun) change(t *rapid.T, port int) optest.Change {
	c := optest.Change{Row: r.row(t, port), Weight: rapid.Int64Range(1, 2).Draw(t, "weight")}
	if r.n.LeftAppendOnly || rapid.IntRange(0, 2).Draw(t, "retract") > 0 {
		return c
	}
	var old []optest.Change
	for _, x := range r.inputs[port].Rows() {
		if least := r.marks[port]; x.Row[1].Null || x.Row[1].I > least || !r.n.Bound.Windows && x.Row[1].I == least {
			old = append(old, x)
		}
	}
	if len(old) == 0 {
		return c
	}
	c = rapid.SampledFrom(old).Draw(t, "old")
	c.Weight = -rapid.Int64Range(1, c.Weight).Draw(t, "less")
	return c
}

// step pushes changes and moves watermarks in a random order, and ends the step.
func (r *boundedRun) step(t *rapid.T) {
	r.h.BeginStep()
	for range rapid.IntRange(0, 10).Draw(t, "events") {
		port := rapid.IntRange(0, 1).Draw(t, "port")
		if rapid.IntRange(0, 3).Draw(t, "event") == 0 {
			r.marks[port] = max(r.marks[port], 0) + rapid.Int64Range(0, 3).Draw(t, "rise")*second + rapid.Int64Range(0, 1).Draw(t, "more")
			r.h.Watermark(port, r.marks[port])
			r.watch.watermark()
			continue
		}
		c := r.change(t, port)
		r.inputs[port].Add(c.Row, c.Weight)
		r.h.Push(port, c)
	}
	r.h.EndStep()
	r.watch.endStep()
	require.NoError(t, r.h.Ctx.Faults.Err())
}

func (r *boundedRun) matches(a, b []types.Datum) bool {
	for k := range r.n.LeftKeys {
		x, y := a[r.n.LeftKeys[k]], b[r.n.RightKeys[k]]
		if x.Null != y.Null || x.Null && !r.n.NullsEqual[k] || !x.Null && x.I != y.I {
			return false
		}
	}
	if a[1].Null || b[1].Null {
		return false
	}
	d, bound := b[1].I-a[1].I, r.n.Bound
	if bound.RightUntil == nil && d < -bound.Before || bound.LeftUntil == nil && d > bound.After {
		return false
	}
	if u := bound.LeftUntil; u != nil && (a[until].Null || b[1].I > a[until].I+u.Plus) {
		return false
	}
	if u := bound.RightUntil; u != nil && (b[until].Null || a[1].I > b[until].I+u.Plus) {
		return false
	}
	return !r.n.Bound.Windows || r.n.Residual.None() || a[2].I < b[2].I
}

// model is the join of the rows so far. Under OnClose it has of windows those that have closed, and of rows alone those that can have
// no partner any more.
func (r *boundedRun) model() *optest.ZSet {
	out := optest.NewZSet(r.h.Out.All.Types)
	emit := func(a, b []types.Datum, w int64) {
		row := slices.Repeat([]types.Datum{types.Null}, 2*len(endedTypes))
		copy(row, a)
		copy(row[len(endedTypes):], b)
		out.Add(row[:len(r.n.Output)], w)
	}
	bound, low := r.n.Bound, min(r.marks[0], r.marks[1])
	open := func(row []types.Datum) bool {
		return bound.OnClose && bound.Windows && row[1].I > low
	}
	// sure reports whether a row of a side can have no further partner.
	sure := func(port int, row []types.Datum, key int) bool {
		switch {
		case !bound.OnClose || bound.Windows || row[1].Null:
			return true
		case slices.Contains(r.n.LeftKeys, 0) && row[key].Null && !r.n.NullsEqual[0]:
			return true
		}
		last, u := row[1].I+[]int64{bound.After, bound.Before}[port], []*physical.Until{bound.LeftUntil, bound.RightUntil}[port]
		if u != nil {
			if row[until].Null {
				return true
			}
			last = row[until].I + u.Plus
		}
		return last < r.marks[1-port]
	}
	left, right := r.inputs[0].Rows(), r.inputs[1].Rows()
	met := map[int]bool{}
	pairs := r.n.Join != physical.SemiJoin && r.n.Join != physical.AntiJoin
	for _, a := range left {
		found := false
		for i, b := range right {
			if !r.matches(a.Row, b.Row) {
				continue
			}
			found, met[i] = true, true
			if pairs && !open(a.Row) {
				emit(a.Row, b.Row, a.Weight*b.Weight)
			}
		}
		switch kind := r.n.Join; {
		case open(a.Row):
		case kind == physical.SemiJoin && found,
			(kind == physical.LeftJoin || kind == physical.FullJoin || kind == physical.AntiJoin) && !found && sure(0, a.Row, 0):
			emit(a.Row, nil, a.Weight)
		}
	}
	for i, b := range right {
		if !met[i] && !open(b.Row) && (r.n.Join == physical.RightJoin || r.n.Join == physical.FullJoin) && sure(1, b.Row, 0) {
			emit(nil, b.Row, b.Weight)
		}
	}
	return out
}

// TestBounded: a join whose state is freed by the watermark has the answer of one that keeps everything, in any order of rows and
// watermarks; nothing comes behind its own watermark; and nothing is left when time has ended.
func TestBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newBoundedRun(t, drawBounded(t))
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
				r.h.Restore()
				for port, m := range r.marks {
					if m != op.NoWatermark {
						r.h.Watermark(port, m)
					}
				}
			}
			r.step(t)
			require.Equal(t, r.model().String(), r.h.Out.All.String())
		}
		r.h.BeginStep()
		for port := range r.marks {
			r.marks[port] = op.EndOfTime
			r.h.Watermark(port, op.EndOfTime)
		}
		r.h.EndStep()
		require.Equal(t, r.model().String(), r.h.Out.All.String())
		for _, s := range r.h.Op.(op.Stateful).State() {
			v := s.Freeze()
			require.Zero(t, v.Rows())
			v.Release()
		}
		r.h.Close()
	})
}
