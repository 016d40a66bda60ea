package window

import (
	"slices"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"pgregory.net/rapid"
)

// TestClosing: the partitions of windows that have closed are freed, with the totals of their running sums.
func TestClosing(t *testing.T) {
	in, out := []types.Type{int8T, int4T}, []types.Type{int8T, int4T, int8T, int8T}
	optest.Check(t, func(t *rapid.T) optest.Property {
		rows := defaultFrame
		rows.Unit = physical.Rows
		n := &physical.Over{PartitionBy: []int{0}, OrderBy: []physical.SortKey{{Column: 1}}, Closing: &physical.Closing{End: 0},
			AppendOnly: rapid.Bool().Draw(t, "append-only"), Calls: []physical.WindowCall{{Name: "row_number", Type: int8T, Filter: physical.NoColumn, Frame: defaultFrame},
				{Name: "sum", ArgTypes: []types.Type{int4T}, Type: int8T, Args: []int{1}, Filter: physical.NoColumn, Aggregate: true, Frame: rows}}}
		return optest.Property{
			Subject: optest.Subject{Inputs: [][]types.Type{in}, Output: out,
				New: func(mem *state.Memory) (op.Operator, error) { return NewOver(n, in, mem) }},
			Row: func(t *rapid.T, _ int) []types.Datum {
				return []types.Datum{types.NewInt(rapid.Int64Range(1, 9).Draw(t, "end")), types.NewInt(rapid.Int64Range(0, 9).Draw(t, "x"))}
			},
			AppendOnly: []bool{n.AppendOnly},
			Closing:    true,
			Model: func(z []*optest.ZSet) *optest.ZSet {
				want, number, sum := optest.NewZSet(out), map[int64]int64{}, map[int64]int64{}
				rows := z[0].Rows()
				slices.SortFunc(rows, func(a, b optest.Change) int { return int(a.Row[1].I - b.Row[1].I) })
				for _, c := range rows {
					for range c.Weight {
						end := c.Row[0].I
						number[end]++
						sum[end] += c.Row[1].I
						want.Add([]types.Datum{c.Row[0], c.Row[1], types.NewInt(number[end]), types.NewInt(sum[end])}, 1)
					}
				}
				return want
			},
		}
	})
}
