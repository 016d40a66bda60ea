package parse

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// maxIdentifier is the length in bytes to which PostgreSQL cuts an identifier.
const maxIdentifier = 63

// lexer cuts a query string into tokens by the rules of PostgreSQL's scan.l.
type lexer struct {
	sql  string
	pos  int
	toks []token
	// open is the stack of unclosed parentheses, as token indexes.
	open []int32
	// depth counts all unclosed brackets.
	depth int
}

// run appends the query string's tokens to l.toks, tokEOF last. At a lexical
// error the tokens end, and the error is returned: PostgreSQL's grammar, which
// reads tokens one by one, may have found fault with what is before it.
func (l *lexer) run() (lexErr *sqlerr.Error) {
	if len(l.sql) > math.MaxInt32-1 {
		bail(sqlerr.New(sqlerr.ProgramLimitExceeded, "query text of %d bytes is too long", len(l.sql)))
	}
	checkEncoding(l.sql)
	defer func() {
		switch r := recover().(type) {
		case nil:
		case bailout:
			lexErr = r.err
		default:
			panic(r)
		}
		l.add(tokEOF, "", len(l.sql), len(l.sql))
	}()
	for l.skipBlank() {
		l.scan()
	}
	return nil
}

// checkEncoding refuses NUL bytes and invalid UTF-8 as PostgreSQL words it.
func checkEncoding(s string) {
	if nul := strings.IndexByte(s, 0); nul >= 0 {
		bail(sqlerr.New(sqlerr.CharacterNotInRepertoire, `invalid byte sequence for encoding "UTF8": 0x00`).At(nul))
	}
	if utf8.ValidString(s) {
		return
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			bail(sqlerr.New(sqlerr.CharacterNotInRepertoire,
				`invalid byte sequence for encoding "UTF8": %s`, hexBytes(s[i:])).At(i))
		}
		i += n
	}
}

// hexBytes lists the bytes of the character that s begins with, by the length
// its first byte claims.
func hexBytes(s string) string {
	n := 1
	switch lead := s[0]; {
	case lead >= 0xf0 && lead < 0xf8:
		n = 4
	case lead >= 0xe0:
		n = 3
	case lead >= 0xc0:
		n = 2
	}
	if s[0] >= 0xf8 {
		n = 1
	}
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i := 0; i < n && i < len(s); i++ {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString("0x")
		b.WriteByte(digits[s[i]>>4])
		b.WriteByte(digits[s[i]&15])
	}
	return b.String()
}

// add appends a token.
func (l *lexer) add(kind tokenKind, text string, pos, end int) {
	l.toks = append(l.toks, token{kind: kind, text: text, pos: int32(pos), end: int32(end)})
}

// skipBlank moves over blanks and comments and reports whether a token follows.
func (l *lexer) skipBlank() bool {
	for l.pos < len(l.sql) {
		switch c := l.sql[l.pos]; {
		case isSpace(c):
			l.pos++
		case c == '-' && l.at(1) == '-':
			l.pos = lineEnd(l.sql, l.pos)
		case c == '/' && l.at(1) == '*':
			l.skipComment()
		default:
			return true
		}
	}
	return false
}

// skipComment moves over a block comment, which nests.
func (l *lexer) skipComment() {
	start, depth := l.pos, 0
	for i := l.pos; i+1 < len(l.sql); {
		switch {
		case l.sql[i] == '/' && l.sql[i+1] == '*':
			depth++
			i += 2
		case l.sql[i] == '*' && l.sql[i+1] == '/':
			depth--
			i += 2
			if depth == 0 {
				l.pos = i
				return
			}
		default:
			i++
		}
	}
	l.fail("unterminated /* comment", start, len(l.sql))
}

// at is the byte k places ahead, or 0.
func (l *lexer) at(k int) byte {
	if l.pos+k < len(l.sql) {
		return l.sql[l.pos+k]
	}
	return 0
}

// scan reads one token.
func (l *lexer) scan() {
	c := l.sql[l.pos]
	switch {
	case isIdentStart(c):
		l.scanWord(c)
	case isDigit(c), c == '.' && isDigit(l.at(1)):
		l.scanNumber()
	case c == '\'':
		l.scanString(l.pos, l.pos+1)
	case c == '"':
		start := l.pos
		l.add(tokQuoted, cutIdentifier(l.quotedIdent(start, start)), start, l.pos)
	case c == '$':
		l.scanDollar()
	case isOpChar(c):
		l.scanOperator()
	default:
		l.scanPunct(c)
	}
}

// scanPunct reads brackets and separators, and any character that begins no token.
func (l *lexer) scanPunct(c byte) {
	n := 1
	switch {
	case c == ':' && (l.at(1) == ':' || l.at(1) == '='), c == '.' && l.at(1) == '.':
		n = 2
	case c >= utf8.RuneSelf:
		_, n = utf8.DecodeRuneInString(l.sql[l.pos:])
	}
	start := l.pos
	l.pos += n
	l.add(tokPunct, l.sql[start:l.pos], start, l.pos)
	switch c {
	case '(':
		l.nest(start)
		l.open = append(l.open, int32(len(l.toks)-1))
	case '[':
		l.nest(start)
	case ')':
		l.depth--
		if k := len(l.open); k > 0 {
			l.toks[l.open[k-1]].match = int32(len(l.toks) - 1)
			l.open = l.open[:k-1]
		}
	case ']':
		l.depth--
	case ';':
		l.depth, l.open = 0, l.open[:0]
	}
}

// nest counts an opening bracket. Checking here, before anything recursive has
// seen the text, keeps any depth of brackets from any stack.
func (l *lexer) nest(pos int) {
	l.depth = max(l.depth, 0) + 1
	if l.depth > maxNesting {
		bail(tooDeep(pos))
	}
}

// scanOperator reads an operator: the longest run of operator characters that
// has no comment in it, cut so that a trailing + or - stands alone unless a
// character that SQL's own operators lack allows it.
func (l *lexer) scanOperator() {
	start, end := l.pos, l.pos
	for end < len(l.sql) && isOpChar(l.sql[end]) {
		if end > start && (strings.HasPrefix(l.sql[end:], "--") || strings.HasPrefix(l.sql[end:], "/*")) {
			break
		}
		end++
	}
	if text := l.sql[start:end]; len(text) > 1 && !strings.ContainsAny(text, "~!@#^&|`?%") {
		for end-start > 1 && (l.sql[end-1] == '+' || l.sql[end-1] == '-') {
			end--
		}
	}
	if end-start > maxIdentifier {
		l.fail("operator too long", start, end)
	}
	l.pos = end
	switch text := l.sql[start:end]; text {
	case "=>":
		l.add(tokPunct, text, start, end)
	case "!=":
		l.add(tokOp, "<>", start, end)
	default:
		l.add(tokOp, text, start, end)
	}
}

// scanNumber reads an integer or a number with a point or an exponent.
func (l *lexer) scanNumber() {
	start, kind := l.pos, tokInteger
	i := digits(l.sql, start)
	if i < len(l.sql) && l.sql[i] == '.' && (i+1 >= len(l.sql) || l.sql[i+1] != '.' || i == start) {
		kind = tokNumeric
		i = digits(l.sql, i+1)
	}
	if i < len(l.sql) && (l.sql[i] == 'e' || l.sql[i] == 'E') {
		k := i + 1
		if k < len(l.sql) && (l.sql[k] == '+' || l.sql[k] == '-') {
			k++
		}
		if k < len(l.sql) && isDigit(l.sql[k]) {
			kind = tokNumeric
			i = digits(l.sql, k)
		}
	}
	if i < len(l.sql) && isIdentStart(l.sql[i]) {
		l.fail("trailing junk after numeric literal", start, identEnd(l.sql, i))
	}
	l.pos = i
	l.add(kind, l.sql[start:i], start, i)
}

// fail reports a lexical error about sql[pos:end].
func (l *lexer) fail(msg string, pos, end int) {
	bail(sqlerr.New(sqlerr.SyntaxError, `%s at or near "%s"`, msg, l.sql[pos:end]).At(pos))
}
