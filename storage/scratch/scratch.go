// Package scratch keeps bytes out of memory that need not outlive the process: a file without a name in the data folder, which is gone
// with the process, however that ends.
//
// Invariants:
//   - A span that was written is read as it was until it is dropped.
//   - The file shrinks to nothing when nothing in it is wanted any more.
package scratch

import (
	"os"
	"sync"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// File is a scratch file. Its methods may be called from any goroutine.
type File struct {
	dir string

	mu   sync.Mutex
	file *os.File
	end  int64 // where the next span goes
	live int64 // bytes of spans that have not been dropped
}

// Span is where bytes lie in a File. The zero Span has none.
type Span struct{ at, size int64 }

// New makes a scratch file in a folder. It takes no room, and no file, before something is written.
func New(dir string) *File { return &File{dir: dir} }

// Write keeps a copy of data. An error is 53100 for a full disk, 58030 otherwise.
func (f *File) Write(data []byte) (Span, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		file, err := os.CreateTemp(f.dir, "scratch-*")
		if err != nil {
			return Span{}, sqlerr.Wrap(err, sqlerr.IOError, "could not create a scratch file")
		}
		if err := os.Remove(file.Name()); err != nil {
			_ = file.Close() // the error that counts is the other one
			return Span{}, sqlerr.Wrap(err, sqlerr.IOError, "could not unlink a scratch file")
		}
		f.file = file
	}
	if _, err := f.file.WriteAt(data, f.end); err != nil {
		return Span{}, sqlerr.Wrap(err, sqlerr.IOError, "could not write %d bytes to a scratch file", len(data))
	}
	s := Span{f.end, int64(len(data))}
	f.end += s.size
	f.live += s.size
	return s, nil
}

// Read gives the bytes of a part of a span. They are the caller's.
func (f *File) Read(s Span, from, size int) ([]byte, error) {
	f.mu.Lock()
	file := f.file
	f.mu.Unlock()
	if file == nil || int64(from)+int64(size) > s.size {
		return nil, sqlerr.Internal("a scratch file has no %d bytes at %d of a span of %d", size, from, s.size)
	}
	out := make([]byte, size)
	if _, err := file.ReadAt(out, s.at+int64(from)); err != nil {
		return nil, sqlerr.Wrap(err, sqlerr.IOError, "could not read a scratch file")
	}
	return out, nil
}

// Drop says that a span is not wanted any more.
func (f *File) Drop(s Span) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.live -= s.size; f.live == 0 && f.file != nil {
		f.end = 0
		_ = f.file.Truncate(0) // what cannot be given back now is used again
	}
}

// Bytes is how much the file holds that is wanted.
func (f *File) Bytes() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.live
}

// Close gives the file up. Nothing may be read after it.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	file := f.file
	f.file = nil
	return file.Close()
}
