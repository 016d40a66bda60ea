// Package failpoint lets tests and benchmarks make named places fail: a task panics, a partition is lost, a worker stalls.
//
// A place is asked for once a task or a cut, never a row; where no Set is given, as in a server that was not started for it, asking
// costs a comparison with nil.
package failpoint

import (
	"sync"
	"time"
)

// Name is a place that can fail.
type Name string

// The places.
const (
	// Task is the start of a micro-batch's task: it can be delayed, or panic.
	Task Name = "microbatch/task"
	// Lose is the start of a micro-batch: Count partitions with state are lost.
	Lose Name = "microbatch/lose-partition"
	// Blocks is the start of a micro-batch: the stored outputs of exchanges are lost.
	Blocks Name = "microbatch/lose-blocks"
	// Barrier is a pipelined task's cut: it can be delayed, or panic.
	Barrier Name = "pipelined/barrier"
)

// All are the places, for who offers them.
var All = []Name{Task, Lose, Blocks, Barrier}

// Fault is what happens at a place.
type Fault struct {
	// Delay stalls for so long, without using a processor.
	Delay time.Duration
	// Slow stalls for so many times as long as the work takes otherwise: nine makes a task ten times slower.
	Slow int
	// Panic breaks the task off.
	Panic bool
	// Count is how many things are hit, where that has a meaning.
	Count int
}

// Stall is for how long a fault stalls, given how long the work takes otherwise.
func (f Fault) Stall(usual time.Duration) time.Duration { return f.Delay + time.Duration(f.Slow)*usual }

// Rule says at which passes of a place a fault happens.
type Rule struct {
	Fault
	// Every is which passes: 8 is the eighth, the sixteenth, …; 0 is each.
	Every int
	// Times is after how many faults the place is sound again; 0 is never.
	Times int
}

// Set are the places that are to fail. A nil Set has none.
type Set struct {
	mu    sync.Mutex
	armed map[Name]func() Fault
}

// Arm makes a place ask f each time it is passed; nil disarms it.
func (s *Set) Arm(n Name, f func() Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.armed == nil {
		s.armed = map[Name]func() Fault{}
	}
	if f == nil {
		delete(s.armed, n)
		return
	}
	s.armed[n] = f
}

// Once makes a place fail the next time it is passed.
func (s *Set) Once(n Name, f Fault) { s.Follow(n, Rule{Fault: f, Times: 1}) }

// Follow makes a place fail by a rule.
func (s *Set) Follow(n Name, r Rule) {
	passes, faults := 0, 0
	s.Arm(n, func() Fault { // Hit holds the mutex
		if passes++; passes < r.Every {
			return Fault{}
		}
		passes = 0
		if faults++; faults == r.Times {
			delete(s.armed, n)
		}
		return r.Fault
	})
}

// Clear makes all places sound.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.armed)
}

// Hit is what happens at a place now.
func (s *Set) Hit(n Name) Fault {
	if s == nil {
		return Fault{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.armed[n]; f != nil {
		return f()
	}
	return Fault{}
}
