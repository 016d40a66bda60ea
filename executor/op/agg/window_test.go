package agg

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// windowTypes are a window's end, a key and a value.
var windowTypes = []types.Type{int8T, text, int4}

// windowRun is a random aggregation of windows, beside the rows that it should have taken.
type windowRun struct {
	n         *physical.Aggregate
	out       []types.Type
	h         *optest.Harness
	rows      *optest.ZSet
	watermark int64
}

// TestWindows compares random aggregations of windows with the model: with EMIT CHANGES over all rows that came before their window
// closed, with EMIT ON WINDOW CLOSE over those of closed windows.
func TestWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &windowRun{rows: optest.NewZSet(windowTypes), watermark: op.NoWatermark}
		r.n = &physical.Aggregate{Keys: []int{1, 0}, WindowEnd: 1, WindowStart: physical.NoColumn, EmitOnClose: rapid.Bool().Draw(t, "emitOnClose"),
			AppendOnly: rapid.Bool().Draw(t, "appendOnly")}
		r.out = []types.Type{text, int8T}
		for range rapid.IntRange(0, 3).Draw(t, "calls") {
			c := rapid.SampledFrom(windowCalls).Draw(t, "call")
			r.n.Calls, r.out = append(r.n.Calls, c), append(r.out, c.Type)
		}
		r.h = optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{windowTypes}, Output: r.out,
			New: phases(t, r.n, windowTypes)}, false)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
				r.h.Restore()
				r.h.Watermark(0, r.watermark)
			}
			r.h.BeginStep()
			for range rapid.IntRange(0, 3).Draw(t, "epochs") {
				r.epoch(t)
			}
			r.h.EndStep()
			require.Equal(t, r.want().String(), r.h.Out.All.String())
		}
		r.h.Close()
	})
}

var windowCalls = []physical.AggCall{
	{Name: "count", Filter: physical.NoColumn, Type: int8T},
	{Name: "max", ArgTypes: []types.Type{int4}, Args: []int{2}, Filter: physical.NoColumn, Type: int4},
	{Name: "count", ArgTypes: []types.Type{types.T(types.Any)}, Args: []int{2}, Filter: physical.NoColumn, Type: int8T, Distinct: true},
	{Name: "array_agg", ArgTypes: []types.Type{types.T(types.AnyElement)}, Args: []int{2}, Filter: physical.NoColumn, Type: types.ArrayOf(int4)},
}

// epoch pushes rows, some of windows that have closed, and moves the watermark.
func (r *windowRun) epoch(t *rapid.T) {
	for range rapid.IntRange(0, 4).Draw(t, "rows") {
		c := optest.Change{Weight: 1}
		old := r.rows.Rows()
		if !r.n.AppendOnly && len(old) > 0 && rapid.IntRange(0, 2).Draw(t, "retract") == 0 {
			c.Row, c.Weight = rapid.SampledFrom(old).Draw(t, "old").Row, -1
		} else {
			c.Row = []types.Datum{types.NewInt(rapid.Int64Range(1, 6).Draw(t, "window")), types.NewText(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key")),
				types.NewInt(rapid.Int64Range(1, 3).Draw(t, "value"))}
		}
		r.h.Push(0, c)
		if c.Row[0].I > r.watermark { // else it comes too late
			r.rows.Add(c.Row, c.Weight)
		}
	}
	if w := rapid.Int64Range(0, 7).Draw(t, "watermark"); w > r.watermark {
		if r.watermark = w; w == 7 {
			r.watermark = op.EndOfTime
		}
		r.h.Watermark(0, r.watermark)
		require.Equal(t, r.watermark, r.h.Out.Passed)
	}
}

func (r *windowRun) want() *optest.ZSet {
	shown := optest.NewZSet(windowTypes)
	for _, c := range r.rows.Rows() {
		if !r.n.EmitOnClose || c.Row[0].I <= r.watermark {
			shown.Add(c.Row, c.Weight)
		}
	}
	return model(r.n, shown, r.out)
}
