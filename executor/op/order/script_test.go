package order

import (
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// TestScripts runs TopN over (k text, n int8), by n from the greatest: "operator [limit=2] [offset=1] [ties] [by] [appends]",
// where by is PARTITION BY k.
func TestScripts(t *testing.T) {
	ts := []types.Type{types.T(types.Text), int8T}
	optest.Script(t, "testdata/topn", func(t *testing.T, d *datadriven.TestData) optest.Subject {
		n := &physical.TopN{OrderBy: []physical.SortKey{{Column: 1, Desc: true}}, WithTies: d.HasArg("ties"), AppendOnly: d.HasArg("appends")}
		for name, dst := range map[string]*physical.Expr{"limit": &n.Limit, "offset": &n.Offset} {
			if x := int64(-1); d.MaybeScanArgs(t, name, &x) {
				*dst = number(x)
			}
		}
		if d.HasArg("by") {
			n.PartitionBy = []int{0}
		}
		return optest.Subject{Inputs: [][]types.Type{ts}, Output: ts,
			New: func(mem *state.Memory) (op.Operator, error) { return NewTopN(n, ts, mem) }}
	})
}
