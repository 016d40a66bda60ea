package window

import (
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

// drawLimitedCalls draws calls that look so far to either side, of an input (k int8, at timestamp, n int8) by at.
func drawLimitedCalls(t *rapid.T) (calls []physical.WindowCall) {
	micros := func(n int64) physical.Expr {
		return physical.E(expr.NewConst(types.T(types.Interval), types.NewInterval(0, 0, n)))
	}
	frame := func(unit physical.FrameUnit, by func(int64) physical.Expr) physical.Frame {
		far := rapid.Int64Range(0, 4)
		f := physical.Frame{Unit: unit, Start: physical.Bound{Bound: physical.Preceding, Offset: by(far.Draw(t, "start"))}, End: physical.Bound{Bound: physical.CurrentRow}}
		if rapid.Bool().Draw(t, "following") {
			f.End = physical.Bound{Bound: physical.Following, Offset: by(far.Draw(t, "end"))}
		}
		return f
	}
	for range rapid.IntRange(1, 3).Draw(t, "calls") {
		c := physical.WindowCall{Name: "sum", ArgTypes: []types.Type{int8T}, Type: types.T(types.Numeric), Args: []int{2}, Filter: physical.NoColumn, Aggregate: true}
		switch rapid.IntRange(0, 4).Draw(t, "call") {
		case 0:
			c = physical.WindowCall{Name: "lag", Type: int8T, Args: []int{2}}
		case 1:
			c = physical.WindowCall{Name: "lead", Type: int8T, Args: []int{2}}
		case 2:
			c = physical.WindowCall{Name: "first_value", Type: int8T, Args: []int{2}, Frame: frame(physical.Rows, offset)}
		case 3:
			c.Frame = frame(physical.Rows, offset)
		case 4:
			c.Frame = frame(physical.Range, micros)
		}
		calls = append(calls, c)
	}
	return calls
}

// TestFrees: with rows freed behind the watermark results are those of all rows, and of a partition that changes few rows stay.
func TestFrees(t *testing.T) {
	in := []types.Type{int8T, types.T(types.Timestamp), int8T}
	rapid.Check(t, func(t *rapid.T) {
		calls, out := drawLimitedCalls(t), in
		for _, c := range calls {
			out = append(out[:len(out):len(out)], c.Type)
		}
		harness := func(frees bool) *optest.Harness {
			n := &physical.Over{PartitionBy: []int{0}, OrderBy: []physical.SortKey{{Column: 1}}, AppendOnly: true, Calls: calls, Frees: frees}
			return optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: out,
				New: func(mem *state.Memory) (op.Operator, error) { return NewOver(n, in, mem) }}, false)
		}
		freeing, keeping := harness(true), harness(false)
		watermark, serial := int64(0), int64(0)
		step := func(n int, at func() int64) {
			var rows []optest.Change
			for range n {
				serial++
				rows = append(rows, optest.Change{Row: []types.Datum{types.NewInt(serial % 2), types.NewInt(at()), types.NewInt(serial)}, Weight: 1})
			}
			for _, h := range []*optest.Harness{freeing, keeping} {
				h.BeginStep()
				h.Push(0, rows...)
				h.Watermark(0, watermark)
				h.EndStep()
			}
			require.Equal(t, keeping.Out.All.String(), freeing.Out.All.String())
		}
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
				freeing.Restore()
			}
			least := watermark
			watermark += rapid.Int64Range(0, 30).Draw(t, "rise")
			step(rapid.IntRange(0, 60).Draw(t, "rows"), func() int64 { return least + rapid.Int64Range(0, 40).Draw(t, "at") })
		}
		watermark += 1000
		step(2, func() int64 { return watermark })
		require.Less(t, freeing.Op.(*Over).arr.Rows(), int64(2*(freeAtLeast+10)))
		freeing.Close()
		keeping.Close()
	})
}
