package sched_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/streamdb/streamdb/executor/sched"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// receive waits for a signal for so long that only a lost wake-up fails.
func receive(t *testing.T, c <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(5 * time.Second):
		require.FailNow(t, what)
	}
}

func end(m sched.Machine) {
	m.Stop()
	m.Join()
}

// TestLiveWakeDuringStep: a Wake while a step runs, after all that the step has looked at, makes it run again.
func TestLiveWakeDuringStep(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	m := sched.NewLive().Start("m", func() bool {
		entered <- struct{}{}
		<-leave
		return false
	})
	defer end(m)
	m.Wake()
	for range 100 {
		receive(t, entered, "a wake-up was lost")
		m.Wake()
		leave <- struct{}{}
	}
	receive(t, entered, "the last wake-up was lost")
	leave <- struct{}{}
}

// TestLiveOneStepAtATime has many goroutines wake one machine; its counter is unprotected, which the race detector sees.
func TestLiveOneStepAtATime(t *testing.T) {
	var posted atomic.Int64
	seen := int64(0)
	done := make(chan struct{})
	inside := atomic.Int32{}
	m := sched.NewLive().Start("m", func() bool {
		if inside.Add(1) != 1 {
			t.Error("two steps at once")
		}
		defer inside.Add(-1)
		if now := posted.Load(); now != seen {
			seen = now
			if seen == 4000 {
				close(done)
			}
		}
		return false
	})
	defer end(m)
	for range 4 {
		go func() {
			for range 1000 {
				posted.Add(1)
				m.Wake()
			}
		}()
	}
	receive(t, done, "the last post was never seen")
}

func TestLiveAgain(t *testing.T) {
	n := 0
	done := make(chan struct{})
	m := sched.NewLive().Start("m", func() bool {
		if n++; n == 10 {
			close(done)
		}
		return n < 10
	})
	defer end(m)
	select {
	case <-done:
		require.FailNow(t, "it stepped before it was woken")
	case <-time.After(5 * time.Millisecond):
	}
	m.Wake()
	receive(t, done, "a step that has more to do was not run again")
}

// TestLiveStop: Join waits for the step that runs, and no step begins after Stop.
func TestLiveStop(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	var steps atomic.Int32
	m := sched.NewLive().Start("m", func() bool {
		steps.Add(1)
		entered <- struct{}{}
		<-leave
		return true
	})
	m.Wake()
	receive(t, entered, "it was not woken")
	m.Stop()
	joined := make(chan struct{})
	go func() {
		m.Join()
		close(joined)
	}()
	select {
	case <-joined:
		require.FailNow(t, "joined while a step was running")
	case <-time.After(5 * time.Millisecond):
	}
	close(leave)
	receive(t, joined, "not joined after the last step")
	m.Wake()
	m.Stop() // again, which does nothing
	m.Join()
	require.Equal(t, int32(1), steps.Load())
}

func TestLiveStopItself(t *testing.T) {
	var m sched.Machine
	ready := make(chan struct{})
	m = sched.NewLive().Start("m", func() bool {
		<-ready
		m.Stop()
		return true
	})
	close(ready)
	m.Wake()
	joined := make(chan struct{})
	go func() {
		m.Join()
		close(joined)
	}()
	receive(t, joined, "a machine that stopped itself goes on")
}

func TestLiveTimer(t *testing.T) {
	l := sched.NewLive()
	woken := make(chan struct{}, 8)
	m := l.Start("m", func() bool { woken <- struct{}{}; return false })
	defer end(m)
	before := l.Now()
	m.WakeAfter(time.Hour)
	m.WakeAfter(2 * time.Millisecond)
	receive(t, woken, "the later timer did not replace the earlier one")
	require.GreaterOrEqual(t, l.Now()-before, int64(2000))
	require.Empty(t, woken)
}
