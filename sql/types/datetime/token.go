package datetime

import "strings"

// class is the shape of a token.
type class uint8

const (
	classNumber  class = iota // digits, maybe with one point
	classString               // letters
	classDate                 // digits and letters with - / . between
	classTime                 // digits with :
	classOffset               // a sign and digits
	classSpecial              // a sign and letters
)

// token is a piece of a text, in lower case.
type token struct {
	class class
	text  string
}

// maxTokens is how many tokens a date, time or interval has at most.
const maxTokens = 25

// scanner cuts a text into tokens (ParseDateTime of datetime.c).
type scanner struct {
	s string
	i int
}

func (p *scanner) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

// while advances over the characters that ok accepts.
func (p *scanner) while(ok func(byte) bool) {
	for p.i < len(p.s) && ok(p.s[p.i]) {
		p.i++
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
func isPunct(c byte) bool { return c > ' ' && c < 0x7f && !isDigit(c) && !isAlpha(c) }

func tokens(text string) ([]token, fault) {
	p := scanner{s: text}
	out := make([]token, 0, 8)
	for p.while(isSpace); p.i < len(p.s); p.while(isSpace) {
		from := p.i
		c := p.peek()
		if c != '.' && c != '+' && c != '-' && isPunct(c) {
			p.i++ // other punctuation only separates
			continue
		}
		if len(out) == maxTokens {
			return nil, badFormat
		}
		cl, f := p.next()
		if f != none {
			return nil, f
		}
		t := strings.ToLower(text[from:p.i])
		if cl == classOffset || cl == classSpecial {
			t = t[:1] + strings.TrimLeft(t[1:], " \t\n\r\v\f")
		}
		out = append(out, token{cl, t})
	}
	return out, none
}

func (p *scanner) next() (class, fault) {
	switch c := p.peek(); {
	case isDigit(c):
		return p.number(), none
	case c == '.':
		p.i++
		p.while(isDigit)
		return classNumber, none
	case isAlpha(c):
		return p.word(), none
	case c == '+' || c == '-':
		return p.signed()
	}
	return 0, badFormat
}

// number scans what begins with a digit: a number, a time, or a date, which may have the name of a month inside.
func (p *scanner) number() class {
	p.while(isDigit)
	delim := p.peek()
	switch delim {
	case ':':
		p.while(func(c byte) bool { return isDigit(c) || c == ':' || c == '.' })
		return classTime
	case '-', '/', '.':
	default:
		return classNumber
	}
	p.i++
	if !isDigit(p.peek()) {
		p.while(func(c byte) bool { return isDigit(c) || isAlpha(c) || c == delim })
		return classDate
	}
	p.while(isDigit)
	if p.peek() == delim {
		p.while(func(c byte) bool { return isDigit(c) || c == delim })
		return classDate
	}
	if delim == '.' {
		return classNumber
	}
	return classDate
}

// word scans what begins with a letter: a word, or a date or zone name with punctuation.
func (p *scanner) word() class {
	from := p.i
	p.while(isAlpha)
	c := p.peek()
	date := c == '-' || c == '/' || c == '.'
	if c == '+' || isDigit(c) {
		date = look(dateWords, strings.ToLower(p.s[from:p.i])).kind == unknown
	}
	if !date {
		return classString
	}
	p.while(func(c byte) bool {
		return c == '+' || c == '-' || c == '/' || c == '_' || c == '.' || c == ':' || isDigit(c) || isAlpha(c)
	})
	return classDate
}

// signed scans what begins with a sign: an offset or number, or "-infinity".
func (p *scanner) signed() (class, fault) {
	p.i++
	p.while(isSpace)
	switch c := p.peek(); {
	case isDigit(c):
		p.while(func(c byte) bool { return isDigit(c) || c == ':' || c == '.' || c == '-' })
		return classOffset, none
	case isAlpha(c):
		p.while(isAlpha)
		return classSpecial, none
	}
	return 0, badFormat
}
