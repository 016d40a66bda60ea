package jsonb

import (
	"bytes"
	"errors"
	"io"
	"sort"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// AppendParsed reads a JSON text and adds its canonical form to dst. Errors: 22P02, or 22P05 for a NUL character, which
// text cannot hold.
func AppendParsed(dst, text []byte) ([]byte, error) {
	p := parser{dec: jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true)),
		text: text, surrogates: true}
	dst, err := p.value(dst)
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return nil, p.wrap(err)
	}
	return dst, nil
}

// Check reports whether text is JSON, for the type json, which keeps it as it is.
func Check(text []byte) error {
	p := parser{dec: jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true)), text: text}
	err := p.dec.SkipValue()
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return p.wrap(err)
	}
	return nil
}

type parser struct {
	dec        *jsontext.Decoder
	text       []byte
	surrogates bool // escapes must pair up
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
	tok, err := p.dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch tok.Kind() {
	case '{':
		return p.object(dst)
	case '[':
		return p.array(dst)
	case '"':
		s := tok.String()
		if err := checkNUL(s); err != nil {
			return nil, err
		}
		return AppendString(dst, []byte(s)), nil
	case '0':
		return appendNumber(dst, tok.String())
	}
	return append(dst, tok.String()...), nil // null, true, false
}

func checkNUL(s string) error {
	if bytes.IndexByte([]byte(s), 0) < 0 {
		return nil
	}
	return sqlerr.New(sqlerr.UntranslatableCharacter, "unsupported Unicode escape sequence").
		WithDetail(`\u0000 cannot be converted to text.`)
}

func appendNumber(dst []byte, text string) ([]byte, error) {
	d, err := decimal.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	return d.AppendText(dst), nil
}

func (p *parser) array(dst []byte) ([]byte, error) {
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

func (p *parser) object(dst []byte) ([]byte, error) {
	var members []Member
	for p.dec.PeekKind() != '}' {
		tok, err := p.dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := tok.String()
		if err := checkNUL(key); err != nil {
			return nil, err
		}
		value, err := p.value(nil)
		if err != nil {
			return nil, err
		}
		members = append(members, Member{[]byte(key), value})
	}
	_, err := p.dec.ReadToken()
	return AppendObject(dst, members), err
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
	sort.SliceStable(members, func(i, j int) bool { return compareKeys(members[i].Key, members[j].Key) < 0 })
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
