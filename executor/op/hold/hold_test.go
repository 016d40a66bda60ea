package hold

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestHold compares with the rows of the windows that have closed, of those that came before.
func TestHold(t *testing.T) {
	ts := []types.Type{types.T(types.Text), types.T(types.Int8), types.T(types.Int8)}
	rapid.Check(t, func(t *rapid.T) {
		n := &physical.Hold{Keys: []int{2, 0}, End: 2}
		h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{ts}, Output: ts,
			New: func(mem *state.Memory) (op.Operator, error) { return New(n, ts, mem), nil }}, false)
		in, watermark := optest.NewZSet(ts), int64(op.NoWatermark)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "restore") {
				h.Restore()
				if watermark != op.NoWatermark {
					h.Watermark(0, watermark)
				}
			}
			h.BeginStep()
			for range rapid.IntRange(0, 8).Draw(t, "rows") {
				c := optest.Change{Weight: 1}
				if old := in.Rows(); len(old) > 0 && rapid.IntRange(0, 2).Draw(t, "retract") == 0 {
					c.Row, c.Weight = rapid.SampledFrom(old).Draw(t, "old").Row, -1
				} else {
					c.Row = []types.Datum{types.NewText(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key")),
						types.NewInt(rapid.Int64Range(0, 1).Draw(t, "x")), types.NewInt(rapid.Int64Range(1, 9).Draw(t, "end"))}
				}
				h.Push(0, c)
				if c.Row[2].I > watermark {
					in.Add(c.Row, c.Weight)
				}
			}
			if w := rapid.Int64Range(0, 10).Draw(t, "watermark"); w > watermark {
				watermark = w
				h.Watermark(0, w)
			}
			h.EndStep()
			want := optest.NewZSet(ts)
			for _, c := range in.Rows() {
				if c.Row[2].I <= watermark {
					want.Add(c.Row, c.Weight)
				}
			}
			require.Equal(t, want.String(), h.Out.All.String())
		}
		h.Close()
	})
}
