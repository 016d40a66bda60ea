package pgbinary

import (
	"encoding/binary"
	"fmt"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// signature begins every file; its bytes show what a transfer as text would spoil.
const signature = "PGCOPY\n\xff\r\n\x00"

const (
	flagOIDs     = 1 << 16
	flagCritical = 0xffff << 16
	trailer      = 0xffff // -1 as a row's count of fields
)

// maxField is the longest field: the longest value that there is.
const maxField = 1<<30 - 1

// Decoder reads the binary format; it is a format.Decoder.
type Decoder struct {
	table  string
	cols   []format.Column
	decode []vec.Decoder
	buf    []byte
	pos    int // of the next row in buf
	ended  bool
	// state of the stream
	started, stopped bool
	dropped, row     int64
	first            int64      // the number of the last batch's first row
	fields           [][][]byte // of the last batch, by column; nil is null
}

// NewDecoder makes a decoder of rows with the given columns; table is for the context of errors.
func NewDecoder(table string, cols []format.Column) *Decoder {
	d := &Decoder{table: table, cols: cols, decode: make([]vec.Decoder, len(cols)), fields: make([][][]byte, len(cols))}
	for i, c := range cols {
		d.decode[i] = vec.BinaryDecoder(c.Type)
	}
	return d
}

// Feed implements format.Decoder.
func (d *Decoder) Feed(p []byte) {
	d.dropped += int64(d.pos)
	d.buf = append(d.buf[:copy(d.buf, d.buf[d.pos:])], p...)
	d.pos = 0
}

// End implements format.Decoder.
func (d *Decoder) End() { d.ended = true }

// Consumed implements format.Decoder.
func (d *Decoder) Consumed() int64 { return d.dropped + int64(d.pos) }

// Where implements format.Decoder.
func (d *Decoder) Where(i int) string {
	return fmt.Sprintf("COPY %s, line %d", d.table, d.first+int64(i))
}

// Next implements format.Decoder.
func (d *Decoder) Next(dst *vec.Batch, maxRows int) (int, error) {
	dst.N, dst.Sel, dst.Weights = 0, nil, nil
	if ok, err := d.header(); !ok {
		return 0, err
	}
	for c := range d.fields {
		d.fields[c] = d.fields[c][:0]
	}
	d.first = d.row + 1
	n, failed := 0, error(nil)
	for n < maxRows && !d.stopped {
		ok, err := d.readRow()
		if err != nil {
			failed = err
			break
		}
		if !ok {
			break
		}
		n++
	}
	if err := d.columns(dst, n, failed != nil); err != nil {
		return 0, err
	}
	if failed != nil {
		return 0, failed
	}
	dst.N = n
	return n, nil
}

// header reads what is before the rows.
func (d *Decoder) header() (ok bool, err error) {
	if d.started {
		return true, nil
	}
	b := d.buf[d.pos:]
	const fixed = len(signature) + 8
	if len(b) < fixed && !d.ended {
		return false, nil
	}
	if len(b) < len(signature) || string(b[:len(signature)]) != signature {
		return false, d.fileError("COPY file signature not recognized")
	}
	if len(b) < len(signature)+4 {
		return false, d.fileError("invalid COPY file header (missing flags)")
	}
	flags := binary.BigEndian.Uint32(b[len(signature):])
	switch {
	case flags&flagOIDs != 0:
		return false, d.fileError("invalid COPY file header (WITH OIDS)")
	case flags&flagCritical != 0:
		return false, d.fileError("unrecognized critical flags in COPY file header")
	case len(b) < fixed:
		return false, d.fileError("invalid COPY file header (missing length)")
	}
	extension := int32(binary.BigEndian.Uint32(b[fixed-4:]))
	switch {
	case extension < 0:
		return false, d.fileError("invalid COPY file header (missing length)")
	case int64(len(b)) >= int64(fixed)+int64(extension):
		d.pos += fixed + int(extension)
		d.started = true
		return true, nil
	case d.ended:
		return false, d.fileError("invalid COPY file header (wrong length)")
	case extension > maxField:
		return false, sqlerr.New(sqlerr.ProgramLimitExceeded, "COPY file header is too long")
	}
	return false, nil
}

// readRow finds the fields of a row. It is not ok when more bytes are needed, or when there are no more rows. Of a row that fails
// the fields before the fault are there.
func (d *Decoder) readRow() (ok bool, err error) {
	b := d.buf[d.pos:]
	if len(b) < 2 {
		if d.ended {
			d.stopped = true // PostgreSQL takes a missing trailer for the end
		}
		return false, nil
	}
	count := binary.BigEndian.Uint16(b)
	if count == trailer {
		return false, d.end(b[2:])
	}
	d.row++
	if int(int16(count)) != len(d.cols) {
		return false, d.rowError(badFormat("row field count is %d, expected %d", int16(count), len(d.cols)), -1)
	}
	at := 2
	for c := range d.cols {
		field, n, fault := nextField(b[at:])
		if fault != nil {
			return false, d.rowError(fault, c)
		}
		if n == 0 {
			return false, d.incomplete(c)
		}
		d.fields[c] = append(d.fields[c], field)
		at += n
	}
	d.pos += at
	return true, nil
}

// nextField is the field at the front of b, nil when null, and how many bytes it takes: 0 when they are not all there.
func nextField(b []byte) (field []byte, n int, fault *sqlerr.Error) {
	if len(b) < 4 {
		return nil, 0, nil
	}
	size := int32(binary.BigEndian.Uint32(b))
	switch {
	case size == -1:
		return nil, 4, nil
	case size < 0:
		return nil, 0, badFormat("invalid field size")
	case size > maxField:
		return nil, 0, sqlerr.New(sqlerr.ProgramLimitExceeded, "field of %d bytes is too long", size)
	case len(b)-4 < int(size):
		return nil, 0, nil
	}
	return b[4 : 4+size : 4+size], 4 + int(size), nil
}

// incomplete is called where the bytes end within column c of a row: the row waits for more, or fails.
func (d *Decoder) incomplete(c int) error {
	if d.ended {
		return d.rowError(badFormat("unexpected EOF in COPY data"), c)
	}
	for i := range c {
		d.fields[i] = d.fields[i][:len(d.fields[i])-1]
	}
	d.row--
	return nil
}

// end is called behind the trailer: nothing may follow.
func (d *Decoder) end(rest []byte) error {
	if len(rest) > 0 {
		d.row++
		return d.rowError(badFormat("received copy data after EOF marker"), -1)
	}
	if d.ended {
		d.pos = len(d.buf)
		d.stopped = true
	}
	return nil
}

// columns decodes the n rows, and of one that failed the fields that it has.
func (d *Decoder) columns(dst *vec.Batch, n int, failed bool) error {
	limit := n + 1
	var first error
	for c, col := range d.cols {
		rows := n
		if failed && len(d.fields[c]) > n {
			rows++
		}
		bad, err := format.DecodeColumn(dst.Cols[c], col.Type, d.decode[c], d.fields[c][:min(rows, limit)])
		if err != nil {
			limit = bad
			first = format.Within(err, fmt.Sprintf("%s, column %s", d.Where(bad), col.Name))
		}
	}
	return first
}

// fileError is an error in the header, for which PostgreSQL has no context.
func (d *Decoder) fileError(message string) error { return badFormat("%s", message) }

// rowError adds the context of an error in the row in work, at a column if it is one's.
func (d *Decoder) rowError(err *sqlerr.Error, column int) error {
	where := fmt.Sprintf("COPY %s, line %d", d.table, d.row)
	if column >= 0 {
		where += ", column " + d.cols[column].Name
	}
	return format.Within(err, where)
}

func badFormat(format string, args ...any) *sqlerr.Error {
	return sqlerr.New(sqlerr.BadCopyFileFormat, format, args...)
}
