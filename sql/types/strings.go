package types

import (
	"bytes"
	"encoding/hex"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// maxNameLength is how many bytes an identifier has at most.
const maxNameLength = 63

// TruncateName cuts an identifier to 63 bytes, at the border of a character.
func TruncateName(s []byte) []byte {
	if len(s) <= maxNameLength {
		return s
	}
	n := maxNameLength
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// FitVarchar checks the length of a value for a varchar type. Too long a one is 22001, unless explicit (a cast), which
// cuts it; blanks beyond the limit are cut in silence. The result shares s.
func FitVarchar(t Type, s []byte, explicit bool) ([]byte, error) {
	n, ok := t.Length()
	if !ok || len(s) <= n {
		return s, nil
	}
	cut := prefixOfChars(s, n)
	if !explicit && len(bytes.TrimRight(s[cut:], " ")) != 0 {
		return nil, sqlerr.New(sqlerr.StringDataRightTruncation, "value too long for type character varying(%d)", n)
	}
	return s[:cut], nil
}

// FitBPChar is FitVarchar for a char(n) type, padding with blanks to n characters. The result may share s.
func FitBPChar(t Type, s []byte, explicit bool) ([]byte, error) {
	n, ok := t.Length()
	if !ok {
		return s, nil
	}
	if have := utf8.RuneCount(s); have < n {
		return append(s[:len(s):len(s)], bytes.Repeat([]byte(" "), n-have)...), nil
	}
	cut := prefixOfChars(s, n)
	if !explicit && len(bytes.TrimRight(s[cut:], " ")) != 0 {
		return nil, sqlerr.New(sqlerr.StringDataRightTruncation, "value too long for type character(%d)", n)
	}
	return s[:cut], nil
}

// prefixOfChars is how many bytes the first n characters of s take.
func prefixOfChars(s []byte, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, w := utf8.DecodeRune(s[at:])
		at += w
	}
	return at
}

// AppendParsedBytea adds the bytes that a bytea text means, in hex (\xDE AD) or escape format, to dst.
func AppendParsedBytea(dst, s []byte) ([]byte, error) {
	if len(s) >= 2 && s[0] == '\\' && s[1] == 'x' {
		return appendParsedHex(dst, s[2:])
	}
	octal := func(i int, most byte) bool { return i < len(s) && s[i] >= '0' && s[i] <= most }
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\':
			dst = append(dst, s[i])
		case i+1 < len(s) && s[i+1] == '\\':
			dst = append(dst, '\\')
			i++
		case octal(i+1, '3') && octal(i+2, '7') && octal(i+3, '7'):
			dst = append(dst, (s[i+1]-'0')<<6|(s[i+2]-'0')<<3|(s[i+3]-'0'))
			i += 3
		default:
			return nil, sqlerr.New(sqlerr.InvalidTextRepresentation, "invalid input syntax for type bytea")
		}
	}
	return dst, nil
}

// appendParsedHex allows blanks between bytes, not within one.
func appendParsedHex(dst, s []byte) ([]byte, error) {
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r' {
			continue
		}
		hi, err := hexValue(s[i:])
		if err != nil {
			return nil, err
		}
		i++
		if i == len(s) {
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
		}
		lo, err := hexValue(s[i:])
		if err != nil {
			return nil, err
		}
		dst = append(dst, hi<<4|lo)
	}
	return dst, nil
}

// hexValue is the value of the digit at the front of s.
func hexValue(s []byte) (byte, error) {
	if v, ok := hexDigit(s[0]); ok {
		return v, nil
	}
	_, w := utf8.DecodeRune(s)
	return 0, sqlerr.New(sqlerr.InvalidParameterValue, `invalid hexadecimal digit: "%s"`, s[:w])
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// AppendBytea adds bytes in hex format (bytea_output = hex).
func AppendBytea(dst, b []byte) []byte {
	return hex.AppendEncode(append(dst, '\\', 'x'), b)
}

// ParseUUID reads a uuid in any form of PostgreSQL's: hex digits with a hyphen allowed after each group of four, in braces
// or not.
func ParseUUID(s []byte) (Wide, error) {
	src := s
	braces := len(src) > 0 && src[0] == '{'
	if braces {
		src = src[1:]
	}
	var words [2]uint64
	for i := range 32 {
		if len(src) == 0 {
			return Wide{}, invalidSyntax("uuid", s)
		}
		v, ok := hexDigit(src[0])
		if !ok {
			return Wide{}, invalidSyntax("uuid", s)
		}
		words[i/16] = words[i/16]<<4 | uint64(v)
		src = src[1:]
		if i%4 == 3 && i < 31 && len(src) > 0 && src[0] == '-' {
			src = src[1:]
		}
	}
	if braces && len(src) > 0 && src[0] == '}' {
		src, braces = src[1:], false
	}
	if braces || len(src) != 0 {
		return Wide{}, invalidSyntax("uuid", s)
	}
	return Wide{Hi: words[0], Lo: words[1]}, nil
}

// AppendUUID adds a uuid as 8-4-4-4-12 lower-case digits.
func AppendUUID(dst []byte, w Wide) []byte {
	const digits = "0123456789abcdef"
	for i := range 32 {
		word := w.Hi
		if i >= 16 {
			word = w.Lo
		}
		if i == 8 || i == 12 || i == 16 || i == 20 {
			dst = append(dst, '-')
		}
		dst = append(dst, digits[word>>(60-4*(i%16))&15])
	}
	return dst
}
