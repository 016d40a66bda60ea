package agg

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
)

// TestManyFilters: more calls than a word has bits, each with a filter of its own, count right whether rows only come or go too.
func TestManyFilters(t *testing.T) {
	const filters = maxSets + 3
	in, out := []types.Type{int8T}, []types.Type{}
	n := &physical.Aggregate{Global: true, WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn}
	for k := range filters {
		in, out = append(in, boolean), append(out, int8T)
		n.Calls = append(n.Calls, physical.AggCall{Name: "count", ArgTypes: []types.Type{types.T(types.Any)}, Args: []int{0}, Filter: 1 + k, Type: int8T, Distinct: true})
	}
	for _, appendOnly := range []bool{true, false} {
		n.AppendOnly = appendOnly
		h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: out,
			New: func(mem *state.Memory) (op.Operator, error) { return New(n, in, mem) }}, false)
		for i := range filters { // value i passes the filters from i on, so that filter k has seen k+1 values
			row := []types.Datum{types.NewInt(int64(i))}
			for k := range filters {
				row = append(row, types.NewBool(k >= i))
			}
			h.Push(0, optest.Change{Row: row, Weight: 2})
			if i%10 == 0 {
				h.EndStep()
				h.BeginStep()
			}
		}
		h.EndStep()
		rows := h.Out.All.Rows()
		require.Len(t, rows, 1)
		for k, d := range rows[0].Row {
			require.EqualValues(t, k+1, d.I)
		}
		require.Len(t, h.Op.(op.Stateful).State(), 3) // the groups, and twice the values
		h.Close()
	}
}
