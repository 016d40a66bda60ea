package serve

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// The garbage collector waits until there is so much garbage: slackBytes, so that it does not run every few megabytes while state is
// small, and a part of what is alive. Go's rule is as much as is alive, which with gigabytes of state is gigabytes; but state is pages
// without pointers, which take the collector next to no time, so that it may run more often.
const (
	slackBytes = 256 << 20
	slackPart  = 3
	// mostPercent is Go's own rule.
	mostPercent = 100
)

// ballastBytes are never touched, so they take no room. They count as alive, and so leave room for garbage where Go's rule would leave
// next to none.
const ballastBytes = 64 << 20

// collector sets after each collection how much garbage the next one waits for.
type collector struct {
	ballast []byte
	live    func() int64 // bytes that the last collection left
	percent int
	stopped atomic.Bool
}

// tuneCollector lets the collector go by that rule until stop is called; who sets GOGC has chosen another.
func tuneCollector(live func() int64) (stop func()) {
	c := &collector{ballast: make([]byte, ballastBytes), live: live, percent: mostPercent}
	if os.Getenv("GOGC") == "" {
		c.afterEach()
	}
	return func() {
		c.stopped.Store(true)
		runtime.KeepAlive(c.ballast)
	}
}

// afterEach has the rule applied after the next collection, which finds that an object is not used any more, and after those that follow.
func (c *collector) afterEach() {
	runtime.AddCleanup(new(sentinel), func(c *collector) {
		if c.stopped.Load() {
			return
		}
		if p := percentFor(c.live()); p != c.percent {
			c.percent = p
			debug.SetGCPercent(p)
		}
		c.afterEach()
	}, c)
}

// sentinel is an object that nothing refers to. It has a pointer, as small objects without one share an allocation with others.
type sentinel struct{ _ *byte }

// liveBytes is what the last collection left, the ballast included.
func liveBytes() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// percentFor is GOGC's value for a heap with so much alive.
func percentFor(live int64) int {
	slack := slackBytes + live/slackPart
	return int(min(mostPercent, slack*100/max(1, live)))
}
