package join

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
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
func model(n *physical.Join, l, r *optest.ZSet) *optest.ZSet {
	out := optest.NewZSet(outputTypes(n))
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
		out.Add(row, w)
	}
	left, right := l.Rows(), r.Rows()
	if n.NullAware {
		for _, a := range left {
			keep := true
			for _, b := range right {
				x, y := a.Row[n.LeftKeys[0]], b.Row[n.RightKeys[0]]
				keep = keep && !x.Null && !y.Null && !matches(n, a.Row, b.Row)
			}
			if keep {
				emit(a.Row, nil, a.Weight)
			}
		}
		return out
	}
	metLeft, metRight := make([]bool, len(left)), make([]bool, len(right))
	for i, a := range left {
		for k, b := range right {
			if !matches(n, a.Row, b.Row) {
				continue
			}
			metLeft[i], metRight[k] = true, true
			if n.Join != physical.SemiJoin && n.Join != physical.AntiJoin {
				emit(a.Row, b.Row, a.Weight*b.Weight)
			}
		}
	}
	for i, a := range left {
		switch n.Join {
		case physical.SemiJoin:
			if metLeft[i] {
				emit(a.Row, nil, a.Weight)
			}
		case physical.AntiJoin, physical.LeftJoin, physical.FullJoin:
			if !metLeft[i] {
				emit(a.Row, nil, a.Weight)
			}
		}
	}
	for k, b := range right {
		if !metRight[k] && (n.Join == physical.RightJoin || n.Join == physical.FullJoin) {
			emit(nil, b.Row, b.Weight)
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

func outputTypes(n *physical.Join) []types.Type {
	ts := make([]types.Type, len(n.Output))
	for i, c := range n.Output {
		ts[i] = allTypes[c]
	}
	return ts
}

func drawRow(t *rapid.T) []types.Datum {
	number := rapid.Custom(func(t *rapid.T) types.Datum { // few values, so that rows go and come again
		if n := rapid.Int64Range(0, 2).Draw(t, "n"); n > 0 {
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
	return []types.Datum{number.Draw(t, "k"), word.Draw(t, "k2"), types.NewText("x"), number.Draw(t, "v")}
}

func subject(n *physical.Join) optest.Subject {
	return optest.Subject{Inputs: [][]types.Type{leftTypes, rightTypes}, Output: outputTypes(n),
		New: func(mem *state.Memory) (op.Operator, error) { return New(n, leftTypes, rightTypes, mem) }}
}

// TestJoin compares every kind of join with the join computed from scratch.
func TestJoin(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		n := drawNode(t)
		n.LeftAppendOnly, n.RightAppendOnly = rapid.Bool().Draw(t, "leftAppends"), rapid.Bool().Draw(t, "rightAppends")
		return optest.Property{
			Subject:    subject(n),
			Row:        func(t *rapid.T, _ int) []types.Datum { return drawRow(t) },
			AppendOnly: []bool{n.LeftAppendOnly, n.RightAppendOnly},
			Model:      func(in []*optest.ZSet) *optest.ZSet { return model(n, in[0], in[1]) },
		}
	})
}

// TestResidualFaults checks that a residual's error counts with the weight of its pair.
func TestResidualFaults(t *testing.T) {
	n := &physical.Join{Join: physical.InnerJoin, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false}, Output: []int{0}}
	n.Residual = physical.E(call("=", column(3), call("/", expr.NewConst(int8T, types.NewInt(6)), column(leftCols+3))))
	h := optest.NewHarness(t, subject(n), false)
	row := func(v, weight int64) optest.Change {
		return optest.Change{Row: []types.Datum{types.NewInt(1), types.Null, types.Null, types.NewInt(v)}, Weight: weight}
	}
	h.Push(0, row(3, 2))
	h.Push(1, row(0, 1), row(2, 1))
	h.EndStep()
	require.Equal(t, "+2 1\n", h.Out.All.String())
	require.ErrorContains(t, h.Ctx.Faults.Err(), "division by zero")
	h.Push(1, row(0, -1)) // without forgetting the faults: what is gone again is no fault
	h.EndStep()
	require.NoError(t, h.Ctx.Faults.Err())
	h.Close()
}

// TestWatermark: a join is as complete as its less complete input.
func TestWatermark(t *testing.T) {
	h := optest.NewHarness(t, subject(&physical.Join{Join: physical.InnerJoin}), false)
	h.Watermark(0, 5)
	require.EqualValues(t, op.NoWatermark, h.Out.Passed)
	h.Watermark(1, 3)
	require.EqualValues(t, 3, h.Out.Passed)
	h.Close()
}
