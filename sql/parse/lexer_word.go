package parse

import (
	"strings"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// scanWord reads an identifier or keyword, or the string or quoted identifier
// that a letter before the quote introduces: E”, B”, X”, N”, U&”, U&"".
func (l *lexer) scanWord(c byte) {
	start := l.pos
	switch next := l.at(1); {
	case next == '\'':
		switch c | 0x20 {
		case 'e':
			l.scanEscapeString(start)
			return
		case 'b', 'x':
			l.scanBits(start, c|0x20)
			return
		case 'n':
			// PostgreSQL reads N'x' as the typed literal NCHAR 'x'.
			l.toks = append(l.toks, token{kind: tokWord, text: "nchar", cat: ast.ColumnKeyword, pos: int32(start), end: int32(start + 1)})
			l.scanString(start+1, start+2)
			return
		}
	case c|0x20 == 'u' && next == '&':
		switch l.at(2) {
		case '\'':
			l.scanString(start, start+3)
			last := &l.toks[len(l.toks)-1]
			last.text = l.decodeUnicode(last.text, start, l.uescape())
			return
		case '"':
			name := l.quotedIdent(start, start+2)
			end := l.pos
			name = l.decodeUnicode(name, start, l.uescape())
			l.add(tokQuoted, cutIdentifier(name), start, max(end, l.pos))
			return
		}
	}
	l.pos = identEnd(l.sql, start)
	text := lower(l.sql[start:l.pos])
	info := ast.KeywordOf(text)
	l.toks = append(l.toks, token{
		kind: tokWord, text: cutIdentifier(text), pos: int32(start), end: int32(l.pos),
		cat: info.Category, asLabel: info.NeedsAS,
	})
}

// quotedIdent reads the quoted identifier whose quote is at sql[quote].
func (l *lexer) quotedIdent(start, quote int) string {
	text, end, ok := unquote(l.sql, quote+1, '"')
	if !ok {
		l.fail("unterminated quoted identifier", start, len(l.sql))
	}
	if text == "" {
		l.fail("zero-length delimited identifier", start, end)
	}
	l.pos = end
	return text
}

// scanDollar reads a parameter, or a dollar-quoted string.
func (l *lexer) scanDollar() {
	start := l.pos
	if isDigit(l.at(1)) {
		end := digits(l.sql, start+1)
		if end < len(l.sql) && isIdentStart(l.sql[end]) {
			l.fail("trailing junk after parameter", start, identEnd(l.sql, end))
		}
		l.pos = end
		l.add(tokParam, l.sql[start+1:end], start, end)
		return
	}
	tag := start + 1
	if tag < len(l.sql) && isIdentStart(l.sql[tag]) {
		for tag < len(l.sql) && (isIdentStart(l.sql[tag]) || isDigit(l.sql[tag])) {
			tag++
		}
	}
	if tag >= len(l.sql) || l.sql[tag] != '$' {
		l.scanPunct('$')
		return
	}
	delimiter := l.sql[start : tag+1]
	n := strings.Index(l.sql[tag+1:], delimiter)
	if n < 0 {
		l.fail("unterminated dollar-quoted string", start, len(l.sql))
	}
	l.pos = tag + 1 + n + len(delimiter)
	l.add(tokString, l.sql[tag+1:tag+1+n], start, l.pos)
}

// cutIdentifier shortens a name to PostgreSQL's limit, at a character's border.
func cutIdentifier(s string) string {
	if len(s) <= maxIdentifier {
		return s
	}
	n := maxIdentifier
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// lower folds ASCII letters; other characters have no case in an identifier.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' && c != '\v' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isIdentStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func isOpChar(c byte) bool {
	switch c {
	case '~', '!', '@', '#', '^', '&', '|', '`', '?', '+', '-', '*', '/', '%', '<', '>', '=':
		return true
	}
	return false
}

// digits is the end of the digits that begin at i.
func digits(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// identEnd is the end of the identifier that begins at i.
func identEnd(s string, i int) int {
	for i < len(s) && (isIdentStart(s[i]) || isDigit(s[i]) || s[i] == '$') {
		i++
	}
	return i
}

// lineEnd is the end of the line that i is in.
func lineEnd(s string, i int) int {
	if n := strings.IndexAny(s[i:], "\r\n"); n >= 0 {
		return i + n
	}
	return len(s)
}

// paramNumber is the n of $n, within the protocol's 65,535 parameters.
func paramNumber(t *token) int {
	n := 0
	for i := 0; i < len(t.text) && n <= maxParams; i++ {
		n = n*10 + int(t.text[i]-'0')
	}
	if n < 1 || n > maxParams {
		bail(sqlerr.New(sqlerr.UndefinedParameter, "there is no parameter $%s", t.text).At(int(t.pos)))
	}
	return n
}
