package optest

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// CountPlan is SELECT k, count(*) AS n FROM r GROUP BY k, where r is relation 1 and k its only column, an int8: a plan of two stages, for
// tests of what executes plans.
func CountPlan() *physical.Plan {
	int8T := types.T(types.Int8)
	pair := []types.Type{int8T, int8T}
	one := []types.Type{int8T}
	return &physical.Plan{Nodes: []physical.Node{
		{Op: &physical.Scan{Relation: 1, Columns: []int{0}}, Types: one},
		{Op: &physical.Exchange{Exchange: physical.HashExchange, Keys: []int{0}}, Inputs: []int{0}, Types: one},
		{Op: &physical.Aggregate{Keys: []int{0}, Calls: []physical.AggCall{{Name: "count", Filter: physical.NoColumn, Type: int8T}},
			WindowStart: physical.NoColumn, WindowEnd: physical.NoColumn}, Inputs: []int{1}, Types: pair},
		{Op: &physical.Root{Names: []string{"k", "n"}}, Inputs: []int{2}, Types: pair},
	}}
}
