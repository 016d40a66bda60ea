package sched

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Sim runs all machines on the caller's goroutine, in an order drawn from a seed. Its clock moves only when nothing else
// can: to the next timer.
type Sim struct {
	rng      *rand.Rand
	now      int64
	machines []*simMachine
	steps    int
	// Trace, if set, is told of each step.
	Trace func(step int, machine string)
}

// NewSim makes a simulation; the same seed and the same calls give the same order.
func NewSim(seed uint64) *Sim {
	return &Sim{rng: rand.New(rand.NewPCG(seed, 0x5eed)), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()}
}

// Rand is the simulation's source of chance: drivers of a simulation draw from it too, so that a seed replays everything.
func (s *Sim) Rand() *rand.Rand { return s.rng }

// Now implements Scheduler.
func (s *Sim) Now() int64 { return s.now }

// Steps is how many steps have been run.
func (s *Sim) Steps() int { return s.steps }

// Start implements Scheduler.
func (s *Sim) Start(name string, step Step) Machine {
	m := &simMachine{sim: s, name: name, step: step}
	s.machines = append(s.machines, m)
	return m
}

// Step runs one step of a machine drawn from those that are ready; if none is, the clock moves to the next timer. It
// returns false if nothing is left to do.
func (s *Sim) Step() bool {
	ready := make([]*simMachine, 0, len(s.machines))
	for _, m := range s.machines {
		if m.ready {
			ready = append(ready, m)
		}
	}
	if len(ready) == 0 {
		return s.advance()
	}
	m := ready[s.rng.IntN(len(ready))]
	m.ready = false
	s.steps++
	s.now++ // time passes, by a microsecond a step, so that no two epochs share one by accident of speed
	if s.Trace != nil {
		s.Trace(s.steps, m.name)
	}
	if m.step() && !m.stopped {
		m.ready = true
	}
	return true
}

// Run steps until done says so. It fails when there is nothing to do any more, or after limit steps: a deadlock or a livelock.
func (s *Sim) Run(limit int, done func() bool) error {
	for range limit {
		if done() {
			return nil
		}
		if !s.Step() {
			return fmt.Errorf("deadlock after %d steps: no machine is ready and no timer is set", s.steps)
		}
	}
	if done() {
		return nil
	}
	return fmt.Errorf("livelock: not done after %d steps", limit)
}

// advance moves the clock to the earliest timer and makes its machine ready.
func (s *Sim) advance() bool {
	var next *simMachine
	for _, m := range s.machines {
		if m.at != 0 && (next == nil || m.at < next.at) {
			next = m
		}
	}
	if next == nil {
		return false
	}
	s.now = max(s.now, next.at)
	next.at, next.ready = 0, true
	return true
}

type simMachine struct {
	sim     *Sim
	name    string
	step    Step
	ready   bool
	stopped bool
	at      int64 // when to wake; 0: no timer
}

func (m *simMachine) Wake() {
	if !m.stopped {
		m.ready = true
	}
}

func (m *simMachine) WakeAfter(d time.Duration) {
	if !m.stopped {
		m.at = m.sim.now + max(1, d.Microseconds())
	}
}

func (m *simMachine) Stop() {
	m.stopped, m.ready, m.at = true, false, 0
	for i, x := range m.sim.machines {
		if x == m {
			m.sim.machines = append(m.sim.machines[:i], m.sim.machines[i+1:]...)
			return
		}
	}
}

// Join implements Machine: everything runs on one goroutine, so no other Step can be running.
func (m *simMachine) Join() {}
