package epoch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// stream puts a stream that clients write under the clock, as after a restart with what the log says of it.
func (f *fixture) stream(oid uint32, t epoch.Timing) *relation.Relation {
	stored := epoch.NewStoredProgress()
	for _, rec := range f.records() {
		stored.Read(rec, oid)
	}
	r := f.relation(oid)
	r.Forget(f.clock.Closed(), stored.Low, stored.Idle)
	f.clock.AddStream(epoch.NewProgress(r, t, nil, stored, f.sim.Now()))
	return r
}

// at commits a row of an event time, whose watermark is ten behind.
func (f *fixture) at(oid uint32, time int64) {
	ch := change(oid, 1, time)
	ch.Mark = epoch.Mark{Watermark: time - 10, Seen: time}
	closed := f.clock.Closed()
	f.clock.Submit(&epoch.Commit{Data: []epoch.Change{ch}, Done: func(uint64, error) {}})
	require.NoError(f, f.sim.Run(1000, func() bool { return f.clock.Closed() > closed }))
}

// wait lets time pass, and no more.
func (f *fixture) wait(d time.Duration) {
	f.sim.Start("pause", func() bool { return false }).WakeAfter(d)
	f.pass(d)
}

// TestIdleStream: after its timeout a stream is idle and its watermark goes to the highest event time seen, in an epoch of its own; a row
// ends that. The log has it all, so a restart, whenever it comes, goes on from there.
func TestIdleStream(t *testing.T) {
	f := newFixture(t)
	timing := epoch.Timing{Idle: time.Second}
	r := f.stream(1, timing)
	f.at(1, 100)
	f.at(1, 95)
	require.Equal(t, int64(90), r.Watermark())
	require.False(t, r.Idle())
	restart := func() {
		f.store = f.store.Crash()
		f.open()
		was, idle := r.Watermark(), r.Idle()
		r = f.stream(1, timing)
		require.Equal(t, was, r.Watermark())
		require.Equal(t, idle, r.Idle())
	}
	restart()
	f.settle()
	require.Equal(t, int64(100), r.Watermark(), "the highest time was seen before the restart")
	require.True(t, r.Idle())
	require.Equal(t, uint64(3), f.clock.Closed())
	restart()
	f.settle()
	require.Equal(t, uint64(3), f.clock.Closed(), "it was idle before")
	f.at(1, 105)
	require.False(t, r.Idle())
	require.Equal(t, int64(100), r.Watermark())
	require.False(t, r.IdleAt(4))
	restart()
	f.settle()
	require.True(t, r.Idle())
	require.Equal(t, int64(105), r.Watermark())
}

// TestRetime: a stream that begins to be idle while it runs counts its silence from then on, and a restart knows what it had seen before.
func TestRetime(t *testing.T) {
	f := newFixture(t)
	r := f.stream(1, epoch.Timing{})
	f.at(1, 100)
	f.wait(time.Hour)
	require.False(t, r.Idle())
	timing := epoch.Timing{Idle: time.Second}
	f.clock.Retime(1, timing, 0)
	f.wait(time.Second / 2)
	require.False(t, r.Idle())
	f.store = f.store.Crash()
	f.open()
	r = f.stream(1, timing)
	f.settle()
	require.True(t, r.Idle())
	require.Equal(t, int64(100), r.Watermark(), "the highest time was seen before it mattered")
}

// TestIdleAdvance: with the clock's pace the watermark of an idle stream goes on; that of a stream without rows has nowhere to go from.
func TestIdleAdvance(t *testing.T) {
	f := newFixture(t)
	timing := epoch.Timing{Idle: time.Second, ByClock: true}
	r, empty := f.stream(1, timing), f.stream(2, timing)
	f.at(1, 100)
	f.wait(1100 * time.Millisecond)
	require.True(t, r.Idle())
	require.True(t, empty.Idle())
	at, now := r.Watermark(), f.sim.Now()
	require.GreaterOrEqual(t, at, int64(100))
	f.wait(10 * time.Second)
	require.InDelta(t, f.sim.Now()-now, r.Watermark()-at, 300_000)
	require.Equal(t, int64(op.NoWatermark), empty.Watermark())
	at = r.Watermark()
	f.at(1, 200)
	require.False(t, r.Idle())
	require.Equal(t, at, r.Watermark(), "it never falls")
	f.wait(900 * time.Millisecond)
	require.Equal(t, at, r.Watermark())
}

// splitSource is a source of two splits whose rows' event time is their position.
func splitSource(f *fixture, idle time.Duration) (*epoch.Source, *fakeSource, *reader) {
	src := pulled(1000, "a", "b")
	s := &epoch.Source{Relation: f.relation(1), Source: src, Began: f.sim.Now(), Timing: epoch.Timing{Idle: idle}}
	s.MarkRows = func(b *vec.Batch, _ int64) (epoch.Mark, error) {
		last := b.Cols[0].I64[b.N-1]
		return epoch.Mark{Watermark: last - 1, Seen: last}, nil
	}
	stored, positions := epoch.NewStoredProgress(), map[string]connector.Position{}
	for _, rec := range f.records() {
		stored.Read(rec, 1)
		for _, x := range rec.Splits {
			positions[x.Name], _ = epoch.DecodePosition(x.Position)
		}
	}
	s.Relation.Forget(f.clock.Closed(), stored.Low, stored.Idle)
	f.clock.AddSource(s, positions, stored)
	r := newReader()
	r.cut = 1 << 40
	f.clock.AddReader(s, &r.Reader)
	return s, src, r
}

// TestSplits: a stream's watermark is the lowest of its splits', an idle one leaves the minimum, one that has ended too, and the log
// has each.
func TestSplits(t *testing.T) {
	f := newFixture(t)
	s, src, _ := splitSource(f, time.Second)
	give := func(split string, upTo connector.Position) {
		closed := f.clock.Closed()
		src.has[split] = upTo
		f.clock.Wake()
		require.NoError(t, f.sim.Run(1000, func() bool { return f.clock.Closed() > closed }))
	}
	give("a", 50)
	require.Equal(t, int64(op.NoWatermark), s.Relation.Watermark(), "nothing is known of b")
	give("b", 20)
	require.Equal(t, int64(18), s.Relation.Watermark())
	give("a", 100)
	require.Equal(t, int64(18), s.Relation.Watermark(), "b holds it")
	has := src.has
	f.store = f.store.Crash()
	f.open()
	s, src, _ = splitSource(f, time.Second)
	src.has = has
	f.wait(900 * time.Millisecond)
	give("a", 110)
	require.Equal(t, int64(18), s.Relation.Watermark(), "b is as far as it was before the restart")
	f.wait(200 * time.Millisecond)
	require.Equal(t, int64(108), s.Relation.Watermark(), "b is idle")
	require.False(t, s.Relation.Idle())
	f.wait(time.Second)
	require.True(t, s.Relation.Idle())
	require.Equal(t, int64(109), s.Relation.Watermark(), "the highest time seen")
	give("b", 1000)
	require.True(t, s.Relation.Idle(), "a is idle, and b has ended")
	require.Equal(t, int64(999), s.Relation.Watermark())
	give("a", 1000)
	require.Equal(t, int64(op.EndOfTime), s.Relation.Watermark())
	f.settle()
	require.False(t, s.Relation.Idle())
}

// TestNotIdle: a source that nobody reads is not idle, as it could not have had rows.
func TestNotIdle(t *testing.T) {
	f := newFixture(t)
	s, _, r := splitSource(f, time.Second)
	f.clock.RemoveReader(s, &r.Reader)
	f.wait(5 * time.Second)
	require.False(t, s.Relation.Idle())
	require.Zero(t, f.clock.Closed())
}

// TestAlignment: of two sources that one job reads, the fast one waits for the slow one while that has something to read; one that another
// job reads does not.
func TestAlignment(t *testing.T) {
	f := newFixture(t)
	add := func(oid uint32, speed int64) (*epoch.Source, *fakeSource) {
		src := pulled(1<<30, "s")
		s := &epoch.Source{Relation: f.relation(oid), Source: src, Began: f.sim.Now(), Align: 50 * time.Millisecond}
		s.MarkRows = func(b *vec.Batch, _ int64) (epoch.Mark, error) {
			last := b.Cols[0].I64[b.N-1] * speed
			return epoch.Mark{Watermark: last, Seen: last}, nil
		}
		f.clock.AddSource(s, nil, epoch.NewStoredProgress())
		return s, src
	}
	fast, fastRows := add(1, 100)
	slow, slowRows := add(2, 1)
	other, otherRows := add(3, 100)
	r, unrelated := newReader(), newReader()
	r.cut, unrelated.cut = 1<<40, 1<<40
	f.clock.AddReader(fast, &r.Reader)
	f.clock.AddReader(slow, &r.Reader)
	f.clock.AddReader(other, &unrelated.Reader)
	fastRows.has["s"], slowRows.has["s"], otherRows.has["s"] = 100_000, 100_000, 100_000
	for fast.Relation.Watermark() == op.NoWatermark || slow.Relation.Watermark() < 90_000 {
		require.True(t, f.sim.Step())
		if at := slow.Relation.Watermark(); at != op.NoWatermark {
			require.LessOrEqual(t, fast.Relation.Watermark()-at, int64(50_000+8*1024*100), "the limit and one epoch's rows")
		}
	}
	f.settle()
	require.Equal(t, int64(99_999*100), other.Relation.Watermark())
	require.Equal(t, int64(99_999*100), fast.Relation.Watermark(), "the slow one has nothing to read any more")
}
