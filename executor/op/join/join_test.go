package join

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	int4, int8T, text = types.T(types.Int4), types.T(types.Int8), types.T(types.Text)
	// The sides' columns: two keys of which the first differs in width, a text, and a number for residuals.
	leftTypes  = []types.Type{int8T, text, text, int8T}
	rightTypes = []types.Type{int4, text, text, int8T}
	allTypes   = append(append([]types.Type{}, leftTypes...), rightTypes...)
)

const leftCols = 4

func call(name string, args ...expr.Node) expr.Node {
	ts := make([]types.Type, len(args))
	for i, a := range args {
		ts[i] = a.Type()
	}
	return expr.NewCall(fn.Find(name, ts), args...)
}

func column(c int) expr.Node { return expr.NewColumn(c, allTypes[c], "") }

func residual(left, right []types.Datum) bool {
	return !left[3].Null && !right[3].Null && left[3].I < right[3].I
}

// model computes a join from scratch.
func model(n *physical.Join, l, r zset) zset {
	out := zset{}
	ts := make([]types.Type, len(n.Output))
	for i, c := range n.Output {
		ts[i] = allTypes[c]
	}
	emit := func(left, right []types.Datum, w int64) {
		row := make([]types.Datum, len(n.Output))
		for i, c := range n.Output {
			row[i] = types.Null
			if side := c / leftCols; side == 0 && left != nil {
				row[i] = left[c]
			} else if side == 1 && right != nil {
				row[i] = right[c-leftCols]
			}
		}
		out.add(ts, row, w)
	}
	if n.NullAware {
		for _, a := range l.entries() {
			keep := true
			for _, b := range r.entries() {
				x, y := a.row[n.LeftKeys[0]], b.row[n.RightKeys[0]]
				keep = keep && !x.Null && !y.Null && !matches(n, a.row, b.row)
			}
			if keep {
				emit(a.row, nil, a.weight)
			}
		}
		return out
	}
	met := map[*entry]bool{}
	for _, a := range l.entries() {
		for _, b := range r.entries() {
			if !matches(n, a.row, b.row) {
				continue
			}
			met[a], met[b] = true, true
			if n.Join != physical.SemiJoin && n.Join != physical.AntiJoin {
				emit(a.row, b.row, a.weight*b.weight)
			}
		}
	}
	for _, a := range l.entries() {
		switch n.Join {
		case physical.SemiJoin:
			if met[a] {
				emit(a.row, nil, a.weight)
			}
		case physical.AntiJoin, physical.LeftJoin, physical.FullJoin:
			if !met[a] {
				emit(a.row, nil, a.weight)
			}
		}
	}
	for _, b := range r.entries() {
		if !met[b] && (n.Join == physical.RightJoin || n.Join == physical.FullJoin) {
			emit(nil, b.row, b.weight)
		}
	}
	return out
}

func matches(n *physical.Join, left, right []types.Datum) bool {
	for k := range n.LeftKeys {
		x, y := left[n.LeftKeys[k]], right[n.RightKeys[k]]
		if x.Null || y.Null {
			if x.Null != y.Null || !n.NullsEqual[k] {
				return false
			}
			continue
		}
		if x.I != y.I || string(x.B) != string(y.B) {
			return false
		}
	}
	return n.Residual.None() || residual(left, right)
}

func drawNode(t *rapid.T) *physical.Join {
	n := &physical.Join{Join: rapid.SampledFrom([]physical.JoinKind{physical.InnerJoin, physical.LeftJoin, physical.RightJoin,
		physical.FullJoin, physical.SemiJoin, physical.AntiJoin}).Draw(t, "kind")}
	keys := rapid.IntRange(0, 2).Draw(t, "keys")
	if n.Join == physical.AntiJoin && rapid.IntRange(0, 2).Draw(t, "notIn") == 0 {
		n.NullAware, keys = true, 1
	}
	for k := range keys {
		n.LeftKeys, n.RightKeys = append(n.LeftKeys, k), append(n.RightKeys, k)
		n.NullsEqual = append(n.NullsEqual, !n.NullAware && rapid.Bool().Draw(t, "nullsEqual"))
	}
	if !n.NullAware && rapid.Bool().Draw(t, "residual") {
		n.Residual = physical.E(call("<", column(3), column(leftCols+3)))
	}
	last := len(allTypes) - 1
	if n.Join == physical.SemiJoin || n.Join == physical.AntiJoin {
		last = leftCols - 1
	}
	n.Output = rapid.SliceOfN(rapid.IntRange(0, last), 0, 6).Draw(t, "output")
	return n
}

// drawChange draws a change that leaves no row with a negative weight.
func drawChange(t *rapid.T, port int, rows zset, appendOnly bool) change {
	if old := rows.entries(); len(old) > 0 && !appendOnly && rapid.IntRange(0, 2).Draw(t, "retract") == 0 {
		e := rapid.SampledFrom(old).Draw(t, "old")
		return change{port, e.row, -rapid.Int64Range(1, e.weight).Draw(t, "less")}
	}
	number := rapid.Custom(func(t *rapid.T) types.Datum {
		if n := rapid.Int64Range(0, 4).Draw(t, "n"); n > 0 {
			return types.NewInt(n)
		}
		return types.Null
	})
	word := rapid.Custom(func(t *rapid.T) types.Datum {
		if n := rapid.IntRange(0, 2).Draw(t, "s"); n > 0 {
			return types.NewText([]string{"", "a", "bb"}[n])
		}
		return types.Null
	})
	row := []types.Datum{number.Draw(t, "k"), word.Draw(t, "k2"), word.Draw(t, "s"), number.Draw(t, "v")}
	return change{port, row, rapid.Int64Range(1, 2).Draw(t, "weight")}
}

func newOperator(n *physical.Join, mem *state.Memory, ctx *op.Context) (op.Operator, error) {
	o, err := New(n, leftTypes, rightTypes, mem)
	if err != nil {
		return nil, err
	}
	return o, o.Open(ctx)
}

// TestJoin compares steps of random changes with the join computed from scratch, whatever the batches, and with the state
// moved to another operator between steps.
func TestJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNode(t)
		n.LeftAppendOnly, n.RightAppendOnly = rapid.Bool().Draw(t, "leftAppends"), rapid.Bool().Draw(t, "rightAppends")
		mem := state.NewMemory(nil)
		ctx := &op.Context{Faults: &op.Faults{}}
		outTypes := make([]types.Type, len(n.Output))
		for i, c := range n.Output {
			outTypes[i] = allTypes[c]
		}
		ctx.Once = rapid.IntRange(0, 3).Draw(t, "once") == 0
		o, err := newOperator(n, mem, ctx)
		require.NoError(t, err)
		sides, out := [2]zset{{}, {}}, newSink(outTypes)
		steps := rapid.IntRange(1, 6).Draw(t, "steps")
		if ctx.Once {
			steps = 1
		}
		for range steps {
			if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
				o, err = restored(o.(op.Stateful), func() op.Operator {
					o, err := newOperator(n, mem, ctx)
					require.NoError(t, err)
					return o
				})
				require.NoError(t, err)
			}
			out.step, out.retracts = map[string]int{}, false
			step(t, n, o, sides, out)
			want := model(n, sides[0], sides[1])
			require.Equal(t, want.String(), out.all.String())
			require.False(t, out.zero)
			if out.retracts { // insertions alone are streamed
				for row, times := range out.step {
					require.Equal(t, 1, times, "row %s", row)
				}
			}
		}
		require.NoError(t, ctx.Faults.Err())
		o.Close()
		pages, nodes := mem.Live()
		require.Zero(t, pages+nodes)
	})
}

// step pushes some batches and ends the step.
func step(t *rapid.T, n *physical.Join, o op.Operator, sides [2]zset, out *sink) {
	for range rapid.IntRange(0, 4).Draw(t, "batches") {
		port := rapid.IntRange(0, 1).Draw(t, "port")
		ts, appendOnly := leftTypes, n.LeftAppendOnly
		if port == 1 {
			ts, appendOnly = rightTypes, n.RightAppendOnly
		}
		var rows []change
		for range rapid.IntRange(1, 6).Draw(t, "rows") {
			c := drawChange(t, port, sides[port], appendOnly)
			sides[port].add(ts, c.row, c.weight)
			rows = append(rows, c)
		}
		require.NoError(t, push(o, port, ts, rows, out))
	}
	require.NoError(t, o.EndStep(out))
}

// TestResidualFaults checks that a residual's error counts with the weight of its pair.
func TestResidualFaults(t *testing.T) {
	n := &physical.Join{Join: physical.InnerJoin, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false}, Output: []int{0}}
	n.Residual = physical.E(call("=", column(3), call("/", expr.NewConst(int8T, types.NewInt(6)), column(leftCols+3))))
	faults := &op.Faults{}
	o, err := newOperator(n, state.NewMemory(nil), &op.Context{Faults: faults})
	require.NoError(t, err)
	defer o.Close()
	out := newSink([]types.Type{int8T})
	row := func(v int64) []types.Datum {
		return []types.Datum{types.NewInt(1), types.Null, types.Null, types.NewInt(v)}
	}
	require.NoError(t, push(o, 0, leftTypes, []change{{row: row(3), weight: 2}}, out))
	require.NoError(t, push(o, 1, rightTypes, []change{{row: row(0), weight: 1}, {row: row(2), weight: 1}}, out))
	require.NoError(t, o.EndStep(out))
	require.Equal(t, "|1 ×2\n", out.all.String())
	require.ErrorContains(t, faults.Err(), "division by zero")
	require.NoError(t, push(o, 1, rightTypes, []change{{row: row(0), weight: -1}}, out))
	require.NoError(t, o.EndStep(out))
	require.NoError(t, faults.Err())
}

// TestWatermark: a join is as complete as its less complete input.
func TestWatermark(t *testing.T) {
	n := &physical.Join{Join: physical.InnerJoin, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false}}
	o, err := newOperator(n, state.NewMemory(nil), &op.Context{})
	require.NoError(t, err)
	out := newSink(nil)
	require.NoError(t, o.Watermark(0, 5, out))
	require.Zero(t, out.watermark)
	require.NoError(t, o.Watermark(1, 3, out))
	require.EqualValues(t, 3, out.watermark)
}
