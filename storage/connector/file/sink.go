package file

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/format"
	"github.com/streamdb/streamdb/storage/format/delimited"
	"github.com/streamdb/streamdb/storage/format/jsonlines"
)

// spillSize is how many bytes of a cut are kept in memory; more go to the part file.
const spillSize = 1 << 20

// partSuffix is behind a sink's path in the name of the file of a cut that is not committed.
const partSuffix = ".part"

// sink appends to a file. A cut's rows wait in memory and, past spillSize, in the part file; a commit appends them to the
// file and then records the file's new length. Its files are made at the first write, so that a CREATE SINK that is rolled
// back leaves none.
type sink struct {
	root      *os.Root
	path, id  string
	encoder   format.Encoder
	changelog bool
	sync      bool
	commits   *commits // nil until the first write
	file      *os.File
	part      *os.File // nil until a cut is large
	spillAt   int
	spilled   int64
	pending   []byte
	rows      vec.Batch // what is encoded: the changes, with epoch and weight before them in a changelog
	sel       []int32
}

func newSink(cfg connector.SinkConfig) (connector.Sink, error) {
	o := cfg.Options
	csv, err := csvOptions(o)
	if err != nil {
		return nil, err
	}
	s := &sink{path: o.Text("path"), id: cfg.ID, changelog: o.Text("mode") == "changelog", sync: o.Bool("fsync"),
		spillAt: spillSize}
	var cols []format.Column
	if s.changelog {
		bigint := types.T(types.Int8)
		cols = append(cols, format.Column{Name: "epoch", Type: bigint}, format.Column{Name: "weight", Type: bigint})
	}
	for _, c := range cfg.Columns {
		cols = append(cols, format.Column{Name: c.Name, Type: c.Type})
	}
	s.encoder = delimited.NewEncoder(csv, cols, nil)
	if o.Text("format") == "json" {
		s.encoder = jsonlines.NewEncoder(cols, nil)
	}
	if s.root, err = openRoot(cfg.Root); err != nil {
		return nil, err
	}
	if err := s.resume(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// resume opens the files of a sink that has written before, and cuts off what was not committed.
func (s *sink) resume() error {
	info, err := s.root.Stat(s.path)
	exists := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileError(err, "open", s.path)
	}
	commits, found, err := openCommits(s.root, s.path, s.id)
	switch {
	case sqlerr.CodeOf(err) == sqlerr.DuplicateFile && !exists:
		return s.removeCommits() // its sink is gone, and so is its file
	case err != nil:
		return err
	case !found && exists:
		return sqlerr.New(sqlerr.DuplicateFile, "file \"%s\" already exists", s.path).
			WithHint("A sink writes to a file of its own: choose another path, or remove the file.")
	case !found:
		return nil
	}
	s.commits = commits
	if size := commits.last.size; size > 0 && (!exists || uint64(info.Size()) < size) {
		return sqlerr.New(sqlerr.DataCorrupted, "file \"%s\" is shorter than what the sink has written", s.path).
			WithDetail("It should have %d bytes at least.", size)
	}
	return s.openFile()
}

func (s *sink) removeCommits() error {
	if err := s.root.Remove(s.path + commitSuffix); err != nil {
		return fileError(err, "remove", s.path+commitSuffix)
	}
	return nil
}

// openFile opens the file at the length that the commit file says.
func (s *sink) openFile() (err error) {
	if s.file, err = s.root.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return fileError(err, "open", s.path)
	}
	if err = s.file.Truncate(int64(s.commits.last.size)); err != nil {
		return fileError(err, "truncate", s.path)
	}
	return nil
}

func (s *sink) Committed() (uint64, bool) {
	if s.commits == nil {
		return 0, true
	}
	return s.commits.last.epoch, true
}

func (s *sink) Write(epoch uint64, changes *vec.Batch) error {
	if committed, _ := s.Committed(); epoch <= committed {
		return nil
	}
	if s.commits == nil {
		if err := s.create(); err != nil {
			return err
		}
	}
	if len(s.pending) == 0 && s.spilled == 0 && s.commits.last.size == 0 {
		s.pending = s.encoder.Header(s.pending)
	}
	if err := s.choose(epoch, changes); err != nil {
		return err
	}
	s.pending = s.encoder.Rows(s.pending, &s.rows)
	if len(s.pending) >= s.spillAt {
		return s.spill()
	}
	return nil
}

// create makes the files of a new sink.
func (s *sink) create() (err error) {
	if s.commits, err = createCommits(s.root, s.path, s.id); err != nil {
		return err
	}
	return s.openFile()
}

// choose makes rows of the changes. In a changelog a row has its weight; else a row of weight n is there n times.
func (s *sink) choose(epoch uint64, changes *vec.Batch) error {
	n := changes.Rows()
	s.rows = vec.Batch{Cols: s.rows.Cols[:0], N: changes.N, Sel: changes.Sel}
	if s.changelog {
		weights := vec.New(types.T(types.Int8), changes.N)
		for i := range changes.N {
			weights.I64 = append(weights.I64, changes.Weight(i))
		}
		s.rows.Cols = append(s.rows.Cols, vec.NewConst(types.T(types.Int8), types.NewInt(int64(epoch))), weights)
	}
	s.rows.Cols = append(s.rows.Cols, changes.Cols...)
	if changes.Weights == nil {
		return nil
	}
	s.sel = s.sel[:0]
	for k := range n {
		i := changes.Row(k)
		times := changes.Weights[i]
		switch {
		case s.changelog && times != 0:
			times = 1
		case times < 0:
			return sqlerr.New(sqlerr.FeatureNotSupported, "the sink of file \"%s\" cannot take back a row", s.path).
				WithHint("Its query updates or deletes rows: use mode = 'changelog'.")
		}
		for range times {
			s.sel = append(s.sel, int32(i))
		}
	}
	s.rows.Sel = s.sel
	return nil
}

// spill moves the pending bytes to the part file.
func (s *sink) spill() (err error) {
	if s.part == nil {
		if s.part, err = s.root.OpenFile(s.path+partSuffix, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644); err != nil {
			return fileError(err, "create", s.path+partSuffix)
		}
	}
	n, err := s.part.WriteAt(s.pending, s.spilled)
	if err != nil {
		return fileError(err, "write", s.path+partSuffix)
	}
	s.spilled += int64(n)
	s.pending = s.pending[:0]
	return nil
}

func (s *sink) Commit(epoch uint64) error {
	if s.commits == nil || epoch <= s.commits.last.epoch {
		return nil
	}
	size := int64(s.commits.last.size)
	if s.spilled > 0 {
		from := io.NewSectionReader(s.part, 0, s.spilled)
		n, err := io.Copy(io.NewOffsetWriter(s.file, size), from)
		if err != nil {
			return fileError(err, "write", s.path)
		}
		size += n
	}
	n, err := s.file.WriteAt(s.pending, size)
	if err != nil {
		return fileError(err, "write", s.path)
	}
	size += int64(n)
	if s.sync {
		if err := s.file.Sync(); err != nil {
			return fileError(err, "write", s.path)
		}
	}
	if err := s.commits.write(record{epoch, uint64(size)}, s.sync); err != nil {
		return fileError(err, "write", s.path+commitSuffix)
	}
	s.spilled, s.pending = 0, s.pending[:0]
	if cap(s.pending) > 2*s.spillAt {
		s.pending = nil
	}
	return nil
}

func (s *sink) Close() error {
	if s.part != nil {
		s.part.Close()
		_ = s.root.Remove(s.path + partSuffix) // what is left of it is made anew by the next large cut
	}
	if s.file != nil {
		s.file.Close()
	}
	if s.commits != nil {
		s.commits.file.Close()
	}
	return s.root.Close()
}
