package showdown

import (
	"slices"
	"time"
)

// timeline is when the events of each millisecond became visible, from the source's begin: the index is the millisecond in which they
// were due. Those that nobody has seen are negative.
type timeline []time.Duration

// timelineOf spreads the steps of a subscriber over the milliseconds. A step makes all events visible that were due since the step before.
func timelineOf(steps []progress, began time.Time, length time.Duration) timeline {
	out := make(timeline, length.Milliseconds())
	for i := range out {
		out[i] = -1
	}
	at := int64(0)
	for _, s := range steps {
		for ; at <= s.due && at < int64(len(out)); at++ {
			out[at] = s.at.Sub(began)
		}
	}
	return out
}

// latency is how long the events of a millisecond took to become visible. The millisecond's begin counts, so that it is at most a
// millisecond too long.
func (t timeline) latency(ms int) time.Duration { return t[ms] - time.Duration(ms)*time.Millisecond }

// percentiles are those of the latencies, 0 to 1, of the events due in a part of the time. What nobody has seen is left out: the
// answer is checked, so that it is only the few last events which no row of the result tells of.
func (t timeline) percentiles(from, to time.Duration, ps ...float64) []time.Duration {
	var all []time.Duration
	for ms := int(from.Milliseconds()); ms < min(len(t), int(to.Milliseconds())); ms++ {
		if t[ms] >= 0 {
			all = append(all, t.latency(ms))
		}
	}
	out := make([]time.Duration, len(ps))
	if len(all) == 0 {
		return out
	}
	slices.Sort(all)
	for i, p := range ps {
		out[i] = all[min(len(all)-1, int(p*float64(len(all))))]
	}
	return out
}

// longestGap is the longest time without anything new that ended in a part of the time.
func longestGap(steps []progress, from, to time.Time) (longest time.Duration) {
	for i := 1; i < len(steps); i++ {
		if steps[i].at.After(from) && !steps[i].at.After(to) {
			longest = max(longest, steps[i].at.Sub(steps[i-1].at))
		}
	}
	return longest
}
