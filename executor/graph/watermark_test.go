package graph

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
)

// trace notes the order in which rows and watermarks come.
type trace struct{ events []string }

func (t *trace) Batch(*vec.Batch) error { t.events = append(t.events, "rows"); return nil }

func (t *trace) Watermark(int64) error { t.events = append(t.events, "watermark"); return nil }

// TestWatermarkWaits: the watermark of an operator that emits at the cut comes behind the rows that come there; one that is prompt,
// or has no state, passes it on at once.
func TestWatermarkWaits(t *testing.T) {
	int8T := types.T(types.Int8)
	aggregate := func(emitOnClose bool) physical.Op {
		return &physical.Aggregate{Keys: []int{0}, WindowEnd: 0, WindowStart: physical.NoColumn, EmitOnClose: emitOnClose, AppendOnly: true}
	}
	for _, c := range []struct {
		name       string
		node       physical.Op
		epoch, cut []string
	}{
		{"without state", &physical.Union{}, []string{"rows", "watermark"}, []string{"rows", "watermark"}},
		{"at the cut", aggregate(false), nil, []string{"rows", "watermark"}},
		{"prompt", aggregate(true), []string{"rows", "watermark"}, []string{"rows", "watermark"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ts := []types.Type{int8T}
			plan := &physical.Plan{Nodes: []physical.Node{
				{Op: &physical.Scan{Columns: []int{0}}, Types: ts},
				{Op: c.node, Inputs: []int{0}, Types: ts},
				{Op: &physical.Root{Names: []string{"x"}}, Inputs: []int{1}, Types: ts},
			}}
			out := &trace{}
			in, err := NewInstance(plan, Stages(plan)[0], state.NewMemory(nil), &op.Context{Faults: &op.Faults{}}, map[int][]op.Output{RootOutput: {out}})
			require.NoError(t, err)
			defer in.Close()
			b := vec.NewBatch(ts, 1)
			b.AppendRow(1, types.NewInt(5))
			require.NoError(t, in.Push(0, b))
			require.NoError(t, in.Watermark(0, 5))
			require.Equal(t, c.epoch, out.events)
			require.NoError(t, in.EndStep())
			require.Equal(t, c.cut, out.events)
		})
	}
}
