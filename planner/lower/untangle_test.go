package lower

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
)

// TestUntangle has a subplan that a join reads directly and, grouped in other tasks, through two exchanges.
func TestUntangle(t *testing.T) {
	hash := &physical.Exchange{Exchange: physical.HashExchange}
	nodes := untangle([]physical.Node{
		{Op: &physical.Scan{}},
		{Op: &physical.Filter{}, Inputs: []int{0}},
		{Op: hash, Inputs: []int{1}},
		{Op: &physical.Aggregate{}, Inputs: []int{2}},
		{Op: hash, Inputs: []int{3}},
		{Op: &physical.Join{}, Inputs: []int{1, 4}},
		{Op: &physical.Root{}, Inputs: []int{5}},
	})
	require.Len(t, nodes, 8)
	require.Equal(t, &physical.Exchange{Exchange: physical.ForwardExchange}, nodes[5].Op)
	require.Equal(t, []int{1}, nodes[5].Inputs)
	require.Equal(t, []int{5, 4}, nodes[6].Inputs)
	require.Equal(t, []int{6}, nodes[7].Inputs)
}

// TestUntangleLeavesTheRest: a join may read one side directly if no stage is read in a circle.
func TestUntangleLeavesTheRest(t *testing.T) {
	hash := &physical.Exchange{Exchange: physical.HashExchange}
	nodes := []physical.Node{
		{Op: &physical.Scan{}, Inputs: []int{}},
		{Op: &physical.Scan{}, Inputs: []int{}},
		{Op: hash, Inputs: []int{1}},
		{Op: &physical.Join{}, Inputs: []int{0, 2}},
		{Op: &physical.Root{}, Inputs: []int{3}},
	}
	require.Equal(t, nodes, untangle(nodes))
}
