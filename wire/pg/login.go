package pg

import (
	"net"
	"net/netip"
	"time"

	"github.com/jackc/pgproto3/v2"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/wire/auth"
)

// The kinds of Authentication messages ('R').
const (
	authOK           = 0
	authSASL         = 10
	authSASLContinue = 11
	authSASLFinal    = 12
)

// login authenticates the client, opens its session and tells it what a client is told first. Its errors are FATAL or the
// socket's.
func (c *conn) login(p startupPacket) error {
	if p.negotiate {
		c.negotiateVersion(p)
	}
	if err := c.authenticate(p.user); err != nil {
		return err
	}
	c.authMessage(authOK, nil)
	c.intr.deadline(time.Time{})
	c.srv.loggedIn(c)
	c.win.grow(sessionWindow)
	// Open may wait for recovery, while the client may leave.
	ctx := c.intr.begin()
	defer c.intr.end()
	sess, err := c.srv.engine.Open(ctx, engine.Startup{
		User: p.user, Database: p.database, Settings: p.settings,
		Remote: c.raw.RemoteAddr().String(), Interrupt: c.intr.interrupt, Wake: c.intr.tell, Prepared: c.prepared.has, Portal: c.prepared.named,
	})
	if err != nil {
		return fatal(told(ctx, err))
	}
	c.sess = sess
	c.idle, _ = sess.(engine.IdleLimiter)
	c.texter, _ = sess.(engine.Texter)
	c.prepared.cursors, _ = sess.(engine.Cursors)
	c.greet(p)
	return c.out.flush()
}

// greet tells a new session's client its parameters, its cancel key, and that it may begin.
func (c *conn) greet(p startupPacket) {
	c.drainEvents()
	c.sendParameters()
	id := c.sess.ID()
	pos := c.out.begin('K')
	c.out.uint32(id)
	c.out.buf = append(c.out.buf, c.srv.keys.issue(id, c, p.minor >= 2)...)
	c.out.end(pos)
	c.readyForQuery()
	c.atRest = true
}

// negotiateVersion tells the newest protocol we speak, and which options of it we do not.
func (c *conn) negotiateVersion(p startupPacket) {
	pos := c.out.begin('v')
	c.out.int32(3<<16 | p.minor)
	c.out.int32(len(p.unknown))
	for _, name := range p.unknown {
		c.out.string(name)
	}
	c.out.end(pos)
}

// authenticate proves who the client is, as the policy demands.
func (c *conn) authenticate(user string) error {
	host := hostOf(c.raw.RemoteAddr())
	if left := c.srv.throttle.Banned(host); left > 0 {
		return fatal(sqlerr.New(sqlerr.InvalidAuthorization, "too many failed logins from this address").
			WithHint("Try again in %s.", left.Round(time.Second)))
	}
	err := c.prove(user)
	switch sqlerr.CodeOf(err) {
	case sqlerr.InvalidPassword:
		c.srv.throttle.Failed(host)
		c.srv.metrics.LoginsFailed.Add(1)
	case sqlerr.InvalidAuthorization:
		c.srv.metrics.LoginsFailed.Add(1)
	}
	return err
}

// prove runs the method that the policy demands.
func (c *conn) prove(user string) error {
	verifier, known := c.srv.engine.Verifier(user)
	method, refused := c.srv.cfg.Auth.Method(auth.Client{
		Remote: c.raw.RemoteAddr(), TLS: c.isTLS(), Known: known, HasPassword: verifier != "",
	})
	switch {
	case refused != nil:
		return fatal(refused)
	case method == auth.Trust:
		return nil
	}
	return c.scram(c.srv.auth.Exchange(user, verifier, c.cert))
}

// hostOf is the IP address of a client; of others than TCP's none.
func hostOf(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr()
	}
	return netip.Addr{}
}

// scram runs a SASL exchange.
func (c *conn) scram(x *auth.Exchange) error {
	var offer []byte
	for _, m := range x.Mechanisms() {
		offer = append(append(offer, m...), 0)
	}
	c.authMessage(authSASL, append(offer, 0))
	first, err := receiveSASL[*pgproto3.SASLInitialResponse](c, phaseSASLFirst, pgproto3.AuthTypeSASL)
	if err != nil {
		return err
	}
	challenge, refused := x.Start(first.AuthMechanism, first.Data)
	if refused != nil {
		return fatal(refused)
	}
	c.authMessage(authSASLContinue, challenge)
	final, err := receiveSASL[*pgproto3.SASLResponse](c, phaseSASLFinal, pgproto3.AuthTypeSASLContinue)
	if err != nil {
		return err
	}
	proof, refused := x.Finish(final.Data)
	if refused != nil {
		return fatal(refused)
	}
	c.authMessage(authSASLFinal, proof)
	return nil
}

// receiveSASL sends what is due and reads the client's answer of the phase.
func receiveSASL[M pgproto3.FrontendMessage](c *conn, p phase, authType uint32) (M, error) {
	var none M
	if err := c.out.flush(); err != nil {
		return none, err
	}
	c.frames.phase = p
	if err := c.backend.SetAuthType(authType); err != nil {
		return none, err
	}
	msg, err := c.backend.Receive()
	if err != nil {
		return none, err
	}
	m, ok := msg.(M)
	if !ok {
		return none, errTerminate // Terminate is the one other message of the phase
	}
	return m, nil
}

func (c *conn) authMessage(kind int, data []byte) {
	pos := c.out.begin('R')
	c.out.int32(kind)
	c.out.buf = append(c.out.buf, data...)
	c.out.end(pos)
}

// timeoutAtLogin is what a client is told that did not log in in time.
func timeoutAtLogin(limit time.Duration) *sqlerr.Error {
	return fatal(sqlerr.New(sqlerr.QueryCanceled, "canceling authentication due to timeout").
		WithHint("The setting %s is %s.", settingLoginTimeout, limit))
}
