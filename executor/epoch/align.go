package epoch

// Alignment. A job that reads two streams keeps what one has brought until the other's watermark has come there. So a source that is
// ahead of a slower one of the same job, in event time, by more than its limit waits for it. Only one that has something to read is
// waited for: one that has nothing now may have nothing for long, and whether it is idle is for its idle_timeout to say.

// anyAhead reports whether one of the sources that move together has to wait for another one.
func (c *Clock) anyAhead(group []*Source) bool {
	for _, s := range group {
		for _, x := range c.sources {
			if s.aheadOf(x) {
				return true
			}
		}
	}
	return false
}

func (s *Source) aheadOf(x *Source) bool {
	switch {
	case s == x || s.Align == 0 || !s.timed() || !x.timed() || s.progress.low == noWatermark:
		return false
	case s.traits.Counter != "" && s.traits.Counter == x.traits.Counter: // they move together
		return false
	case x.dry || x.err != nil || x.ended() || x.progress.idle:
		return false
	case x.progress.low != noWatermark && s.progress.low-x.progress.low <= s.Align.Microseconds():
		return false
	}
	for r := range s.readers {
		if _, shared := x.readers[r]; shared {
			return true
		}
	}
	return false
}

// timed reports whether the source's rows have event time.
func (s *Source) timed() bool { return s.Mark != nil || s.MarkRows != nil }
