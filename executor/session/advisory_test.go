package session

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// TestAdvisoryDeadlock: of two that wait for each other the second is refused, and the first goes on when it gives way.
func TestAdvisoryDeadlock(t *testing.T) {
	locks, ctx := newAdvisoryLocks(), context.Background()
	a, b := &Session{id: 1}, &Session{id: 2}
	one, two := fn.AdvisoryLock{Key: fn.AdvisoryKey{Object: 1}}, fn.AdvisoryLock{Key: fn.AdvisoryKey{Object: 2}}
	take := func(s *Session, l fn.AdvisoryLock) error {
		_, err := locks.acquire(ctx, s, l, true, 0)
		return err
	}
	require.NoError(t, take(a, one))
	require.NoError(t, take(b, two))
	waited := make(chan error)
	go func() { waited <- take(a, two) }()
	waitFor(locks, 1)
	require.Equal(t, sqlerr.DeadlockDetected, sqlerr.CodeOf(take(b, one)))
	locks.releaseAll(b, false)
	require.NoError(t, <-waited)
	locks.releaseAll(a, false)
	require.Empty(t, locks.locks)
}

// TestAdvisoryUpgrade: two that share a lock cannot both make it their own; one that waits alone can, past those who came later.
func TestAdvisoryUpgrade(t *testing.T) {
	locks, ctx := newAdvisoryLocks(), context.Background()
	a, b, c := &Session{id: 1}, &Session{id: 2}, &Session{id: 3}
	shared, own := fn.AdvisoryLock{Shared: true}, fn.AdvisoryLock{}
	for _, s := range []*Session{a, b} {
		got, err := locks.acquire(ctx, s, shared, false, 0)
		require.True(t, got && err == nil)
	}
	waited := make(chan error)
	wait := func(s *Session) {
		_, err := locks.acquire(ctx, s, own, true, 0)
		waited <- err
	}
	go wait(a)
	waitFor(locks, 1)
	_, err := locks.acquire(ctx, b, own, true, 0)
	require.Equal(t, sqlerr.DeadlockDetected, sqlerr.CodeOf(err))
	got, err := locks.acquire(ctx, c, shared, false, 0)
	require.False(t, got || err != nil, "it would be in front of the one that waits")
	go wait(c)
	waitFor(locks, 2)
	require.Len(t, locks.list(), 4)
	locks.releaseAll(b, false)
	require.NoError(t, <-waited)
	locks.releaseAll(a, false)
	require.NoError(t, <-waited)
	locks.releaseAll(c, false)
	require.Empty(t, locks.locks)
}

// waitFor waits until so many sessions wait.
func waitFor(locks *advisoryLocks, n int) {
	for {
		locks.mu.Lock()
		waiting := len(locks.waits)
		locks.mu.Unlock()
		if waiting == n {
			return
		}
		runtime.Gosched()
	}
}
