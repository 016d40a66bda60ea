package database

import (
	"time"

	"github.com/streamdb/streamdb/executor/failpoint"
)

// panicsApart is how many tasks begin at least between two that panic: twice on one input would stop a view, rightly.
const panicsApart = 400

// faults are the places that fail at random in a simulation.
func (s *simulation) faults() *failpoint.Set {
	set := &failpoint.Set{}
	began, panicked := 0, -panicsApart
	set.Arm(failpoint.Task, func() failpoint.Fault {
		began++
		switch {
		case s.rng.IntN(20) == 0:
			return failpoint.Fault{Delay: time.Duration(s.rng.IntN(60)) * time.Millisecond}
		case s.rng.IntN(40) == 0 && began-panicked > panicsApart:
			panicked = began
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
	cuts, broke := 0, -panicsApart
	set.Arm(failpoint.Barrier, func() failpoint.Fault {
		cuts++
		switch {
		case s.rng.IntN(30) == 0:
			return failpoint.Fault{Delay: time.Duration(s.rng.IntN(60)) * time.Millisecond}
		case s.rng.IntN(40) == 0 && cuts-broke > panicsApart:
			broke = cuts
			return failpoint.Fault{Panic: true}
		}
		return failpoint.Fault{}
	})
	return set
}
