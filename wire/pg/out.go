package pg

import (
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
func (o *out) flush() error {
	for rest := o.buf; len(rest) > 0 && o.err == nil; {
		step := rest[:min(len(rest), writeStep)]
		_ = o.nc.SetWriteDeadline(time.Now().Add(o.timeout)) // a closed connection: Write reports it
		n, err := o.nc.Write(step)
		o.metrics.BytesOut.Add(int64(n))
		rest = rest[n:]
		if err != nil && (n == 0 || !errors.Is(err, os.ErrDeadlineExceeded)) {
			o.err = err
		}
	}
	if cap(o.buf) > keepOut {
		o.buf = nil
	}
	o.buf = o.buf[:0]
	return o.err
}
