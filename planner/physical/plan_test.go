package physical_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
)

func TestAddsUp(t *testing.T) {
	for _, c := range []struct {
		name string
		op   physical.Op
		want bool
	}{
		{"an aggregate", &physical.Aggregate{}, true},
		{"an aggregate that tells of windows as they close", &physical.Aggregate{EmitOnClose: true}, false},
		{"a projection, which may leave out what tells rows apart", &physical.Project{}, false},
	} {
		p := physical.Plan{Nodes: []physical.Node{{Op: c.op}, {Op: &physical.Root{}, Inputs: []int{0}}}}
		require.Equal(t, c.want, p.AddsUp(), c.name)
	}
}
