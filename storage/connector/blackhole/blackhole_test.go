package blackhole

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/zeebo/xxh3"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// open makes a sink of rows of an integer and a text.
func open(t require.TestingT, options ...connector.Given) *Sink {
	given := append([]connector.Given{{Name: "connector", Value: "blackhole"}}, options...)
	s, err := connector.Set{Connector}.Sink(given, nil, connector.SinkConfig{Columns: []connector.Column{
		{Name: "a", Type: types.T(types.Int4)}, {Name: "b", Type: types.T(types.Text)}}})
	require.NoError(t, err)
	return s.(*Sink)
}

var withChecksum = connector.Given{Name: "checksum", Value: "on"}

func newRows() *vec.Batch {
	return vec.NewBatch([]types.Type{types.T(types.Int4), types.T(types.Text)}, 4)
}

func taken(t require.TestingT, s *Sink) connector.Taken {
	x, summed := s.Taken()
	require.Equal(t, s.sums, summed)
	return x
}

func TestCounts(t *testing.T) {
	s, b := open(t), newRows()
	b.AppendRow(1, types.NewInt(1), types.NewText("x"))
	require.NoError(t, s.Write(1, b))
	b.AppendRow(-1, types.NewInt(2), types.Null)
	b.AppendRow(-1, types.NewInt(3), types.Null)
	b.Sel = []int32{1, 2}
	require.NoError(t, s.Write(1, b))
	require.Zero(t, taken(t, s), "nothing is to be seen before the commit")
	require.NoError(t, s.Commit(1))
	require.Equal(t, connector.Taken{Changes: 3, Rows: -1}, taken(t, s))
	require.NoError(t, s.Write(2, b))
	require.NoError(t, s.Close())
	require.NoError(t, s.Commit(2))
	require.Equal(t, int64(3), taken(t, s).Changes)
	_, known := s.Committed()
	require.False(t, known)
}

// TestChecksumIsOfTexts works out by hand what another program would.
func TestChecksumIsOfTexts(t *testing.T) {
	s, b := open(t, withChecksum), newRows()
	b.AppendRow(3, types.NewInt(-7), types.NewText("a\tb\n\\"))
	b.AppendRow(-1, types.NewInt(2), types.Null)
	require.NoError(t, s.Write(1, b))
	require.NoError(t, s.Commit(1))
	want := 3*xxh3.HashString("-7\ta\\tb\\n\\\\") - xxh3.HashString("2\t\\N")
	require.Equal(t, connector.Taken{Changes: 2, Rows: 2, Checksum: want}, taken(t, s))
}

// TestGathersCounts has two tasks give their rows of a step as they come; the sink is told their number.
func TestGathersCounts(t *testing.T) {
	s := open(t)
	a, b := s.Gather(), s.Gather()
	rows := newRows()
	for i := range int64(4) {
		rows.AppendRow(1+i%2, types.NewInt(i), types.Null)
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
	require.Equal(t, connector.Taken{Changes: 6 + 3 + 2, Rows: 6 + 3 + 2}, taken(t, s))
}

// TestChecksumIsOfTheResult: the same rows give the same checksum, whatever comes and goes in between, in whatever batches and cuts,
// gathered by tasks or not.
func TestChecksumIsOfTheResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 5), 1, 20).Draw(t, "values")
		whole, gathered, changed := open(t, withChecksum), open(t, withChecksum), open(t, withChecksum)
		row := func(v int64) []types.Datum { return []types.Datum{types.NewInt(v), types.NewText("t")} }
		all, tasks := newRows(), []connector.Gatherer{gathered.Gather(), gathered.Gather()}
		for i, v := range values {
			all.AppendRow(1, row(v)...)
			one := newRows()
			one.AppendRow(1, row(v)...)
			require.NoError(t, tasks[rapid.IntRange(0, 1).Draw(t, "task")].Add(one))
			if rapid.Bool().Draw(t, "revised") {
				one.AppendRow(-1, row(v+1)...)
				require.NoError(t, changed.Write(uint64(i), one))
				require.NoError(t, changed.Commit(uint64(i)))
				one = newRows()
				one.AppendRow(1, row(v+1)...)
			}
			require.NoError(t, changed.Write(uint64(i), one))
			require.NoError(t, changed.Commit(uint64(i)))
		}
		require.NoError(t, whole.Write(1, all))
		for _, g := range tasks {
			for _, x := range g.Take() {
				require.NoError(t, gathered.Write(1, x))
			}
		}
		require.NoError(t, whole.Commit(1))
		require.NoError(t, gathered.Commit(1))
		require.Equal(t, taken(t, whole), taken(t, gathered))
		require.Equal(t, taken(t, whole).Checksum, taken(t, changed).Checksum)
		require.Equal(t, int64(len(values)), taken(t, changed).Rows)
	})
}

func BenchmarkChecksum(b *testing.B) {
	rows := newRows()
	for i := range int64(vec.BatchSize) {
		rows.AppendRow(1, types.NewInt(i), types.NewText("a text of seventy bytes or so, as the bids of the Nexmark benchmark have"))
	}
	g := open(b, withChecksum).Gather()
	for n := 0; n < b.N; n += rows.N {
		require.NoError(b, g.Add(rows))
	}
}
