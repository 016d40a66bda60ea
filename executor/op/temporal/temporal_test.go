package temporal

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

var (
	timeT   = types.T(types.Timestamp)
	inTypes = []types.Type{types.T(types.Int8), timeT, timeT}
)

// bounds are the nodes with either bound and with both.
var bounds = map[string]*physical.Temporal{
	"from": {From: 1, To: physical.NoColumn, Keys: []int{0}},
	"to":   {From: physical.NoColumn, To: 2, Keys: []int{0, 1, 2}},
	"both": {From: 1, To: 2, Keys: []int{0}},
}

func subject(n *physical.Temporal) optest.Subject {
	return optest.Subject{Inputs: [][]types.Type{inTypes}, Output: inTypes,
		New: func(mem *state.Memory) (op.Operator, error) { return New(n, inTypes, mem), nil }}
}

// there is the definition: the row is there when the clock shows now.
func there(n *physical.Temporal, row []types.Datum, now int64) bool {
	if n.From != physical.NoColumn && (row[n.From].Null || row[n.From].I > now) {
		return false
	}
	return n.To == physical.NoColumn || !row[n.To].Null && row[n.To].I > now
}

// TestAgainstDefinition: after every step the output is the rows that are there by the clock, whatever came and went and was restored; and
// nothing changes before Due.
func TestAgainstDefinition(t *testing.T) {
	for name, n := range bounds {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := optest.NewHarness(t, subject(n), false)
				defer h.Close()
				in, out := optest.NewZSet(inTypes), optest.NewZSet(inTypes)
				time := rapid.Custom(func(t *rapid.T) types.Datum {
					if rapid.IntRange(0, 9).Draw(t, "null") == 0 {
						return types.Null
					}
					return types.NewInt(rapid.Int64Range(0, 40).Draw(t, "time"))
				})
				for range rapid.IntRange(1, 12).Draw(t, "steps") {
					h.BeginStep()
					due, before := h.Op.(op.Clocked).Due(), h.Ctx.Time
					h.Ctx.Time += rapid.Int64Range(0, 8).Draw(t, "passes")
					changes := draw(t, in, time)
					for _, c := range changes {
						h.Push(0, c)
					}
					h.EndStep()
					if len(changes) == 0 && before > 0 && h.Ctx.Time < due {
						require.Zero(t, h.Out.Step.Len(), "it was due at %d, and the clock shows %d", due, h.Ctx.Time)
					}
					for _, c := range h.Out.Step.Rows() {
						out.Add(c.Row, c.Weight)
					}
					require.Equal(t, filtered(n, in, h.Ctx.Time).String(), out.String())
					if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
						restore(t, h)
					}
				}
			})
		})
	}
}

// restore moves the state to a new operator, which ends a step without input and time, to pass on watermarks.
func restore(t *rapid.T, h *optest.Harness) {
	h.Restore()
	at := h.Ctx.Time
	h.BeginStep()
	h.Ctx.Time = 0
	h.EndStep()
	require.Zero(t, h.Out.Step.Len())
	h.Ctx.Time = at
}

// draw draws rows that come, and some that go.
func draw(t *rapid.T, in *optest.ZSet, time *rapid.Generator[types.Datum]) (out []optest.Change) {
	for range rapid.IntRange(0, 4).Draw(t, "inserts") {
		row := []types.Datum{types.NewInt(rapid.Int64Range(0, 3).Draw(t, "k")), time.Draw(t, "from"), time.Draw(t, "to")}
		out = append(out, optest.Change{Row: row, Weight: 1})
		in.Add(row, 1)
	}
	if rows := in.Rows(); len(rows) > 0 && rapid.Bool().Draw(t, "delete") {
		row := rapid.SampledFrom(rows).Draw(t, "gone").Row
		out = append(out, optest.Change{Row: row, Weight: -1})
		in.Add(row, -1)
	}
	return out
}

func filtered(n *physical.Temporal, in *optest.ZSet, now int64) *optest.ZSet {
	out := optest.NewZSet(inTypes)
	for _, c := range in.Rows() {
		if there(n, c.Row, now) {
			out.Add(c.Row, c.Weight)
		}
	}
	return out
}

// TestStateIsFreed: what has expired is kept nowhere.
func TestStateIsFreed(t *testing.T) {
	h := optest.NewHarness(t, subject(bounds["both"]), false)
	defer h.Close()
	for i := range int64(5000) {
		h.Push(0, optest.Change{Row: []types.Datum{types.NewInt(i), types.NewInt(10), types.NewInt(20 + i%7)}, Weight: 1})
	}
	h.Ctx.Time = 5
	h.EndStep()
	require.Equal(t, int64(10), h.Op.(op.Clocked).Due())
	h.Ctx.Time = 30
	h.EndStep()
	require.Zero(t, h.Out.Step.Len())
	require.Equal(t, int64(op.EndOfTime), h.Op.(op.Clocked).Due())
	for _, s := range h.Op.(op.Stateful).State() {
		require.Zero(t, s.(*state.Ordered).Rows())
	}
}
