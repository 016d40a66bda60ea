package agg

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/executor/op/session"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestSessions compares with an aggregation of what the Session operator gives: each of its rows with the bounds of its session.
func TestSessions(t *testing.T) {
	timeT := types.T(types.Timestamp)
	in := []types.Type{text, timeT, int4, int8T, int8T} // a key, a time, a value, the stamp
	rows := []types.Type{text, timeT, int4, timeT, timeT}
	rapid.Check(t, func(t *rapid.T) {
		n := &physical.SessionAggregate{Session: physical.Session{Time: 1, Epochs: true, Gap: rapid.Int64Range(1, 6).Draw(t, "gap"), AppendOnly: true,
			Closes: rapid.IntRange(0, 3).Draw(t, "closes") > 0}}
		n.EmitOnClose = n.Closes && rapid.Bool().Draw(t, "emit on close")
		group, out := &physical.Aggregate{Keys: []int{3, 4}}, []types.Type{timeT, timeT}
		if rapid.Bool().Draw(t, "partitioned") {
			n.PartitionBy = []int{0}
			group.Keys, out = []int{0, 3, 4}, []types.Type{text, timeT, timeT}
		}
		for range rapid.IntRange(0, 3).Draw(t, "calls") {
			c := rapid.SampledFrom(sliceCalls).Draw(t, "call")
			n.Calls, group.Calls, out = append(n.Calls, c), append(group.Calls, c), append(out, c.Type)
		}
		once := !n.Closes && rapid.Bool().Draw(t, "once")
		h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: out,
			New: func(mem *state.Memory) (op.Operator, error) { return NewSessions(n, in, mem) }}, once)
		plain := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: rows,
			New: func(mem *state.Memory) (op.Operator, error) { return session.New(&n.Session, in, mem) }}, false)
		watermark := int64(op.NoWatermark)
		steps := 1
		if !once {
			steps = rapid.IntRange(1, 8).Draw(t, "steps")
		}
		for range steps {
			if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
				h.Restore()
			}
			h.BeginStep()
			plain.BeginStep()
			for epoch := range rapid.Int64Range(0, 3).Draw(t, "epochs") {
				if once {
					epoch = 0 // the rows of a query's only step are of one
				}
				for range rapid.IntRange(0, 6).Draw(t, "rows") {
					c := optest.Change{Weight: rapid.Int64Range(1, 2).Draw(t, "weight"), Row: []types.Datum{types.NewText(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key")),
						types.NewInt(rapid.Int64Range(0, 40).Draw(t, "at")), types.NewInt(rapid.Int64Range(0, 9).Draw(t, "v")), types.NewInt(watermark), types.NewInt(epoch)}}
					h.Push(0, c)
					plain.Push(0, c)
				}
				if w := rapid.Int64Range(0, 45).Draw(t, "watermark"); n.Closes {
					watermark = max(watermark, w)
				}
			}
			if watermark != op.NoWatermark {
				h.Watermark(0, watermark)
				plain.Watermark(0, watermark)
			}
			h.EndStep()
			plain.EndStep()
			require.Equal(t, model(group, plain.Out.All, out).String(), h.Out.All.String())
			require.Equal(t, plain.Ctx.LateRows, h.Ctx.LateRows)
		}
		h.Close()
		plain.Close()
	})
}
