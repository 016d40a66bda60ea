package window

import (
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// TestScripts runs calls over (k text, at timestamp, n int8), partitioned by k and ordered by at.
func TestScripts(t *testing.T) {
	timestamp := types.T(types.Timestamp)
	ts := []types.Type{types.T(types.Text), timestamp, int8T}
	current := physical.Bound{Bound: physical.CurrentRow}
	minute := physical.E(expr.NewConst(types.T(types.Interval), types.NewInterval(0, 0, 60_000_000)))
	over := func(unit physical.FrameUnit, start physical.Bound) physical.Frame {
		return physical.Frame{Unit: unit, Start: start, End: current}
	}
	count := func(f physical.Frame) physical.WindowCall {
		return physical.WindowCall{Name: "count", Type: int8T, Aggregate: true, Filter: physical.NoColumn, Frame: f}
	}
	calls := map[string]physical.WindowCall{
		"row_number": {Name: "row_number", Type: int8T},
		"rank":       {Name: "rank", Type: int8T},
		"lag":        {Name: "lag", Type: int8T, Args: []int{2}},
		"running":    count(over(physical.Range, physical.Bound{Bound: physical.UnboundedPreceding})),
		"last_three": count(over(physical.Rows, physical.Bound{Bound: physical.Preceding, Offset: offset(2)})),
		"minute":     count(over(physical.Range, physical.Bound{Bound: physical.Preceding, Offset: minute})),
	}
	optest.Script(t, "testdata/over", func(t *testing.T, d *datadriven.TestData) optest.Subject {
		n := &physical.Over{PartitionBy: []int{0}, OrderBy: []physical.SortKey{{Column: 1}}}
		out := ts
		for _, a := range d.CmdArgs {
			n.Calls = append(n.Calls, calls[a.Key])
			out = append(out[:len(out):len(out)], calls[a.Key].Type)
		}
		return optest.Subject{Inputs: [][]types.Type{ts}, Output: out,
			New: func(mem *state.Memory) (op.Operator, error) { return NewOver(n, ts, mem) }}
	})
}
