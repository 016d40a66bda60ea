package main

import "time"

// size is how many events the runs of a query have.
type size struct{ check, warmUp, timed int64 }

const (
	// unit is what numbers of events are multiples of.
	unit = 100_000
	// checkSeconds and warmUpSeconds are how long a peer that is warm takes for these runs, unless that would be more than so many events.
	checkSeconds, mostChecked = 2, 1_000_000
	warmUpSeconds, mostWarmUp = 5, 2_000_000
	// unknownRate is taken of a query that the peer has not been seen to answer.
	unknownRate = 0.5
)

// size is what the flags say, or else what the peer's rate, as far as it is known, makes of their times.
func (c config) size(p *peer, query string) size {
	rate := p.rate(references[query])
	if rate == 0 {
		rate = unknownRate
	}
	pick := func(flag int64, seconds float64, most int64) int64 {
		if flag >= 0 {
			return flag
		}
		return max(unit, min(most, int64(rate*seconds*1e6)/unit*unit))
	}
	const endless = 1 << 40
	return size{
		check:  pick(c.checkEvents, checkSeconds, mostChecked),
		warmUp: pick(c.warmUp, warmUpSeconds, mostWarmUp),
		timed:  pick(c.events, c.seconds, endless),
	}
}

// What a pair of runs takes beside the peer's timed run, about: the peer comes up, answers while it is cold, and is warmed up. Our own
// runs take a part of the peer's time.
const (
	pairOverhead = 16 * time.Second
	pairShare    = 1.3
	// shortestRun and longestRun bound a peer's run within a budget of time.
	shortestRun, longestRun = 4.0, 20.0
)

// fit shortens the runs so that all pairs take about as long as the budget says.
func (c *config) fit(pairs int) {
	if c.budget == 0 || pairs == 0 {
		return
	}
	each := (c.budget - time.Duration(len(c.peers))*c.latencyTime()) / time.Duration(pairs*max(1, c.runs))
	c.seconds = max(shortestRun, min(longestRun, (each-pairOverhead).Seconds()/pairShare))
	if c.timeout == 0 {
		c.timeout = time.Duration(max(60, 6*c.seconds) * float64(time.Second))
	}
	c.deadline = time.Now().Add(c.budget)
}

// over says that the budget is used up: nothing more is begun.
func (c *config) over() bool { return !c.deadline.IsZero() && time.Now().After(c.deadline) }
