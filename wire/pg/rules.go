package pg

import (
	"bytes"
	"encoding/binary"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// phase is what a connection is doing, which decides the messages that its client may send.
type phase uint8

const (
	phaseSASLFirst phase = 1 << iota // the client's choice of mechanism is due
	phaseSASLFinal                   // its proof is due
	phaseCommand                     // logged in
	phaseCopyIn                      // inside COPY FROM STDIN

	phaseLogin = phaseSASLFirst | phaseSASLFinal
)

// rule is what is known of a message type before its body is read.
type rule struct {
	name   string
	phases phase
	min    uint32 // the least length a header may give, itself (4) included
	max    uint32 // the most; 0: Limits.MaxMessage decides, with an error that the session survives
	check  func(body []byte) bool
	refuse func() *sqlerr.Error // refuses the message whatever is in it
}

// smallMessage is PostgreSQL's limit for messages that carry a name or nothing (PQ_SMALL_MESSAGE_LIMIT), loginMessage that
// of its SASL messages.
const (
	smallMessage = 10_000
	loginMessage = 1024
)

// rules has the rule of each message type a client may ever send.
var rules = [...]rule{
	'B': {name: "Bind", phases: phaseCommand, min: 12, check: checkBind},
	'C': {name: "Close", phases: phaseCommand, min: 6, max: smallMessage, check: checkNamed},
	'D': {name: "Describe", phases: phaseCommand, min: 6, max: smallMessage, check: checkNamed},
	'E': {name: "Execute", phases: phaseCommand, min: 9, max: smallMessage, check: checkExecute},
	'F': {name: "FunctionCall", phases: phaseCommand, min: 14, refuse: refuseFunctionCall},
	'H': {name: "Flush", phases: phaseCommand | phaseCopyIn, min: 4, max: 4},
	'P': {name: "Parse", phases: phaseCommand, min: 8, check: checkParse},
	'Q': {name: "Query", phases: phaseCommand, min: 5, check: checkString},
	'S': {name: "Sync", phases: phaseCommand | phaseCopyIn, min: 4, max: 4},
	'X': {name: "Terminate", phases: phaseLogin | phaseCommand | phaseCopyIn, min: 4, max: 4},
	// COPY's messages are also legal, and ignored, outside of COPY: a client may have sent them before it could know of
	// an error.
	'c': {name: "CopyDone", phases: phaseCommand | phaseCopyIn, min: 4, max: 4},
	'd': {name: "CopyData", phases: phaseCommand | phaseCopyIn, min: 4},
	'f': {name: "CopyFail", phases: phaseCommand | phaseCopyIn, min: 5, max: smallMessage, check: checkString},
	'p': {name: "SASLResponse", phases: phaseLogin, min: 5, max: loginMessage},
}

// ruleFor finds the rule of a header, or the FATAL error of a stream that cannot be trusted any more.
func ruleFor(typ byte, length uint32, now phase) (rule, error) {
	if int(typ) >= len(rules) || rules[typ].name == "" {
		return rule{}, violation("invalid frontend message type %d", typ)
	}
	r := rules[typ]
	if r.phases&now == 0 {
		if now == phaseCopyIn {
			return rule{}, violation("unexpected message type 0x%02X during COPY from stdin", typ)
		}
		return rule{}, violation("unexpected message %s", r.name)
	}
	if length < r.min || length > maxFrame || r.max != 0 && length > r.max {
		return rule{}, violation("invalid message length %d of message %s", int32(length), r.name)
	}
	if typ == 'p' && now == phaseSASLFirst {
		r.check = checkSASLFirst // the same letter as later responses, with a form of its own
	}
	return r, nil
}

// limit is the most bytes that a body may have.
func (r *rule) limit(l *Limits) int {
	if r.max != 0 {
		return int(r.max) - 4
	}
	return l.MaxMessage
}

// violation is the FATAL error of a broken stream.
func violation(format string, args ...any) *sqlerr.Error {
	return fatal(sqlerr.New(sqlerr.ProtocolViolation, format, args...))
}

func refuseFunctionCall() *sqlerr.Error {
	return sqlerr.Unsupported("the fast-path function call", "Use SELECT function(arguments).")
}

// cut takes a null-terminated string off b.
func cut(b []byte) (rest []byte, ok bool) {
	i := bytes.IndexByte(b, 0)
	if i < 0 {
		return nil, false
	}
	return b[i+1:], true
}

// checkString accepts one string and nothing else.
func checkString(b []byte) bool {
	rest, ok := cut(b)
	return ok && len(rest) == 0
}

// checkNamed accepts a kind byte and a string.
func checkNamed(b []byte) bool { return len(b) > 1 && checkString(b[1:]) }

// checkExecute accepts a string and a row count.
func checkExecute(b []byte) bool {
	rest, ok := cut(b)
	return ok && len(rest) == 4
}

// checkParse accepts two strings and counted OIDs.
func checkParse(b []byte) bool {
	b, ok := cut(b)
	if ok {
		b, ok = cut(b)
	}
	return ok && len(b) >= 2 && len(b)-2 == 4*int(binary.BigEndian.Uint16(b))
}

// checkBind walks two strings, counted formats, counted values with lengths, counted formats.
func checkBind(b []byte) bool {
	b, ok := cut(b)
	if ok {
		b, ok = cut(b)
	}
	if ok {
		b, ok = cutFormats(b)
	}
	if !ok || len(b) < 2 {
		return false
	}
	n := int(binary.BigEndian.Uint16(b))
	b = b[2:]
	for range n {
		if len(b) < 4 {
			return false
		}
		size := int(int32(binary.BigEndian.Uint32(b)))
		b = b[4:]
		switch {
		case size == -1:
		case size < 0 || size > len(b):
			return false
		default:
			b = b[size:]
		}
	}
	b, ok = cutFormats(b)
	return ok && len(b) == 0
}

func cutFormats(b []byte) (rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, false
	}
	n := 2 * int(binary.BigEndian.Uint16(b))
	b = b[2:]
	if len(b) < n {
		return nil, false
	}
	return b[n:], true
}

// checkSASLFirst accepts a mechanism and counted data, or -1 for none.
func checkSASLFirst(b []byte) bool {
	b, ok := cut(b)
	if !ok || len(b) < 4 {
		return false
	}
	size := int(int32(binary.BigEndian.Uint32(b)))
	return size == len(b)-4 || size == -1 && len(b) == 4
}
