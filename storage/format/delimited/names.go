package delimited

import (
	"io"

	"github.com/streamdb/streamdb/sql/vec"
)

// maxColumns is how many columns a relation can have in PostgreSQL: a header with more is cut there.
const maxColumns = 1600

// HeaderNames reads the first line of r as names of columns. It returns none for an empty input.
func HeaderNames(opt Options, r io.Reader) ([]string, error) {
	opt.Header = NoHeader
	l := lines{opt: &opt}
	chunk := make([]byte, 16<<10)
	for {
		line, ok, err := l.next()
		if err != nil {
			return nil, err
		}
		if ok {
			return splitNames(&opt, l.buf, line)
		}
		if l.ended {
			return nil, nil
		}
		n, rerr := r.Read(chunk)
		l.feed(chunk[:n])
		if rerr == io.EOF {
			l.ended = true
		} else if rerr != nil {
			return nil, rerr
		}
	}
}

func splitNames(opt *Options, buf []byte, line vec.Span) ([]string, error) {
	if err := validate(buf[line.Off : line.Off+line.Len]); err != nil {
		return nil, err
	}
	f := newFields(opt, maxColumns)
	n, err := f.cut(buf, line)
	if err != nil {
		return nil, err
	}
	names := make([]string, min(n, maxColumns))
	for c := range names {
		if s := f.cols[c][0]; s != nullField {
			names[c] = string(f.bytes(buf, s))
		}
	}
	return names, nil
}
