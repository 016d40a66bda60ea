package agg

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
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

// TestNumbers: every group has a number of its own, in its key group, that it keeps over restores; values are stored by it.
func TestNumbers(t *testing.T) {
	in := []types.Type{text, int8T}
	n := &physical.Aggregate{Keys: []int{0}, AppendOnly: true, WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn}
	n.Calls = []physical.AggCall{{Name: "count", ArgTypes: []types.Type{types.T(types.Any)}, Args: []int{1}, Filter: physical.NoColumn, Type: int8T, Distinct: true}}
	h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: []types.Type{text, int8T},
		New: func(mem *state.Memory) (op.Operator, error) { return New(n, in, mem) }}, false)
	known := map[string]int64{}
	for round := range 5 {
		for g := range 20 + 20*round {
			h.Push(0, optest.Change{Row: []types.Datum{types.NewText(fmt.Sprintf("group %d", g)), types.NewInt(int64(round))}, Weight: 1})
		}
		h.EndStep()
		a := h.Op.(*Aggregate)
		used, scan := map[int64]bool{}, state.Scan{}
		a.groups.whole.Scan(&scan, -1)
		for ok, err := scan.Next(); ok; ok, err = scan.Next() {
			require.NoError(t, err)
			for i := range scan.Batch.N {
				key, number := scan.Batch.Cols[0].Datum(i), scan.Batch.Cols[a.numberColumn()].I64[i]
				require.False(t, used[number], "two groups have one number")
				used[number] = true
				require.EqualValues(t, state.GroupOf(vec.HashDatums(in[:1], []types.Datum{key})), number>>groupShift)
				if old, ok := known[string(key.B)]; ok {
					require.Equal(t, old, number)
				}
				known[string(key.B)] = number
			}
		}
		require.Len(t, known, 20+20*round)
		h.Restore()
		h.BeginStep()
	}
	require.Equal(t, 100, h.Out.All.Len())
	h.Close()
}
