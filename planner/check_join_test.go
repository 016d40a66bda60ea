package planner_test

import (
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

func (c *checker) join(x *physical.Join) {
	c.matched(x.LeftKeys, x.RightKeys, x.NullsEqual)
	c.expr(x.Residual, c.joined(x.Output))
	if x.Join == physical.SemiJoin || x.Join == physical.AntiJoin {
		c.columns(c.input(0).Types, x.Output)
	}
	if x.NullAware {
		require.Len(c.t, x.LeftKeys, 1)
		require.True(c.t, x.Residual.None())
		require.True(c.t, c.input(0).Props.Single, "a null anywhere decides for all rows")
	}
	if x.LookUp {
		require.True(c.t, x.LeftAppendOnly && x.Bound == nil)
	}
	if b := x.Bound; b != nil {
		c.times(b.Left, b.Right, "")
		require.False(c.t, b.OnClose && !b.Windows && !(x.LeftAppendOnly && x.RightAppendOnly))
		require.True(c.t, b.LeftEnds || c.judged(0), "late rows are left out below")
		require.True(c.t, b.RightEnds || c.judged(1), "late rows are left out below")
	}
}

func (c *checker) asof(x *physical.Asof) {
	c.matched(x.LeftKeys, x.RightKeys, x.NullsEqual)
	c.joined(x.Output)
	c.times(x.LeftTime, x.RightTime, x.Compare)
	require.False(c.t, x.OnClose && !x.Frees)
}

// matched checks that rows with equal keys meet.
func (c *checker) matched(leftKeys, rightKeys []int, nulls []bool) {
	left, right := c.input(0).Types, c.input(1).Types
	require.Len(c.t, rightKeys, len(leftKeys))
	require.Len(c.t, nulls, len(leftKeys))
	for i := range leftKeys {
		require.Equal(c.t, left[leftKeys[i]], right[rightKeys[i]], "equal values must have equal hashes")
	}
	require.Equal(c.t, c.input(0).Props.Single, c.input(1).Props.Single)
	c.together(0, leftKeys)
	c.together(1, rightKeys)
}

// joined checks the output of a join, and gives the columns of which it is made.
func (c *checker) joined(output []int) []types.Type {
	both := append(append([]types.Type(nil), c.input(0).Types...), c.input(1).Types...)
	c.columns(both, output)
	require.Len(c.t, c.node.Types, len(output))
	for i, o := range output {
		require.Equal(c.t, both[o], c.node.Types[i])
	}
	return both
}

// times checks the times of a join in time; those of a bound are timestamps.
func (c *checker) times(left, right int, compare string) {
	a, b := c.input(0).Types[left], c.input(1).Types[right]
	require.Equal(c.t, a.Kind(), b.Kind())
	if compare != "" {
		require.Contains(c.t, []string{">=", ">", "<=", "<"}, compare)
		return
	}
	require.Contains(c.t, []types.ID{types.Timestamp, types.Timestamptz}, a.ID)
}

// judged reports whether an input's late rows are left out, maybe below its exchange and what computes its keys, or by a join.
func (c *checker) judged(in int) bool {
	for n := c.input(in); ; n = &c.plan.Nodes[n.Inputs[0]] {
		switch n.Op.(type) {
		case *physical.OnTime:
			return true
		case *physical.Exchange, *physical.Project:
		default:
			return false
		}
	}
}
