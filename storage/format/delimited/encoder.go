package delimited

import (
	"bytes"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// Encoder writes text and csv; it is a format.Encoder.
type Encoder struct {
	opt    Options
	cols   []format.Column
	encode []vec.Encoder
	value  []byte
	// special are the bytes that a field of text escapes, or for which one of CSV is quoted.
	special [256]bool
}

// NewEncoder makes an encoder of rows with the given columns, whose texts are written in env (nil: UTC).
func NewEncoder(opt Options, cols []format.Column, env *types.Env) *Encoder {
	e := &Encoder{opt: opt, cols: cols, encode: make([]vec.Encoder, len(cols))}
	for i, c := range cols {
		e.encode[i] = vec.TextEncoder(c.Type, env)
	}
	special := "\b\f\n\r\t\v\\"
	if opt.CSV {
		special = "\n\r" + string([]byte{opt.Quote})
	}
	for _, c := range []byte(special) {
		e.special[c] = true
	}
	e.special[opt.Delimiter] = true
	return e
}

// Header implements format.Encoder.
func (e *Encoder) Header(dst []byte) []byte {
	if e.opt.Header == NoHeader {
		return dst
	}
	for i, c := range e.cols {
		if i > 0 {
			dst = append(dst, e.opt.Delimiter)
		}
		dst = e.field(dst, []byte(c.Name), false)
	}
	return append(dst, '\n')
}

// Rows implements format.Encoder.
func (e *Encoder) Rows(dst []byte, b *vec.Batch) []byte {
	for k := range b.Rows() {
		i := b.Row(k)
		for c, v := range b.Cols {
			if c > 0 {
				dst = append(dst, e.opt.Delimiter)
			}
			if v.IsNull(i) {
				dst = append(dst, e.opt.Null...)
				continue
			}
			e.value = e.encode[c](e.value[:0], v, i)
			dst = e.field(dst, e.value, forced(e.opt.ForceQuote, c))
		}
		dst = append(dst, '\n')
	}
	return dst
}

// Trailer implements format.Encoder: there is none.
func (e *Encoder) Trailer(dst []byte) []byte { return dst }

// field writes a value, escaped or quoted as it must be.
func (e *Encoder) field(dst, value []byte, forceQuote bool) []byte {
	special := -1
	for i, b := range value {
		if e.special[b] {
			special = i
			break
		}
	}
	if !e.opt.CSV {
		if special < 0 {
			return append(dst, value...)
		}
		return e.escaped(append(dst, value[:special]...), value[special:])
	}
	// What looks like a null or, alone in a line, like the end of data, is quoted.
	if special >= 0 || forceQuote || string(value) == e.opt.Null || len(e.cols) == 1 && string(value) == `\.` {
		return e.quoted(dst, value)
	}
	return append(dst, value...)
}

// escaped writes a value of text.
func (e *Encoder) escaped(dst, value []byte) []byte {
	for _, b := range value {
		if e.special[b] {
			dst = append(dst, '\\')
			if i := bytes.IndexByte([]byte("\b\f\n\r\t\v"), b); i >= 0 {
				b = "bfnrtv"[i]
			}
		}
		dst = append(dst, b)
	}
	return dst
}

// quoted writes a value of CSV within quotes.
func (e *Encoder) quoted(dst, value []byte) []byte {
	dst = append(dst, e.opt.Quote)
	for _, b := range value {
		if b == e.opt.Quote || b == e.opt.Escape {
			dst = append(dst, e.opt.Escape)
		}
		dst = append(dst, b)
	}
	return append(dst, e.opt.Quote)
}
