package row

import (
	"slices"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	int8T     = types.T(types.Int8)
	text      = types.T(types.Text)
	timestamp = types.T(types.Timestamp)

	timed2 = []types.Type{int8T, timestamp}
	wide   = []types.Type{int8T, timestamp, timestamp, timestamp}
)

func windowSubject(n *physical.WindowAssign, l physical.Lateness) optest.Subject {
	n.Lateness = l
	return optest.Subject{Inputs: [][]types.Type{timed2}, Output: wide, New: func(*state.Memory) (op.Operator, error) { return NewWindowAssign(n), nil }}
}

// TestWindows compares with all windows that could hold a time, one by one.
func TestWindows(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		n := &physical.WindowAssign{Window: rapid.SampledFrom([]physical.WindowKind{physical.Tumble, physical.Hop, physical.Cumulate}).Draw(t, "window"), Time: 1}
		n.Slide = rapid.Int64Range(1, 7).Draw(t, "slide")
		n.Size, n.Offset = n.Slide*rapid.Int64Range(1, 4).Draw(t, "times"), rapid.Int64Range(-9, 9).Draw(t, "offset")
		if n.Window == physical.Tumble {
			n.Slide = n.Size
		}
		return optest.Property{
			Subject: windowSubject(n, physical.Lateness{Judge: rapid.Bool().Draw(t, "judge")}),
			Row: func(t *rapid.T, _ int) []types.Datum {
				at := types.NewInt(rapid.Int64Range(-30, 30).Draw(t, "at"))
				switch rapid.IntRange(0, 9).Draw(t, "special") {
				case 0:
					at = types.Null
				case 1:
					at = types.NewInt(types.TimestampInfinity)
				case 2:
					at = types.NewInt(types.TimestampNegInfinity)
				}
				return []types.Datum{types.NewInt(rapid.Int64Range(0, 2).Draw(t, "x")), at}
			},
			Model: func(in []*optest.ZSet) *optest.ZSet {
				out := optest.NewZSet(wide)
				for _, c := range in[0].Rows() {
					if at := c.Row[1]; !at.Null && at.I > -1000 && at.I < 1000 {
						eachWindow(n, at.I, func(start, end int64) {
							out.Add([]types.Datum{c.Row[0], at, types.NewInt(start), types.NewInt(end)}, c.Weight)
						})
					}
				}
				return out
			},
		}
	})
}

// eachWindow tries all starts and ends that there can be.
func eachWindow(n *physical.WindowAssign, t int64, f func(start, end int64)) {
	every := n.Slide
	if n.Window != physical.Hop {
		every = n.Size
	}
	for start := n.Offset - 100*every; start <= t; start += every {
		if n.Window != physical.Cumulate {
			if t < start+n.Size {
				f(start, start+n.Size)
			}
			continue
		}
		for end := start + n.Slide; end <= start+n.Size; end += n.Slide {
			if t < end && t >= start {
				f(start, end)
			}
		}
	}
}

// TestLateness: rows are late for windows that had closed when their epoch began.
func TestLateness(t *testing.T) {
	type late struct{ at, watermark int64 }
	for _, c := range []struct {
		name     string
		node     physical.WindowAssign
		judge    bool
		lateness int64
		windows  string
		late     []late
	}{
		{"tumble", physical.WindowAssign{Window: physical.Tumble, Size: 10, Slide: 10}, true, 0, "[10,20)", []late{{3, 12}, {9, 12}}},
		{"hop", physical.WindowAssign{Window: physical.Hop, Size: 10, Slide: 5}, true, 0, "[5,15)[5,15)[10,20)", []late{{3, 12}}},
		{"cumulate", physical.WindowAssign{Window: physical.Cumulate, Size: 10, Slide: 5}, true, 0, "[10,15)[10,20)", []late{{3, 12}, {9, 12}}},
		{"allowed lateness", physical.WindowAssign{Window: physical.Tumble, Size: 10, Slide: 10}, true, 3, "[0,10)[0,10)[10,20)", nil},
		{"not judged", physical.WindowAssign{Window: physical.Tumble, Size: 10, Slide: 10}, false, 0, "[0,10)[0,10)[10,20)", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.node.Time = 1
			h := optest.NewHarness(t, windowSubject(&c.node, physical.Lateness{Judge: c.judge, Allowed: c.lateness}), false)
			var got []late
			h.Ctx.Late = func(b *vec.Batch, rows []int32, watermark int64) {
				for _, i := range rows {
					got = append(got, late{b.Cols[1].Datum(int(i)).I, watermark})
				}
			}
			push := func(times ...int64) {
				for _, at := range times {
					h.Push(0, optest.Change{Row: []types.Datum{types.NewInt(1), types.NewInt(at)}, Weight: 1})
				}
			}
			push(3)
			require.Zero(t, h.Ctx.LateRows) // nothing has closed yet
			h.BeginStep()
			h.Watermark(0, 12)
			require.Equal(t, 12-c.lateness, h.Out.Passed) // so that what closes windows above waits for what is allowed
			push(3, 9, 14)
			windows := ""
			for _, r := range h.Out.Step.Rows() {
				for range r.Weight {
					windows += "[" + optest.RowText([]types.Type{int8T}, r.Row[2:3]) + "," + optest.RowText([]types.Type{int8T}, r.Row[3:4]) + ")"
				}
			}
			require.Equal(t, sorted(c.windows), sorted(windows))
			require.Equal(t, c.late, got)
			require.EqualValues(t, len(c.late), h.Ctx.LateRows)
			h.Watermark(0, op.EndOfTime)
			require.EqualValues(t, op.EndOfTime, h.Out.Passed)
			h.Close()
		})
	}
}

// sorted puts windows in order.
func sorted(windows string) []string {
	out := strings.SplitAfter(windows, ")")
	slices.Sort(out)
	return out
}

func series(from, to expr.Node) expr.Node {
	return expr.NewCall(fn.Find("generate_series", []types.Type{int8T, int8T, int8T}), from, to)
}

func column(i int) expr.Node     { return expr.NewColumn(i, int8T, "") }
func constant(x int64) expr.Node { return expr.NewConst(int8T, types.NewInt(x)) }

// TestTableFunc: a series and a scalar in step, with and without the options, over rows that come and go.
func TestTableFunc(t *testing.T) {
	in := []types.Type{text, int8T}
	optest.Check(t, func(t *rapid.T) optest.Property {
		n := &physical.TableFunc{Ordinality: rapid.Bool().Draw(t, "ordinality"), Outer: rapid.Bool().Draw(t, "outer")}
		n.Calls = []physical.TableCall{{Call: physical.E(series(constant(1), column(1))), Columns: 1}}
		out := append(in[:2:2], int8T)
		both := rapid.Bool().Draw(t, "both")
		if both {
			n.Calls = append(n.Calls, physical.TableCall{Call: physical.E(series(constant(1), constant(2))), Columns: 1})
			out = append(out, int8T)
		}
		if n.Ordinality {
			out = append(out, int8T)
		}
		return optest.Property{
			Subject: optest.Subject{Inputs: [][]types.Type{in}, Output: out,
				New: func(*state.Memory) (op.Operator, error) { return NewTableFunc(n, in, out) }},
			Row: func(t *rapid.T, _ int) []types.Datum {
				k := types.NewInt(rapid.Int64Range(-1, 3).Draw(t, "n"))
				if rapid.IntRange(0, 5).Draw(t, "null") == 0 {
					k = types.Null
				}
				return []types.Datum{types.NewText(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "s")), k}
			},
			Model: func(z []*optest.ZSet) *optest.ZSet { return tableModel(n, both, z[0], out) },
		}
	})
}

func tableModel(n *physical.TableFunc, both bool, in *optest.ZSet, ts []types.Type) *optest.ZSet {
	out := optest.NewZSet(ts)
	upTo := func(k, n int64) types.Datum {
		if k > n {
			return types.Null
		}
		return types.NewInt(k)
	}
	for _, c := range in.Rows() {
		first, second := int64(0), int64(0)
		if !c.Row[1].Null {
			first = max(c.Row[1].I, 0)
		}
		if both {
			second = 2
		}
		rows := max(first, second)
		if rows == 0 && n.Outer {
			row := append([]types.Datum(nil), c.Row...)
			for len(row) < len(ts) {
				row = append(row, types.Null)
			}
			out.Add(row, c.Weight)
		}
		for k := int64(1); k <= rows; k++ {
			row := append(append([]types.Datum(nil), c.Row...), upTo(k, first))
			if both {
				row = append(row, upTo(k, second))
			}
			if n.Ordinality {
				row = append(row, types.NewInt(k))
			}
			out.Add(row, c.Weight)
		}
	}
	return out
}

// TestTableFuncIsStopped: a series of any length is given out while it is made, and ends when no more is wanted.
func TestTableFuncIsStopped(t *testing.T) {
	n := &physical.TableFunc{Calls: []physical.TableCall{{Call: physical.E(series(constant(1), constant(1<<62))), Columns: 1}}}
	f, err := NewTableFunc(n, nil, []types.Type{int8T})
	require.NoError(t, err)
	require.NoError(t, f.Open(&op.Context{Faults: &op.Faults{}}))
	out := &limited{left: 5000}
	require.ErrorIs(t, f.Push(0, &vec.Batch{N: 1}, out), op.ErrDone)
	require.LessOrEqual(t, out.left, 0)
}

type limited struct{ left int }

func (l *limited) Watermark(int64) error { return nil }

func (l *limited) Batch(b *vec.Batch) error {
	if l.left -= b.Rows(); l.left > 0 {
		return nil
	}
	return op.ErrDone
}

// TestTableFuncFaults: the error of a function is its row's.
func TestTableFuncFaults(t *testing.T) {
	call := expr.NewCall(fn.Find("generate_series", []types.Type{int8T, int8T, int8T}), constant(1), constant(2), column(0))
	n := &physical.TableFunc{Calls: []physical.TableCall{{Call: physical.E(call), Columns: 1}}}
	in := []types.Type{int8T}
	h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: []types.Type{int8T, int8T},
		New: func(*state.Memory) (op.Operator, error) { return NewTableFunc(n, in, []types.Type{int8T, int8T}) }}, false)
	row := func(x, weight int64) optest.Change {
		return optest.Change{Row: []types.Datum{types.NewInt(x)}, Weight: weight}
	}
	h.Push(0, row(0, 1), row(1, 1))
	require.ErrorContains(t, h.Ctx.Faults.Err(), "step size cannot equal zero")
	require.Equal(t, "+1 1 | 1\n+1 1 | 2\n", h.Out.All.String())
	h.Push(0, row(0, -1))
	require.NoError(t, h.Ctx.Faults.Err())
	h.Close()
}

func BenchmarkTumble(b *testing.B) {
	w := NewWindowAssign(&physical.WindowAssign{Window: physical.Tumble, Time: 1, Size: 1e7, Slide: 1e7, Lateness: physical.Lateness{Judge: true}})
	require.NoError(b, w.Open(&op.Context{}))
	batch := vec.NewBatch(timed2, vec.BatchSize)
	for i := range int64(vec.BatchSize) {
		batch.AppendRow(1, types.NewInt(i), types.NewInt(i*1000))
	}
	out := &limited{left: 1 << 62}
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, w.Push(0, batch, out))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/vec.BatchSize, "ns/row")
}
