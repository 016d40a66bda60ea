package epoch_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/storage/connector"
)

func paced(rate int64) *fakeSource {
	return &fakeSource{traits: connector.Traits{Replayable: true, Paced: true, Divisible: true}, splits: []string{"s"}, rate: rate,
		end: connector.MaxPosition}
}

func unpaced(end connector.Position) *fakeSource {
	return &fakeSource{traits: connector.Traits{Replayable: true, Bounded: true, Divisible: true}, splits: []string{"s"}, end: end}
}

// ranges checks that a split's ranges follow each other from zero, and gives their ends by epoch.
func ranges(t *testing.T, r *relation.Relation, split string) map[uint64]connector.Position {
	at, ends := connector.Position(0), map[uint64]connector.Position{}
	for _, b := range blocks(r) {
		for _, x := range b.Ranges {
			if x.Split != split {
				continue
			}
			require.Equal(t, at, x.From, "a gap or an overlap in epoch %d", b.Epoch)
			require.Greater(t, x.To, x.From)
			at = x.To
			ends[b.Epoch] = at
		}
	}
	return ends
}

func furthest(ends map[uint64]connector.Position) (p connector.Position) {
	for _, at := range ends {
		p = max(p, at)
	}
	return p
}

// TestPaced: a paced source runs without readers, no faster than it is due and no more often than the interval.
func TestPaced(t *testing.T) {
	f := newFixture(t)
	s := f.add(1, paced(3))
	began := f.sim.Now()
	f.pass(100 * time.Millisecond)
	ends := ranges(t, s.Relation, "s")
	require.InDelta(t, 300, float64(furthest(ends)), 12)
	require.LessOrEqual(t, len(ends), 51)
	require.GreaterOrEqual(t, len(ends), 40)
	for _, b := range blocks(s.Relation) {
		require.LessOrEqual(t, int64(ends[b.Epoch]), (b.Time-began)/1000*3, "read before it was due")
	}
}

// TestPacedWhileWoken: who wakes the clock between two epochs, as each job does that has published one, does not put off the next.
func TestPacedWhileWoken(t *testing.T) {
	f := newFixture(t)
	s := f.add(1, paced(3))
	var job sched.Machine
	job = f.sim.Start("a job", func() bool {
		f.clock.Wake()
		job.WakeAfter(1500 * time.Microsecond)
		return false
	})
	job.Wake()
	f.pass(100 * time.Millisecond)
	require.InDelta(t, 50, len(ranges(t, s.Relation, "s")), 5)
}

// TestPacedCatchesUp: what became due while readers lagged comes in one epoch, however much it is.
func TestPacedCatchesUp(t *testing.T) {
	f := newFixture(t)
	s := f.add(1, paced(1_000))
	slow := newReader()
	f.clock.AddReader(s, &slow.Reader)
	f.sim.Start("pause", func() bool { return false }).WakeAfter(time.Second)
	f.pass(time.Second)
	require.Len(t, blocks(s.Relation), 4, "no more epochs than may be under way")
	slow.cut = 1 << 40
	f.clock.Wake()
	f.pass(10 * time.Millisecond)
	require.Greater(t, int64(furthest(ranges(t, s.Relation, "s"))), int64(990_000))
}

// TestUnpaced: an unpaced source runs only while it is read, by quanta, and only few epochs ahead of its slowest reader.
func TestUnpaced(t *testing.T) {
	f := newFixture(t)
	s := f.add(1, unpaced(1<<40))
	f.settle()
	require.Empty(t, blocks(s.Relation), "nobody reads it")

	fast, slow := newReader(), newReader()
	fast.cut = 1 << 40
	f.clock.AddReader(s, &fast.Reader)
	f.clock.AddReader(s, &slow.Reader)
	require.True(t, f.clock.Read(s))
	f.settle()
	require.Len(t, blocks(s.Relation), 4)
	require.Equal(t, connector.Position(1<<14), ranges(t, s.Relation, "s")[1], "the first quantum")
	slow.cut = 1
	f.clock.Wake()
	f.settle()
	require.Len(t, blocks(s.Relation), 5)
	f.clock.RemoveReader(s, &slow.Reader)
	require.True(t, f.clock.Read(s))
	require.True(t, f.sim.Step())
	require.Len(t, blocks(s.Relation), 6, "the slow one does not hold it back any more")
	f.clock.RemoveReader(s, &fast.Reader)
	f.settle()
	require.Len(t, blocks(s.Relation), 6)
}

// TestQuantum: epochs that readers finish quickly become larger, and those that take long become smaller.
func TestQuantum(t *testing.T) {
	f := newFixture(t)
	s := f.add(1, unpaced(1<<60))
	r := newReader()
	f.clock.AddReader(s, &r.Reader)
	f.settle()
	quick := s.Quantum
	require.Greater(t, quick, connector.Position(1<<14))
	for range 30 {
		f.sim.Start("pause", func() bool { return false }).WakeAfter(50 * time.Millisecond)
		f.pass(50 * time.Millisecond)
		r.cut++
		f.clock.Wake()
		f.settle()
	}
	require.Equal(t, connector.Position(1<<10), s.Quantum, "the smallest quantum")
	ranges(t, s.Relation, "s")
}

// TestLongEpochs: epochs are as long as suits the readers that they wait for, the shortest of what they say.
func TestLongEpochs(t *testing.T) {
	long := func() time.Duration { return 100 * time.Millisecond }
	for name, c := range map[string]struct {
		others []func(*reader)
		small  bool
	}{
		"alone":                    {},
		"beside one like it":       {others: []func(*reader){func(r *reader) { r.Epoch = long }}},
		"beside who only waits":    {others: []func(*reader){func(r *reader) { r.Cut = nil }}},
		"beside one that does not": {others: []func(*reader){func(r *reader) { r.cut = 1 << 40 }}, small: true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			s := f.add(1, unpaced(1<<60))
			r := newReader()
			r.Epoch = long
			f.clock.AddReader(s, &r.Reader)
			for _, change := range c.others {
				x := newReader()
				x.cut = 1 << 40
				change(x)
				f.clock.AddReader(s, &x.Reader)
			}
			f.settle()
			quick := s.Quantum
			for range 5 {
				f.sim.Start("pause", func() bool { return false }).WakeAfter(50 * time.Millisecond)
				f.pass(50 * time.Millisecond)
				r.cut++
				f.clock.Wake()
				f.settle()
			}
			require.Equal(t, c.small, s.Quantum < quick)
		})
	}
}

// TestEnded: a bounded source stands at infinity once all its splits have come to their end, and the log knows.
func TestEnded(t *testing.T) {
	f := newFixture(t)
	src := unpaced(40_000)
	src.splits = []string{"a", "b"}
	s := f.add(1, src)
	r := newReader()
	r.cut = 1 << 40
	f.clock.AddReader(s, &r.Reader)
	f.settle()
	for _, split := range src.splits {
		require.Equal(t, connector.Position(40_000), furthest(ranges(t, s.Relation, split)))
	}
	require.Equal(t, int64(op.EndOfTime), s.Relation.Watermark())
	ended, err := f.clock.Ended(s)
	require.NoError(t, err)
	require.True(t, ended)
	recs := f.records()
	last := recs[len(recs)-1]
	require.Equal(t, int64(op.EndOfTime), last.Watermarks[0].Time)
	for _, x := range last.Splits {
		at, err := epoch.DecodePosition(x.Position)
		require.NoError(t, err)
		require.Equal(t, connector.Position(40_000), at)
	}
	_, err = epoch.DecodePosition([]byte{1})
	require.Error(t, err)
}

// TestMark: a block's watermark is that of its ranges, and a source whose rows have none fails alone.
func TestMark(t *testing.T) {
	f := newFixture(t)
	s := &epoch.Source{Relation: f.relation(1), Source: paced(1), Began: f.sim.Now()}
	fail := error(nil)
	s.Mark = func(r relation.Range, _ int64) (epoch.Mark, error) {
		return epoch.Mark{Watermark: int64(r.To) * 100, Seen: int64(r.To) * 100}, fail
	}
	f.clock.AddSource(s, nil, epoch.NewStoredProgress())
	other := f.add(2, paced(1))
	f.pass(20 * time.Millisecond)
	for _, b := range blocks(s.Relation) {
		require.Equal(t, int64(b.Ranges[0].To)*100, b.Watermark)
	}
	n, m := len(blocks(s.Relation)), len(blocks(other.Relation))
	fail = errors.New("no such row")
	f.pass(20 * time.Millisecond)
	require.Len(t, blocks(s.Relation), n)
	require.Greater(t, len(blocks(other.Relation)), m)
	_, err := f.clock.Ended(s)
	require.ErrorContains(t, err, "no such row")
	require.ErrorContains(t, s.Relation.Failure(), "no such row")
}

// TestRemoveSource: a dropped stream gets no more blocks.
func TestRemoveSource(t *testing.T) {
	f := newFixture(t)
	s, other := f.add(1, paced(1)), f.add(2, paced(1))
	f.pass(10 * time.Millisecond)
	f.clock.RemoveSource(s)
	n, m := len(blocks(s.Relation)), len(blocks(other.Relation))
	f.pass(10 * time.Millisecond)
	require.Len(t, blocks(s.Relation), n)
	require.Greater(t, len(blocks(other.Relation)), m)
}
