package database

import (
	"time"

	"github.com/streamdb/streamdb/executor/failpoint"
)

// panicsApart is the time that lies at least between two panics: a view that meets several before it gets on is stopped, rightly.
const panicsApart = 5 * time.Second

// stepsApart is how many barriers of steps come at least between two that panic: a step over many epochs has one for each epoch and task, and
// one that is taken again must get through.
const stepsApart = 2000

// faults are the places that fail at random in a simulation.
func (s *simulation) faults() *failpoint.Set {
	set := &failpoint.Set{}
	panicked := s.sim.Now()
	calm := func() bool { return s.sim.Now()-panicked > panicsApart.Microseconds() }
	set.Arm(failpoint.Task, func() failpoint.Fault {
		switch {
		case s.rng.IntN(20) == 0:
			return failpoint.Fault{Delay: time.Duration(s.rng.IntN(60)) * time.Millisecond}
		case s.rng.IntN(40) == 0 && calm():
			panicked = s.sim.Now()
			return failpoint.Fault{Panic: true}
		}
		return failpoint.Fault{}
	})
	set.Arm(failpoint.Lose, func() failpoint.Fault {
		if s.rng.IntN(10) == 0 {
			return failpoint.Fault{Count: 1 + s.rng.IntN(2)}
		}
		return failpoint.Fault{}
	})
	set.Arm(failpoint.Blocks, func() failpoint.Fault {
		if s.rng.IntN(10) == 0 {
			return failpoint.Fault{Count: 1}
		}
		return failpoint.Fault{}
	})
	cuts, broke, brokeAt := 0, -stepsApart, s.sim.Now()
	set.Arm(failpoint.Barrier, func() failpoint.Fault {
		cuts++
		switch {
		case s.rng.IntN(30) == 0:
			return failpoint.Fault{Delay: time.Duration(s.rng.IntN(60)) * time.Millisecond}
		case s.rng.IntN(40) == 0 && cuts-broke > stepsApart && s.sim.Now()-brokeAt > panicsApart.Microseconds():
			broke, brokeAt = cuts, s.sim.Now()
			return failpoint.Fault{Panic: true}
		}
		return failpoint.Fault{}
	})
	return set
}
