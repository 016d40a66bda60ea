package agg

import (
	"fmt"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
)

func oneCall(name string, t, ret types.Type) *physical.Aggregate {
	return &physical.Aggregate{Keys: []int{0}, AppendOnly: true, WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn,
		Calls: []physical.AggCall{{Name: name, ArgTypes: []types.Type{t}, Args: []int{1}, Filter: physical.NoColumn, Type: ret}}}
}

// TestStringsAreCompacted: a state of varying length is written anew with each change, and what it leaves behind is dropped.
func TestStringsAreCompacted(t *testing.T) {
	in := []types.Type{int8T, text}
	var a *Aggregate
	h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: in, New: func(mem *state.Memory) (op.Operator, error) {
		var err error
		a, err = New(oneCall("max", text, text), in, mem)
		return a, err
	}}, false)
	last := ""
	for i := range 2000 {
		last = fmt.Sprintf("%06d", i) + strings.Repeat("x", 200)
		for key := range int64(3) {
			h.Push(0, optest.Change{Row: []types.Datum{types.NewInt(key), types.NewText(last)}, Weight: 1})
		}
		require.Less(t, len(a.scratch.state[0].Data), 3*minStrings)
	}
	h.EndStep()
	require.Equal(t, fmt.Sprintf("+1 0 | %[1]s\n+1 1 | %[1]s\n+1 2 | %[1]s\n", last), h.Out.Step.String())
	h.Close()
}

// TestRowFaults: a row that a function's step cannot take is a fault with the row's weight.
func TestRowFaults(t *testing.T) {
	in := []types.Type{int8T, numeric}
	h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: in,
		New: func(mem *state.Memory) (op.Operator, error) { return New(oneCall("sum", numeric, numeric), in, mem) }}, false)
	huge := optest.Value(t, numeric, "9"+strings.Repeat("0", 131071))
	h.Push(0, optest.Change{Row: []types.Datum{types.NewInt(1), huge}, Weight: 1})
	h.EndStep()
	require.NoError(t, h.Ctx.Faults.Err())
	h.BeginStep()
	h.Push(0, optest.Change{Row: []types.Datum{types.NewInt(1), huge}, Weight: 1}, optest.Change{Row: []types.Datum{types.NewInt(1), huge}, Weight: 1})
	h.EndStep()
	require.Error(t, h.Ctx.Faults.Err())
	h.Close()
}

// TestSteadyState: steps over groups that are known allocate nothing for their rows.
func TestSteadyState(t *testing.T) {
	a, err := New(countAndMax(false), benchTypes, state.NewMemory(nil))
	require.NoError(t, err)
	require.NoError(t, a.Open(&op.Context{Faults: &op.Faults{}}))
	batches := benchBatches(50, 8)
	step := func() {
		for _, b := range batches {
			require.NoError(t, a.Push(0, b, discard{}))
		}
		require.NoError(t, a.EndStep(discard{}))
	}
	step()
	require.Less(t, testing.AllocsPerRun(20, step), 50.0) // of 8,192 rows
	a.Close()
}
