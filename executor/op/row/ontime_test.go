package row

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
)

// TestOnTime: rows behind the watermark in force, less what is allowed, are left out and counted; others pass, those without a time too.
func TestOnTime(t *testing.T) {
	for _, allowed := range []int64{0, 5} {
		h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{timed2}, Output: timed2,
			New: func(*state.Memory) (op.Operator, error) {
				return NewOnTime(&physical.OnTime{Time: 1, Allowed: allowed}), nil
			}}, false)
		var late []int64
		h.Ctx.Late = func(b *vec.Batch, rows []int32, watermark int64) {
			require.EqualValues(t, 100, watermark)
			for _, i := range rows {
				late = append(late, b.Cols[1].I64[i])
			}
		}
		row := func(at types.Datum) optest.Change {
			return optest.Change{Row: []types.Datum{types.NewInt(1), at}, Weight: 1}
		}
		h.Push(0, row(types.NewInt(1)), row(types.Null)) // nothing is late before there is a watermark
		h.Watermark(0, 100)
		require.Equal(t, 100-allowed, h.Out.Passed)
		least := 100 - allowed
		h.Push(0, row(types.NewInt(least-1)), row(types.NewInt(least)), row(types.Null), row(types.NewInt(200)))
		h.Push(0, row(types.NewInt(7)))
		h.Watermark(0, 50) // it does not fall
		h.Push(0, row(types.NewInt(least)))
		require.Equal(t, []int64{least - 1, 7}, late)
		require.EqualValues(t, 2, h.Ctx.LateRows)
		want := optest.NewZSet(timed2)
		for _, at := range []types.Datum{types.NewInt(1), types.Null, types.NewInt(least), types.Null, types.NewInt(200), types.NewInt(least)} {
			want.Add(row(at).Row, 1)
		}
		require.Equal(t, want.String(), h.Out.All.String())
		h.Watermark(0, op.EndOfTime)
		h.BeginStep()
		h.Ctx.Late = nil
		h.Push(0, row(types.NewInt(1000)))
		require.EqualValues(t, 1, h.Ctx.LateRows)
		h.Close()
	}
}
