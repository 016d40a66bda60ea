package auth

import (
	"net/netip"
	"sync"
	"time"
)

// The throttle's figures: so many failed logins from one address within the window close it for the ban.
const (
	maxFailures   = 5
	failureWindow = 5 * time.Minute
	banTime       = 15 * time.Minute
	// maxTracked bounds the addresses that are remembered: with more, those that no longer count go first.
	maxTracked = 10_000
)

// Throttle keeps an address that guesses passwords from going on. This host is never kept out. It is safe for many
// goroutines.
type Throttle struct {
	mu    sync.Mutex
	now   func() time.Time
	hosts map[netip.Addr]*record
}

// record is what is remembered of an address.
type record struct {
	failures int
	first    time.Time // of the failures counted
	until    time.Time // of the ban
}

// NewThrottle makes a throttle by the clock now.
func NewThrottle(now func() time.Time) *Throttle {
	return &Throttle{now: now, hosts: map[netip.Addr]*record{}}
}

// Banned tells how long an address is still kept out; 0 if it is not.
func (t *Throttle) Banned(a netip.Addr) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.hosts[a.Unmap()]
	if r == nil {
		return 0
	}
	return max(r.until.Sub(t.now()), 0)
}

// Failed counts a failed login.
func (t *Throttle) Failed(a netip.Addr) {
	a = a.Unmap()
	if a.IsLoopback() || !a.IsValid() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	r := t.hosts[a]
	if r == nil || now.Sub(r.first) > failureWindow {
		t.forgetOld(now)
		r = &record{first: now}
		t.hosts[a] = r
	}
	r.failures++
	if r.failures >= maxFailures {
		r.until = now.Add(banTime)
	}
}

// forgetOld makes room, where there is none, by dropping what no longer counts, and then whatever comes first.
func (t *Throttle) forgetOld(now time.Time) {
	if len(t.hosts) < maxTracked {
		return
	}
	for a, r := range t.hosts {
		if now.Sub(r.first) > failureWindow && now.After(r.until) {
			delete(t.hosts, a)
		}
	}
	for a := range t.hosts {
		if len(t.hosts) < maxTracked {
			return
		}
		delete(t.hosts, a)
	}
}
