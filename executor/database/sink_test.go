package database

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/connector/blackhole"
)

// plainSink hides what else a sink can do.
type plainSink struct{ connector.Sink }

func TestOnlyInsertionsAreGatheredBySinks(t *testing.T) {
	sink, err := connector.Set{blackhole.Connector}.Sink([]connector.Given{{Name: "connector", Value: "blackhole"}}, nil, connector.SinkConfig{})
	require.NoError(t, err)
	plan := func(appendOnly bool) *physical.Plan {
		return &physical.Plan{Nodes: []physical.Node{
			{Op: &physical.Values{}, Props: physical.Props{AppendOnly: appendOnly}},
			{Op: &physical.Root{}, Inputs: []int{0}},
		}}
	}
	require.NotNil(t, newSinkOutput(nil, sink).gather(plan(true)))
	require.Nil(t, newSinkOutput(nil, sink).gather(plan(false)), "retractions must be added up first")
	require.Nil(t, newSinkOutput(nil, plainSink{sink}).gather(plan(true)))
}
