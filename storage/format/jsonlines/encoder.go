package jsonlines

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// Encoder writes JSON lines; it is a format.Encoder.
type Encoder struct {
	cols   []format.Column
	names  [][]byte // with the punctuation around them
	encode []vec.Encoder
	env    *types.Env
	text   []byte
}

// NewEncoder makes an encoder of rows with the given columns, whose texts are written in env (nil: UTC).
func NewEncoder(cols []format.Column, env *types.Env) *Encoder {
	e := &Encoder{cols: cols, env: env}
	for i, c := range cols {
		before := byte(',')
		if i == 0 {
			before = '{'
		}
		name, _ := jsontext.AppendQuote([]byte{before}, c.Name) // a name is UTF-8
		e.names = append(e.names, append(name, ':'))
		e.encode = append(e.encode, vec.TextEncoder(c.Type, env))
	}
	return e
}

// Header implements format.Encoder: there is none.
func (e *Encoder) Header(dst []byte) []byte { return dst }

// Trailer implements format.Encoder: there is none.
func (e *Encoder) Trailer(dst []byte) []byte { return dst }

// Rows implements format.Encoder.
func (e *Encoder) Rows(dst []byte, b *vec.Batch) []byte {
	for k := range b.Rows() {
		i := b.Row(k)
		if len(e.cols) == 0 {
			dst = append(dst, '{')
		}
		for c, v := range b.Cols {
			dst = append(dst, e.names[c]...)
			switch t := e.cols[c].Type; {
			case v.IsNull(i):
				dst = append(dst, "null"...)
			case t.Array:
				dst = e.array(dst, t.Elem(), v.Datum(i).B)
			default:
				e.text = e.encode[c](e.text[:0], v, i)
				dst = appendJSON(dst, t, e.text)
			}
		}
		dst = append(dst, "}\n"...)
	}
	return dst
}

// array adds an array, one of several dimensions as arrays of arrays.
func (e *Encoder) array(dst []byte, elem types.Type, b []byte) []byte {
	a, err := types.DecodeArray(elem, b)
	if err != nil || len(a.Elems) == 0 {
		return append(dst, "[]"...)
	}
	dst, _ = e.dimension(dst, elem, a.Dims, a.Elems)
	return dst
}

// dimension adds the first of the dimensions and returns the elements behind it.
func (e *Encoder) dimension(dst []byte, elem types.Type, dims []types.Dim, elems []types.Datum) ([]byte, []types.Datum) {
	dst = append(dst, '[')
	for i := range dims[0].Len {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch {
		case len(dims) > 1:
			dst, elems = e.dimension(dst, elem, dims[1:], elems)
			continue
		case elems[0].Null:
			dst = append(dst, "null"...)
		default:
			e.text = e.env.AppendText(e.text[:0], elem, elems[0])
			dst = appendJSON(dst, elem, e.text)
		}
		elems = elems[1:]
	}
	return append(dst, ']'), elems
}
