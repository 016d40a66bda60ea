package sqlerr

import (
	"context"
	"errors"
	"fmt"
)

// Severity is the S and V field of an ErrorResponse or NoticeResponse.
type Severity string

// The severities a client can see.
const (
	Err     Severity = "ERROR"
	Fatal   Severity = "FATAL"
	Notice  Severity = "NOTICE"
	Warn    Severity = "WARNING"
	Info    Severity = "INFO"
	Debug   Severity = "DEBUG"
	LogOnly Severity = "LOG"
)

// Error is an error or a notice as the PostgreSQL protocol carries it. The zero Severity means ERROR.
//
// Offset is the byte offset in the text of the statement's source plus one, so that the zero value says "unknown"; the
// wire layer turns it into the 1-based character position of the P field.
type Error struct {
	Code       Code
	Severity   Severity
	Message    string
	Detail     string
	Hint       string
	Where      string
	Schema     string
	Table      string
	Column     string
	DataType   string
	Constraint string
	Offset     int
	// Cause is what made this error, for logs only: a client never sees it.
	Cause error
}

// New makes an error with a formatted message.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: sprintf(format, args)}
}

// NewNotice makes a notice (severity NOTICE, code 00000).
func NewNotice(format string, args ...any) *Error {
	return &Error{Code: Success, Severity: Notice, Message: sprintf(format, args)}
}

// NewWarning makes a notice of severity WARNING.
func NewWarning(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Severity: Warn, Message: sprintf(format, args)}
}

// Unsupported is the one spelling of 0A000: it names the construct and says what to do instead.
func Unsupported(construct, hint string) *Error {
	return &Error{Code: FeatureNotSupported, Message: construct + " is not supported", Hint: hint}
}

// Internal reports a broken invariant: a fault of StreamDB and never of the user.
func Internal(format string, args ...any) *Error {
	return &Error{Code: InternalError, Message: sprintf(format, args)}
}

// Wrap keeps err as the cause of a new error.
func Wrap(err error, code Code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.Cause = err
	return e
}

// From turns any error into an *Error: one already made here is returned as it is, a cancelled context is 57014, the rest
// is XX000 with the error's text.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &Error{Code: QueryCanceled, Message: "canceling statement due to user request", Cause: err}
	}
	return &Error{Code: InternalError, Message: err.Error(), Cause: err}
}

// CodeOf is the SQLSTATE of err, or Success for nil.
func CodeOf(err error) Code {
	if err == nil {
		return Success
	}
	return From(err).Code
}

// Error gives the message, with the SQLSTATE behind it.
func (e *Error) Error() string { return e.Message + " (SQLSTATE " + string(e.Code) + ")" }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// WithHint sets the hint and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = sprintf(format, args)
	return e
}

// WithDetail sets the detail and returns e.
func (e *Error) WithDetail(format string, args ...any) *Error {
	e.Detail = sprintf(format, args)
	return e
}

// WithWhere sets the context line (for example "COPY t, line 3, column b") and returns e.
func (e *Error) WithWhere(format string, args ...any) *Error {
	e.Where = sprintf(format, args)
	return e
}

// At sets the byte offset in the client's text, unless one is known already (the innermost knows best) or offset is
// negative, and returns e.
func (e *Error) At(offset int) *Error {
	if e.Offset == 0 && offset >= 0 {
		e.Offset = offset + 1
	}
	return e
}

// OnTable names the relation concerned and returns e.
func (e *Error) OnTable(schema, table string) *Error {
	e.Schema, e.Table = schema, table
	return e
}

// OnColumn names the column concerned and returns e.
func (e *Error) OnColumn(column string) *Error {
	e.Column = column
	return e
}

// OnConstraint names the constraint concerned and returns e.
func (e *Error) OnConstraint(name string) *Error {
	e.Constraint = name
	return e
}

// sprintf keeps a message without arguments as it is, so that a % in user text cannot be read as a verb.
func sprintf(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
