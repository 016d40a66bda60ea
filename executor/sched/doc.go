// Package sched runs state machines: on goroutines in the server, on one goroutine in a seeded order in simulation.
//
// Everything that moves by itself in the executor (clock, jobs, tasks, snapshot writer) is a Step function that does a
// bounded piece of work and never blocks; it is woken when it may go on. It takes time, too, from its Scheduler. So a whole
// server is a deterministic function of a seed under Sim, and DESIGN section 8's simulation can search its interleavings.
//
// Invariants:
//   - A Step is never run twice at once.
//   - A Wake during a Step is not lost: the Step is run again.
//   - A Step never waits for another: it returns false and is woken.
package sched
