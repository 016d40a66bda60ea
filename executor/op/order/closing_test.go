package order

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

// TestClosing: the partitions of windows that have closed are freed, and the rest is as without.
func TestClosing(t *testing.T) {
	ts := []types.Type{int8T, int8T}
	optest.Check(t, func(t *rapid.T) optest.Property {
		limit := rapid.Int64Range(1, 3).Draw(t, "limit")
		n := &physical.TopN{PartitionBy: []int{0}, OrderBy: optest.Ascending(1), Limit: number(limit), AppendOnly: rapid.Bool().Draw(t, "append-only"),
			Closing: &physical.Closing{End: 0}}
		return closingProperty(optest.Subject{Inputs: [][]types.Type{ts}, Output: ts,
			New: func(mem *state.Memory) (op.Operator, error) { return NewTopN(n, ts, mem) }}, n.AppendOnly, limit)
	})
}

// closingProperty is that of an operator that keeps the first rows (end of a window, x, and perhaps a text) of each window by x, so many of them.
func closingProperty(s optest.Subject, appends bool, limit int64) optest.Property {
	return optest.Property{
		Subject: s,
		Row: func(t *rapid.T, _ int) []types.Datum {
			row := []types.Datum{types.NewInt(rapid.Int64Range(1, 9).Draw(t, "end")), types.NewInt(rapid.Int64Range(0, 9).Draw(t, "x"))}
			for range s.Inputs[0][2:] {
				row = append(row, types.NewText("more"))
			}
			return row
		},
		AppendOnly: []bool{appends},
		Closing:    true,
		Model: func(in []*optest.ZSet) *optest.ZSet {
			out, left := optest.NewZSet(s.Output), map[int64]int64{}
			rows := in[0].Rows()
			slices.SortFunc(rows, func(a, b optest.Change) int { return int(a.Row[1].I - b.Row[1].I) })
			for _, c := range rows {
				end := c.Row[0].I
				if _, ok := left[end]; !ok {
					left[end] = limit
				}
				if w := min(c.Weight, left[end]); w > 0 {
					out.Add(c.Row, w)
					left[end] -= w
				}
			}
			return out
		},
	}
}
