package epoch_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/kv"
)

// TestGroupCommit: commits that wait share an epoch and a write; one that comes later gets the next.
func TestGroupCommit(t *testing.T) {
	f := newFixture(t)
	a, b := f.relation(1), f.relation(2)
	first, second, third := f.submit(1, nil, 10), f.submit(2, nil, 20), f.submit(1, nil, 11)
	require.Zero(t, first.done, "answered before the clock's step")
	writes := f.store.Writes()
	f.settle()
	for _, x := range []*answer{first, second, third} {
		require.Equal(t, answer{done: 1, epoch: 1}, *x)
	}
	require.Equal(t, writes+1, f.store.Writes())
	require.Len(t, blocks(a), 1)
	require.Equal(t, []int64{10, 11}, values(t, blocks(a)[0]))
	require.Equal(t, []int64{20}, values(t, blocks(b)[0]))

	later := f.submit(2, nil, 21)
	f.settle()
	require.Equal(t, answer{done: 1, epoch: 2}, *later)
	require.Equal(t, uint64(2), f.clock.Closed())
}

// TestOrder: epochs rise by one, their times rise too, the log has what the blocks have, and a restart goes on from there.
func TestOrder(t *testing.T) {
	f := newFixture(t)
	r := f.relation(1)
	for i := range int64(20) {
		f.submit(1, nil, i)
		f.settle()
	}
	recs, got := f.records(), blocks(r)
	require.Len(t, recs, 20)
	for i, rec := range recs {
		require.Equal(t, uint64(i+1), rec.Epoch)
		require.Equal(t, rec.Epoch, got[i].Epoch)
		require.Equal(t, rec.Time, got[i].Time)
		if i > 0 {
			require.Greater(t, rec.Time, recs[i-1].Time)
		}
	}
	last := f.clock.Now()
	require.Equal(t, recs[19].Time, last)

	f.store = f.store.Crash()
	f.open()
	require.Equal(t, uint64(20), f.clock.Closed())
	require.Equal(t, last, f.clock.Now())
	x := f.submit(1, nil, 99)
	f.settle()
	require.Equal(t, uint64(21), x.epoch, "an answered commit is durable")
	require.Greater(t, f.clock.Now(), last)
}

// TestNoSync: an epoch waits for the disk unless every commit in it asked not to.
func TestNoSync(t *testing.T) {
	f := newFixture(t)
	f.relation(1)
	lazy := func() {
		f.clock.Submit(&epoch.Commit{Data: []epoch.Change{change(1, 1, 1)}, NoSync: true, Done: func(uint64, error) {}})
	}
	lazy()
	f.settle()
	require.Equal(t, 1, f.store.Pending())
	lazy()
	f.submit(1, nil, 2)
	f.settle()
	require.Zero(t, f.store.Pending())
}

// TestCheck: a commit whose check fails is refused with that error and nothing of it is seen, while others go on.
func TestCheck(t *testing.T) {
	f := newFixture(t)
	r := f.relation(1)
	refusal := errors.New("could not serialize access")
	asked := false
	bad := f.submit(1, func() error { asked = true; return refusal }, 1)
	good := f.submit(1, func() error { return nil }, 2)
	require.False(t, asked, "its turn has not come")
	f.settle()
	require.Equal(t, answer{done: 1, err: refusal}, *bad)
	require.Equal(t, answer{done: 1, epoch: 1}, *good)
	require.Equal(t, []int64{2}, values(t, blocks(r)[0]))

	f.submit(1, func() error { return refusal }, 3)
	f.settle()
	require.Equal(t, uint64(1), f.clock.Closed(), "an epoch of refused commits only is none")
}

// TestRetractions: what several commits of one epoch do to a relation is one consolidated step.
func TestRetractions(t *testing.T) {
	f := newFixture(t)
	r := f.relation(1)
	for _, ch := range []epoch.Change{change(1, 1, 5), change(1, -1, 5), change(1, 1, 6)} {
		f.clock.Submit(&epoch.Commit{Data: []epoch.Change{ch}, Done: func(uint64, error) {}})
	}
	f.settle()
	require.Equal(t, []int64{6}, values(t, blocks(r)[0]))
}

// TestHandOut: catalog changes come before blocks, blocks before the clock's hand, and that before the answer.
func TestHandOut(t *testing.T) {
	f := newFixture(t)
	var r *relation.Relation
	var order []string
	f.clock.Watch(&relation.Watcher{Wake: func() {
		if f.clock.Closed() == 1 {
			require.Len(t, blocks(r), 1)
			order = append(order, "closed")
		}
	}})
	f.clock.Submit(&epoch.Commit{
		Data: []epoch.Change{change(1, 1, 7), change(99, 1, 1)}, // 99 was dropped by the same transaction
		Apply: func(e uint64, _ int64) {
			require.Equal(t, uint64(1), e)
			require.Zero(t, f.clock.Closed())
			require.Len(t, f.records(), 1, "it is in the log before it happens")
			r = f.relation(1)
			r.Watch(&relation.Watcher{Wake: func() { order = append(order, "published") }})
			order = append(order, "applied")
		},
		Done: func(uint64, error) { order = append(order, "answered") },
	})
	f.settle()
	require.Equal(t, []string{"published", "applied", "published", "closed", "answered"}, order) // the first is Watch's own
}

// TestTold: an epoch wakes those that watch what it touches, when it is closed, and those that wait for it, once.
func TestTold(t *testing.T) {
	f := newFixture(t)
	touched, other := f.relation(1), f.relation(2)
	var told []string
	watcher := func(name string) *relation.Watcher {
		return &relation.Watcher{Wake: func() { told = append(told, name) }}
	}
	touched.Watch(&relation.Watcher{Wake: func() { told = append(told, fmt.Sprint("touched at ", f.clock.Closed())) }})
	other.Watch(watcher("other"))
	f.clock.Notify(watcher("second"), 2)
	f.clock.Notify(watcher("first"), 1)
	told = nil
	f.submit(1, nil, 1)
	f.settle()
	require.Equal(t, []string{"touched at 1", "first"}, told)
	f.clock.Notify(watcher("late"), 1)
	require.Equal(t, []string{"touched at 1", "first", "late"}, told)
	told = nil
	f.submit(1, nil, 2)
	f.settle()
	f.submit(1, nil, 3)
	f.settle()
	require.Equal(t, []string{"touched at 2", "second", "touched at 3"}, told)
}

// TestLogFailure: when the log has failed, the commits of that epoch, those that wait and all later ones get its error, nothing
// of them is seen, and sources do not go on without the log.
func TestLogFailure(t *testing.T) {
	f := newFixture(t)
	r := f.relation(1)
	src := f.add(2, paced(1))
	f.submit(1, nil, 1)
	f.pass(20 * time.Millisecond)
	closed, polled := f.clock.Closed(), len(blocks(src.Relation))
	require.Positive(t, polled)

	full := kv.DiskFull("/data", errors.New("no space left on device"))
	f.store.Inject(kv.Fault{Op: kv.FaultWrite, N: 1, Err: full})
	failed := f.submit(1, nil, 2)
	f.sim.Step()
	for range 200 {
		f.sim.Step()
	}
	require.Equal(t, 1, failed.done)
	require.ErrorIs(t, failed.err, full)
	later := f.submit(1, func() error { require.Fail(t, "asked"); return nil }, 3)
	require.Equal(t, 1, later.done)
	require.ErrorIs(t, later.err, full)
	require.Equal(t, closed, f.clock.Closed())
	require.Len(t, blocks(r), 1)
	require.Len(t, blocks(src.Relation), polled)
	b, at := f.clock.Book(src)
	b.Release()
	require.Equal(t, blocks(src.Relation)[polled-1].Ranges[0].To, at[0]["s"], "the view is of the newest closed epoch")
	for range 50 { // the clock's own timer must not keep it busy
		if !f.sim.Step() {
			return
		}
	}
	require.Fail(t, "the clock goes on after its log has failed")
}

// TestStop: what waits is refused, and what comes later too.
func TestStop(t *testing.T) {
	f := newFixture(t)
	f.relation(1)
	waiting := f.submit(1, nil, 1)
	f.clock.Stop()
	later := f.submit(1, nil, 2)
	f.settle()
	for _, a := range []*answer{waiting, later} {
		require.Equal(t, 1, a.done)
		require.Equal(t, sqlerr.AdminShutdown, sqlerr.From(a.err).Code)
	}
	require.Zero(t, f.clock.Closed())
}
