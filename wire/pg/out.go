package pg

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"time"
)

const (
	// flushAt is how much output is gathered before it is sent without being asked for.
	flushAt = 32 << 10
	// keepOut is the largest output buffer that is kept: one wide row shall not cost its width for good.
	keepOut = 256 << 10
	// writeStep is how much is written under one deadline: it bounds how slowly a client may read.
	writeStep = 64 << 10
)

// out is the write side of a connection: messages are appended to buf and sent by flush. An error sticks: after it output
// is dropped, and flush reports it.
type out struct {
	nc      net.Conn
	buf     []byte
	timeout time.Duration
	err     error
	metrics *Metrics
}

// begin starts a message and gives the position for end.
func (o *out) begin(typ byte) int {
	o.buf = append(o.buf, typ, 0, 0, 0, 0)
	return len(o.buf) - 4
}

// end fills in the length of the message begun at pos.
func (o *out) end(pos int) { binary.BigEndian.PutUint32(o.buf[pos:], uint32(len(o.buf)-pos)) }

// empty appends a message without body.
func (o *out) empty(typ byte) { o.buf = append(o.buf, typ, 0, 0, 0, 4) }

func (o *out) byte(b byte)     { o.buf = append(o.buf, b) }
func (o *out) int16(n int)     { o.buf = binary.BigEndian.AppendUint16(o.buf, uint16(n)) }
func (o *out) int32(n int)     { o.buf = binary.BigEndian.AppendUint32(o.buf, uint32(n)) }
func (o *out) uint32(n uint32) { o.buf = binary.BigEndian.AppendUint32(o.buf, n) }

// string appends s with its null terminator. A null inside would end it early and break the framing's fields: it and what
// follows are left out.
func (o *out) string(s string) {
	for i := range len(s) {
		if s[i] == 0 {
			s = s[:i]
			break
		}
	}
	o.buf = append(o.buf, s...)
	o.buf = append(o.buf, 0)
}

// spill sends the output if there is much of it, and reports an error met before.
func (o *out) spill() error {
	if len(o.buf) < flushAt {
		return o.err
	}
	return o.flush()
}

// flush sends all output. It blocks while the client does not read, for as long as it takes some of it each timeout.
func (o *out) flush() error { return o.flushUntil(context.Background()) }

// flushUntil is flush, but stops when ctx ends, with its error: what was not sent stays, and goes out with the next flush, so
// that the stream is whole. Under TLS, whose records cannot be sent in parts, the connection is lost instead.
func (o *out) flushUntil(ctx context.Context) error {
	if ctx.Done() != nil {
		stop := context.AfterFunc(ctx, func() { _ = o.nc.SetWriteDeadline(longAgo) }) // a closed connection: Write reports it
		defer stop()
	}
	rest := o.buf
	for len(rest) > 0 && o.err == nil {
		_ = o.nc.SetWriteDeadline(time.Now().Add(o.timeout)) // likewise
		if ctx.Err() != nil {
			break // looked at after setting the deadline, which may have undone AfterFunc's
		}
		n, err := o.nc.Write(rest[:min(len(rest), writeStep)])
		o.metrics.BytesOut.Add(int64(n))
		rest = rest[n:]
		if err != nil {
			o.blocked(ctx, n, err)
		}
	}
	o.keep(rest)
	if o.err == nil && ctx.Err() != nil && len(rest) > 0 {
		return told(ctx, ctx.Err())
	}
	return o.err
}

// blocked judges a Write that took n bytes and failed: time-outs with some progress, or of a wait that was called off, are
// no fault of the connection.
func (o *out) blocked(ctx context.Context, n int, err error) {
	_, secret := o.nc.(*tls.Conn)
	if !secret && errors.Is(err, os.ErrDeadlineExceeded) && (n > 0 || ctx.Err() != nil) {
		return
	}
	o.err = err
}

// keep makes rest, a part of the buffer, all there is to send.
func (o *out) keep(rest []byte) {
	switch {
	case len(rest) > 0 && o.err == nil:
		o.buf = o.buf[:copy(o.buf, rest)]
	case cap(o.buf) > keepOut:
		o.buf = nil
	default:
		o.buf = o.buf[:0]
	}
}
