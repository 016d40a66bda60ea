package txn

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// lockTest starts acquisitions and sees that they wait before the test goes on, so that no test depends on timing.
type lockTest struct {
	*testing.T
	locks *Locks
}

func newLockTest(t *testing.T) lockTest { return lockTest{t, NewLocks()} }

// take acquires a lock that is free, or held by o already.
func (t lockTest) take(o *Owner, oid uint32) {
	t.Helper()
	require.NoError(t, t.locks.Acquire(t.Context(), o, oid, time.Second))
}

// wait starts to acquire a lock that is not free and returns once o stands in its queue.
func (t lockTest) wait(ctx context.Context, o *Owner, oid uint32) <-chan error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- t.locks.Acquire(ctx, o, oid, 0) }()
	require.Eventually(t, func() bool { return t.waits(o) }, 5*time.Second, 50*time.Microsecond)
	return done
}

func (t lockTest) waits(o *Owner) bool {
	t.locks.mu.Lock()
	defer t.locks.mu.Unlock()
	_, ok := t.locks.waits[o]
	return ok
}

// free checks that nothing is left in the lock table.
func (t lockTest) free() {
	t.Helper()
	require.Empty(t, t.locks.locks)
	require.Empty(t, t.locks.waits)
}

func received(t *testing.T, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(5 * time.Second):
		require.FailNow(t, "the lock was not granted")
		return nil
	}
}

func TestAcquireAgain(t *testing.T) {
	lt := newLockTest(t)
	a := &Owner{Name: "a"}
	lt.take(a, 1)
	lt.take(a, 1)
	require.Equal(t, []uint32{1}, a.held)
	lt.locks.Release(a)
	lt.free()
	lt.locks.Release(a) // of an owner that has nothing
}

// TestTurns: waiters get the lock in the order in which they came, one at a time.
func TestTurns(t *testing.T) {
	lt := newLockTest(t)
	owners := make([]*Owner, 6)
	done := make([]<-chan error, len(owners))
	for i := range owners {
		owners[i] = &Owner{Name: fmt.Sprint(i)}
		if i == 0 {
			lt.take(owners[i], 7)
		} else {
			done[i] = lt.wait(t.Context(), owners[i], 7)
		}
	}
	for i := 1; i < len(owners); i++ {
		lt.locks.Release(owners[i-1])
		require.NoError(t, received(t, done[i]))
		for _, later := range owners[i+1:] {
			require.True(t, lt.waits(later), "%s got the lock beside %s", later.Name, owners[i].Name)
		}
	}
	lt.locks.Release(owners[len(owners)-1])
	lt.free()
}

// TestReleaseAll: the end of a transaction hands each of its locks to the first in that lock's queue.
func TestReleaseAll(t *testing.T) {
	lt := newLockTest(t)
	a, b, c, d := &Owner{Name: "a"}, &Owner{Name: "b"}, &Owner{Name: "c"}, &Owner{Name: "d"}
	for oid := range uint32(3) {
		lt.take(a, oid)
	}
	first := lt.wait(t.Context(), b, 2)
	second := lt.wait(t.Context(), c, 1)
	third := lt.wait(t.Context(), d, 2)
	lt.locks.Release(a)
	require.NoError(t, received(t, first))
	require.NoError(t, received(t, second))
	require.True(t, lt.waits(d))
	require.Empty(t, a.held)
	require.Equal(t, []uint32{2}, b.held)
	require.Equal(t, []uint32{1}, c.held)
	lt.take(a, Catalog) // nobody waited for it
	lt.locks.Release(b)
	require.NoError(t, received(t, third))
	for _, o := range []*Owner{a, c, d} {
		lt.locks.Release(o)
	}
	lt.free()
}

// TestDeadlock closes circles of several sizes: the one who closes it is refused, and the others go on when it gives up.
func TestDeadlock(t *testing.T) {
	for _, n := range []int{2, 3, 5} {
		t.Run(fmt.Sprintf("%d-way", n), func(t *testing.T) {
			lt := newLockTest(t)
			owners := make([]*Owner, n)
			for i := range owners {
				owners[i] = &Owner{Name: fmt.Sprintf("transaction %d", i)}
				lt.take(owners[i], uint32(100+i))
			}
			done := make([]<-chan error, n-1)
			for i := range done {
				done[i] = lt.wait(t.Context(), owners[i], uint32(100+i+1))
			}
			last := owners[n-1]
			err := lt.locks.Acquire(t.Context(), last, 100, 0)
			require.Equal(t, sqlerr.DeadlockDetected, sqlerr.From(err).Code)
			require.Contains(t, sqlerr.From(err).Detail, fmt.Sprintf("%s waits for relation 100, which is held by transaction 0", last.Name))
			require.NotEmpty(t, sqlerr.From(err).Hint)
			require.False(t, lt.waits(last))
			lt.locks.Release(last)
			for i := n - 2; i >= 0; i-- {
				require.NoError(t, received(t, done[i]))
				lt.locks.Release(owners[i])
			}
			lt.free()
		})
	}
}

// TestDeadlockInQueue: the circle leads through one who does not hold the lock yet but stands before another in its queue.
func TestDeadlockInQueue(t *testing.T) {
	lt := newLockTest(t)
	a, b, c := &Owner{Name: "a"}, &Owner{Name: "b"}, &Owner{Name: "c"}
	lt.take(a, 1)
	lt.take(b, 2)
	second := lt.wait(t.Context(), b, 1) // behind a, with 2 in hand
	third := lt.wait(t.Context(), c, 1)  // behind b
	err := lt.locks.Acquire(t.Context(), a, 2, 0)
	require.Equal(t, sqlerr.DeadlockDetected, sqlerr.From(err).Code)
	lt.locks.Release(a)
	require.NoError(t, received(t, second))
	err = lt.locks.Acquire(t.Context(), b, 2, 0)
	require.NoError(t, err, "b has it")
	lt.take(a, 3)
	fourth := lt.wait(t.Context(), a, 1) // behind c: no circle
	lt.locks.Release(b)
	require.NoError(t, received(t, third))
	err = lt.locks.Acquire(t.Context(), c, 3, 0)
	require.Equal(t, sqlerr.DeadlockDetected, sqlerr.From(err).Code)
	lt.locks.Release(c)
	require.NoError(t, received(t, fourth))
	lt.locks.Release(a)
	lt.free()
}

// TestGiveUp: a waiter that is cancelled or times out leaves the queue, and those behind it move up.
func TestGiveUp(t *testing.T) {
	lt := newLockTest(t)
	a, b, c := &Owner{Name: "a"}, &Owner{Name: "b"}, &Owner{Name: "c"}
	lt.take(a, 1)

	reason := errors.New("canceling statement due to user request")
	ctx, cancel := context.WithCancelCause(t.Context())
	canceled := lt.wait(ctx, b, 1)
	behind := lt.wait(t.Context(), c, 1)
	cancel(reason)
	require.ErrorIs(t, received(t, canceled), reason)
	require.False(t, lt.waits(b))
	require.Empty(t, b.held)

	err := lt.locks.Acquire(t.Context(), b, 1, time.Millisecond)
	require.Equal(t, sqlerr.LockNotAvailable, sqlerr.From(err).Code)
	require.Equal(t, "canceling statement due to lock timeout", sqlerr.From(err).Message)
	require.False(t, lt.waits(b))

	lt.locks.Release(a)
	require.NoError(t, received(t, behind))
	lt.locks.Release(c)
	lt.free()
}

// TestGiveUpAsGranted: a waiter is cancelled at the moment at which it is granted the lock. However that ends, its
// transaction's end leaves the lock free.
func TestGiveUpAsGranted(t *testing.T) {
	for range 200 {
		lt := newLockTest(t)
		a, b := &Owner{Name: "a"}, &Owner{Name: "b"}
		lt.take(a, 1)
		ctx, cancel := context.WithCancel(t.Context())
		done := lt.wait(ctx, b, 1)
		go cancel()
		lt.locks.Release(a)
		_ = received(t, done) // either way
		lt.locks.Release(b)
		lt.free()
	}
}

// TestExclusion has many writers add to counters that only the locks protect; the race detector sees a lock that does not
// exclude, and the sums see a lost turn.
func TestExclusion(t *testing.T) {
	const writers, turns, tables = 8, 200, 3
	locks := NewLocks()
	var sums [tables]int
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for k := range turns {
				o := &Owner{Name: fmt.Sprint(i)}
				first := (i + k) % tables
				for oid := first; oid < tables; oid++ { // in one order, so there is no deadlock
					if err := locks.Acquire(context.Background(), o, uint32(oid), 0); err != nil {
						t.Error(err)
					}
					sums[oid]++
				}
				locks.Release(o)
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range sums {
		total += n
	}
	want := 0
	for i := range writers {
		for k := range turns {
			want += tables - (i+k)%tables
		}
	}
	require.Equal(t, want, total)
	lockTest{t, locks}.free()
}
