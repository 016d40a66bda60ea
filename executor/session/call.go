package session

import (
	"context"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// call is the running of a statement, which Cancel and statement_timeout can end. Calls nest: FETCH runs a cursor's statement.
type call struct {
	session *Session
	// outer is what runs around this call, if anything does.
	outer  context.Context
	cancel context.CancelCauseFunc // of outer
	// own ends the context if it is this call's alone; timer is statement_timeout's.
	own   context.CancelCauseFunc
	timer *time.Timer
}

// callContext is a context for one call after the other, as most are never cancelled.
type callContext struct {
	parent, ctx context.Context
	cancel      context.CancelCauseFunc
}

// run notes that a statement runs, and gives the context that Cancel and statement_timeout end. The call is to be ended.
func (s *Session) run(parent context.Context, text string) (context.Context, call) {
	c := call{session: s, outer: s.running.get()}
	timeout := s.settled().statementTimeout
	ctx, cancel := s.contextFor(parent, c.outer == nil && timeout == 0)
	if cancel != nil {
		c.own = cancel
	} else {
		cancel = s.shared.cancel
	}
	s.mu.Lock()
	c.cancel, s.cancel, s.query = s.cancel, cancel, text
	s.mu.Unlock()
	s.running.set(ctx)
	if timeout > 0 {
		c.timer = time.AfterFunc(timeout, func() {
			cancel(sqlerr.New(sqlerr.QueryCanceled, "canceling statement due to statement timeout"))
		})
	}
	return ctx, c
}

// contextFor is a context for a call: the one shared by calls if it may be, or one of its own with what cancels it. A context
// with a time-out is never shared, as its timer may fire late.
func (s *Session) contextFor(parent context.Context, share bool) (ctx context.Context, own context.CancelCauseFunc) {
	if !share {
		return context.WithCancelCause(parent)
	}
	if x := &s.shared; x.parent != parent || x.ctx.Err() != nil {
		s.dropShared()
		x.parent = parent
		x.ctx, x.cancel = context.WithCancelCause(parent)
	}
	return s.shared.ctx, nil
}

// dropShared lets go of the shared context.
func (s *Session) dropShared() {
	if s.shared.cancel != nil {
		s.shared.cancel(nil)
	}
	s.shared = callContext{}
}

// end says that the call is over: what comes to cancel it comes too late.
func (c *call) end() {
	s := c.session
	s.running.set(c.outer)
	if c.timer != nil {
		c.timer.Stop()
	}
	s.mu.Lock()
	s.cancel = c.cancel
	s.mu.Unlock()
	if c.own != nil {
		c.own(nil)
	}
}
