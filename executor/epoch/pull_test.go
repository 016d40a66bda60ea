package epoch_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/storage/connector"
)

func pulled(end connector.Position, splits ...string) *fakeSource {
	return &fakeSource{traits: connector.Traits{Replayable: true, Bounded: true}, splits: splits, end: end, has: map[string]connector.Position{}}
}

// TestPull: the clock reads what is not divisible itself, a bounded number of rows an epoch, and its blocks have the rows.
func TestPull(t *testing.T) {
	f := newFixture(t)
	src := pulled(20_000, "s")
	s := f.add(1, src)
	r := newReader()
	r.cut = 1 << 40
	f.clock.AddReader(s, &r.Reader)
	f.settle()
	require.Empty(t, blocks(s.Relation))
	src.has["s"] = 20_000
	f.clock.Wake()
	f.settle()
	want := int64(0)
	for _, b := range blocks(s.Relation) {
		require.Empty(t, b.Ranges)
		rows := values(t, b)
		require.LessOrEqual(t, len(rows), 8*1024)
		for _, v := range rows {
			require.Equal(t, want, v)
			want++
		}
	}
	require.Equal(t, int64(20_000), want)
	require.Equal(t, int64(op.EndOfTime), s.Relation.Watermark())
	ended, err := f.clock.Ended(s)
	require.True(t, ended)
	require.NoError(t, err)
}

// TestPullOneEnds: a split that has ended makes no more epochs while the clock waits for the other's rows.
func TestPullOneEnds(t *testing.T) {
	f := newFixture(t)
	src := pulled(10, "a", "b")
	src.has["a"], src.has["b"] = 10, 4
	s := f.add(1, src)
	r := newReader()
	r.cut = 1 << 40
	f.clock.AddReader(s, &r.Reader)
	f.settle()
	require.Len(t, blocks(s.Relation), 1)
	ended, _ := f.clock.Ended(s)
	require.False(t, ended)
	src.has["b"] = 10
	f.clock.Wake()
	f.settle()
	require.Len(t, blocks(s.Relation), 2)
	require.Equal(t, []int64{4, 5, 6, 7, 8, 9}, values(t, blocks(s.Relation)[1]))
	ended, _ = f.clock.Ended(s)
	require.True(t, ended)
}

// TestPullFails: a source that cannot be read stops its relation, and nothing else.
func TestPullFails(t *testing.T) {
	f := newFixture(t)
	src := pulled(100, "s")
	src.err = errors.New("line 3: too many columns")
	s := f.add(1, src)
	f.relation(2)
	f.clock.AddReader(s, &newReader().Reader)
	f.settle()
	require.ErrorContains(t, s.Relation.Failure(), "line 3")
	a := f.submit(2, nil, 1)
	f.settle()
	require.Equal(t, answer{done: 1, epoch: 1}, *a)
}
