package join

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

// TestLookUp: each left row is joined with the right rows as they are at the end of its epoch, however epochs make steps and whatever
// the order of rows within one.
func TestLookUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNode(t)
		n.Join = rapid.SampledFrom([]physical.JoinKind{physical.InnerJoin, physical.LeftJoin}).Draw(t, "look-up")
		n.NullAware, n.LookUp, n.LeftAppendOnly, n.Output = false, true, true, []int{0, 1, 3, 4, 7}
		h := optest.NewHarness(t, subject(n), false)
		want, right := optest.NewZSet(outputTypes(n)), optest.NewZSet(rightTypes)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "restore") {
				h.Restore()
			}
			h.BeginStep()
			for epochs := rapid.IntRange(1, 3).Draw(t, "epochs"); epochs > 0; epochs-- {
				left := optest.NewZSet(leftTypes)
				lookUpEpoch(t, h, left, right)
				for _, c := range model(n, left, right).Rows() {
					want.Add(c.Row, c.Weight)
				}
				if epochs > 1 {
					require.NoError(t, h.Op.(op.Epochal).EndEpoch(h.Out))
				}
			}
			h.EndStep()
			require.Equal(t, want.String(), h.Out.All.String())
		}
		h.Close()
	})
}

// lookUpEpoch pushes the changes of an epoch to both sides.
func lookUpEpoch(t *rapid.T, h *optest.Harness, left, right *optest.ZSet) {
	for range rapid.IntRange(0, 6).Draw(t, "changes") {
		port := rapid.IntRange(0, 1).Draw(t, "port")
		c := optest.Change{Row: drawRow(t), Weight: 1}
		if old := right.Rows(); port == 1 && len(old) > 0 && rapid.Bool().Draw(t, "retract") {
			c = rapid.SampledFrom(old).Draw(t, "old")
			c.Weight = -1
		}
		[]*optest.ZSet{left, right}[port].Add(c.Row, c.Weight)
		h.Push(port, c)
	}
}

// TestLookUpWatermark: the left side's watermark follows the rows of its epoch.
func TestLookUpWatermark(t *testing.T) {
	n := &physical.Join{Join: physical.InnerJoin, LookUp: true, LeftAppendOnly: true, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false}, Output: []int{0}}
	h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{leftTypes, rightTypes}, Output: outputTypes(n),
		New: func(mem *state.Memory) (op.Operator, error) { return New(n, leftTypes, rightTypes, mem) }}, false)
	h.Watermark(0, 5)
	require.EqualValues(t, op.NoWatermark, h.Out.Passed)
	require.NoError(t, h.Op.(op.Epochal).EndEpoch(h.Out))
	require.EqualValues(t, 5, h.Out.Passed)
	h.Close()
}
