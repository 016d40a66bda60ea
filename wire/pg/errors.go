package pg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// errTerminate ends a connection by the client's wish.
var errTerminate = errors.New("terminate")

// told is what a client is told of err, which ended a call with this context: if an interrupt ended it, its cause, as the
// engine knows only that its context was cancelled.
func told(ctx context.Context, err error) *sqlerr.Error {
	e := sqlerr.From(err)
	if ctx.Err() == nil || e.Code != sqlerr.QueryCanceled {
		return e
	}
	var cause *sqlerr.Error
	if errors.As(context.Cause(ctx), &cause) {
		return cause
	}
	return e
}

// isFatal reports whether err ends the session: FATAL, or no SQL error at all (the socket's).
func isFatal(err error) bool {
	var e *sqlerr.Error
	return !errors.As(err, &e) || e.Severity == sqlerr.Fatal
}

// fatal is e as the end of a session.
func fatal(e *sqlerr.Error) *sqlerr.Error {
	if e.Severity == sqlerr.Fatal {
		return e
	}
	f := *e
	f.Severity = sqlerr.Fatal
	return &f
}

// errorResponse appends an ErrorResponse. query is the text that e's offset points into.
func (o *out) errorResponse(e *sqlerr.Error, query string) {
	o.metrics.Errors.Add(1)
	o.report('E', e, query)
}

// report appends an ErrorResponse or a NoticeResponse with every field that e has.
func (o *out) report(typ byte, e *sqlerr.Error, query string) {
	severity := e.Severity
	if severity == "" {
		severity = sqlerr.Err
	}
	pos := o.begin(typ)
	o.field('S', string(severity))
	o.field('V', string(severity))
	o.field('C', string(e.Code))
	o.field('M', e.Message)
	o.field('D', e.Detail)
	o.field('H', e.Hint)
	if p := position(query, e.Offset); p > 0 {
		o.field('P', strconv.Itoa(p))
	}
	o.field('W', e.Where)
	o.field('s', e.Schema)
	o.field('t', e.Table)
	o.field('c', e.Column)
	o.field('d', e.DataType)
	o.field('n', e.Constraint)
	o.byte(0)
	o.end(pos)
}

// field appends one field of an error, if it is set. The message must be there even if it is empty.
func (o *out) field(typ byte, value string) {
	if value == "" && typ != 'M' {
		return
	}
	o.byte(typ)
	o.string(value)
}

// position is the 1-based character that a byte offset plus one (0: unknown) stands for. An offset past the text, as of an
// error at its end, is the character behind its last.
func position(query string, offset int) int {
	if offset <= 0 || query == "" {
		return 0
	}
	return utf8.RuneCountInString(query[:min(offset-1, len(query))]) + 1
}

// checkUTF8 is PostgreSQL's error for bytes that are no UTF-8, or have a null.
func checkUTF8(b []byte) *sqlerr.Error {
	bad := bytes.IndexByte(b, 0)
	if !utf8.Valid(b) {
		for i := 0; i < len(b) && (bad < 0 || i < bad); {
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n <= 1 {
				bad = i
			}
			i += n
		}
	}
	if bad < 0 {
		return nil
	}
	e := sqlerr.New(sqlerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\":")
	for _, c := range b[bad:min(len(b), bad+sequenceLen(b[bad]))] {
		e.Message += fmt.Sprintf(" 0x%02x", c)
	}
	return e
}

// sequenceLen is how many bytes the sequence that begins with c should have.
func sequenceLen(c byte) int {
	switch {
	case c&0xe0 == 0xc0:
		return 2
	case c&0xf0 == 0xe0:
		return 3
	case c&0xf8 == 0xf0:
		return 4
	}
	return 1
}
