package pipelined

import (
	"time"

	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/failpoint"
)

// hold is a barrier that a fail point holds up in a task.
type hold struct {
	barrier exchange.Barrier
	until   int64 // 0: none is held
	worked  int64 // for how long the task had worked at the barrier before
}

// hold asks the fail point of barriers; it reports whether the barrier must wait.
func (t *task) hold(b exchange.Barrier) bool {
	f := t.driver.cfg.Faults.Hit(failpoint.Barrier)
	if f.Panic {
		panic("fail point " + failpoint.Barrier)
	}
	now := t.driver.cfg.Sched.Now()
	worked := t.times.Worked(now)
	stall := f.Stall(time.Duration(worked-t.held.worked) * time.Microsecond)
	t.held.worked = worked
	if stall <= 0 {
		return false
	}
	t.held.barrier, t.held.until = b, now+stall.Microseconds()
	t.machine.WakeAfter(stall)
	return true
}

// release lets a barrier go on that was held up long enough. It is false while one must wait.
func (t *task) release() bool {
	if t.held.until == 0 {
		return true
	}
	if left := t.held.until - t.driver.cfg.Sched.Now(); left > 0 {
		t.machine.WakeAfter(time.Duration(left) * time.Microsecond)
		return false
	}
	b := t.held.barrier
	t.held.until = 0
	if err := t.cut(b); err != nil {
		t.fail(err)
		return false
	}
	return true
}
