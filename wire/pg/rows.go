package pg

import (
	"context"
	"encoding/binary"
	"io"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// rowWriter is the engine.RowWriter of a connection, used by one run after the other.
type rowWriter struct {
	c        *conn
	ctx      context.Context // of the run, which a client that does not read must not outlive
	cols     []engine.Column
	formats  []int16
	encoders []vec.Encoder // of cols, made with the first batch
	in       *copyReader
	out      *copyWriter
}

// start begins a run.
func (w *rowWriter) start(ctx context.Context, cols []engine.Column, formats []int16) {
	w.ctx, w.cols, w.formats, w.encoders = ctx, cols, formats, w.encoders[:0]
	w.in, w.out = nil, nil
}

// finish ends a run that returned err: what COPY has begun is ended.
func (w *rowWriter) finish(err error) error {
	in, out := w.in, w.out
	w.in, w.out, w.ctx = nil, nil, nil
	if in != nil {
		err = in.finish(err)
	}
	if out != nil && err == nil {
		w.c.out.empty('c')
	}
	return err
}

// Batch implements engine.RowWriter: a DataRow for each row, as often as its weight says.
func (w *rowWriter) Batch(b *vec.Batch) error {
	if len(b.Cols) != len(w.cols) {
		return sqlerr.Internal("a batch of %d columns for a result of %d", len(b.Cols), len(w.cols))
	}
	if len(w.encoders) < len(w.cols) {
		w.choose(b)
	}
	o := &w.c.out
	sent := int64(0)
	defer func() { w.c.srv.metrics.Rows.Add(sent) }()
	for k := range b.Rows() {
		row := b.Row(k)
		weight := b.Weight(row)
		if weight == 0 {
			continue
		}
		if weight < 0 {
			return errNegative(weight)
		}
		start := len(o.buf)
		buf, err := w.dataRow(o.buf, b, row)
		o.buf = buf
		if err != nil {
			return err
		}
		if weight > 1 {
			if err := w.repeat(start, weight-1); err != nil {
				return err
			}
		}
		sent += weight
		if len(o.buf) >= flushAt {
			if err := w.spill(); err != nil {
				return err
			}
		}
	}
	return nil
}

func errNegative(weight int64) error { return sqlerr.Internal("a result row of weight %d", weight) }

// choose finds the encoders of the columns. Their types are the batch's, which may be of the described ones without
// modifier.
func (w *rowWriter) choose(b *vec.Batch) {
	env := w.c.textEnv()
	w.encoders = w.encoders[:0]
	for i, col := range b.Cols {
		w.encoders = append(w.encoders, encoderFor(col.Type, formatOf(w.formats, i), env))
	}
}

// dataRow appends the DataRow of one physical row; nothing where it does not fit.
func (w *rowWriter) dataRow(dst []byte, b *vec.Batch, row int) ([]byte, error) {
	start := len(dst)
	buf := append(dst, 'D', 0, 0, 0, 0, byte(len(b.Cols)>>8), byte(len(b.Cols)))
	for i, col := range b.Cols {
		r := row
		if col.Const {
			r = 0
		}
		if col.Valid != nil && !col.Valid.Get(r) {
			buf = append(buf, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		buf = append(buf, 0, 0, 0, 0)
		at := len(buf)
		buf = w.encoders[i](buf, col, r)
		binary.BigEndian.PutUint32(buf[at-4:], uint32(len(buf)-at))
	}
	size := len(buf) - start - 1
	if size > maxFrame {
		return buf[:start], sqlerr.New(sqlerr.ProgramLimitExceeded, "a result row of %d bytes does not fit the protocol's limit of %d", size, maxFrame)
	}
	binary.BigEndian.PutUint32(buf[start+1:], uint32(size))
	return buf, nil
}

// repeat appends the message that begins at start n times more.
func (w *rowWriter) repeat(start int, n int64) error {
	o := &w.c.out
	msg := append([]byte(nil), o.buf[start:]...)
	for range n {
		o.buf = append(o.buf, msg...)
		if len(o.buf) >= flushAt {
			if err := w.spill(); err != nil {
				return err
			}
		}
	}
	return nil
}

// spill sends the gathered rows, unless the run is cancelled.
func (w *rowWriter) spill() error {
	if err := w.ctx.Err(); err != nil {
		return told(w.ctx, err)
	}
	return w.c.out.flushUntil(w.ctx)
}

// Flush implements engine.RowWriter.
func (w *rowWriter) Flush() error { return w.c.out.flushUntil(w.ctx) }

// CopyIn implements engine.RowWriter.
func (w *rowWriter) CopyIn(asBinary bool, columns int) (io.Reader, error) {
	w.c.copyResponse('G', asBinary, columns)
	if err := w.c.out.flush(); err != nil {
		return nil, err
	}
	w.in = newCopyReader(w.ctx, w.c)
	return w.in, nil
}

// CopyOut implements engine.RowWriter.
func (w *rowWriter) CopyOut(asBinary bool, columns int) (io.Writer, error) {
	w.c.copyResponse('H', asBinary, columns)
	w.out = &copyWriter{w}
	return w.out, nil
}
