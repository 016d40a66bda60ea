package job

import (
	"github.com/streamdb/streamdb/executor/driver"
)

// change is a change of the job's mode under way. The old driver finishes what it was fed and gives its state, the new one takes it and goes
// on from the next epoch: readers and subscribers notice nothing.
type change struct {
	to     Mode
	asked  bool // for the state
	states []driver.State
	ready  bool // the states are there
}

// SetMode changes how the job is executed, at its next cut.
func (j *Job) SetMode(m Mode) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.change != nil {
		j.change.to = m
	} else if m != j.cfg.Mode {
		j.change = &change{to: m}
	}
	j.machine.Wake()
}

// Mode is how the job is executed, or will be after a change that is under way.
func (j *Job) Mode() Mode {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.change != nil {
		return j.change.to
	}
	return j.cfg.Mode
}

// advance takes the change as far as it can go now.
func (c *change) advance(j *Job) error {
	if c.to.Batched == j.cfg.Mode.Batched && c.to.Tasks == j.cfg.Mode.Tasks { // the interval alone needs no other driver
		c.abandon()
		j.cfg.Mode, j.change = c.to, nil
		j.machine.Wake()
		return nil
	}
	switch {
	case c.ready:
		return c.replace(j)
	case len(j.flying) > 0 || c.asked:
		return nil
	case j.issued == 0:
		return c.replace(j)
	}
	c.asked = true
	j.cut(flight{cut: j.issued, frozen: func(states []driver.State) {
		if j.change != c { // it was taken back meanwhile
			driver.Release(states)
			return
		}
		c.states, c.ready = states, true
	}})
	return nil
}

// replace puts the new driver in the old one's place.
func (c *change) replace(j *Job) error {
	defer c.abandon()
	j.cfg.Mode, j.change = c.to, nil
	if err := j.renewDriver(); err != nil {
		return err
	}
	j.machine.Wake()
	if j.issued == 0 {
		return nil
	}
	return j.resume(&Snapshot{Cut: j.issued, States: c.states, Marks: j.times.marks()})
}

// abandon gives the state back. The change begins anew if it has not been made.
func (c *change) abandon() {
	driver.Release(c.states)
	c.states, c.asked, c.ready = nil, false, false
}
