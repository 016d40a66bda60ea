package sched

import "time"

// Step does a bounded piece of work. It returns true if it has more to do right now.
type Step func() (again bool)

// Machine is a running state machine.
type Machine interface {
	// Wake makes it step, now or as soon as the current step ends. It may be called from anywhere, also from a Step.
	Wake()
	// WakeAfter wakes it once d has passed on the scheduler's clock. A later call replaces an earlier one that has not fired.
	WakeAfter(d time.Duration)
	// Stop ends it: no Step begins after it returns, but one may still be running. A machine may stop itself.
	Stop()
	// Join waits until no Step of a stopped machine is running. A machine must not join itself.
	Join()
}

// Scheduler runs machines and tells the time.
type Scheduler interface {
	// Start makes a machine; it steps only once woken.
	Start(name string, step Step) Machine
	// Now is the time in microseconds since 1970. It may stand still between steps, and never goes back.
	Now() int64
}
