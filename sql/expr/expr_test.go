package expr_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// TestManyArms: chains of 100,000 arms are built, folded, encoded, compiled and run without using the stack.
func TestManyArms(t *testing.T) {
	const arms = 100_000
	a := expr.NewColumn(0, int8T, "a")
	var eq, ne []expr.Node
	for i := range arms {
		k := expr.NewConst(int8T, types.NewInt(int64(i)))
		eq, ne = append(eq, op("=", a, k)), append(ne, op("<>", a, k))
	}
	batch := &vec.Batch{N: 3, Cols: []*vec.Vector{ints(3, func(i int) int64 { return []int64{7, arms + 1, arms - 1}[i] })}}
	for _, c := range []struct {
		node expr.Node
		want []int32
	}{{expr.NewOr(eq...), []int32{0, 2}}, {expr.NewAnd(ne...), []int32{1}}} {
		n := expr.Fold(c.node)
		enc, err := expr.Encode(n)
		require.NoError(t, err)
		n, err = expr.Decode(enc)
		require.NoError(t, err)
		require.True(t, expr.Equal(n, c.node))
		p, err := expr.Compile(n)
		require.NoError(t, err)
		require.Equal(t, c.want, p.Filter(&expr.Ctx{}, batch))
		v := p.Eval(&expr.Ctx{}, batch)
		for i := range int32(3) {
			require.Equal(t, len(c.want) > 0 && (i == c.want[0] || i == c.want[len(c.want)-1]), v.Bool[i] != 0)
		}
	}
}

// randomPredicate is a predicate over two nullable bigint columns that fails for some rows (a division by b).
func randomPredicate(t *rapid.T, depth int) expr.Node {
	a, b := expr.NewColumn(0, int8T, "a"), expr.NewColumn(1, int8T, "b")
	k := expr.NewConst(int8T, types.NewInt(rapid.Int64Range(-3, 3).Draw(t, "k")))
	if depth == 0 {
		left := []expr.Node{a, b, op("+", a, b), op("/", a, b), op("%", k, b)}[rapid.IntRange(0, 4).Draw(t, "left")]
		return op(rapid.SampledFrom([]string{"=", "<>", "<", "<=", ">", ">="}).Draw(t, "op"), left, k)
	}
	arms := make([]expr.Node, rapid.IntRange(2, 4).Draw(t, "arms"))
	for i := range arms {
		arms[i] = randomPredicate(t, depth-1)
	}
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return expr.NewAnd(arms...)
	case 1:
		return expr.NewOr(arms...)
	case 2:
		return expr.NewNot(arms[0])
	case 3:
		return expr.NewCase(types.T(types.Bool), []expr.When{{Cond: arms[0], Result: arms[1]}}, arms[len(arms)-1])
	case 4:
		return expr.IsNull(arms[0])
	}
	return expr.NewCoalesce(types.T(types.Bool), arms)
}

// TestRowByRow: a batch under a selection gives what each of its rows gives alone, errors included; the filter agrees.
func TestRowByRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := randomPredicate(t, rapid.IntRange(0, 3).Draw(t, "depth"))
		rows := rapid.IntRange(1, 80).Draw(t, "rows")
		cols := []*vec.Vector{vec.New(int8T, rows), vec.New(int8T, rows)}
		var sel []int32
		for i := range rows {
			for _, c := range cols {
				if rapid.IntRange(0, 4).Draw(t, "null") == 0 {
					c.Append(types.Null)
				} else {
					c.Append(types.NewInt(rapid.Int64Range(-3, 3).Draw(t, "v")))
				}
			}
			if rapid.Bool().Draw(t, "selected") {
				sel = append(sel, int32(i))
			}
		}
		if sel == nil {
			sel = []int32{}
		}
		p, err := expr.Compile(n)
		require.NoError(t, err)
		folded, err := expr.Compile(expr.Fold(n))
		require.NoError(t, err)
		var errs, foldedErrs, filterErrs expr.Errors
		v := p.EvalRows(&expr.Ctx{Fail: errs.Fail}, cols, rows, sel)
		fv := folded.EvalRows(&expr.Ctx{Fail: foldedErrs.Fail}, cols, rows, sel)
		want := []int32{}
		for _, i := range sel {
			d, err := rowAlone(n, cols, int(i))
			require.Equal(t, sqlerr.CodeOf(err), sqlerr.CodeOf(errs.Row(i)), "row %d of %s", i, n)
			require.Equal(t, sqlerr.CodeOf(err), sqlerr.CodeOf(foldedErrs.Row(i)), "row %d of %s", i, n)
			if err != nil {
				continue
			}
			require.Equal(t, d, v.Datum(int(i)), "row %d of %s", i, n)
			require.Equal(t, d, fv.Datum(int(i)), "row %d of %s", i, n)
			if !d.Null && d.Bool() {
				want = append(want, i)
			}
		}
		got := p.FilterRows(&expr.Ctx{Fail: filterErrs.Fail}, cols, rows, sel)
		kept := []int32{}
		for _, i := range got {
			if errs.Row(i) == nil {
				kept = append(kept, i)
			}
		}
		require.Equal(t, want, kept, n.String())
	})
}

func rowAlone(n expr.Node, cols []*vec.Vector, i int) (types.Datum, error) {
	return expr.Value(expr.Rewrite(n, func(m expr.Node) expr.Node {
		if c, ok := m.(*expr.Column); ok {
			return expr.NewConst(c.Typ, cols[c.Index].Datum(i))
		}
		return m
	}), &expr.Ctx{})
}

func TestTree(t *testing.T) {
	a, b := expr.NewColumn(3, int8T, "a"), expr.NewColumn(1, int8T, "b")
	sum := op("+", a, b)
	require.Equal(t, "(a + b) > 5", op(">", sum, expr.NewConst(int8T, types.NewInt(5))).String())
	require.Equal(t, []int{1, 3}, expr.ColumnsUsed(sum, a))
	moved := expr.MapColumns(sum, func(i int) int { return i + 1 })
	require.Equal(t, []int{2, 4}, expr.ColumnsUsed(moved))
	require.False(t, expr.Equal(sum, moved))
	require.True(t, expr.Equal(sum, expr.MapColumns(moved, func(i int) int { return i - 1 })))
	require.Same(t, sum, expr.Rewrite(sum, func(n expr.Node) expr.Node { return n }), "an unchanged tree is shared")
	require.Equal(t, fn.Stable, expr.Volatility(expr.NewAnd(expr.Bool(true), expr.IsNull(expr.NewCall(fn.Find("now", nil))))))
	require.Equal(t, fn.Volatile, expr.Volatility(expr.NewCall(fn.Find("random", nil))))
}

// TestFoldLeavesErrors: what fails stays to be evaluated, and only where a row gets there.
func TestFoldLeavesErrors(t *testing.T) {
	one, zero := expr.NewConst(int8T, types.NewInt(1)), expr.NewConst(int8T, types.NewInt(0))
	div := op("/", one, zero)
	require.Same(t, div, expr.Fold(div))
	guarded := expr.NewCase(int8T, []expr.When{{Cond: op("=", expr.NewColumn(0, int8T, "a"), one), Result: div}}, zero)
	p, err := expr.Compile(expr.Fold(guarded))
	require.NoError(t, err)
	var errs expr.Errors
	v := p.EvalRows(&expr.Ctx{Fail: errs.Fail}, []*vec.Vector{ints(3, func(i int) int64 { return int64(i) })}, 3, nil)
	require.Equal(t, []int32{1}, errs.Rows())
	require.Equal(t, sqlerr.DivisionByZero, sqlerr.CodeOf(errs.First()))
	require.Equal(t, int64(0), v.I64[0])
}

func FuzzDecode(f *testing.F) {
	enc, err := expr.Encode(op("+", expr.NewColumn(0, int8T, "a"), expr.NewConst(int8T, types.NewInt(1))))
	require.NoError(f, err)
	f.Add(enc)
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := expr.Decode(b)
		if err == nil {
			again, err := expr.Encode(n)
			require.NoError(t, err)
			dec, err := expr.Decode(again)
			require.NoError(t, err)
			require.True(t, expr.Equal(n, dec))
		}
	})
}
