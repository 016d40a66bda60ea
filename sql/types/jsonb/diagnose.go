package jsonb

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// diagnose words what is wrong with a text that is no JSON, as PostgreSQL's json parser details it. surrogates says that
// \u escapes must pair up, as they must in jsonb.
func diagnose(text []byte, surrogates bool) string {
	d := diagnosis{s: string(text), surrogates: surrogates}
	d.next()
	d.value("Expected JSON value")
	if d.problem == "" && d.tok != "" {
		d.expected("Expected end of input")
	}
	return d.problem
}

// diagnosis is a parser that keeps nothing but the first problem it meets.
type diagnosis struct {
	s          string
	i          int
	tok        string // the current token; empty at the end
	problem    string
	surrogates bool
	depth      int
}

func (d *diagnosis) fail(format string, args ...any) {
	if d.problem == "" {
		d.problem = fmt.Sprintf(format, args...)
	}
}

func (d *diagnosis) expected(what string) {
	if d.tok == "" {
		d.fail("The input string ended unexpectedly.")
	}
	d.fail(`%s, but found "%s".`, what, d.tok)
}

func (d *diagnosis) value(what string) {
	if d.problem != "" {
		return
	}
	if d.depth++; d.depth > 10000 {
		d.fail("The value is nested too deeply.")
		return
	}
	defer func() { d.depth-- }()
	switch {
	case d.tok == "{":
		d.members('}', `Expected "," or "}"`, d.member)
	case d.tok == "[":
		d.members(']', `Expected "," or "]"`, func(string) { d.value("Expected JSON value") })
	case d.tok == "" || strings.Contains("]},:", d.tok):
		d.expected(what)
	default:
		d.next()
	}
}

func (d *diagnosis) members(end byte, between string, one func(string)) {
	d.next()
	if d.tok == string(end) {
		d.next()
		return
	}
	for first := true; d.problem == ""; first = false {
		what := "Expected string"
		if first {
			what = `Expected string or "}"`
		}
		one(what)
		switch {
		case d.problem != "":
		case d.tok == ",":
			d.next()
		case d.tok == string(end):
			d.next()
			return
		default:
			d.expected(between)
		}
	}
}

func (d *diagnosis) member(what string) {
	if !strings.HasPrefix(d.tok, `"`) {
		d.expected(what)
		return
	}
	if d.next(); d.problem == "" && d.tok != ":" {
		d.expected(`Expected ":"`)
	}
	d.next()
	d.value("Expected JSON value")
}

// next scans a token.
func (d *diagnosis) next() {
	if d.problem != "" {
		return
	}
	s := d.s
	for d.i < len(s) && strings.IndexByte(" \t\n\r", s[d.i]) >= 0 {
		d.i++
	}
	from := d.i
	if from == len(s) {
		d.tok = ""
		return
	}
	switch c := s[from]; {
	case strings.IndexByte("{}[],:", c) >= 0:
		d.i++
	case c == '"':
		d.quoted()
	case isWord(c) || c == '-':
		d.word()
	default:
		_, w := utf8.DecodeRuneInString(s[from:])
		d.fail(`Token "%s" is invalid.`, s[from:from+w])
		return
	}
	d.tok = s[from:d.i]
}

// word scans a number or a name. What follows a number without a separator belongs to its token.
func (d *diagnosis) word() {
	from := d.i
	valid := true
	if c := d.s[from]; c == '-' || c >= '0' && c <= '9' {
		var n int
		n, valid = numberPrefix(d.s[from:])
		d.i += n
	}
	number := d.i > from && valid
	end := d.i
	for d.i < len(d.s) && isWord(d.s[d.i]) {
		d.i++
	}
	w := d.s[from:d.i]
	if number && d.i == end || w == "true" || w == "false" || w == "null" {
		return
	}
	d.fail(`Token "%s" is invalid.`, w)
}

// numberPrefix is how much of s JSON's grammar of numbers takes, and whether that is a number. A missing part does not stop
// it, as it does not stop PostgreSQL's.
func numberPrefix(s string) (n int, valid bool) {
	valid = true
	at := func(set string) bool {
		if n < len(s) && strings.IndexByte(set, s[n]) >= 0 {
			n++
			return true
		}
		return false
	}
	digits := func() {
		from := n
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		valid = valid && n > from
	}
	at("-")
	if !at("0") {
		digits()
	}
	if at(".") {
		digits()
	}
	if at("eE") {
		at("+-")
		digits()
	}
	return n, valid
}

// quoted scans a string and checks its escapes.
func (d *diagnosis) quoted() {
	from := d.i
	high := false // a high surrogate waits for its low one
	for d.i++; d.i < len(d.s); d.i++ {
		c := d.s[d.i]
		if c == '\\' {
			var done bool
			if high, done = d.escape(high); done {
				return
			}
			continue
		}
		if high && d.surrogates {
			d.fail("Unicode low surrogate must follow a high surrogate.")
			return
		}
		if c == '"' {
			d.i++
			return
		}
		if c < ' ' {
			d.fail("Character with value 0x%02x must be escaped.", c)
			return
		}
	}
	d.i = len(d.s)
	d.fail(`Token "%s" is invalid.`, d.s[from:])
}

// escape checks the escape at a backslash and stops at its last character.
func (d *diagnosis) escape(high bool) (nowHigh, failed bool) {
	if d.i++; d.i == len(d.s) {
		return false, false
	}
	c := d.s[d.i]
	if c != 'u' {
		if strings.IndexByte(`"\/bfnrt`, c) < 0 {
			_, w := utf8.DecodeRuneInString(d.s[d.i:])
			d.fail(`Escape sequence "\%s" is invalid.`, d.s[d.i:d.i+w])
		} else if high && d.surrogates {
			d.fail("Unicode low surrogate must follow a high surrogate.")
		}
		return false, d.problem != ""
	}
	code := 0
	for range 4 {
		if d.i++; d.i == len(d.s) {
			return false, false // the string has no end
		}
		if !isHex(d.s[d.i]) {
			d.fail(`"\u" must be followed by four hexadecimal digits.`)
			return false, true
		}
		code = code<<4 | int(hexDigit(d.s[d.i]))
	}
	isHigh, isLow := code >= 0xd800 && code < 0xdc00, code >= 0xdc00 && code < 0xe000
	if d.surrogates {
		switch {
		case high && isHigh:
			d.fail("Unicode high surrogate must not follow a high surrogate.")
		case high != isLow:
			d.fail("Unicode low surrogate must follow a high surrogate.")
		}
	}
	return isHigh, d.problem != ""
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
