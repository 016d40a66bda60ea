package graph

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
)

// TestStagesProducersFirst has a scan that two stages read, one of which is read by the other: the scan's last exchange stands behind a
// stage that reads its first.
func TestStagesProducersFirst(t *testing.T) {
	hash := &physical.Exchange{Exchange: physical.HashExchange}
	plan := &physical.Plan{Nodes: []physical.Node{
		{Op: &physical.Scan{}},
		{Op: hash, Inputs: []int{0}},
		{Op: &physical.Distinct{}, Inputs: []int{1}},
		{Op: hash, Inputs: []int{2}},
		{Op: hash, Inputs: []int{0}},
		{Op: &physical.Join{}, Inputs: []int{3, 4}},
		{Op: &physical.Root{}, Inputs: []int{5}},
	}}
	written := map[int]bool{}
	for _, s := range Stages(plan) {
		for _, in := range s.Inputs {
			require.True(t, written[in], "stage %v reads exchange %d before it is made", s.Nodes, in)
		}
		for _, out := range s.Outputs {
			written[out] = true
		}
	}
	require.Len(t, written, 3)
}

// TestSingleThroughForward: a forward exchange keeps rows in their tasks, so one task is enough where it was before.
func TestSingleThroughForward(t *testing.T) {
	for kind, want := range map[physical.ExchangeKind]bool{physical.SingleExchange: true, physical.HashExchange: false} {
		stages := Stages(&physical.Plan{Nodes: []physical.Node{
			{Op: &physical.Scan{}},
			{Op: &physical.Exchange{Exchange: kind}, Inputs: []int{0}},
			{Op: &physical.Distinct{}, Inputs: []int{1}},
			{Op: &physical.Exchange{Exchange: physical.ForwardExchange}, Inputs: []int{2}},
			{Op: &physical.Root{}, Inputs: []int{3}},
		}})
		require.Len(t, stages, 3)
		require.Equal(t, want, stages[2].Single, kind)
	}
}
