package pg

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"runtime/debug"
	"time"

	"github.com/jackc/pgproto3/v2"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// conn is a client's connection, from its first byte to its last. All but intr belongs to its own goroutine.
type conn struct {
	srv  *Server
	raw  net.Conn // the socket
	nc   net.Conn // raw, or TLS over it
	cert *tls.Certificate
	intr interrupts

	win     *window
	frames  *frames
	backend *pgproto3.Backend
	out     out

	sess   engine.Session
	idle   engine.IdleLimiter // sess, if it limits silence
	texter engine.Texter      // sess, if texts depend on it

	prepared prepared
	recent   recent
	pattern  pattern
	rows     rowWriter
	params   []setting             // changed parameters that the client has not been told of
	notes    []engine.Notification // that it has not been told of
	skipping bool                  // an extended-protocol command failed: everything up to Sync is ignored
	atRest   bool                  // ReadyForQuery was the last that was said
	failed   bool                  // something failed since the last Sync

	counted bool   // not pending any more; guarded by srv.mu
	watched uint64 // the call seen at the watcher's last look; the watcher's
}

func newConn(s *Server, nc net.Conn) *conn {
	c := &conn{srv: s, raw: nc, nc: nc}
	c.intr.init(nc)
	c.win = &window{nc: nc, buf: make([]byte, loginWindow), metrics: &s.metrics}
	c.out = out{nc: nc, timeout: s.cfg.Limits.WriteTimeout, metrics: &s.metrics}
	c.rows.c = c
	return c
}

func (c *conn) isTLS() bool { return c.nc != c.raw }

// serve is the connection's goroutine.
func (c *conn) serve() {
	defer c.close()
	defer c.survive()
	c.leave(c.session())
}

// session runs the connection until it ends, and tells why.
func (c *conn) session() error {
	limit := c.srv.cfg.Limits.LoginTimeout
	err := c.open(time.Now().Add(limit))
	if err != nil {
		c.srv.metrics.Refused.Add(1)
		if errors.Is(err, os.ErrDeadlineExceeded) && c.intr.dying() == nil {
			return timeoutAtLogin(limit)
		}
		return err
	}
	c.srv.metrics.Sessions.Add(1)
	defer c.srv.metrics.Sessions.Add(-1)
	return c.commands()
}

func (c *conn) open(deadline time.Time) error {
	p, err := c.start(deadline)
	if err != nil {
		return err
	}
	c.frames = newFrames(c.win, &c.srv.cfg.Limits)
	c.backend = pgproto3.NewBackend(c.frames, io.Discard)
	return c.login(p)
}

// commands serves commands until the client leaves or the session is ended.
func (c *conn) commands() error {
	c.frames.phase = phaseCommand
	for {
		msg, err := c.receive()
		if err != nil && isFatal(err) {
			return err
		}
		ctx := c.intr.begin()
		if err != nil {
			err = c.refused(ctx, c.frames.header[0], sqlerr.From(err))
		} else {
			err = c.dispatch(ctx, msg)
		}
		c.intr.end()
		if err != nil {
			return err
		}
		if reason := c.intr.dying(); reason != nil {
			return reason
		}
	}
}

// receive waits for the next message, no longer than the session may be idle.
func (c *conn) receive() (pgproto3.FrontendMessage, error) {
	var tooLong *sqlerr.Error
	var until time.Time
	if c.idle != nil && !c.frames.ready() {
		var limit time.Duration
		if limit, tooLong = c.idle.IdleLimit(); limit > 0 {
			until = time.Now().Add(limit)
			c.intr.deadline(until)
			defer c.intr.deadline(time.Time{})
		}
	}
	for {
		msg, err := c.backend.Receive()
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return msg, err
		}
		switch reason := c.intr.dying(); {
		case reason != nil:
			return nil, reason
		case !until.IsZero() && !time.Now().Before(until):
			return nil, fatal(tooLong)
		}
		if c.intr.toldNews() && c.atRest { // else it comes with ReadyForQuery
			c.drainEvents()
			c.sendNotifications()
			if err := c.out.flush(); err != nil {
				return nil, err
			}
		}
		c.intr.deadline(until) // it was woken for news, or for a call that had already ended
	}
}

// dispatch serves one message. Its error ends the connection; an error of a statement is the client's.
func (c *conn) dispatch(ctx context.Context, msg pgproto3.FrontendMessage) error {
	c.atRest = false
	switch msg.(type) {
	case *pgproto3.Sync:
		c.skipping = false
		return c.sync(ctx)
	case *pgproto3.Terminate:
		return errTerminate
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail:
		return nil // of a COPY that failed before its client knew
	}
	if c.skipping {
		return nil
	}
	switch m := msg.(type) {
	case *pgproto3.Query:
		return c.simpleQuery(ctx, m.String)
	case *pgproto3.Parse:
		return c.extended(ctx, m.Query, c.parse(ctx, m))
	case *pgproto3.Bind:
		return c.bind(ctx, m)
	case *pgproto3.Describe:
		return c.extended(ctx, "", c.describe(m))
	case *pgproto3.Execute:
		return c.execute(ctx, m)
	case *pgproto3.Close:
		return c.extended(ctx, "", c.closeNamed(m))
	case *pgproto3.Flush:
		return c.out.flush()
	}
	return violation("unexpected message %T", msg)
}

// refused answers a message that frames refused, and whose bytes are off the stream.
func (c *conn) refused(ctx context.Context, typ byte, e *sqlerr.Error) error {
	c.srv.metrics.Violations.Add(1)
	switch {
	case typ == 'd' || typ == 'c' || typ == 'f' || c.skipping:
		return nil
	case typ == 'Q' || typ == 'F':
		if err := c.fail(ctx, e, ""); err != nil {
			return err
		}
		return c.sync(ctx)
	}
	return c.extended(ctx, "", e)
}

// leave says why the connection ends, where the client is to know.
func (c *conn) leave(err error) {
	var e *sqlerr.Error
	switch {
	case errors.Is(err, errTerminate), errors.Is(err, errNotASession):
		return
	case !errors.As(err, &e):
		c.srv.log.Debug("connection lost", "remote", c.raw.RemoteAddr(), "error", err)
		return
	}
	broken := e.Code == sqlerr.ProtocolViolation
	if broken {
		c.srv.metrics.Violations.Add(1)
	}
	c.srv.log.Info("connection ended", "remote", c.raw.RemoteAddr(), "sqlstate", e.Code, "reason", e.Message, "cause", e.Cause)
	c.out.errorResponse(fatal(e), "")
	if c.out.flush() == nil && broken {
		c.linger()
	}
}

// linger lets a client that is still sending read the reason: closing a socket with bytes unread would reset it.
func (c *conn) linger() {
	tcp, ok := c.raw.(*net.TCPConn)
	if !ok || tcp.CloseWrite() != nil {
		return
	}
	_ = tcp.SetReadDeadline(time.Now().Add(250 * time.Millisecond))
	_, _ = io.CopyN(io.Discard, tcp, 1<<20)
}

// survive turns a panic into the end of this connection alone.
func (c *conn) survive() {
	fault := recover()
	if fault == nil {
		return
	}
	c.srv.metrics.Panics.Add(1)
	c.srv.log.Error("internal fault in a session", "remote", c.raw.RemoteAddr(), "fault", fault, "stack", string(debug.Stack()))
	c.out.errorResponse(fatal(sqlerr.Internal("internal fault; the session has to end")), "")
	_ = c.out.flush() // the connection ends either way
}

// close lets go of everything.
func (c *conn) close() {
	defer c.nc.Close()
	defer c.intr.release()
	if c.sess == nil {
		return
	}
	defer c.survive() // a session that panicked may panic again when closed
	c.srv.keys.revoke(c.sess.ID())
	c.prepared.closeAll()
	c.recent.close()
	c.sess.Close()
}
