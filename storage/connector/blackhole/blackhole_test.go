package blackhole

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

func TestCounts(t *testing.T) {
	made, err := connector.Set{Connector}.Sink([]connector.Given{{Name: "connector", Value: "blackhole"}}, nil, connector.SinkConfig{})
	require.NoError(t, err)
	s := made.(*Sink)
	b := vec.NewBatch([]types.Type{types.T(types.Int4)}, 4)
	b.AppendRow(1, types.NewInt(1))
	require.NoError(t, s.Write(1, b))
	b.AppendRow(-1, types.NewInt(2))
	b.AppendRow(-1, types.NewInt(3))
	b.Sel = []int32{1, 2}
	require.NoError(t, s.Write(1, b))
	require.Zero(t, s.Counts(), "nothing is to be seen before the commit")
	require.NoError(t, s.Commit(1))
	require.Equal(t, Counts{Rows: 3, Weight: -1, Cuts: 1}, s.Counts())
	require.NoError(t, s.Write(2, b))
	require.NoError(t, s.Close())
	require.NoError(t, s.Commit(2))
	require.Equal(t, int64(3), s.Counts().Rows)
	_, known := s.Committed()
	require.False(t, known)
}

// TestGathersCounts has two tasks give their rows of a step as they come; the sink is told their number.
func TestGathersCounts(t *testing.T) {
	s := &Sink{}
	a, b := s.Gather(), s.Gather()
	rows := vec.NewBatch([]types.Type{types.T(types.Int4)}, 4)
	for i := range int64(4) {
		rows.AppendRow(1+i%2, types.NewInt(i))
	}
	require.NoError(t, a.Add(rows))
	rows.Sel = []int32{1, 2}
	require.NoError(t, a.Add(rows))
	rows.Weights = nil
	require.NoError(t, b.Add(rows))
	for _, g := range []connector.Gatherer{a, b} {
		for _, x := range g.Take() {
			require.NoError(t, s.Write(1, x))
		}
		require.Empty(t, g.Take())
	}
	require.NoError(t, s.Commit(1))
	require.Equal(t, Counts{Rows: 6 + 3 + 2, Weight: 6 + 3 + 2, Cuts: 1}, s.Counts())
}
