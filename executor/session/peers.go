package session

import (
	"maps"
	"slices"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// peers answers what a session's functions ask about other sessions.
type peers struct{ s *Session }

var _ fn.Peers = peers{}

// Peers is what fn looks for in an Env.
func (e env) Peers() fn.Peers { return peers(e) }

// Lock implements fn.Peers.
func (p peers) Lock(l fn.AdvisoryLock, wait bool) (bool, error) {
	return p.s.engine.advisory.acquire(env(p).Context(), p.s, l, wait, p.s.settled().lockTimeout)
}

// Unlock implements fn.Peers.
func (p peers) Unlock(l fn.AdvisoryLock) bool {
	if p.s.engine.advisory.release(p.s, l) {
		return true
	}
	mode := "ExclusiveLock"
	if l.Shared {
		mode = "ShareLock"
	}
	p.s.notice(sqlerr.NewWarning(sqlerr.Warning, "you don't own a lock of type %s", mode))
	return false
}

// UnlockAll implements fn.Peers.
func (p peers) UnlockAll() { p.s.engine.advisory.releaseAll(p.s, false) }

// Notify implements fn.Peers.
func (p peers) Notify(channel, payload string) error { return p.s.notify(channel, payload) }

// Channels implements fn.Peers.
func (p peers) Channels() []string { return slices.Sorted(maps.Keys(p.s.mail.listening)) }

// Signal implements fn.Peers.
func (p peers) Signal(session int32, terminate bool) bool {
	if p.s.engine.signal(uint32(session), terminate) {
		return true
	}
	p.s.notice(sqlerr.NewWarning(sqlerr.Warning, "PID %d is not a PostgreSQL server process", session))
	return false
}

// signal cancels what a session is running, or ends it; false if there is none of this number.
func (e *Engine) signal(id uint32, terminate bool) bool {
	e.mu.Lock()
	s := e.sessions[id]
	e.mu.Unlock()
	switch {
	case s == nil:
		return false
	case !terminate:
		s.interrupt(sqlerr.New(sqlerr.QueryCanceled, "canceling statement due to user request"))
		return true
	}
	cause := sqlerr.New(sqlerr.AdminShutdown, "terminating connection due to administrator command")
	cause.Severity = sqlerr.Fatal
	s.interrupt(cause)
	if s.protocol.Interrupt != nil {
		s.protocol.Interrupt(cause)
	}
	return true
}
