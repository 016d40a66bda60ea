package epoch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
)

func counted(s *fakeSource) *fakeSource {
	s.traits.Counter = "events"
	return s
}

// together checks that two sources of one counter stand at one position after every epoch since one in which both moved.
func together(t *testing.T, from uint64, a, b *epoch.Source) {
	t.Helper()
	x, y := ranges(t, a.Relation, "s"), ranges(t, b.Relation, "s")
	n := 0
	for e, at := range x {
		if e >= from {
			require.Equal(t, at, y[e], "epoch %d", e)
			n++
		}
	}
	require.Positive(t, n)
	for e, at := range y {
		require.Equal(t, x[e], at, "epoch %d", e)
	}
}

// TestCounterPaced: sources of one counter move to one position in each epoch, from the moment at which the second comes. Its
// first range begins at zero, as the log gives it to replay and to views that are made later.
func TestCounterPaced(t *testing.T) {
	f := newFixture(t)
	a := f.add(1, counted(paced(5)))
	f.pass(20 * time.Millisecond)
	f.sim.Start("pause", func() bool { return false }).WakeAfter(time.Millisecond)
	f.pass(time.Millisecond) // to the middle of an interval
	from := f.clock.Closed() + 1
	b := &epoch.Source{Relation: f.relation(2), Source: counted(paced(5)), Began: a.Began}
	f.clock.AddSource(b, nil, epoch.NewStoredProgress())
	f.pass(20 * time.Millisecond)
	together(t, from, a, b)
}

// TestCounterUnpaced: what holds one of them back holds all of them, even where only one is read.
func TestCounterUnpaced(t *testing.T) {
	f := newFixture(t)
	a, b := f.add(1, counted(unpaced(1<<40))), f.add(2, counted(unpaced(1<<40)))
	r, s := newReader(), newReader()
	f.clock.AddReader(b, &r.Reader)
	f.settle()
	together(t, 0, a, b)
	f.clock.AddReader(a, &s.Reader)
	r.cut, s.cut = 4, 4
	f.clock.Wake()
	f.settle()
	require.Len(t, blocks(a.Relation), 8)
	together(t, 0, a, b)
	for range 10 {
		r.cut++
		f.clock.Wake()
		f.settle()
		together(t, 0, a, b)
		s.cut += 2
		f.clock.Wake()
		f.settle()
		together(t, 0, a, b)
	}
}
