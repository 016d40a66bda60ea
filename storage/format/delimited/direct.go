package delimited

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"strings"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// slack is how many bytes behind its end the lines' buffer has room for, so that words may be read anywhere in it.
const slack = 8

// direct reads lines that hold nothing which needs a second look: no quote, no escape, one newline at the end of each. It cuts a line and
// reads its integers in one pass, eight bytes at a time. It takes good lines only: the first that is odd in any way (a null, a value out
// of range, a field too many) it leaves to the general way, whose errors are the ones that count.
type direct struct {
	columns []directColumn
	// spans says that some column has spans, so that the text has to be checked.
	spans     bool
	delimiter byte
}

// directColumn is a column of the batch in work: an integer's values are written as the lines are cut, other fields are noted as spans.
type directColumn struct {
	id  types.ID // Int2, Int4 or Int8; else a span
	i64 []int64
	i32 []int32
}

// newDirect makes the reader for columns, or nil where the options leave nothing that is plain.
func newDirect(opt *Options, columns []types.Type) *direct {
	if len(columns) == 0 || strings.IndexByte("+-0123456789", opt.Delimiter) >= 0 {
		return nil
	}
	if opt.Null != "" && strings.IndexByte(opt.Null, '\\') < 0 {
		return nil // a number may be the null marker
	}
	d := &direct{columns: make([]directColumn, len(columns)), delimiter: opt.Delimiter}
	for c, t := range columns {
		x := &d.columns[c]
		isInt := !t.Array && (t.ID == types.Int2 || t.ID == types.Int4 || t.ID == types.Int8)
		if isInt && !forced(opt.Skip, c) && !forced(opt.ForceNull, c) {
			x.id = t.ID
		} else {
			d.spans = true
		}
	}
	return d
}

// isInt says that the column's values are read while lines are cut.
func (x *directColumn) isInt() bool { return x.id != 0 }

// begin empties the integer columns of dst, with room for rows.
func (d *direct) begin(dst *vec.Batch, rows int) {
	for c := range d.columns {
		x, v := &d.columns[c], dst.Cols[c]
		switch {
		case !x.isInt():
		case x.id == types.Int8:
			v.Resize(types.T(x.id), rows)
			x.i64 = v.I64
		default:
			v.Resize(types.T(x.id), rows)
			x.i32 = v.I32
		}
	}
}

// finish gives the integer columns their length.
func (d *direct) finish(dst *vec.Batch, rows int) {
	for c := range d.columns {
		switch x := &d.columns[c]; {
		case !x.isInt():
		case x.id == types.Int8:
			dst.Cols[c].I64 = x.i64[:rows]
		default:
			dst.Cols[c].I32 = x.i32[:rows]
		}
	}
}

// directly reads rows by direct: as many as there are before the first that is not for it, and at most maxRows.
func (d *Decoder) directly(dst *vec.Batch, maxRows int) (rows int, err error) {
	l := &d.lines
	if d.direct == nil || l.stopped || l.start < l.plain || l.eol > eolNL {
		return 0, nil
	}
	end := bytes.LastIndexByte(l.buf[l.pos:], '\n') // before pos the line in work has none
	if end < 0 {
		return 0, nil
	}
	d.direct.begin(dst, maxRows)
	next := d.cutDirectly(l.pos+end+1, maxRows)
	rows = len(d.rows)
	if rows == 0 || d.direct.spans && invalidAt(l.buf[l.start:next]) >= 0 {
		d.fields.reset()
		d.rows = d.rows[:0]
		return 0, nil
	}
	l.start, l.pos, l.number, l.eol = next, next, d.rows[rows-1].number, eolNL
	l.inQuote, l.escaped = false, false
	d.direct.finish(dst, rows)
	badRow, badColumn, err := d.columns(dst, rows, nil, true)
	if err != nil {
		return 0, d.valueError(badRow, badColumn, err)
	}
	dst.N = rows
	return rows, nil
}

// cutDirectly cuts lines that end before end, into rows, the integer columns and the spans of the others. It gives where the rest begins.
func (d *Decoder) cutDirectly(end, maxRows int) (rest int) {
	l := &d.lines
	buf := l.buf[:len(l.buf)+slack]
	number := l.number
	if l.pos == l.start {
		number++
	}
	rest = l.start
	for ; len(d.rows) < maxRows && rest < end; number++ {
		next, ok := d.cutLine(buf, rest, len(d.rows))
		if !ok {
			break
		}
		d.rows = append(d.rows, row{vec.Span{Off: uint32(rest), Len: uint32(next - 1 - rest)}, number})
		rest = next
	}
	return rest
}

// cutLine cuts the line at at, for row i, and gives where the next one is. Of a line that is not ok spans may have been noted, behind those of
// the rows.
func (d *Decoder) cutLine(buf []byte, at, i int) (next int, ok bool) {
	columns := d.direct.columns
	for c := range columns {
		x := &columns[c]
		from := at
		if x.isInt() {
			var v int64
			if v, at, ok = readInt(buf, at); !ok || !x.put(i, v) {
				return 0, false
			}
		} else {
			at = fieldEnd(buf, at, d.direct.delimiter)
			s := vec.Span{Off: uint32(from), Len: uint32(at - from)}
			if at == from && d.opt.Null == "" {
				s = nullField
			}
			d.fields.cols[c] = append(d.fields.cols[c], s)
		}
		stop := d.direct.delimiter
		if c == len(columns)-1 {
			stop = '\n'
		}
		if buf[at] != stop {
			return 0, false
		}
		at++
	}
	return at, true
}

// put sets the value of row i, if it is one of the column's type.
func (x *directColumn) put(i int, v int64) bool {
	switch x.id {
	case types.Int8:
		x.i64[i] = v
		return true
	case types.Int4:
		x.i32[i] = int32(v)
		return v >= math.MinInt32 && v <= math.MaxInt32
	default:
		x.i32[i] = int32(v)
		return v >= math.MinInt16 && v <= math.MaxInt16
	}
}

// readInt reads a number of at most 16 digits, perhaps with a minus, and gives what is behind it. A newline is at or behind at, and slack
// behind that.
func readInt(buf []byte, at int) (v int64, next int, ok bool) {
	minus := buf[at] == '-'
	if minus {
		at++
	}
	u, n := readDigits(binary.LittleEndian.Uint64(buf[at:]))
	at += n
	if n == 8 {
		var more uint64
		more, n = readDigits(binary.LittleEndian.Uint64(buf[at:]))
		u = u*tens[n] + more
		at += n
		if n == 8 {
			return 0, 0, false
		}
	} else if n == 0 {
		return 0, 0, false
	}
	if minus {
		return -int64(u), at, true
	}
	return int64(u), at, true
}

var tens = [9]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

// readDigits is the number that the word's bytes begin with, the first being the lowest, and how many digits it has.
func readDigits(w uint64) (value uint64, n int) {
	x := w ^ 0x3030303030303030 // digits are 0 to 9 now
	// A byte above 9 sets its high bit; what it carries over only reaches bytes behind it.
	odd := ((x + 0x7676767676767676) | x) & 0x8080808080808080
	n = bits.TrailingZeros64(odd) >> 3
	x <<= uint(64-8*n) & 63 // zeros go before the number
	if n == 0 {
		return 0, 0
	}
	// Pairs of digits, then of pairs, then of fours: each multiplication adds ten times a neighbour to the next.
	x = (x*10 + x>>8) & 0x00ff00ff00ff00ff
	x = (x*100 + x>>16) & 0x0000ffff0000ffff
	return (x*10000 + x>>32) & 0xffffffff, n
}

// fieldEnd is where the delimiter or the newline at or behind at stands, of which there is one.
func fieldEnd(buf []byte, at int, delimiter byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	delimiters := ones * uint64(delimiter)
	for ; ; at += 8 {
		w := binary.LittleEndian.Uint64(buf[at:])
		a, b := w^delimiters, w^(ones*'\n')
		if zero := ((a-ones) & ^a | (b-ones) & ^b) & highs; zero != 0 {
			return at + bits.TrailingZeros64(zero)>>3
		}
	}
}
