package delimited

import (
	"bytes"
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// maxLine is how long a line may be: PostgreSQL's limit of one allocation, and within what spans and inSide leave.
const maxLine = 1<<30 - 1

// eol is how lines end. The first line decides; all others must end alike.
type eol uint8

const (
	eolUnknown eol = iota
	eolNL
	eolCR
	eolCRNL
)

// lines finds the lines in what was fed. It never looks at a byte twice, however the bytes come.
type lines struct {
	opt   *Options
	buf   []byte
	start int  // of the line in work
	pos   int  // how far it has been looked at
	ended bool // no bytes follow buf
	// plain is where buf begins to have no byte but newlines that decides about lines.
	plain int
	eol   eol
	// inQuote and escaped are the state inside a line of CSV.
	inQuote, escaped bool
	stopped          bool  // after \.
	number           int64 // of the line in work, from 1; as PostgreSQL it guesses at newlines within quotes
	dropped          int64 // bytes that were before buf
}

func (l *lines) feed(p []byte) {
	if l.stopped {
		return // what follows the end of data is not looked at
	}
	if l.start > 0 { // make room by dropping what was read
		l.dropped += int64(l.start)
		l.buf = l.buf[:copy(l.buf, l.buf[l.start:])]
		l.pos, l.plain, l.start = l.pos-l.start, max(0, l.plain-l.start), 0
	}
	l.buf = append(slices.Grow(l.buf, len(p)+slack), p...)
	if bytes.IndexByte(p, '\\') >= 0 || bytes.IndexByte(p, '\r') >= 0 || l.opt.CSV && bytes.IndexByte(p, l.opt.Quote) >= 0 {
		l.plain = len(l.buf)
	}
}

// next is the next line without its end. ok is false when more bytes are needed, or when ended or stopped. With an error line
// is the line as far as it is good.
func (l *lines) next() (line vec.Span, ok bool, err *sqlerr.Error) {
	line.Off = uint32(l.start)
	if l.stopped {
		return line, false, nil
	}
	if l.pos == l.start {
		l.number++
		l.inQuote, l.escaped = false, false
	}
	var end, size int // where the line ends, and the bytes of its end
	switch {
	case l.pos >= l.plain && !l.inQuote && l.eol <= eolNL:
		end, size = l.scanPlain()
	case l.opt.CSV:
		end, size, err = l.scanCSV()
	default:
		end, size, err = l.scanText()
	}
	if err != nil {
		line.Len = uint32(l.pos - l.start)
		return line, false, err
	}
	if end < 0 && l.ended && !l.stopped && len(l.buf) > l.start {
		end = len(l.buf)
	}
	if end < 0 {
		if l.pos == l.start || l.ended || l.stopped {
			l.number-- // not a line after all
		}
		if len(l.buf)-l.start > maxLine {
			err = sqlerr.New(sqlerr.ProgramLimitExceeded, "line is too long: the limit is %d bytes", maxLine)
		}
		return line, false, err
	}
	line.Len = uint32(end - l.start)
	l.start = end + size
	l.pos = l.start
	return line, true, nil
}

// scanPlain finds a newline where nothing else can end the line.
func (l *lines) scanPlain() (end, size int) {
	i := bytes.IndexByte(l.buf[l.pos:], '\n')
	if i < 0 {
		l.pos = len(l.buf)
		return -1, 0
	}
	l.eol = eolNL
	return l.pos + i, 1
}

// scanText goes on looking for the end of a line of text. A backslash hides the next byte.
func (l *lines) scanText() (end, size int, err *sqlerr.Error) {
	for l.pos < len(l.buf) {
		switch l.buf[l.pos] {
		case '\n', '\r':
			if size, err = l.endOfLine(); size != 0 || err != nil {
				return l.pos, size, err
			}
			return -1, 0, nil
		case '\\':
			if l.pos+1 >= len(l.buf) && !l.ended {
				return -1, 0, nil
			}
			if l.at(l.pos+1) == '.' {
				return l.endOfData()
			}
			l.pos = min(l.pos+2, len(l.buf))
		default:
			l.pos++
		}
	}
	return -1, 0, nil
}

// scanCSV goes on looking for the end of a line of CSV. Newlines within quotes do not count; a backslash only matters as the
// first byte.
func (l *lines) scanCSV() (end, size int, err *sqlerr.Error) {
	quote, escape := l.opt.Quote, l.opt.Escape
	for l.pos < len(l.buf) {
		c := l.buf[l.pos]
		first := l.pos == l.start
		if (c == '\r' || c == '\\' && first) && l.pos+1 >= len(l.buf) && !l.ended {
			return -1, 0, nil
		}
		if escape != quote {
			if l.inQuote && c == escape {
				l.escaped = !l.escaped
			}
			if c == quote && !l.escaped {
				l.inQuote = !l.inQuote
			}
			if c != escape {
				l.escaped = false
			}
		} else if c == quote {
			l.inQuote = !l.inQuote
		}
		switch {
		case l.inQuote:
			if c == '\n' && l.eol == eolNL || c == '\r' && l.eol != eolNL {
				l.number++
			}
		case c == '\n' || c == '\r':
			if size, err = l.endOfLine(); size != 0 || err != nil {
				return l.pos, size, err
			}
			return -1, 0, nil
		case c == '\\' && first && l.at(l.pos+1) == '.':
			if end, size, err = l.endOfData(); l.stopped || err != nil || l.pos == l.start {
				return end, size, err
			}
			continue
		}
		l.pos++
	}
	return -1, 0, nil
}

// guessed is by how much number has grown within a line of CSV behind the byte at from: PostgreSQL, which looks at the encoding first, has not
// read as far when it meets a bad one there. The first line was read before it was known how lines end.
func (l *lines) guessed(line vec.Span, from uint32) int64 {
	end := []byte{'\r'}
	if l.eol == eolNL && l.dropped+int64(line.Off) > 0 {
		end[0] = '\n'
	}
	if !l.opt.CSV {
		return 0
	}
	return int64(bytes.Count(l.buf[from:line.Off+line.Len], end))
}

// at is the byte at i, or 0 past the end.
func (l *lines) at(i int) byte {
	if i < len(l.buf) {
		return l.buf[i]
	}
	return 0
}

// endOfLine is how many bytes end the line at pos, a newline or carriage return: 0 when it takes another byte to tell.
func (l *lines) endOfLine() (int, *sqlerr.Error) {
	if l.buf[l.pos] == '\n' {
		if l.eol == eolCR || l.eol == eolCRNL {
			return 0, l.wrongEnd("newline", `\n`)
		}
		l.eol = eolNL
		return 1, nil
	}
	switch l.eol {
	case eolNL:
		return 0, l.wrongEnd("carriage return", `\r`)
	case eolCR:
		return 1, nil
	}
	if l.pos+1 >= len(l.buf) && !l.ended {
		return 0, nil
	}
	if l.at(l.pos+1) == '\n' {
		l.eol = eolCRNL
		return 2, nil
	}
	if l.eol == eolCRNL {
		return 0, l.wrongEnd("carriage return", `\r`)
	}
	l.eol = eolCR
	return 1, nil
}

func (l *lines) wrongEnd(what, escape string) *sqlerr.Error {
	if l.opt.CSV {
		return badFormat("unquoted %s found in data", what).WithHint("Use quoted CSV field to represent %s.", what)
	}
	return badFormat("literal %s found in data", what).WithHint("Use \"%s\" to represent %s.", escape, what)
}

// endOfData is called at \. and ends the data there, when the line ends after it: what is before it is the last line. In CSV
// anything else makes it data, and pos moves past it.
func (l *lines) endOfData() (end, size int, err *sqlerr.Error) {
	i := l.pos + 2
	corrupt, mismatch := "end-of-copy marker corrupt", "end-of-copy marker does not match previous newline style"
	refuse := func(message string) (int, int, *sqlerr.Error) {
		if !l.opt.CSV {
			return -1, 0, badFormat("%s", message)
		}
		l.pos++
		return -1, 0, nil
	}
	need := 1
	if l.eol == eolCRNL {
		need = 2
	}
	if i+need > len(l.buf) && !l.ended && !(need == 2 && i < len(l.buf) && l.buf[i] != '\r') {
		return -1, 0, nil
	}
	if l.eol == eolCRNL {
		switch l.at(i) {
		case '\n':
			return refuse(mismatch)
		case '\r':
			i++
		default:
			return refuse(corrupt)
		}
	}
	c := l.at(i)
	if c != '\n' && c != '\r' {
		return refuse(corrupt)
	}
	if l.eol == eolNL && c != '\n' || l.eol == eolCRNL && c != '\n' || l.eol == eolCR && c != '\r' {
		return -1, 0, badFormat("%s", mismatch)
	}
	l.stopped = true
	if l.pos == l.start {
		return -1, 0, nil
	}
	return l.pos, i + 1 - l.pos, nil
}

func badFormat(format string, args ...any) *sqlerr.Error {
	return sqlerr.New(sqlerr.BadCopyFileFormat, format, args...)
}
