package driver

// Shares tells how a task's time went, in microseconds: it worked, it had no input, or those that read its output were full.
type Shares struct {
	since, last         int64 // of the period; of the last change
	busy, idle, waiting int64
	worked              int64 // ever
	// Pressed is set by a task whose step ends because of those that read.
	Pressed bool
}

// Begin is called as a step begins: what lay between was a wait.
func (s *Shares) Begin(now int64) {
	if s.since == 0 {
		s.since, s.last = now, now
	}
	if s.Pressed {
		s.waiting += now - s.last
	} else {
		s.idle += now - s.last
	}
	s.Pressed, s.last = false, now
}

// End is called as a step ends.
func (s *Shares) End(now int64) {
	s.busy += now - s.last
	s.worked += now - s.last
	s.last = now
}

// Worked is for how long the task has worked since it began, during a step.
func (s *Shares) Worked(now int64) int64 { return s.worked + now - s.last }

// Ever is for how long the task has worked since it began, as of its last step.
func (s *Shares) Ever() int64 { return s.worked }

// sharePeriod is over how long shares are taken at least: a step alone says nothing.
const sharePeriod = 1_000_000

// Take gives the shares of the period so far, and begins a new one if it was long.
func (s *Shares) Take(now int64) (busy, idle, pressed float64) {
	s.End(now)
	total := float64(max(1, s.busy+s.idle+s.waiting))
	busy, idle, pressed = float64(s.busy)/total, float64(s.idle)/total, float64(s.waiting)/total
	if now-s.since > sharePeriod {
		s.since, s.busy, s.idle, s.waiting = now, 0, 0, 0
	}
	return busy, idle, pressed
}

// Now gives the shares of one that is never back-pressured, without ending a period.
func (s *Shares) Now(now int64) (busy, idle float64) {
	total := s.busy + s.idle + max(0, now-s.last)
	if s.since == 0 || total == 0 {
		return 0, 1
	}
	busy = float64(s.busy) / float64(total)
	return busy, 1 - busy
}
