package pg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// The request codes that stand where a protocol version does.
const (
	codeCancel = 1234<<16 | 5678
	codeSSL    = 1234<<16 | 5679
	codeGSS    = 1234<<16 | 5680

	tlsHandshakeByte = 0x16 // the first byte of direct TLS; no start-up packet is that long
	maxStartup       = 10_000
	minStartup       = 8
)

// errNotASession ends a connection that was not meant to be a session (a cancel request, a port scan).
var errNotASession = errors.New("not a session")

// start reads start-up packets until the one that asks for a session: TLS and GSS encryption are negotiated, a cancel
// request is served. deadline bounds all of it.
func (c *conn) start(deadline time.Time) (startupPacket, error) {
	var none startupPacket
	c.intr.deadline(deadline)
	if err := c.directTLS(deadline); err != nil {
		return none, err
	}
	askedSSL, askedGSS := c.isTLS(), false
	for {
		code, body, err := c.readStartup()
		if err != nil {
			return none, err
		}
		switch {
		case code == codeCancel:
			if len(body) < cancelTakesAtLeast || len(body) > 4+maxKey {
				return none, violation("invalid length of cancel request packet")
			}
			c.srv.cancel(binary.BigEndian.Uint32(body), body[4:])
			return none, errNotASession
		case code == codeSSL && !askedSSL:
			askedSSL = true
			err = c.answerSSL(deadline)
		case code == codeGSS && !askedGSS:
			askedGSS = true
			err = c.answerByte('N')
		default:
			return parseStartup(code, body)
		}
		if err != nil {
			return none, err
		}
	}
}

// readStartup reads a start-up packet: its code and what follows, which is valid until the next read.
func (c *conn) readStartup() (code uint32, body []byte, err error) {
	h, err := c.win.peek(4)
	if err != nil {
		if err == io.EOF {
			err = errNotASession // connected and left: a health check
		}
		return 0, nil, err
	}
	length := binary.BigEndian.Uint32(h)
	if length < minStartup || length > maxStartup {
		return 0, nil, violation("invalid length of startup packet")
	}
	// The packet is taken off as it comes, so that its claim costs no more memory than its bytes.
	packet := make([]byte, 0, min(int(length), loginWindow))
	for len(packet) < int(length) {
		if c.win.buffered() == 0 {
			if err := c.win.fill(); err != nil {
				return 0, nil, midMessage(err)
			}
		}
		part := c.win.buf[c.win.r:min(c.win.w, c.win.r+int(length)-len(packet))]
		packet = append(packet, part...)
		c.win.take(len(part))
	}
	return binary.BigEndian.Uint32(packet[4:]), packet[8:], nil
}

// directTLS starts TLS if the client's first byte is a TLS handshake's.
func (c *conn) directTLS(deadline time.Time) error {
	first, err := c.win.peek(1)
	if err == io.EOF {
		return errNotASession
	}
	if err != nil || first[0] != tlsHandshakeByte {
		return err
	}
	if c.srv.tls == nil {
		return errNotASession // what we could say would not be understood
	}
	return c.startTLS(deadline, true)
}

// answerSSL answers an SSLRequest.
func (c *conn) answerSSL(deadline time.Time) error {
	if c.srv.tls == nil {
		return c.answerByte('N')
	}
	if c.win.buffered() > 0 {
		// Bytes sent before encryption would be read as if they had come after it (CVE-2021-23214).
		return violation("received unencrypted data after SSL request").
			WithDetail("This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.")
	}
	if err := c.answerByte('S'); err != nil {
		return err
	}
	return c.startTLS(deadline, false)
}

func (c *conn) answerByte(b byte) error {
	c.out.byte(b)
	return c.out.flush()
}

// startTLS replaces the transport by TLS over it. direct says that the client did not ask first: it then must name the
// protocol by ALPN.
func (c *conn) startTLS(deadline time.Time, direct bool) error {
	received := bytes.Clone(c.win.buf[c.win.r:c.win.w])
	t, cert, err := handshake(&prefixed{c.raw, received}, c.srv.tls, deadline)
	if err != nil {
		c.srv.log.Info("TLS handshake failed", "remote", c.raw.RemoteAddr(), "error", err)
		return errNotASession
	}
	c.nc, c.cert = t, cert
	c.win = &window{nc: t, buf: make([]byte, loginWindow), metrics: &c.srv.metrics}
	c.out.nc = t
	if direct && t.ConnectionState().NegotiatedProtocol != alpn {
		return violation("received direct SSL connection request without ALPN protocol negotiation extension")
	}
	return nil
}

// startupPacket is what a client asks for when it connects.
type startupPacket struct {
	minor     int // of protocol version 3
	user      string
	database  string
	settings  []setting
	unknown   []string // protocol options (_pq_.…) that we do not have
	negotiate bool     // the client has to be told what we speak
}

// parseStartup takes a start-up packet apart.
func parseStartup(version uint32, body []byte) (startupPacket, error) {
	p := startupPacket{minor: int(version & 0xffff)}
	if major := version >> 16; major != 3 {
		return p, fatal(sqlerr.New(sqlerr.FeatureNotSupported, "unsupported frontend protocol %d.%d: server supports 3.0 to 3.%d",
			major, p.minor, newestMinor))
	}
	for len(body) > 0 && body[0] != 0 {
		name, rest, ok1 := bytes.Cut(body, []byte{0})
		value, rest, ok2 := bytes.Cut(rest, []byte{0})
		if !ok1 || !ok2 {
			return p, invalidLayout()
		}
		if err := p.parameter(string(name), string(value)); err != nil {
			return p, err
		}
		body = rest
	}
	if len(body) != 1 {
		return p, invalidLayout()
	}
	return p, p.complete()
}

func invalidLayout() error {
	return violation("invalid startup packet layout: expected terminator as last byte")
}
