package sched_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/sched"
)

// trace runs four machines that wake each other and set timers by the simulation's chance, and gives the order of steps.
func trace(t *testing.T, seed uint64) (steps []string) {
	s := sched.NewSim(seed)
	s.Trace = func(step int, machine string) {
		steps = append(steps, fmt.Sprintf("%d %s at %d", step, machine, s.Now()))
	}
	machines := make([]sched.Machine, 4)
	ran := 0
	for i := range machines {
		machines[i] = s.Start(fmt.Sprint("m", i), func() bool {
			ran++
			machines[s.Rand().IntN(4)].Wake()
			machines[s.Rand().IntN(4)].WakeAfter(time.Duration(s.Rand().IntN(50)) * time.Microsecond)
			return s.Rand().IntN(3) == 0
		})
		machines[i].Wake()
	}
	require.NoError(t, s.Run(10_000, func() bool { return ran >= 300 }))
	require.Equal(t, len(steps), s.Steps())
	return steps
}

func TestSimReplays(t *testing.T) {
	for seed := range uint64(10) {
		require.Equal(t, trace(t, seed), trace(t, seed))
	}
	require.NotEqual(t, trace(t, 1), trace(t, 2))
}

// TestSimOrders: among those that are ready any may come first; without that a simulation would search nothing.
func TestSimOrders(t *testing.T) {
	firsts := map[string]int{}
	for seed := range uint64(60) {
		s := sched.NewSim(seed)
		var first string
		for _, name := range []string{"a", "b", "c"} {
			s.Start(name, func() bool {
				if first == "" {
					first = name
				}
				return false
			}).Wake()
		}
		for s.Step() {
		}
		firsts[first]++
		require.Equal(t, 3, s.Steps())
	}
	require.Len(t, firsts, 3)
}

func TestSimDeadlock(t *testing.T) {
	s := sched.NewSim(1)
	s.Start("waits for nobody", func() bool { return false }).Wake()
	err := s.Run(100, func() bool { return false })
	require.ErrorContains(t, err, "deadlock after 1 steps")
}

func TestSimLivelock(t *testing.T) {
	s := sched.NewSim(1)
	s.Start("spins", func() bool { return true }).Wake()
	require.ErrorContains(t, s.Run(100, func() bool { return false }), "livelock: not done after 100 steps")
	require.Equal(t, 100, s.Steps())
	// Done at the very last step is done.
	require.NoError(t, s.Run(5, func() bool { return s.Steps() == 105 }))
}

// TestSimTimers: the clock jumps to the earliest timer when nothing else can run, a later WakeAfter replaces an earlier one,
// and Stop takes the timer away.
func TestSimTimers(t *testing.T) {
	s := sched.NewSim(1)
	begin := s.Now()
	var fired []string
	start := func(name string) sched.Machine {
		return s.Start(name, func() bool {
			fired = append(fired, fmt.Sprintf("%s +%dms", name, (s.Now()-begin)/1000))
			return false
		})
	}
	start("late").WakeAfter(30 * time.Millisecond)
	start("early").WakeAfter(10 * time.Millisecond)
	replaced := start("replaced")
	replaced.WakeAfter(5 * time.Millisecond)
	replaced.WakeAfter(20 * time.Millisecond)
	stopped := start("stopped")
	stopped.WakeAfter(time.Millisecond)
	stopped.Stop()
	stopped.Wake()
	stopped.WakeAfter(time.Millisecond)
	start("now").Wake()
	last := s.Now()
	for s.Step() {
		require.GreaterOrEqual(t, s.Now(), last)
		last = s.Now()
	}
	require.Equal(t, []string{"now +0ms", "early +10ms", "replaced +20ms", "late +30ms"}, fired)
}

// TestSimStopItself: a machine that stops itself does not step again, whatever its step says.
func TestSimStopItself(t *testing.T) {
	s := sched.NewSim(1)
	var m sched.Machine
	n := 0
	m = s.Start("m", func() bool {
		n++
		m.Wake()
		m.Stop()
		return true
	})
	m.Wake()
	for s.Step() {
	}
	m.Join()
	require.Equal(t, 1, n)
}
