package pg

import (
	"encoding/binary"
	"io"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// frames cuts the received bytes into messages, and is the pgproto3.ChunkReader of the connection's Backend. Backend asks for
// a header and then for a body; frames reads and checks the whole message at the header already, so that each of its errors
// comes when Backend is between messages and can go on with the next.
//
// A body is valid until the next header is asked for: unlike what ChunkReader asks, its buffer is used again, as each message
// is used up before the next is received.
type frames struct {
	win    *window
	phase  phase
	limits *Limits

	header [headerLen]byte
	rule   rule
	need   int    // length of the body under way, -1 between messages
	large  []byte // the part of a body wider than the window that has come
	drop   int    // bytes of a refused body still to be thrown away
	body   []byte // the checked body of the message whose header was given out
	given  bool   // the header was given out, the body is asked for next
}

const (
	headerLen = 5
	// maxFrame is the largest length a header may claim at all: PostgreSQL's MaxAllocSize. Past it the client is not
	// speaking the protocol.
	maxFrame = 1<<30 - 1
	// largeStep is by how much a wide body's buffer is ahead of the bytes that have come, at first.
	largeStep = 64 << 10
)

func newFrames(win *window, limits *Limits) *frames {
	return &frames{win: win, limits: limits, need: -1}
}

// Next implements pgproto3.ChunkReader.
func (f *frames) Next(n int) ([]byte, error) {
	if f.given {
		f.given = false
		return f.body, nil
	}
	if err := f.read(); err != nil {
		return nil, err
	}
	f.given = true
	return f.header[:], nil
}

// ready reports whether a whole message is there without waiting for the client.
func (f *frames) ready() bool {
	if f.drop > 0 || f.need >= 0 || f.win.buffered() < headerLen {
		return false
	}
	length := binary.BigEndian.Uint32(f.win.buf[f.win.r+1:])
	return uint64(f.win.buffered()) >= 1+uint64(length)
}

// read makes the next message's header and body ready. It may be called again after a time-out, and after an error that is
// not FATAL.
func (f *frames) read() error {
	if err := f.throwAway(); err != nil {
		return err
	}
	if f.need < 0 {
		if err := f.readHeader(); err != nil {
			return err
		}
	}
	body, err := f.readBody()
	if err != nil {
		return err
	}
	f.need = -1
	if f.rule.check != nil && !f.rule.check(body) {
		return sqlerr.New(sqlerr.ProtocolViolation, "invalid message format").
			WithDetail("The body of message %q does not have that message's form.", f.header[0])
	}
	f.body = body
	return nil
}

func (f *frames) readHeader() error {
	h, err := f.win.peek(headerLen)
	if err != nil {
		return err
	}
	length := binary.BigEndian.Uint32(h[1:])
	rule, err := ruleFor(h[0], length, f.phase)
	if err != nil {
		return err
	}
	copy(f.header[:], h)
	f.win.take(headerLen)
	body := int(length) - 4
	if limit := rule.limit(f.limits); body > limit {
		f.drop = body
		return tooLarge(h[0], body, limit)
	}
	if rule.refuse != nil {
		f.drop = body
		return rule.refuse()
	}
	f.rule, f.need = rule, body
	return nil
}

// readBody gives the body: a part of the window if it is wide enough, else a buffer grown as the bytes come.
func (f *frames) readBody() ([]byte, error) {
	if f.need <= len(f.win.buf) {
		body, err := f.win.peek(f.need)
		if err != nil {
			return nil, midMessage(err)
		}
		f.win.take(f.need)
		return body, nil
	}
	for len(f.large) < f.need {
		if len(f.large) == cap(f.large) {
			next := min(f.need, max(largeStep, 2*cap(f.large)))
			f.large = append(make([]byte, 0, next), f.large...)
		}
		n, err := f.win.read(f.large[len(f.large):min(cap(f.large), f.need)])
		if err != nil {
			return nil, midMessage(err)
		}
		f.large = f.large[:len(f.large)+n]
	}
	body := f.large
	f.large = nil
	return body, nil
}

// throwAway takes the rest of a refused body off the stream.
func (f *frames) throwAway() error {
	for f.drop > 0 {
		if f.win.buffered() == 0 {
			if err := f.win.fill(); err != nil {
				return midMessage(err)
			}
		}
		n := min(f.drop, f.win.buffered())
		f.win.take(n)
		f.drop -= n
	}
	return nil
}

func midMessage(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func tooLarge(typ byte, size, limit int) error {
	return sqlerr.New(sqlerr.ProgramLimitExceeded, "message %q of %d bytes is larger than the limit of %d bytes", typ, size, limit).
		WithHint("Raise the setting %s, or send the data in parts.", settingMaxMessage)
}
