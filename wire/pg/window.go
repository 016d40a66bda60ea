package pg

import (
	"io"
	"net"
)

const (
	// loginWindow is the window of a connection that is not logged in: a thousand of them cost little.
	loginWindow = 2 << 10
	// sessionWindow is that of a session: a read of the socket fills it with as many messages as have come.
	sessionWindow = 32 << 10
)

// window is the read side of a connection: buf[r:w] are bytes received and not yet taken. What peek returned stays as it
// is until the next peek.
type window struct {
	nc      net.Conn
	buf     []byte
	r, w    int
	metrics *Metrics
}

// buffered is how many bytes are there without reading.
func (w *window) buffered() int { return w.w - w.r }

// grow makes the window at least n bytes wide.
func (w *window) grow(n int) {
	if len(w.buf) >= n {
		return
	}
	buf := make([]byte, n)
	w.w = copy(buf, w.buf[w.r:w.w])
	w.r, w.buf = 0, buf
}

// peek returns the next n bytes without taking them. n must not exceed the window. An error leaves what has come in place:
// io.EOF at a border between messages (nothing there), io.ErrUnexpectedEOF inside one.
func (w *window) peek(n int) ([]byte, error) {
	if w.r+n > len(w.buf) {
		w.w = copy(w.buf, w.buf[w.r:w.w])
		w.r = 0
	}
	for w.w-w.r < n {
		if err := w.fill(); err != nil {
			return nil, err
		}
	}
	return w.buf[w.r : w.r+n], nil
}

// fill reads once into the free part of the window, which must not be empty.
func (w *window) fill() error {
	if w.r == w.w {
		w.r, w.w = 0, 0
	}
	n, err := w.nc.Read(w.buf[w.w:])
	w.w += n
	w.metrics.BytesIn.Add(int64(n))
	if n > 0 {
		return nil
	}
	if err == io.EOF && w.w > w.r {
		return io.ErrUnexpectedEOF
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// take drops n bytes that were peeked.
func (w *window) take(n int) { w.r += n }

// read takes up to len(p) bytes, from the window first.
func (w *window) read(p []byte) (int, error) {
	if w.buffered() == 0 {
		n, err := w.nc.Read(p)
		w.metrics.BytesIn.Add(int64(n))
		if n > 0 {
			err = nil
		}
		return n, err
	}
	n := copy(p, w.buf[w.r:w.w])
	w.r += n
	return n, nil
}
