package parse

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// scanString reads a standard string whose body begins at sql[body], with the
// strings that continue it on later lines.
func (l *lexer) scanString(start, body int) {
	text, end, ok := unquote(l.sql, body, '\'')
	if next := continuation(l.sql, end); ok && next >= 0 {
		var b strings.Builder
		b.WriteString(text)
		for ok && next >= 0 {
			text, end, ok = unquote(l.sql, next, '\'')
			b.WriteString(text)
			next = continuation(l.sql, end)
		}
		text = b.String()
	}
	if !ok {
		l.fail("unterminated quoted string", start, len(l.sql))
	}
	l.pos = end
	l.add(tokString, text, start, end)
}

// unquote reads up to the closing quote q, of which two stand for one; end is
// the offset behind it.
func unquote(s string, i int, q byte) (text string, end int, ok bool) {
	from := i
	var b strings.Builder
	for {
		n := strings.IndexByte(s[i:], q)
		if n < 0 {
			return "", len(s), false
		}
		i += n + 1
		if i >= len(s) || s[i] != q {
			break
		}
		b.WriteString(s[from:i])
		i++
		from = i
	}
	if b.Len() == 0 {
		return s[from : i-1], i, true
	}
	b.WriteString(s[from : i-1])
	return b.String(), i, true
}

// continuation is where the body of a string literal goes on after the quote
// that ended at i: behind another quote with only blanks between, a line break
// among them. It is -1 if the literal ends.
func continuation(s string, i int) int {
	newline := false
	for i < len(s) {
		switch c := s[i]; {
		case c == '\n' || c == '\r':
			newline = true
			i++
		case isSpace(c):
			i++
		case c == '-' && i+1 < len(s) && s[i+1] == '-':
			i = lineEnd(s, i)
		case c == '\'' && newline:
			return i + 1
		default:
			return -1
		}
	}
	return -1
}

// scanBits reads B'...' or X'...'.
func (l *lexer) scanBits(start int, radix byte) {
	l.scanString(start, start+2)
	last := &l.toks[len(l.toks)-1]
	last.kind = tokBits
	last.text = string(radix) + last.text
}

// scanEscapeString reads E'...', with backslash escapes.
func (l *lexer) scanEscapeString(start int) {
	var b strings.Builder
	raw := false // an escape has made a byte that may break the encoding
	for i := start + 2; ; {
		n := strings.IndexAny(l.sql[i:], `'\`)
		if n < 0 {
			l.fail("unterminated quoted string", start, len(l.sql))
		}
		b.WriteString(l.sql[i : i+n])
		i += n
		switch {
		case l.sql[i] == '\\':
			l.pos = i
			raw = l.escape(&b, start) || raw
			i = l.pos
		case i+1 < len(l.sql) && l.sql[i+1] == '\'':
			b.WriteByte('\'')
			i += 2
		default:
			next := continuation(l.sql, i+1)
			if next < 0 {
				text := b.String()
				if raw {
					checkEscaped(text, start)
				}
				l.pos = i + 1
				l.add(tokString, text, start, l.pos)
				return
			}
			i = next
		}
	}
}

// checkEscaped refuses bytes that octal and hexadecimal escapes must not make.
func checkEscaped(text string, start int) {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == 0 || r == utf8.RuneError && n == 1 {
			bail(sqlerr.New(sqlerr.CharacterNotInRepertoire,
				`invalid byte sequence for encoding "UTF8": %s`, hexBytes(text[i:])).At(start))
		}
		i += n
	}
}

// escape decodes the backslash escape at l.pos, moves behind it, and reports
// whether it made a raw byte.
func (l *lexer) escape(b *strings.Builder, start int) (raw bool) {
	if l.pos+1 >= len(l.sql) {
		l.fail("unterminated quoted string", start, len(l.sql))
	}
	c := l.at(1)
	l.pos += 2
	switch c {
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'v':
		b.WriteByte('\v')
	case 'u':
		b.WriteRune(l.unicodeEscape(4))
	case 'U':
		b.WriteRune(l.unicodeEscape(8))
	case 'x':
		if hexValue(l.at(0)) < 0 {
			b.WriteByte('x')
			return false
		}
		b.WriteByte(byte(l.number(16, 2)))
		return true
	case '0', '1', '2', '3', '4', '5', '6', '7':
		l.pos--
		b.WriteByte(byte(l.number(8, 3)))
		return true
	default:
		b.WriteByte(c)
	}
	return false
}

// number reads up to n digits of the base.
func (l *lexer) number(base, n int) int {
	v := 0
	for ; n > 0; n-- {
		d := hexValue(l.at(0))
		if d < 0 || d >= base {
			break
		}
		v = v*base + d
		l.pos++
	}
	return v
}

// unicodeEscape reads the n digits of \u or \U, and the low half of a surrogate
// pair after a high one.
func (l *lexer) unicodeEscape(n int) rune {
	start := l.pos - 2
	r := l.hexRune(n, start)
	if !utf16.IsSurrogate(r) {
		return l.checkRune(r, start)
	}
	low := 0
	switch {
	case l.at(0) == '\\' && l.at(1) == 'u':
		low = 4
	case l.at(0) == '\\' && l.at(1) == 'U':
		low = 8
	default:
		l.fail("invalid Unicode surrogate pair", start, l.pos)
	}
	l.pos += 2
	pair := utf16.DecodeRune(r, l.hexRune(low, start))
	if pair == utf8.RuneError {
		l.fail("invalid Unicode surrogate pair", start, l.pos)
	}
	return pair
}

// hexRune reads exactly n hexadecimal digits.
func (l *lexer) hexRune(n, start int) rune {
	from := l.pos
	v := 0
	for ; l.pos < from+n; l.pos++ {
		d := hexValue(l.at(0))
		if d < 0 {
			bail(sqlerr.New(sqlerr.InvalidEscapeSequence, "invalid Unicode escape").At(start).
				WithHint(`Unicode escapes must be \uXXXX or \UXXXXXXXX.`))
		}
		v = v<<4 | d
	}
	return l.checkRune(rune(min(v, utf8.MaxRune+1)), start)
}

// checkRune refuses code points that no character has; a surrogate is left to
// the caller.
func (l *lexer) checkRune(r rune, start int) rune {
	if r <= 0 || r > utf8.MaxRune {
		l.fail("invalid Unicode escape value", start, max(start+1, l.pos))
	}
	return r
}

// uescape reads the UESCAPE clause that may follow a U& string or identifier
// and gives the escape character.
func (l *lexer) uescape() byte {
	end := l.pos
	if !l.skipBlank() || !isIdentStart(l.sql[l.pos]) ||
		lower(l.sql[l.pos:identEnd(l.sql, l.pos)]) != "uescape" {
		l.pos = end
		return '\\'
	}
	l.pos = identEnd(l.sql, l.pos)
	if !l.skipBlank() || l.sql[l.pos] != '\'' {
		l.fail("UESCAPE must be followed by a simple string literal", l.pos, min(l.pos+1, len(l.sql)))
	}
	start := l.pos
	text, end, ok := unquote(l.sql, start+1, '\'')
	if !ok || len(text) != 1 || hexValue(text[0]) >= 0 || strings.Contains("+'\" \t\n\r\f", text) {
		l.fail("invalid Unicode escape character", start, end)
	}
	l.pos = end
	return text[0]
}

// decodeUnicode decodes the \XXXX and \+XXXXXX escapes of a U& literal.
func (l *lexer) decodeUnicode(s string, start int, esc byte) string {
	if strings.IndexByte(s, esc) < 0 {
		return s
	}
	in := lexer{sql: s}
	var b strings.Builder
	var high rune
	for in.pos < len(s) {
		c := s[in.pos]
		doubled := c == esc && in.at(1) == esc
		if high != 0 && (c != esc || doubled) {
			l.fail("invalid Unicode surrogate pair", start, l.pos)
		}
		if c != esc || doubled {
			b.WriteByte(c)
			in.pos++
			if doubled {
				in.pos++
			}
			continue
		}
		r := l.unicodeUnit(&in, start)
		switch {
		case high != 0:
			if r = utf16.DecodeRune(high, r); r == utf8.RuneError {
				l.fail("invalid Unicode surrogate pair", start, l.pos)
			}
			high = 0
			b.WriteRune(r)
		case utf16.IsSurrogate(r):
			high = r
		default:
			b.WriteRune(r)
		}
	}
	if high != 0 {
		l.fail("invalid Unicode surrogate pair", start, l.pos)
	}
	return b.String()
}

// unicodeUnit reads one escape of a U& literal, the escape character included.
func (l *lexer) unicodeUnit(in *lexer, start int) rune {
	in.pos++
	n := 4
	if in.at(0) == '+' {
		in.pos++
		n = 6
	}
	v := 0
	for ; n > 0; n-- {
		d := hexValue(in.at(0))
		if d < 0 {
			bail(sqlerr.New(sqlerr.SyntaxError, "invalid Unicode escape").At(start).
				WithHint(`Unicode escapes must be \XXXX or \+XXXXXX.`))
		}
		v = v<<4 | d
		in.pos++
	}
	return l.checkRune(rune(v), start)
}

// hexValue is the value of a hexadecimal digit, or -1.
func hexValue(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
