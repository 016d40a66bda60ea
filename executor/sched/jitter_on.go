//go:build jitter

package sched

import (
	"math/rand/v2"
	"time"
)

// jitter holds a machine up now and then before its step, as a loaded machine would: .ci/run tests the whole server in this build, so that
// what relies on one machine being quicker than another, or locks in two orders, does not wait for a bad day to show.
func jitter() {
	const seldom, longest = 8, 30 * time.Millisecond
	if rand.IntN(seldom) == 0 {
		time.Sleep(rand.N(longest))
	}
}
