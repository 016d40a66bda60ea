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

// freesCalls are the calls of an input (k int8, at timestamp, n int8, two int4, big bool) that is freed by at; those with a frame get one.
var freesCalls = []physical.WindowCall{
	{Name: "lag", Type: int8T, Args: []int{2}},
	{Name: "lead", Type: int8T, Args: []int{2}},
	{Name: "lag", Type: int8T, Args: []int{2, 3}, By: new(int64(2))},
	{Name: "lead", Type: int8T, Args: []int{2, 3, 0}, By: new(int64(2))},
	{Name: "row_number", Type: int8T},
	{Name: "rank", Type: int8T},
	{Name: "dense_rank", Type: int8T},
	{Name: "first_value", Type: int8T, Args: []int{2}},
	{Name: "last_value", Type: int8T, Args: []int{2}},
	{Name: "sum", ArgTypes: []types.Type{int8T}, Type: types.T(types.Numeric), Args: []int{2}, Aggregate: true},
	{Name: "count", Type: int8T, Aggregate: true},
	{Name: "min", ArgTypes: []types.Type{int8T}, Type: int8T, Args: []int{2}, Aggregate: true},
	{Name: "max", ArgTypes: []types.Type{int8T}, Type: int8T, Args: []int{2}, Aggregate: true},
}

// drawFreesFrame draws a frame that looks so far to either side, or back to the partition's first row.
func drawFreesFrame(t *rapid.T, aggregate bool) physical.Frame {
	micros := func(n int64) physical.Expr {
		return physical.E(expr.NewConst(types.T(types.Interval), types.NewInterval(0, 0, n)))
	}
	far := rapid.Int64Range(0, 4)
	f := physical.Frame{Unit: rapid.SampledFrom([]physical.FrameUnit{physical.Rows, physical.Range}).Draw(t, "unit"), End: physical.Bound{Bound: physical.CurrentRow}}
	f.Start.Bound = rapid.SampledFrom([]physical.BoundKind{physical.UnboundedPreceding, physical.Preceding}).Draw(t, "from")
	by := offset
	if f.Unit == physical.Range {
		by = micros
	}
	if f.Start.Bound == physical.Preceding {
		f.Start.Offset = by(far.Draw(t, "start"))
	}
	ends := []physical.BoundKind{physical.CurrentRow}
	if f.Start.Bound == physical.Preceding || f.Unit == physical.Rows {
		ends = append(ends, physical.Following)
	}
	if f.Start.Bound == physical.UnboundedPreceding && f.Unit == physical.Rows && aggregate {
		ends = append(ends, physical.Preceding)
	}
	if f.End.Bound = rapid.SampledFrom(ends).Draw(t, "to"); f.End.Bound != physical.CurrentRow {
		f.End.Offset = by(far.Draw(t, "end"))
	}
	return f
}

func drawFreesCalls(t *rapid.T) (calls []physical.WindowCall) {
	for range rapid.IntRange(1, 3).Draw(t, "calls") {
		c := rapid.SampledFrom(freesCalls).Draw(t, "call")
		if c.Filter = physical.NoColumn; c.Aggregate && rapid.IntRange(0, 2).Draw(t, "filtered") == 0 {
			c.Filter = 4
		}
		c.Frame = drawFreesFrame(t, c.Aggregate)
		calls = append(calls, c)
	}
	return calls
}

// TestFrees: with rows freed behind the watermark results are those of all rows, and of a partition that changes few rows stay.
func TestFrees(t *testing.T) {
	in := []types.Type{int8T, types.T(types.Timestamp), int8T, int4T, types.T(types.Bool)}
	rapid.Check(t, func(t *rapid.T) {
		calls, out := drawFreesCalls(t), in
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
				row := []types.Datum{types.NewInt(serial % 2), types.NewInt(at()), types.NewInt(serial * 37 % 101), types.NewInt(2), types.NewBool(serial%3 > 0)}
				rows = append(rows, optest.Change{Row: row, Weight: 1})
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
