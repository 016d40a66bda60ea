package pg

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/jackc/pgproto3/v2"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// copyResponse starts COPY, with the same format for all columns.
func (c *conn) copyResponse(typ byte, asBinary bool, columns int) {
	format := formatText
	if asBinary {
		format = formatBinary
	}
	pos := c.out.begin(typ)
	c.out.byte(byte(format))
	c.out.int16(columns)
	for range columns {
		c.out.int16(format)
	}
	c.out.end(pos)
}

// copyReader is what a client sends in COPY FROM STDIN, as one stream of bytes. The borders of its messages mean nothing.
type copyReader struct {
	c    *conn
	ctx  context.Context
	stop func() bool // stops waking the read when ctx ends
	data []byte      // the rest of the newest CopyData, valid until the next message
	err  error       // how the stream ended
}

func newCopyReader(ctx context.Context, c *conn) *copyReader {
	c.frames.phase = phaseCopyIn
	return &copyReader{c: c, ctx: ctx, stop: context.AfterFunc(ctx, c.intr.wake)}
}

// Read implements io.Reader. It fills p from all messages that have come, and waits only for the first. The error is io.EOF after CopyDone.
func (r *copyReader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(r.data) == 0 {
			if r.err != nil || n > 0 && !r.c.frames.ready() {
				break
			}
			r.data, r.err = r.next()
		}
		k := copy(p[n:], r.data)
		n, r.data = n+k, r.data[k:]
	}
	if n == 0 {
		return 0, r.err
	}
	return n, nil
}

// next gives the data of the next message, or the end.
func (r *copyReader) next() ([]byte, error) {
	msg, err := r.c.backend.Receive()
	if err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) && r.ctx.Err() != nil {
			return nil, told(r.ctx, r.ctx.Err())
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			r.c.intr.deadline(time.Time{}) // it was woken for an earlier call
			return nil, nil
		}
		return nil, lost(err)
	}
	switch m := msg.(type) {
	case *pgproto3.CopyData:
		return m.Data, nil
	case *pgproto3.CopyDone:
		return nil, io.EOF
	case *pgproto3.CopyFail:
		return nil, sqlerr.New(sqlerr.QueryCanceled, "COPY from stdin failed: %s", m.Message)
	case *pgproto3.Terminate:
		return nil, lost(io.EOF)
	}
	return nil, nil // Sync and Flush of clients that did not notice that they run COPY
}

// finish ends COPY FROM STDIN after its run returned err: data that a successful run left unread is thrown away up to the
// end, and a connection lost on the way counts above all.
func (r *copyReader) finish(err error) error {
	for err == nil && r.err == nil {
		_, r.err = r.next()
	}
	if err == nil && r.err != io.EOF {
		err = r.err
	}
	if r.err != nil && r.err != io.EOF && isFatal(r.err) {
		err = r.err
	}
	if !r.stop() {
		r.c.intr.deadline(time.Time{})
	}
	r.c.frames.phase = phaseCommand
	return err
}

// lost is a broken or vanished client as the end of the statement and of the session. A message merely refused stays what
// it is.
func lost(err error) error {
	if !isFatal(err) {
		return err
	}
	var e *sqlerr.Error
	if errors.As(err, &e) {
		return err
	}
	return fatal(sqlerr.Wrap(err, sqlerr.ConnectionFailure, "unexpected EOF on client connection with an open transaction"))
}

// copyWriter makes a CopyData message of each Write.
type copyWriter struct{ w *rowWriter }

// Write implements io.Writer.
func (w *copyWriter) Write(p []byte) (int, error) {
	if len(p) > maxFrame-4 {
		return 0, sqlerr.New(sqlerr.ProgramLimitExceeded, "a COPY row of %d bytes does not fit the protocol's limit of %d", len(p), maxFrame)
	}
	o := &w.w.c.out
	pos := o.begin('d')
	o.buf = append(o.buf, p...)
	o.end(pos)
	if len(o.buf) >= flushAt {
		if err := w.w.spill(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
