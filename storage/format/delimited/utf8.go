package delimited

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// validate refuses what is not UTF-8, and NUL, in PostgreSQL's words.
func validate(b []byte) *sqlerr.Error {
	i := invalidAt(b)
	if i < 0 {
		return nil
	}
	var bad strings.Builder
	for k, c := range b[i:min(i+sequenceLength(b[i]), len(b))] {
		if k > 0 {
			bad.WriteByte(' ')
		}
		fmt.Fprintf(&bad, "0x%02x", c)
	}
	return sqlerr.New(sqlerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": %s", bad.String())
}

// invalidAt is where the first byte stands that validate refuses, or -1.
func invalidAt(b []byte) int {
	nul := bytes.IndexByte(b, 0)
	if utf8.Valid(b) {
		return nul
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if b[i] == 0 || r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return nul
}

// sequenceLength is how many bytes the first byte of a sequence announces.
func sequenceLength(c byte) int {
	switch {
	case c < 0xc0:
		return 1
	case c < 0xe0:
		return 2
	case c < 0xf0:
		return 3
	case c < 0xf8:
		return 4
	}
	return 1
}

// clip is text as errors show it: no longer than a hundred bytes of whole characters.
func clip(text []byte) string {
	const most = 100
	if len(text) <= most {
		return string(text)
	}
	n := most
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return string(text[:n]) + "..."
}
