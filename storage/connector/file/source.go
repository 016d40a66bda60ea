package file

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/format"
	"github.com/streamdb/streamdb/storage/format/delimited"
	"github.com/streamdb/streamdb/storage/format/jsonlines"
)

// source is a file; its split is its path.
type source struct {
	root    *os.Root
	path    string
	json    bool
	csv     delimited.Options
	columns []connector.Column
	// fields are the columns of a line of CSV, by number of a declared column, or -1.
	fields []int
	chunk  int // how much is read at once
}

func newSource(cfg connector.SourceConfig) (connector.Source, error) {
	csv, err := csvOptions(cfg.Options)
	if err != nil {
		return nil, err
	}
	root, err := openRoot(cfg.Root)
	if err != nil {
		return nil, err
	}
	s := &source{root: root, path: cfg.Options.Text("path"), json: cfg.Options.Text("format") == "json", csv: csv, columns: cfg.Columns,
		chunk: chunkSize}
	if err := s.findColumns(); err != nil {
		root.Close()
		return nil, err
	}
	return s, nil
}

// findColumns matches the declared columns with those of the file, and so checks that the file is there.
func (s *source) findColumns() error {
	f, err := s.root.Open(s.path)
	if err != nil {
		return fileError(err, "open", s.path)
	}
	defer f.Close()
	if s.json || s.csv.Header == delimited.NoHeader {
		for c := range s.columns {
			s.fields = append(s.fields, c)
		}
		return nil
	}
	names, err := delimited.HeaderNames(s.csv, f)
	if e := (*sqlerr.Error)(nil); errors.As(err, &e) {
		return format.Within(err, fmt.Sprintf("file \"%s\", line 1", s.path))
	} else if err != nil {
		return fileError(err, "read", s.path)
	}
	// A line has any text in any column: what a name offers is what is declared of it.
	offered := make([]connector.Column, len(names))
	for i, name := range names {
		offered[i] = connector.Column{Name: name, Type: types.T(types.Text)}
		if c := slices.IndexFunc(s.columns, func(d connector.Column) bool { return d.Name == name }); c >= 0 {
			offered[i].Type = s.columns[c].Type
		}
	}
	at, err := connector.Match(offered, s.columns)
	if err != nil {
		return err
	}
	s.fields = slices.Repeat([]int{-1}, len(names))
	for c, i := range at {
		s.fields[i] = c
	}
	return nil
}

func (s *source) Traits() connector.Traits { return connector.Traits{Replayable: true, Bounded: true} }

func (s *source) Splits() []string { return []string{s.path} }

func (s *source) Due(time.Duration) connector.Position { return s.End() }

func (s *source) End() connector.Position { return connector.MaxPosition }

func (s *source) Close() error { return s.root.Close() }

func (s *source) Open(split string, from connector.Position, wanted []int) (connector.Reader, error) {
	f, err := s.root.Open(split)
	if err != nil {
		return nil, fileError(err, "open", split)
	}
	r := &reader{path: split, file: f, start: int64(from), offset: int64(from), chunk: make([]byte, s.chunk)}
	context := fmt.Sprintf("file \"%s\"", split)
	if from > 0 {
		context += fmt.Sprintf(" from byte %d", from)
	}
	cols := make([]format.Column, len(wanted))
	for i, w := range wanted {
		cols[i] = format.Column{Name: s.columns[w].Name, Type: s.columns[w].Type}
	}
	if s.json {
		r.decoder = jsonlines.NewDecoder(context, cols, nil)
		return r, nil
	}
	s.openCSV(r, context, from > 0, wanted)
	return r, nil
}

// openCSV gives a reader its decoder. A line has all the file's columns, of which those not wanted are skipped.
func (s *source) openCSV(r *reader, context string, resumed bool, wanted []int) {
	opt := s.csv
	opt.Context = context
	opt.Skip = make([]bool, len(s.fields))
	if resumed {
		opt.Header = delimited.NoHeader
	}
	cols := make([]format.Column, len(s.fields))
	r.line = vec.Batch{Cols: make([]*vec.Vector, len(s.fields))}
	r.place = make([]int, len(wanted))
	for i, c := range s.fields {
		if at := slices.Index(wanted, c); c >= 0 && at >= 0 {
			cols[i] = format.Column{Name: s.columns[c].Name, Type: s.columns[c].Type}
			r.place[at] = i
			continue
		}
		cols[i] = format.Column{Name: fmt.Sprintf("column %d", i+1), Type: types.T(types.Text)}
		opt.Skip[i] = true
	}
	r.decoder = delimited.NewDecoder(opt, cols, nil)
}

const chunkSize = 64 << 10

// reader reads a file from an offset on.
type reader struct {
	path          string
	file          *os.File
	decoder       format.Decoder
	start, offset int64 // where the decoder began, and how far it was fed
	atEnd         bool
	chunk         []byte
	// line is a batch of all the file's columns, whose vectors are those of the caller's batch at place; nil for JSON.
	line  vec.Batch
	place []int
}

func (r *reader) Poll(dst *vec.Batch, maxRows int, until connector.Position) (connector.Position, bool, error) {
	for {
		n, err := r.next(dst, maxRows)
		if err != nil {
			return 0, false, err
		}
		at := connector.Position(r.start + r.decoder.Consumed())
		if n > 0 || r.atEnd || at >= until {
			return at, n == 0 || at >= until, nil
		}
		if err := r.feed(until); err != nil {
			return 0, false, err
		}
	}
}

// next decodes rows of what was fed.
func (r *reader) next(dst *vec.Batch, maxRows int) (int, error) {
	if r.line.Cols == nil {
		return r.decoder.Next(dst, maxRows)
	}
	for at, i := range r.place {
		r.line.Cols[i] = dst.Cols[at]
	}
	n, err := r.decoder.Next(&r.line, maxRows)
	dst.N, dst.Sel, dst.Weights = n, nil, nil
	if n == 0 {
		dst.Reset()
	}
	return n, err
}

// feed reads on, up to the position until, so that no row behind it can be seen.
func (r *reader) feed(until connector.Position) error {
	size := len(r.chunk)
	if left := uint64(until) - uint64(r.offset); left < uint64(size) {
		size = int(left)
	}
	n, err := r.file.ReadAt(r.chunk[:size], r.offset)
	r.decoder.Feed(r.chunk[:n])
	r.offset += int64(n)
	switch {
	case err == nil && size > 0:
		return nil
	case err == nil, err == io.EOF && until == connector.MaxPosition:
		// Also where all up to until was read and is not a row yet: it is the last line, which has no end.
		r.decoder.End()
		r.atEnd = true
		return nil
	case err == io.EOF:
		return sqlerr.New(sqlerr.DataCorrupted, "file \"%s\" is shorter than it was", r.path).
			WithHint("A file must not be changed while a stream reads it.")
	}
	return fileError(err, "read", r.path)
}

func (r *reader) Close() error { return r.file.Close() }
