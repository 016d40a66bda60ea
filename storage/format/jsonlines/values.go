package jsonlines

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// appendText adds the text form that a value of type t has in JSON as value.
func appendText(dst []byte, t types.Type, value jsontext.Value) ([]byte, error) {
	switch {
	case t.ID == types.JSON && !t.Array, t.ID == types.JSONB && !t.Array:
		return append(dst, value...), nil
	case value.Kind() == '"':
		from := len(dst)
		dst, err := jsontext.AppendUnquote(dst, value)
		if err != nil {
			return dst, invalidJSON(err)
		}
		if bytes.IndexByte(dst[from:], 0) >= 0 {
			return dst, sqlerr.New(sqlerr.UntranslatableCharacter, "unsupported Unicode escape sequence").
				WithDetail("\\u0000 cannot be converted to text.")
		}
		return dst, nil
	case t.Array && value.Kind() == '[':
		return appendArrayText(dst, t.Elem(), value)
	}
	return append(dst, value...), nil
}

// appendArrayText adds an array in PostgreSQL's form; strings are quoted whether they need it or not.
func appendArrayText(dst []byte, elem types.Type, value jsontext.Value) ([]byte, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(value))
	if _, err := d.ReadToken(); err != nil {
		return dst, invalidJSON(err)
	}
	dst = append(dst, '{')
	for n := 0; d.PeekKind() != ']'; n++ {
		if n > 0 {
			dst = append(dst, ',')
		}
		item, err := d.ReadValue()
		if err != nil {
			return dst, invalidJSON(err)
		}
		switch kind := item.Kind(); {
		case kind == '[' && elem.ID != types.JSON && elem.ID != types.JSONB:
			dst, err = appendArrayText(dst, elem, item)
		case kind == 'n':
			dst = append(dst, "NULL"...)
		default:
			var text []byte
			text, err = appendText(nil, elem, item)
			dst = appendQuotedItem(dst, text)
		}
		if err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func appendQuotedItem(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, b := range text {
		if b == '"' || b == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, b)
	}
	return append(dst, '"')
}

// appendJSON adds the JSON form of a value of type t that is no array, given its text.
func appendJSON(dst []byte, t types.Type, text []byte) []byte {
	switch t.ID {
	case types.Bool:
		if text[0] == 't' {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case types.Int2, types.Int4, types.Int8:
		return append(dst, text...)
	case types.Float4, types.Float8, types.Numeric:
		if last := text[len(text)-1]; last >= '0' && last <= '9' {
			return append(dst, text...) // else it is NaN or an infinity
		}
	case types.JSON, types.JSONB:
		from := len(dst)
		dst = append(dst, text...)
		for i := from; i < len(dst); i++ {
			if dst[i] == '\n' || dst[i] == '\r' {
				dst[i] = ' ' // only between tokens: a string has none
			}
		}
		return dst
	case types.Timestamp, types.Timestamptz:
		text = isoTime(t, text)
	}
	dst, _ = jsontext.AppendQuote(dst, text) // the text of a value is UTF-8
	return dst
}

// isoTime puts T between date and time, and the minutes that PostgreSQL's text leaves out of a whole hour's offset.
func isoTime(t types.Type, text []byte) []byte {
	i := bytes.IndexByte(text, ' ')
	if i < 0 {
		return text // an infinity
	}
	out := append([]byte(nil), text...)
	out[i] = 'T'
	if t.ID != types.Timestamptz {
		return out
	}
	sign := i + bytes.IndexAny(out[i:], "+-")
	end := sign + 3
	if sign > i && (end == len(out) || out[end] != ':') {
		out = append(out[:end:end], append([]byte(":00"), out[end:]...)...)
	}
	return out
}
