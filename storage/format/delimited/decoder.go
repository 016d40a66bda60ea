package delimited

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// Decoder reads text and csv; it is a format.Decoder.
type Decoder struct {
	opt    Options
	cols   []format.Column
	lines  lines
	fields *fields
	direct *direct
	// rows are the lines of the last batch, with the one that failed at the end.
	rows       []row
	headerRead bool
	decode     []vec.Decoder
	texts      [][]byte // the values of the column in work
	null       []byte   // the null marker, where it is a value
}

// row is where a line lies in the buffer, and its number.
type row struct {
	line   vec.Span
	number int64
}

// failure is what is wrong with a line as a line. Its first columns fields are good: an error in one of those comes first.
// Without hasText the line cannot be shown.
type failure struct {
	err     *sqlerr.Error
	columns int
	hasText bool
}

// NewDecoder makes a decoder of rows with the given columns, whose texts are read in env (nil: UTC, without a clock).
func NewDecoder(opt Options, cols []format.Column, env *types.Env) *Decoder {
	d := &Decoder{opt: opt, cols: cols, decode: make([]vec.Decoder, len(cols))}
	d.lines.opt = &d.opt
	d.fields = newFields(&d.opt, len(cols))
	d.null = append(make([]byte, 0, 1), opt.Null...) // not nil
	for i, c := range cols {
		d.decode[i] = vec.TextDecoder(c.Type, env)
	}
	d.direct = newDirect(&d.opt, format.Types(cols))
	return d
}

// Feed implements format.Decoder.
func (d *Decoder) Feed(p []byte) { d.lines.feed(p) }

// End implements format.Decoder.
func (d *Decoder) End() { d.lines.ended = true }

// Consumed implements format.Decoder.
func (d *Decoder) Consumed() int64 { return d.lines.dropped + int64(d.lines.start) }

// Next implements format.Decoder.
func (d *Decoder) Next(dst *vec.Batch, maxRows int) (int, error) {
	d.fields.reset()
	d.rows = d.rows[:0]
	dst.N, dst.Sel, dst.Weights = 0, nil, nil
	ready, fail := d.header()
	if fail == nil && ready {
		if rows, err := d.directly(dst, maxRows); rows > 0 || err != nil {
			return rows, err
		}
		fail = d.gather(maxRows)
	}
	fail = d.checkEncoding(fail)
	good := len(d.rows)
	if fail != nil {
		good--
	}
	badRow, badColumn, err := d.columns(dst, good, fail, false)
	switch {
	case err != nil:
		return 0, d.valueError(badRow, badColumn, err)
	case fail != nil:
		return 0, d.lineError(fail)
	}
	dst.N = good
	return good, nil
}

// gather cuts up to maxRows lines.
func (d *Decoder) gather(maxRows int) *failure {
	for len(d.rows) < maxRows {
		line, ok, err := d.lines.next()
		if !ok && err == nil {
			return nil
		}
		d.rows = append(d.rows, row{line, d.lines.number})
		if err != nil {
			return &failure{err: err}
		}
		n, err := d.fields.cut(d.lines.buf, line)
		switch {
		case err != nil:
			return &failure{err: err, hasText: true}
		case n > len(d.cols):
			return &failure{err: badFormat("extra data after last expected column"), hasText: true}
		case n < len(d.cols):
			return &failure{err: badFormat("missing data for column \"%s\"", d.cols[n].Name), columns: n, hasText: true}
		}
	}
	return nil
}

// checkEncoding makes the first line that is not UTF-8 the one that failed, if no line before it did.
func (d *Decoder) checkEncoding(fail *failure) *failure {
	if len(d.rows) == 0 {
		return fail
	}
	from, last := d.rows[0].line.Off, d.rows[len(d.rows)-1].line
	at := invalidAt(d.lines.buf[from : last.Off+last.Len])
	if at < 0 {
		return fail
	}
	for i, r := range d.rows {
		if uint32(at)+from < r.line.Off+r.line.Len {
			d.rows = d.rows[:i+1]
			d.rows[i].number -= d.lines.guessed(r.line, uint32(at)+from)
			return &failure{err: validate(d.lines.buf[r.line.Off : r.line.Off+r.line.Len])}
		}
	}
	return fail
}

// columns decodes the columns of the good rows, and of the row that failed as far as it goes. An error is the one that comes
// first by row, then by column. Of rows that were read directly only the columns are left that have spans.
func (d *Decoder) columns(dst *vec.Batch, good int, fail *failure, directly bool) (badRow, badColumn int, err error) {
	limit := good + 1 // rows from here on do not matter
	for c := range d.cols {
		if directly && d.direct.columns[c].isInt() {
			continue
		}
		n := good
		if fail != nil && c < fail.columns {
			n++
		}
		if i, e := d.column(c, dst.Cols[c], min(n, limit)); e != nil {
			limit, badRow, badColumn, err = i, i, c, e
		}
	}
	return badRow, badColumn, err
}

// column decodes the first n rows of column c; at an error it says in which row.
func (d *Decoder) column(c int, v *vec.Vector, n int) (int, error) {
	if forced(d.opt.Skip, c) {
		return 0, nil
	}
	forceNull, forceNotNull := forced(d.opt.ForceNull, c), forced(d.opt.ForceNotNull, c)
	texts := d.texts[:0]
	for _, s := range d.fields.cols[c][:n] {
		var text []byte
		if s != nullField {
			text = d.fields.bytes(d.lines.buf, s)
			if forceNull && string(text) == d.opt.Null {
				text = nil
			}
		} else if forceNotNull {
			text = d.null
		}
		texts = append(texts, text)
	}
	d.texts = texts
	return format.DecodeColumn(v, d.cols[c].Type, d.decode[c], texts)
}

// header reads the first line where the options say that it has names. It is ready when rows may follow.
func (d *Decoder) header() (ready bool, fail *failure) {
	if d.headerRead || d.opt.Header == NoHeader {
		return true, nil
	}
	line, ok, err := d.lines.next()
	empty := d.lines.ended && d.opt.Header == HeaderMatch // PostgreSQL takes no line for an empty one here
	if !ok && err == nil && !empty {
		return false, nil
	}
	d.headerRead = true
	d.rows = append(d.rows, row{line, max(d.lines.number, 1)})
	if err != nil {
		return false, &failure{err: err}
	}
	if fail := d.checkEncoding(nil); fail != nil {
		return false, fail
	}
	if d.opt.Header == HeaderLine {
		d.rows = d.rows[:0]
		return true, nil
	}
	n, err := d.fields.cut(d.lines.buf, line)
	if err == nil {
		err = d.matchHeader(n)
	}
	if err != nil {
		return false, &failure{err: err, hasText: true}
	}
	d.fields.reset()
	d.rows = d.rows[:0]
	return true, nil
}

// matchHeader compares the n fields of the header with the columns' names.
func (d *Decoder) matchHeader(n int) *sqlerr.Error {
	if n != len(d.cols) {
		return badFormat("wrong number of fields in header line: got %d, expected %d", n, len(d.cols))
	}
	for c, col := range d.cols {
		switch s := d.fields.cols[c][0]; {
		case s == nullField:
			return badFormat("column name mismatch in header line field %d: got null value (\"%s\"), expected \"%s\"", c+1, d.opt.Null, col.Name)
		case string(d.fields.bytes(d.lines.buf, s)) != col.Name:
			return badFormat("column name mismatch in header line field %d: got \"%s\", expected \"%s\"", c+1,
				d.fields.bytes(d.lines.buf, s), col.Name)
		}
	}
	return nil
}
