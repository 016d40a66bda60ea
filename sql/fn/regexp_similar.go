package fn

import (
	"bytes"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// similarToRegex rewrites an SQL regular expression (SIMILAR TO) as a POSIX one, as PostgreSQL's similar_escape_internal:
// % and _ become .* and ., what POSIX treats as special and SQL does not is escaped, and two escape-double-quotes mark the
// part that substring() returns.
func similarToRegex(dst, pattern, escape []byte) ([]byte, error) {
	if utf8.RuneCount(escape) > 1 {
		return dst, sqlerr.New(sqlerr.InvalidEscapeSequence, "invalid escape string").WithHint("Escape string must be empty or one character.")
	}
	dst = append(dst, "^(?:"...)
	inClass, quotes := false, 0
	for len(pattern) > 0 {
		_, w := utf8.DecodeRune(pattern)
		char := pattern[:w]
		pattern = pattern[w:]
		if len(escape) > 0 && bytes.Equal(char, escape) && !(inClass && char[0] == '\\' && len(pattern) == 0) {
			if len(pattern) == 0 {
				return dst, sqlerr.New(sqlerr.InvalidEscapeSequence, "SIMILAR pattern must not end with escape character")
			}
			_, w = utf8.DecodeRune(pattern)
			char, pattern = pattern[:w], pattern[w:]
			if char[0] == '"' && !inClass {
				quotes++
				switch quotes {
				case 1:
					dst = append(dst, "){1,1}?("...)
				case 2:
					dst = append(dst, "){1,1}(?:"...)
				default:
					return dst, sqlerr.New(sqlerr.InvalidUseOfEscapeCharacter,
						"SQL regular expression may not contain more than two escape-double-quote separators")
				}
				continue
			}
			dst = append(append(dst, '\\'), char...)
			continue
		}
		dst, inClass = appendSimilarChar(dst, char, inClass)
	}
	return append(dst, ")$"...), nil
}

func appendSimilarChar(dst, char []byte, inClass bool) ([]byte, bool) {
	switch c := char[0]; {
	case inClass:
		if c == '\\' {
			dst = append(dst, '\\')
		}
		return append(dst, char...), c != ']'
	case c == '[':
		return append(dst, '['), true
	case c == '%':
		return append(dst, ".*"...), false
	case c == '_':
		return append(dst, '.'), false
	case c == '(':
		return append(dst, "(?:"...), false
	case c == '\\' || c == '.' || c == '^' || c == '$':
		return append(dst, '\\', c), false
	}
	return append(dst, char...), false
}
