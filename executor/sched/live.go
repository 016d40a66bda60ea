package sched

import (
	"sync"
	"time"
)

// Live runs each machine on a goroutine of its own, by the wall clock.
type Live struct {
	started time.Time
}

// NewLive makes the server's scheduler.
func NewLive() *Live { return &Live{started: time.Now()} }

// Now implements Scheduler. It counts by the monotonic clock from the wall time at start, so that it cannot go back.
func (l *Live) Now() int64 { return l.started.Add(time.Since(l.started)).UnixMicro() }

// Start implements Scheduler.
func (l *Live) Start(_ string, step Step) Machine {
	m := &liveMachine{step: step, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	go m.run()
	return m
}

type liveMachine struct {
	step  Step
	wake  chan struct{}
	stop  chan struct{}
	done  chan struct{}
	once  sync.Once
	timer timer
}

func (m *liveMachine) run() {
	defer close(m.done)
	for {
		select {
		case <-m.stop:
			return
		case <-m.wake:
		}
		for again := true; again && !m.stopped(); {
			jitter()
			again = m.step()
		}
	}
}

func (m *liveMachine) stopped() bool {
	select {
	case <-m.stop:
		return true
	default:
		return false
	}
}

func (m *liveMachine) Wake() {
	select {
	case m.wake <- struct{}{}:
	default: // already woken
	}
}

func (m *liveMachine) WakeAfter(d time.Duration) { m.timer.reset(d, m.Wake) }

func (m *liveMachine) Stop() {
	m.once.Do(func() { close(m.stop) })
	m.timer.stop()
}

func (m *liveMachine) Join() { <-m.done }

// timer is one pending wake-up.
type timer struct {
	mu sync.Mutex
	t  *time.Timer
}

func (t *timer) reset(d time.Duration, f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.t != nil {
		t.t.Stop()
	}
	t.t = time.AfterFunc(d, f)
}

func (t *timer) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.t != nil {
		t.t.Stop()
	}
}
