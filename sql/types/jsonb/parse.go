package jsonb

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// AppendParsed reads a JSON text and adds its canonical form to dst. Errors: 22P02, or 22P05 for a NUL character, which
// text cannot hold.
func AppendParsed(dst, text []byte) ([]byte, error) {
	p := parsers.Get().(*parser)
	defer p.release()
	p.reset(text, jsontext.AllowDuplicateNames(true))
	p.surrogates = true
	out, err := p.value(dst)
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return nil, p.wrap(err)
	}
	return out, nil
}

// Check reports whether text is JSON, for the type json, which keeps it as it is.
func Check(text []byte) error {
	p := parsers.Get().(*parser)
	defer p.release()
	p.reset(text, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	p.surrogates = false
	err := p.dec.SkipValue()
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return p.wrap(err)
	}
	return nil
}

// parser turns a text into canonical form as it reads it.
type parser struct {
	dec        jsontext.Decoder
	src        bytes.Buffer
	text       []byte
	buf        []byte // for one string
	surrogates bool   // escapes must pair up
}

// parsers saves making a decoder, and its buffer, for each value of a column.
var parsers = sync.Pool{New: func() any { return new(parser) }}

func (p *parser) reset(text []byte, opts ...jsontext.Options) {
	p.text, p.src = text, *bytes.NewBuffer(text)
	p.dec.Reset(&p.src, opts...)
}

// release gives the parser back without the text it read.
func (p *parser) release() {
	p.text, p.src = nil, bytes.Buffer{}
	parsers.Put(p)
}

// end checks that nothing follows the value.
func (p *parser) end() error {
	_, err := p.dec.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errTrailing
	}
	return err
}

var errTrailing = errors.New("a value follows the value")

func (p *parser) value(dst []byte) ([]byte, error) {
	switch p.dec.PeekKind() {
	case '{':
		return p.object(dst)
	case '[':
		return p.array(dst)
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	switch raw.Kind() {
	case '"':
		return p.string(dst, raw)
	case '0':
		return appendNumber(dst, raw)
	}
	return append(dst, raw...), nil // null, true, false
}

// string adds a quoted string in canonical spelling: as it is, unless it has escapes.
func (p *parser) string(dst, raw []byte) ([]byte, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return append(dst, raw...), nil
	}
	var err error
	if p.buf, err = jsontext.AppendUnquote(p.buf[:0], raw); err != nil {
		return nil, err
	}
	if bytes.IndexByte(p.buf, 0) >= 0 {
		return nil, sqlerr.New(sqlerr.UntranslatableCharacter, "unsupported Unicode escape sequence").
			WithDetail(`\u0000 cannot be converted to text.`)
	}
	return AppendString(dst, p.buf), nil
}

// maxValue is how long a value may be.
const maxValue = 1 << 30

// maxPlainDigits is below any limit of numeric.
const maxPlainDigits = 1000

// appendNumber adds a number as numeric prints it, which for an integer of JSON is as it stands, but for -0.
func appendNumber(dst, raw []byte) ([]byte, error) {
	if len(raw) < maxPlainDigits && !bytes.ContainsAny(raw, ".eE") && string(raw) != "-0" {
		return append(dst, raw...), nil
	}
	d, err := decimal.Parse(raw)
	if err != nil {
		return nil, err
	}
	// "1e131071" is a hundred thousand digits: few bytes of input could fill the memory.
	if len(dst) > maxValue {
		return nil, sqlerr.New(sqlerr.ProgramLimitExceeded, "jsonb value is too large").
			WithDetail("A value has at most %d bytes.", maxValue)
	}
	return d.AppendText(dst), nil
}

func (p *parser) array(dst []byte) ([]byte, error) {
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, err
	}
	dst = append(dst, '[')
	for first := true; p.dec.PeekKind() != ']'; first = false {
		if !first {
			dst = append(dst, ", "...)
		}
		var err error
		if dst, err = p.value(dst); err != nil {
			return nil, err
		}
	}
	_, err := p.dec.ReadToken()
	return append(dst, ']'), err
}

// span is where a member of an object lies: its quoted key, and the end of its value.
type span struct{ from, keyEnd, end int }

// object writes the members as they come, and puts them in order afterwards if they did not come so.
func (p *parser) object(dst []byte) ([]byte, error) {
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, err
	}
	open := len(dst)
	dst = append(dst, '{')
	var few [8]span
	spans, sorted := few[:0], true
	for p.dec.PeekKind() != '}' {
		if len(spans) > 0 {
			dst = append(dst, ", "...)
		}
		raw, err := p.dec.ReadValue()
		if err != nil {
			return nil, err
		}
		s := span{from: len(dst)}
		if dst, err = p.string(dst, raw); err != nil {
			return nil, err
		}
		s.keyEnd = len(dst)
		if n := len(spans); n > 0 && sorted {
			last := spans[n-1]
			sorted = compareQuoted(dst[last.from:last.keyEnd], dst[s.from:s.keyEnd]) < 0
		}
		if dst, err = p.value(append(dst, ": "...)); err != nil {
			return nil, err
		}
		s.end = len(dst)
		spans = append(spans, s)
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, err
	}
	if sorted {
		return append(dst, '}'), nil
	}
	return reorder(dst, open, spans), nil
}

// reorder writes an object's members again in the order of their keys; of equal keys the last one counts.
func reorder(dst []byte, open int, spans []span) []byte {
	old := append([]byte(nil), dst[open:]...)
	key := func(s span) []byte { return old[s.from-open : s.keyEnd-open] }
	slices.SortStableFunc(spans, func(a, b span) int { return compareQuoted(key(a), key(b)) })
	dst = append(dst[:open], '{')
	for i, s := range spans {
		if i+1 < len(spans) && bytes.Equal(key(s), key(spans[i+1])) {
			continue
		}
		if len(dst) > open+1 {
			dst = append(dst, ", "...)
		}
		dst = append(dst, old[s.from-open:s.end-open]...)
	}
	return append(dst, '}')
}

// compareQuoted is compareKeys of canonical quoted keys.
func compareQuoted(a, b []byte) int {
	if bytes.IndexByte(a, '\\') >= 0 || bytes.IndexByte(b, '\\') >= 0 {
		a, b = appendUnquoted(nil, a), appendUnquoted(nil, b)
	}
	return compareKeys(a, b)
}

// wrap words an error as json_in does.
func (p *parser) wrap(err error) error {
	var se *sqlerr.Error
	if errors.As(err, &se) {
		return err
	}
	return sqlerr.New(sqlerr.InvalidTextRepresentation, "invalid input syntax for type json").
		WithDetail("%s", diagnose(p.text, p.surrogates))
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// Member is a member of an object: its key, unquoted, and its canonical value.
type Member struct{ Key, Value []byte }

// AppendObject adds the canonical form of an object to dst. Of equal keys the last one counts. It sorts members.
func AppendObject(dst []byte, members []Member) []byte {
	slices.SortStableFunc(members, func(a, b Member) int { return compareKeys(a.Key, b.Key) })
	dst = append(dst, '{')
	first := true
	for i, m := range members {
		if i+1 < len(members) && bytes.Equal(m.Key, members[i+1].Key) {
			continue
		}
		if !first {
			dst = append(dst, ", "...)
		}
		first = false
		dst = append(AppendString(dst, m.Key), ": "...)
		dst = append(dst, m.Value...)
	}
	return append(dst, '}')
}

// compareKeys is the order of keys in an object: by length, then by bytes.
func compareKeys(a, b []byte) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return bytes.Compare(a, b)
}

// AppendArray adds the canonical form of an array of canonical values to dst.
func AppendArray(dst []byte, values [][]byte) []byte {
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(dst, v...)
	}
	return append(dst, ']')
}

// AppendString adds a string, quoted as PostgreSQL's escape_json does.
func AppendString(dst, s []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= ' ':
			dst = append(dst, c)
		case c == '\b':
			dst = append(dst, '\\', 'b')
		case c == '\f':
			dst = append(dst, '\\', 'f')
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, '"')
}
