package jsonlines

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// maxLine is how long a line may be.
const maxLine = 1<<30 - 1

// Decoder reads JSON lines; it is a format.Decoder.
type Decoder struct {
	source  string
	cols    []format.Column
	byName  map[string]int
	decode  []vec.Decoder
	buf     []byte
	pos     int // of the next line in buf
	scanned int // how far buf has been searched for its end
	ended   bool
	dropped int64
	number  int64 // of the last line
	// the last batch: its lines, and its values by column, which are spans of side
	lines  []line
	values [][]vec.Span
	side   []byte
	texts  [][]byte
	member []byte
	input  bytes.Buffer
	json   *jsontext.Decoder
}

type line struct {
	text   vec.Span
	number int64
}

// noValue is the span of a null.
var noValue = vec.Span{Off: 1<<32 - 1}

// NewDecoder makes a decoder of rows with the given columns; source is for the context of errors, env as for any text.
func NewDecoder(source string, cols []format.Column, env *types.Env) *Decoder {
	d := &Decoder{source: source, cols: cols, byName: map[string]int{}, values: make([][]vec.Span, len(cols)), side: []byte{}}
	for i, c := range cols {
		d.byName[c.Name] = i
		d.decode = append(d.decode, vec.TextDecoder(c.Type, env))
	}
	d.json = jsontext.NewDecoder(&d.input)
	return d
}

// Feed implements format.Decoder.
func (d *Decoder) Feed(p []byte) {
	d.dropped += int64(d.pos)
	d.scanned -= d.pos
	d.buf = append(d.buf[:copy(d.buf, d.buf[d.pos:])], p...)
	d.pos = 0
}

// End implements format.Decoder.
func (d *Decoder) End() { d.ended = true }

// Consumed implements format.Decoder.
func (d *Decoder) Consumed() int64 { return d.dropped + int64(d.pos) }

// Where implements format.Decoder.
func (d *Decoder) Where(i int) string { return fmt.Sprintf("%s, line %d", d.source, d.lines[i].number) }

// Next implements format.Decoder.
func (d *Decoder) Next(dst *vec.Batch, maxRows int) (int, error) {
	dst.N, dst.Sel, dst.Weights = 0, nil, nil
	d.lines, d.side = d.lines[:0], d.side[:0]
	for c := range d.values {
		d.values[c] = d.values[c][:0]
	}
	good, failed := 0, error(nil)
	for good < maxRows && failed == nil {
		text, ok, err := d.nextLine()
		if !ok && err == nil {
			break
		}
		d.lines = append(d.lines, line{text, d.number})
		if err == nil {
			err = d.object(d.buf[text.Off : text.Off+text.Len])
		}
		if err != nil {
			failed = format.Within(err, d.Where(good))
			break
		}
		good++
	}
	if err := d.columns(dst, good); err != nil {
		return 0, err
	}
	if failed != nil {
		return 0, failed
	}
	dst.N = good
	return good, nil
}

// nextLine is the next line that is not blank.
func (d *Decoder) nextLine() (text vec.Span, ok bool, err error) {
	for {
		end, size := bytes.IndexByte(d.buf[d.scanned:], '\n'), 1
		switch {
		case end >= 0:
			end += d.scanned
		case d.ended && d.pos < len(d.buf):
			end, size = len(d.buf), 0
		default:
			d.scanned = len(d.buf)
			if len(d.buf)-d.pos > maxLine {
				d.number++
				return text, false, sqlerr.New(sqlerr.ProgramLimitExceeded, "line is too long: the limit is %d bytes", maxLine)
			}
			return text, false, nil
		}
		text = vec.Span{Off: uint32(d.pos), Len: uint32(end - d.pos)}
		blank := len(bytes.TrimSpace(d.buf[d.pos:end])) == 0
		d.pos = end + size
		d.scanned = d.pos
		d.number++
		if !blank {
			return text, true, nil
		}
	}
}

// object reads a line's members.
func (d *Decoder) object(text []byte) error {
	for c := range d.values {
		d.values[c] = append(d.values[c], noValue)
	}
	row := len(d.lines) - 1
	d.input = *bytes.NewBuffer(text)
	d.json.Reset(&d.input, jsontext.AllowDuplicateNames(true))
	if kind := d.json.PeekKind(); kind != '{' && kind != 0 {
		return sqlerr.New(sqlerr.InvalidTextRepresentation, "a line must be a JSON object")
	}
	if _, err := d.json.ReadToken(); err != nil {
		return invalidJSON(err)
	}
	for d.json.PeekKind() == '"' {
		name, err := d.json.ReadValue()
		if err != nil {
			return invalidJSON(err)
		}
		if d.member, err = jsontext.AppendUnquote(d.member[:0], name); err != nil {
			return invalidJSON(err)
		}
		c, known := d.byName[string(d.member)]
		value, err := d.json.ReadValue()
		if err != nil {
			return invalidJSON(err)
		}
		if !known {
			continue
		}
		if d.values[c][row], err = d.value(d.cols[c].Type, value); err != nil {
			return err
		}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return invalidJSON(err)
	}
	if d.json.PeekKind() != 0 || len(bytes.TrimSpace(d.json.UnreadBuffer())) > 0 {
		return sqlerr.New(sqlerr.InvalidTextRepresentation, "a line must be one JSON object").WithDetail("There is more behind it.")
	}
	return nil
}

// value keeps the text of a value of type t.
func (d *Decoder) value(t types.Type, value jsontext.Value) (vec.Span, error) {
	if value.Kind() == 'n' {
		return noValue, nil
	}
	from, err := len(d.side), error(nil)
	if d.side, err = appendText(d.side, t, value); err != nil {
		return noValue, err
	}
	return vec.Span{Off: uint32(from), Len: uint32(len(d.side) - from)}, nil
}

// columns decodes the columns of the good rows; the error is that of the first row that has one.
func (d *Decoder) columns(dst *vec.Batch, good int) (first error) {
	for c, col := range d.cols {
		d.texts = d.texts[:0]
		for _, s := range d.values[c][:good] {
			var text []byte
			if s != noValue {
				text = d.side[s.Off : s.Off+s.Len]
			}
			d.texts = append(d.texts, text)
		}
		if bad, err := format.DecodeColumn(dst.Cols[c], col.Type, d.decode[c], d.texts); err != nil {
			good = bad
			first = format.Within(err, fmt.Sprintf("%s, column %s: %s", d.Where(bad), col.Name, strconv.Quote(string(d.texts[bad]))))
		}
	}
	return first
}

func invalidJSON(err error) error {
	return sqlerr.Wrap(err, sqlerr.InvalidTextRepresentation, "invalid input syntax for type json").WithDetail("%s", err.Error())
}
