//go:build !jitter

package sched

// jitter does nothing; see jitter_on.go.
func jitter() {}
