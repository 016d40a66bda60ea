package pgbinary

import (
	"encoding/binary"

	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// Encoder writes the binary format; it is a format.Encoder.
type Encoder struct{ encode []vec.Encoder }

// NewEncoder makes an encoder of rows with the given columns.
func NewEncoder(cols []format.Column) *Encoder {
	e := &Encoder{encode: make([]vec.Encoder, len(cols))}
	for i, c := range cols {
		e.encode[i] = vec.BinaryEncoder(c.Type)
	}
	return e
}

// Header implements format.Encoder: the signature, no flags, no extension.
func (e *Encoder) Header(dst []byte) []byte {
	dst = append(dst, signature...)
	return append(dst, 0, 0, 0, 0, 0, 0, 0, 0)
}

// Rows implements format.Encoder.
func (e *Encoder) Rows(dst []byte, b *vec.Batch) []byte {
	be := binary.BigEndian
	for k := range b.Rows() {
		i := b.Row(k)
		dst = be.AppendUint16(dst, uint16(len(b.Cols)))
		for c, v := range b.Cols {
			if v.IsNull(i) {
				dst = append(dst, 0xff, 0xff, 0xff, 0xff)
				continue
			}
			from := len(dst)
			dst = e.encode[c](append(dst, 0, 0, 0, 0), v, i)
			be.PutUint32(dst[from:], uint32(len(dst)-from-4))
		}
	}
	return dst
}

// Trailer implements format.Encoder.
func (e *Encoder) Trailer(dst []byte) []byte { return append(dst, 0xff, 0xff) }
