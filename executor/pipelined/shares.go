package pipelined

// shares tells how a task's time went, in microseconds: it worked, it had no input, or those that read its output were full.
type shares struct {
	since, last         int64 // of the period; of the last change
	busy, idle, waiting int64
	pressed             bool // the last step ended because of those that read
}

// begin is called as a step begins: what lay between was a wait.
func (s *shares) begin(now int64) {
	if s.since == 0 {
		s.since, s.last = now, now
	}
	if s.pressed {
		s.waiting += now - s.last
	} else {
		s.idle += now - s.last
	}
	s.pressed, s.last = false, now
}

// end is called as a step ends.
func (s *shares) end(now int64) {
	s.busy += now - s.last
	s.last = now
}

// sharePeriod is over how long shares are taken at least: a step alone says nothing.
const sharePeriod = 1_000_000

// take gives the shares of the period so far, and begins a new one if it was long.
func (s *shares) take(now int64) (busy, idle, pressed float64) {
	s.busy += now - s.last
	s.last = now
	total := float64(max(1, s.busy+s.idle+s.waiting))
	busy, idle, pressed = float64(s.busy)/total, float64(s.idle)/total, float64(s.waiting)/total
	if now-s.since > sharePeriod {
		s.since, s.busy, s.idle, s.waiting = now, 0, 0, 0
	}
	return busy, idle, pressed
}
