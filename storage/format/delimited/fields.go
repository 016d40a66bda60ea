package delimited

import (
	"bytes"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// A field is a span of the lines' buffer, or of side when its offset has inSide: a field with escapes, which are gone there.
const inSide = 1 << 31

// nullField is a field that is null.
var nullField = vec.Span{Off: 1<<32 - 1}

// fields are the fields of a batch of lines, by column.
type fields struct {
	opt  *Options
	cols [][]vec.Span
	side []byte
	// plainNull says that the null marker has no backslash, so that it may be found in a line that has none.
	plainNull bool
}

func newFields(opt *Options, columns int) *fields {
	f := &fields{opt: opt, cols: make([][]vec.Span, columns), side: []byte{}}
	f.plainNull = opt.CSV || bytes.IndexByte([]byte(opt.Null), '\\') < 0
	return f
}

func (f *fields) reset() {
	for c := range f.cols {
		f.cols[c] = f.cols[c][:0]
	}
	f.side = f.side[:0]
}

// add puts a field in column c, or only counts it when there is no such column.
func (f *fields) add(c int, s vec.Span) {
	if c < len(f.cols) {
		f.cols[c] = append(f.cols[c], s)
	}
}

// cut cuts a line of buf and returns how many fields it has, also of those that are too many.
func (f *fields) cut(buf []byte, line vec.Span) (int, *sqlerr.Error) {
	text := buf[line.Off : line.Off+line.Len]
	if len(f.cols) == 0 {
		return min(len(text), 1), nil // an empty line is a row without columns
	}
	if f.opt.CSV {
		if bytes.IndexByte(text, f.opt.Quote) >= 0 {
			return f.cutQuoted(text, line.Off)
		}
	} else if bytes.IndexByte(text, '\\') >= 0 {
		return f.cutEscaped(text, line.Off)
	}
	return f.cutPlain(text, line.Off), nil
}

// cutPlain cuts at delimiters that nothing hides.
func (f *fields) cutPlain(text []byte, off uint32) int {
	delimiter, null := f.opt.Delimiter, f.opt.Null
	for c, from := 0, 0; ; c++ {
		to := indexByte(text, from, delimiter)
		s := vec.Span{Off: off + uint32(from), Len: uint32(to - from)}
		if to-from == len(null) && f.plainNull && string(text[from:to]) == null {
			s = nullField
		}
		f.add(c, s)
		if to == len(text) {
			return c + 1
		}
		from = to + 1
	}
}

// indexByte is the index of c in text at or after from, or len(text). Most fields are short: a call would cost more than they.
func indexByte(text []byte, from int, c byte) int {
	near := min(from+16, len(text))
	for i := from; i < near; i++ {
		if text[i] == c {
			return i
		}
	}
	if i := bytes.IndexByte(text[near:], c); i >= 0 {
		return near + i
	}
	return len(text)
}

// cutEscaped cuts a line of text that has backslashes.
func (f *fields) cutEscaped(text []byte, off uint32) (int, *sqlerr.Error) {
	for c, from := 0, 0; ; c++ {
		to, escapes := from, false
		for to < len(text) && text[to] != f.opt.Delimiter {
			if text[to] == '\\' {
				if escapes = true; to+1 == len(text) {
					text = text[:to] // at the very end of the input: not there, for PostgreSQL
					break
				}
				to++
			}
			to++
		}
		s := vec.Span{Off: off + uint32(from), Len: uint32(to - from)}
		switch {
		case string(text[from:to]) == f.opt.Null:
			s = nullField
		case escapes:
			start := len(f.side)
			if err := f.unescape(text[from:to]); err != nil {
				return 0, err
			}
			s = vec.Span{Off: uint32(start) | inSide, Len: uint32(len(f.side) - start)}
		}
		f.add(c, s)
		if to >= len(text) {
			return c + 1, nil
		}
		from = to + 1
	}
}

// unescape appends a field to side with what its backslashes mean.
func (f *fields) unescape(text []byte) *sqlerr.Error {
	start, foreign := len(f.side), false
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b == '\\' {
			var numeric bool
			b, i, numeric = escape(text, i+1)
			foreign = foreign || numeric && (b == 0 || b >= utf8.RuneSelf)
		}
		f.side = append(f.side, b)
	}
	if foreign {
		return validate(f.side[start:])
	}
	return nil
}

// escape is the byte that the escape at text[i], the byte after the backslash, stands for, where the escape ends, and whether
// it is given as a number.
func escape(text []byte, i int) (b byte, last int, numeric bool) {
	switch c := text[i]; {
	case c >= '0' && c <= '7':
		v := int(c - '0')
		for n := 1; n < 3 && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '7'; n++ {
			i++
			v = v<<3 | int(text[i]-'0')
		}
		return byte(v), i, true
	case c == 'x':
		v, n := 0, 0
		for ; n < 2 && i+1 < len(text) && hexDigit(text[i+1]) >= 0; n++ {
			i++
			v = v<<4 | hexDigit(text[i])
		}
		if n == 0 {
			return 'x', i, false
		}
		return byte(v), i, true
	case c == 'b':
		return '\b', i, false
	case c == 'f':
		return '\f', i, false
	case c == 'n':
		return '\n', i, false
	case c == 'r':
		return '\r', i, false
	case c == 't':
		return '\t', i, false
	case c == 'v':
		return '\v', i, false
	default:
		return c, i, false
	}
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// cutQuoted cuts a line of CSV that has quotes. A field may be quoted in part; one that is quoted at all is not null.
func (f *fields) cutQuoted(text []byte, off uint32) (int, *sqlerr.Error) {
	for c, from := 0, 0; ; c++ {
		s, to, quoted, ok := f.csvField(text, from, off)
		if !ok {
			return 0, badFormat("unterminated CSV quoted field")
		}
		if !quoted && string(text[from:to]) == f.opt.Null {
			s = nullField
		}
		f.add(c, s)
		if to >= len(text) {
			return c + 1, nil
		}
		from = to + 1
	}
}

// csvField finds the end of a field and its value, which is a span of the line if all of the field but the quotes around it
// is.
func (f *fields) csvField(text []byte, from int, off uint32) (s vec.Span, to int, quoted, ok bool) {
	delimiter, quote, escape := f.opt.Delimiter, f.opt.Quote, f.opt.Escape
	if from < len(text) && text[from] == quote {
		if i := bytes.IndexByte(text[from+1:], quote); i >= 0 {
			end := from + 1 + i
			simple := end+1 == len(text) || text[end+1] == delimiter
			if simple && (escape == quote || bytes.IndexByte(text[from+1:end], escape) < 0) {
				return vec.Span{Off: off + uint32(from+1), Len: uint32(i)}, end + 1, true, true
			}
		}
	}
	start, inQuote, i := len(f.side), false, from
	for ; i < len(text); i++ {
		b := text[i]
		switch {
		case !inQuote && b == delimiter:
			return f.sideSpan(start), i, quoted, true
		case !inQuote && b == quote:
			inQuote, quoted = true, true
			continue
		case inQuote && b == escape && i+1 < len(text) && (text[i+1] == escape || text[i+1] == quote):
			i++
			b = text[i]
		case inQuote && b == quote:
			inQuote = false
			continue
		}
		f.side = append(f.side, b)
	}
	return f.sideSpan(start), i, quoted, !inQuote
}

func (f *fields) sideSpan(start int) vec.Span {
	return vec.Span{Off: uint32(start) | inSide, Len: uint32(len(f.side) - start)}
}

// bytes is the value of a field that is not null.
func (f *fields) bytes(buf []byte, s vec.Span) []byte {
	if s.Off&inSide != 0 {
		off := s.Off &^ inSide
		return f.side[off : off+s.Len]
	}
	return buf[s.Off : s.Off+s.Len]
}
