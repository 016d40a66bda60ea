package pg

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// longAgo is the read deadline that wakes a blocked read.
var longAgo = time.Unix(1, 0)

// interrupts is how others reach into a connection's goroutine: it cancels the call that the session is in, ends the
// session, and wakes a read that blocks on the client. Contexts are used again until one was cancelled, so a command costs
// no allocation.
type interrupts struct {
	nc net.Conn // the raw socket: deadlines work beneath TLS too

	mu      sync.Mutex
	ctx     context.Context
	cancel  context.CancelCauseFunc
	running bool
	calls   uint64        // how many calls have begun: tells one from the next
	fatal   *sqlerr.Error // why the session shall end
	news    bool          // the session has something for a client that is silent
}

func (i *interrupts) init(nc net.Conn) {
	i.nc = nc
	i.ctx, i.cancel = context.WithCancelCause(context.Background())
}

// begin starts a call and gives its context.
func (i *interrupts) begin() context.Context {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.running = true
	i.calls++
	switch {
	case i.fatal != nil:
		i.cancel(i.fatal)
	case i.news: // told at its end: its own reads shall not be woken
		_ = i.nc.SetReadDeadline(time.Time{}) // a closed connection: the read reports it
	}
	return i.ctx
}

// end ends the call. A cancellation that came too late for it is forgotten.
func (i *interrupts) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.running = false
	if i.ctx.Err() != nil {
		i.ctx, i.cancel = context.WithCancelCause(context.Background())
	}
	if i.news {
		i.wakeLocked()
	}
}

// tell wakes the connection when no call is running, as the session has news for its client. It is engine.Startup.Wake.
func (i *interrupts) tell() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.news = true
	if !i.running {
		i.wakeLocked()
	}
}

// toldNews reports whether there was news, and takes note that it is told.
func (i *interrupts) toldNews() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	news := i.news
	i.news = false
	return news
}

// release lets go of the context for good.
func (i *interrupts) release() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.cancel(nil)
}

// renew gives the call a context that is not cancelled: what a failed statement leaves to be done must not fail by the
// same cause.
func (i *interrupts) renew(ctx context.Context) context.Context {
	if ctx.Err() == nil {
		return ctx
	}
	i.end()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.running = true
	return i.ctx
}

// interrupt cancels the running call. A FATAL cause also ends the session, when it is idle at once. It is
// engine.Startup.Interrupt.
func (i *interrupts) interrupt(cause *sqlerr.Error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if cause.Severity == sqlerr.Fatal && i.fatal == nil {
		i.fatal = cause
		i.wakeLocked()
	}
	if i.running {
		i.cancel(cause)
	}
}

// interruptCall is interrupt, if the call is still the one that current gave.
func (i *interrupts) interruptCall(call uint64, cause *sqlerr.Error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.running && i.calls == call {
		i.cancel(cause)
	}
}

// current tells which call is running.
func (i *interrupts) current() (call uint64, running bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.calls, i.running
}

// dying is the reason why the session shall end, nil if it shall not.
func (i *interrupts) dying() *sqlerr.Error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fatal
}

// wake makes a blocked read return with a time-out.
func (i *interrupts) wake() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.wakeLocked()
}

func (i *interrupts) wakeLocked() { _ = i.nc.SetReadDeadline(longAgo) } // a closed connection is awake

// deadline bounds reads until t, or no longer if t is zero. A session that shall end stays awake.
func (i *interrupts) deadline(t time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.fatal == nil && (!i.news || i.running) {
		_ = i.nc.SetReadDeadline(t) // a closed connection: the read reports it
	}
}
