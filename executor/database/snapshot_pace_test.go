package database

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/sched"
)

// handClock is a scheduler whose time a test sets.
type handClock struct {
	sched.Scheduler
	now int64
}

func (c *handClock) Now() int64 { return c.now }

// TestBreather: work is done in slices, with rests in proportion, unless somebody waits for it.
func TestBreather(t *testing.T) {
	c := &handClock{now: 1_000_000}
	var rested []time.Duration
	b := breather{sched: c, since: c.now, rest: func(d time.Duration) {
		rested = append(rested, d)
		c.now += d.Microseconds()
	}}
	work := func(d time.Duration) {
		c.now += d.Microseconds()
		b.breathe()
	}
	for range 3 { // 200 µs, 400 µs and 600 µs since it last rested
		work(200 * time.Microsecond)
	}
	require.Equal(t, []time.Duration{1200 * time.Microsecond}, rested)
	work(400 * time.Microsecond)
	require.Len(t, rested, 1, "a rest is no work")
	work(80 * time.Millisecond)
	require.Equal(t, maxRest, rested[1])
	b.hurry.Add(1)
	work(time.Second)
	require.Len(t, rested, 2)
}

// TestWriterWaits: what was frozen early is written when its time has come, and what is ready meanwhile before it.
func TestWriterWaits(t *testing.T) {
	sim := sched.NewSim(1)
	s := &snapshots{db: &Database{cfg: Config{Sched: sim}}}
	var written []uint32
	s.writer = sim.Start("writer", func() bool {
		for _, x := range s.next() {
			written = append(written, x.group)
		}
		return false
	})
	began := sim.Now()
	ready := func(group uint32, wait time.Duration) {
		s.ready = append(s.ready, &taking{group: group, from: began + wait.Microseconds()})
	}
	ready(1, 30*time.Millisecond)
	ready(2, 0)
	ready(3, 10*time.Millisecond)
	s.writer.Wake()
	require.True(t, sim.Step())
	require.Equal(t, []uint32{2}, written)
	for sim.Step() {
	}
	require.Equal(t, []uint32{2, 3, 1}, written)
	require.GreaterOrEqual(t, sim.Now()-began, int64(30_000))

	ready(4, time.Hour)
	s.breather.hurry.Add(1)
	s.writer.Wake()
	require.True(t, sim.Step())
	require.Equal(t, []uint32{2, 3, 1, 4}, written)
}

func TestPaid(t *testing.T) {
	require.Equal(t, int64(7), cost{started: 7}.paid(promptBytes))
	require.Equal(t, int64(7+500_000), cost{started: 7, bytes: promptBytes / 2}.paid(promptBytes))
	require.Equal(t, int64(7+250_000), cost{started: 7, bytes: batchedBytes / 4}.paid(batchedBytes))
	require.Equal(t, 7+maxInterval.Microseconds(), cost{started: 7, bytes: 1 << 40}.paid(promptBytes))
}

// TestRate: who has little to do is snapshotted so often that it is soon gone through again.
func TestRate(t *testing.T) {
	c := cost{started: 5_000_000, worked: 900_000}
	long, now := 900_000+replayTime.Microseconds()+1, int64(5_500_000)
	require.EqualValues(t, replayBytes, c.rate(false, long, now))
	require.EqualValues(t, replayBytes, c.rate(true, long, now))
	require.EqualValues(t, promptBytes, c.rate(false, long-1, now), "it is soon gone through again")
	require.EqualValues(t, batchedBytes, c.rate(true, long-1, now))
	require.EqualValues(t, promptBytes, c.rate(false, long, c.started+spareShare*replayTime.Microseconds()), "it has much to do")
	require.EqualValues(t, promptBytes, c.rate(false, replayTime.Microseconds(), now), "the driver was made anew")
	require.EqualValues(t, replayBytes, c.rate(false, replayTime.Microseconds()+1, now))
}

// TestSnapshotsArePaidFor: the next snapshot of a group waits until the last one is paid for, but not that of a shutdown.
func TestSnapshotsArePaidFor(t *testing.T) {
	s := newSimulation(t, 5, nil)
	for _, n := range failpoint.All {
		s.db.cfg.Faults.Arm(n, nil)
	}
	v := s.addView("filter", s.tables[0])
	taken := func() uint64 { return s.db.durable(v.oid) }
	postpone := func(d time.Duration) {
		s.db.snapshots.costs[v.oid] = cost{started: s.sim.Now(), bytes: uint64(d/time.Second) * promptBytes}
	}
	s.write(s.tables[0], row{1, 20}, 1)
	s.pass(2 * time.Second)
	first := taken()
	require.NotZero(t, first)

	postpone(10 * time.Second)
	s.write(s.tables[0], row{2, 30}, 1)
	s.pass(5 * time.Second)
	s.write(s.tables[0], row{2, 31}, 1)
	s.pass(4 * time.Second)
	require.Equal(t, first, taken())
	s.pass(3 * time.Second)
	s.write(s.tables[0], row{2, 32}, 1) // a snapshot is of an epoch that is not closed when it begins
	s.pass(time.Second)
	second := taken()
	require.Greater(t, second, first)

	postpone(time.Minute)
	s.write(s.tables[0], row{3, 40}, 1)
	s.pass(5 * time.Second)
	s.write(s.tables[0], row{3, 41}, 1)
	s.pass(5 * time.Second)
	require.Equal(t, second, taken())
	s.db.snapshotNow(0) // begins it, and does not wait
	s.pass(time.Second)
	require.Greater(t, taken(), second)
	require.Zero(t, s.db.snapshots.breather.hurry.Load(), "nobody waits any more")
}
