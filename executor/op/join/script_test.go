package join

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

// TestScripts runs joins of (k int8, s text) with (k int8, s text): "operator kind [nulls] [notin] [cross] [less]", where
// less is the residual left.s < right.s.
func TestScripts(t *testing.T) {
	side := []types.Type{int8T, text}
	optest.Script(t, "testdata/join", func(_ *testing.T, d *datadriven.TestData) optest.Subject {
		n := &physical.Join{Join: physical.JoinKind(d.CmdArgs[0].Key), LeftKeys: []int{0}, RightKeys: []int{0},
			NullsEqual: []bool{d.HasArg("nulls")}, NullAware: d.HasArg("notin"), Output: []int{0, 1, 2, 3},
			LeftAppendOnly: d.HasArg("appends"), RightAppendOnly: d.HasArg("appends")}
		if d.HasArg("cross") {
			n.LeftKeys, n.RightKeys, n.NullsEqual = nil, nil, nil
		}
		if d.HasArg("less") {
			n.Residual = physical.E(call("<", expr.NewColumn(1, text, ""), expr.NewColumn(3, text, "")))
		}
		out := []types.Type{int8T, text, int8T, text}
		if n.Join == physical.SemiJoin || n.Join == physical.AntiJoin {
			n.Output, out = n.Output[:2], out[:2]
		}
		return optest.Subject{Inputs: [][]types.Type{side, side}, Output: out,
			New: func(mem *state.Memory) (op.Operator, error) { return New(n, side, side, mem) }}
	})
}
