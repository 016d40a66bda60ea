package window

import (
	"math"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func subject(n *physical.Over) optest.Subject {
	out := append([]types.Type{}, inTypes...)
	for i := range n.Calls {
		out = append(out, n.Calls[i].Type)
	}
	return optest.Subject{Inputs: [][]types.Type{inTypes}, Output: out,
		New: func(mem *state.Memory) (op.Operator, error) { return NewOver(n, inTypes, mem) }}
}

func offset(n int64) physical.Expr { return physical.E(expr.NewConst(int8T, types.NewInt(n))) }

func offsetOf(b *physical.Bound) int64 { return b.Offset.Node.(*expr.Const).Value.I }

var defaultFrame = physical.Frame{Unit: physical.Range, Start: physical.Bound{Bound: physical.UnboundedPreceding},
	End: physical.Bound{Bound: physical.CurrentRow}}

// calls are what is drawn from; those that look at frames get a random one.
var calls = []physical.WindowCall{
	{Name: "row_number", Type: int8T},
	{Name: "rank", Type: int8T},
	{Name: "dense_rank", Type: int8T},
	{Name: "percent_rank", Type: float8T},
	{Name: "cume_dist", Type: float8T},
	{Name: "ntile", Type: int4T, Args: []int{colSmall}},
	{Name: "lag", Type: int8T, Args: []int{colValue}},
	{Name: "lead", Type: types.T(types.Text), Args: []int{colPart}},
	{Name: "lag", Type: int8T, Args: []int{colValue, colSmall}},
	{Name: "lead", Type: int8T, Args: []int{colValue, colSmall, colOrder}},
	{Name: "first_value", Type: int8T, Args: []int{colValue}},
	{Name: "last_value", Type: types.T(types.Text), Args: []int{colPart}},
	{Name: "nth_value", Type: int8T, Args: []int{colValue, colSmall}},
	{Name: "count", Type: int8T, Aggregate: true},
	{Name: "count", ArgTypes: []types.Type{types.T(types.Any)}, Type: int8T, Args: []int{colValue}, Aggregate: true},
	{Name: "sum", ArgTypes: []types.Type{int4T}, Type: int8T, Args: []int{colSmall}, Aggregate: true},
	{Name: "min", ArgTypes: []types.Type{int8T}, Type: int8T, Args: []int{colValue}, Aggregate: true},
}

func drawFrame(t *rapid.T, ordered bool) physical.Frame {
	if rapid.IntRange(0, 2).Draw(t, "default") == 0 {
		return defaultFrame
	}
	units := []physical.FrameUnit{physical.Rows, physical.Range}
	if ordered {
		units = append(units, physical.Groups)
	}
	f := physical.Frame{Unit: rapid.SampledFrom(units).Draw(t, "unit")}
	f.Exclude = rapid.SampledFrom([]physical.Exclusion{physical.ExcludeNone, physical.ExcludeNone, physical.ExcludeCurrentRow,
		physical.ExcludeGroup, physical.ExcludeTies}).Draw(t, "exclude")
	kinds := []physical.BoundKind{physical.UnboundedPreceding, physical.Preceding, physical.CurrentRow, physical.Following, physical.UnboundedFollowing}
	bound := func(from, to int) physical.Bound {
		k := rapid.IntRange(from, to).Draw(t, "bound")
		b := physical.Bound{Bound: kinds[k]}
		if !ordered && f.Unit == physical.Range && (k == 1 || k == 3) {
			b.Bound = physical.CurrentRow
		} else if k == 1 || k == 3 {
			b.Offset = offset(rapid.Int64Range(0, 3).Draw(t, "offset"))
		}
		return b
	}
	f.Start = bound(0, 3)
	least := 1
	for k, kind := range kinds {
		if kind == f.Start.Bound {
			least = max(1, k)
		}
	}
	f.End = bound(least, 4)
	return f
}

func drawRow(t *rapid.T) row {
	r := row{
		types.NewText(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "part")),
		types.NewInt(rapid.Int64Range(0, 4).Draw(t, "order")),
		types.NewInt(rapid.Int64Range(0, 3).Draw(t, "value")),
		types.NewInt(rapid.Int64Range(1, 3).Draw(t, "small")),
		types.NewBool(rapid.Bool().Draw(t, "cond")),
	}
	if c := rapid.IntRange(0, 9).Draw(t, "null"); c < len(r) {
		r[c] = types.Null
	}
	return r
}

// TestOver compares random steps with the calls computed from scratch.
func TestOver(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		n := &physical.Over{PartitionBy: []int{colPart}}
		if rapid.IntRange(0, 3).Draw(t, "whole") == 0 {
			n.PartitionBy = nil
		}
		if rapid.IntRange(0, 4).Draw(t, "ordered") > 0 {
			n.OrderBy = []physical.SortKey{{Column: colOrder, Desc: rapid.Bool().Draw(t, "desc"), NullsFirst: rapid.Bool().Draw(t, "nullsFirst")}}
		}
		for range rapid.IntRange(1, 3).Draw(t, "calls") {
			c := rapid.SampledFrom(calls).Draw(t, "call")
			c.Frame = drawFrame(t, n.OrderBy != nil)
			c.Filter = physical.NoColumn
			if c.Aggregate && rapid.IntRange(0, 2).Draw(t, "filtered") == 0 {
				c.Filter = colCond
			}
			n.Calls = append(n.Calls, c)
		}
		s := subject(n)
		return optest.Property{
			Subject: s,
			Row:     func(t *rapid.T, _ int) []types.Datum { return drawRow(t) },
			Model:   func(in []*optest.ZSet) *optest.ZSet { return model(n, in[0], optest.NewZSet(s.Output)) },
		}
	})
}

// TestRangeEnds: a bound that lies outside of the type is beyond everything.
func TestRangeEnds(t *testing.T) {
	for _, desc := range []bool{false, true} {
		c := physical.WindowCall{Name: "count", Type: int8T, Aggregate: true, Filter: physical.NoColumn, Frame: physical.Frame{Unit: physical.Range,
			Start: physical.Bound{Bound: physical.Preceding, Offset: offset(math.MaxInt64)},
			End:   physical.Bound{Bound: physical.Following, Offset: offset(math.MaxInt64)}}}
		n := &physical.Over{OrderBy: []physical.SortKey{{Column: colOrder, Desc: desc}}, Calls: []physical.WindowCall{c}}
		h := optest.NewHarness(t, subject(n), false)
		for _, x := range []int64{math.MinInt64, -2, 0, 2, math.MaxInt64} {
			h.Push(0, optest.Change{Row: row{types.Null, types.NewInt(x), types.Null, types.Null, types.Null}, Weight: 1})
		}
		h.EndStep()
		var counts []int64 // from the least value to the greatest: each has within reach what is not 2^63 away
		for _, x := range []int64{math.MinInt64, -2, 0, 2, math.MaxInt64} {
			for _, r := range h.Out.All.Rows() {
				if r.Row[colOrder].I == x {
					counts = append(counts, r.Row[len(inTypes)].I)
				}
			}
		}
		require.Equal(t, []int64{2, 4, 4, 4, 3}, counts)
		h.Close()
	}
}

// TestStateGoes: of a partition that is gone nothing is left.
func TestStateGoes(t *testing.T) {
	c := physical.WindowCall{Name: "count", Type: int8T, Aggregate: true, Filter: physical.NoColumn, Frame: defaultFrame}
	h := optest.NewHarness(t, subject(&physical.Over{PartitionBy: []int{colPart}, Calls: []physical.WindowCall{c}}), false)
	x := row{types.NewText("a"), types.Null, types.Null, types.Null, types.Null}
	h.Push(0, optest.Change{Row: x, Weight: 2})
	h.EndStep()
	h.BeginStep()
	o := h.Op.(*Over)
	require.EqualValues(t, 2, o.arr.Rows()+o.totals.arr.Rows())
	h.Push(0, optest.Change{Row: x, Weight: -2})
	h.EndStep()
	require.Zero(t, h.Out.All.Len())
	require.Zero(t, o.arr.Rows()+o.totals.arr.Rows())
	h.Close()
}

// TestFaults: a result that fails counts as often as its row is there.
func TestFaults(t *testing.T) {
	for _, name := range []string{"ntile", "nth_value"} {
		c := physical.WindowCall{Name: name, Type: int4T, Args: []int{colSmall}, Frame: defaultFrame}
		want := "argument of ntile must be greater than zero"
		if name == "nth_value" {
			c.Args, want = []int{colSmall, colSmall}, "argument of nth_value must be greater than zero"
		}
		h := optest.NewHarness(t, subject(&physical.Over{Calls: []physical.WindowCall{c}}), false)
		bad := row{types.Null, types.Null, types.Null, types.NewInt(0), types.Null}
		h.Push(0, optest.Change{Row: bad, Weight: 2})
		h.EndStep()
		require.ErrorContains(t, h.Ctx.Faults.Err(), want)
		h.Close()
	}
}
