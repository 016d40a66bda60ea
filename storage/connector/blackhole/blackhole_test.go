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
