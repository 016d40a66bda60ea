package job

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// inTime is three inputs of a plan: two streams with event time and a table.
type inTime struct {
	*testing.T
	a, b, table *relation.Relation
	times       times
	inputs      map[uint32]Input
	plan        *physical.Plan
}

func newInTime(t *testing.T) *inTime {
	ts := []types.Type{types.T(types.Timestamp)}
	f := &inTime{T: t, a: relation.NewStream(1, "a", ts), b: relation.NewStream(2, "b", ts), table: relation.NewStream(3, "t", ts)}
	f.inputs = map[uint32]Input{1: {Relation: f.a, Timed: true, Logged: true}, 2: {Relation: f.b, Timed: true, Logged: true}, 3: {Relation: f.table}}
	f.plan = &physical.Plan{Nodes: []physical.Node{{Op: &physical.Scan{Relation: 1}}, {Op: &physical.Scan{Relation: 2}}, {Op: &physical.Scan{Relation: 3}}}}
	f.times = newTimes(f.plan, f.inputs)
	return f
}

func (f *inTime) block(r *relation.Relation, epoch uint64, watermark int64, idle bool) {
	require.NoError(f, r.Publish(relation.Block{Epoch: epoch, Watermark: watermark, Idle: idle}))
}

// reach gives the scans that an epoch raises.
func (f *inTime) reach(epoch uint64) map[int]int64 {
	out := map[int]int64{}
	f.times.reach(epoch, 0, func(leaf int, w int64) { out[leaf] = w })
	return out
}

// TestIdleLeavesMinimum: the scan of an idle stream goes with the other, and keeps what it was given when rows come again; when both are
// idle they go to the higher one. A table, which has no event time, holds up nothing.
func TestIdleLeavesMinimum(t *testing.T) {
	f := newInTime(t)
	f.block(f.a, 1, 100, false)
	require.Equal(t, map[int]int64{0: 100}, f.reach(1))
	f.block(f.a, 2, 110, true)
	require.Equal(t, map[int]int64{0: 110}, f.reach(2), "nothing is known of b")
	f.block(f.b, 3, 150, false)
	require.Equal(t, map[int]int64{0: 150, 1: 150}, f.reach(3), "b alone counts")
	f.block(f.a, 4, 120, false)
	require.Empty(t, f.reach(4))
	f.block(f.b, 5, 160, false)
	require.Equal(t, map[int]int64{1: 160}, f.reach(5), "a holds it again")
	f.block(f.b, 6, 170, true)
	require.Equal(t, map[int]int64{1: 170}, f.reach(6))
	f.block(f.a, 7, 130, true)
	require.Equal(t, map[int]int64{0: 170}, f.reach(7), "all are idle: the most complete")
	require.Equal(t, []int64{170, 170, op.NoWatermark}, f.times.marks())
}

// TestIdleAndEnded: a stream that has ended is complete, but takes none that may still have rows with it.
func TestIdleAndEnded(t *testing.T) {
	f := newInTime(t)
	f.block(f.b, 1, op.EndOfTime, false)
	f.block(f.a, 2, 50, true)
	require.Equal(t, map[int]int64{0: 50, 1: op.EndOfTime}, f.reach(2))
	require.True(t, f.times.idle(func(x *leafTime) (int64, bool) { return x.own, x.idle }))
}

// TestMarksOfSnapshot: what a scan was given while it was idle cannot be told from the inputs later, so a snapshot has it.
func TestMarksOfSnapshot(t *testing.T) {
	f := newInTime(t)
	f.block(f.a, 1, 100, true)
	f.block(f.b, 2, 150, false)
	f.reach(2)
	f.block(f.a, 3, 100, false)
	f.reach(3)
	stored := f.times.marks()
	f.times = newTimes(f.plan, f.inputs)
	f.times.begin(stored)
	require.Equal(t, map[int]int64{}, f.reach(3))
	require.Equal(t, []int64{150, 150, op.NoWatermark}, f.times.marks())
}

// TestIdleView: a view that is idle goes with others only where its rows are judged once more.
func TestIdleView(t *testing.T) {
	f := newInTime(t)
	f.inputs[1] = Input{Relation: f.a, Timed: true}
	f.block(f.a, 1, 100, true)
	f.block(f.b, 1, 150, false)
	f.plan.Nodes = append(f.plan.Nodes, physical.Node{Op: &physical.Filter{}, Inputs: []int{0}}, physical.Node{Op: &physical.Union{}, Inputs: []int{3, 1}},
		physical.Node{Op: &physical.Root{}, Inputs: []int{4}})
	for _, c := range []struct {
		op   physical.Op
		want int64
	}{{&physical.Filter{}, 100}, {&physical.OnTime{}, 150}} {
		f.plan.Nodes[3].Op = c.op
		f.times = newTimes(f.plan, f.inputs)
		require.Equal(t, map[int]int64{0: c.want, 1: 150}, f.reach(1))
	}
}
