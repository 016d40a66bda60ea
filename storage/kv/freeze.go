package kv

import (
	"os"
	"path"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// freezeFS is what Pebble sees as the file system. Pebble answers a failed write of its log or manifest with a panic or an
// exit of the process, of a blob file with a nil dereference, and a failed flush by trying again at once, for good. So it
// is not told: when a write first fails, the disk is frozen. From then on
//
//   - the disk is not changed any more. What is on it is what a crash at that moment would leave, and the next opening
//     recovers from it as from a crash. In particular nothing is deleted, whatever Pebble takes to be replaced;
//   - writes to the log, the manifest and the like seem to succeed;
//   - tables, blob files and all new files are written to memory, so that what is flushed stays readable. That is no more
//     than the memtables held, and what the compactions under way make; no new ones start (see pebbleOptions).
//
// The store asks failure() after each commit and so acknowledges nothing that the disk did not take.
type freezeFS struct {
	vfs.FS
	mu    sync.Mutex
	cause error
	mem   atomic.Pointer[vfs.MemFS] // new files; nil until the disk is frozen
	// onFreeze is called once.
	onFreeze func(cause error)
}

func newFreezeFS(disk vfs.FS, onFreeze func(error)) *freezeFS {
	return &freezeFS{FS: disk, onFreeze: onFreeze}
}

// failure is why the disk is frozen, or nil.
func (f *freezeFS) failure() error {
	if f.mem.Load() == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cause
}

// freeze freezes the disk, unless it is frozen.
func (f *freezeFS) freeze(cause error) {
	f.mu.Lock()
	first := f.cause == nil
	if first {
		f.cause = cause
		f.mem.Store(vfs.NewMem())
	}
	f.mu.Unlock()
	if first {
		f.onFreeze(cause)
	}
}

func (f *freezeFS) frozen() bool { return f.mem.Load() != nil }

// isTable reports whether Pebble reads the file again while it is open.
func isTable(name string) bool {
	ext := path.Ext(name)
	return ext == ".sst" || ext == ".blob"
}

// create makes a file by onDisk, or in memory if the disk is frozen or is now.
func (f *freezeFS) create(name string, onDisk func() (vfs.File, error)) (vfs.File, error) {
	if !f.frozen() {
		file, err := onDisk()
		if err == nil {
			return &freezeFile{File: file, fs: f, name: name}, nil
		}
		f.freeze(err)
	}
	return f.createInMemory(name)
}

func (f *freezeFS) createInMemory(name string) (vfs.File, error) {
	mem := f.mem.Load()
	if err := mem.MkdirAll(mem.PathDir(name), 0o700); err != nil {
		return nil, err
	}
	return mem.Create(name, vfs.WriteCategoryUnspecified)
}

// Create implements vfs.FS.
func (f *freezeFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return f.create(name, func() (vfs.File, error) { return f.FS.Create(name, c) })
}

// ReuseForWrite implements vfs.FS.
func (f *freezeFS) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return f.create(newname, func() (vfs.File, error) { return f.FS.ReuseForWrite(oldname, newname, c) })
}

// OpenReadWrite implements vfs.FS.
func (f *freezeFS) OpenReadWrite(name string, c vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return f.create(name, func() (vfs.File, error) { return f.FS.OpenReadWrite(name, c, opts...) })
}

// OpenDir implements vfs.FS.
func (f *freezeFS) OpenDir(name string) (vfs.File, error) {
	dir, err := f.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &freezeFile{File: dir, fs: f}, nil
}

// Open implements vfs.FS.
func (f *freezeFS) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	if mem := f.mem.Load(); mem != nil {
		if file, err := mem.Open(name, opts...); err == nil {
			return file, nil
		}
	}
	return f.FS.Open(name, opts...)
}

// Stat implements vfs.FS.
func (f *freezeFS) Stat(name string) (vfs.FileInfo, error) {
	if mem := f.mem.Load(); mem != nil {
		if info, err := mem.Stat(name); err == nil {
			return info, nil
		}
	}
	return f.FS.Stat(name)
}

// Link implements vfs.FS. Pebble links the tables that it ingests, and gives up the ingestion when that fails.
func (f *freezeFS) Link(oldname, newname string) error {
	if cause := f.failure(); cause != nil {
		return cause
	}
	return f.FS.Link(oldname, newname)
}

// Rename implements vfs.FS.
func (f *freezeFS) Rename(oldname, newname string) error {
	if mem := f.mem.Load(); mem != nil {
		_ = mem.Rename(oldname, newname) // there is nothing to rename if oldname is on disk
		return nil
	}
	if err := f.FS.Rename(oldname, newname); err != nil {
		f.freeze(err)
	}
	return nil
}

// Remove implements vfs.FS. A file that cannot be removed costs room and nothing else.
func (f *freezeFS) Remove(name string) error {
	if mem := f.mem.Load(); mem != nil {
		_ = mem.Remove(name)
		return nil
	}
	return f.FS.Remove(name)
}

// RemoveAll implements vfs.FS.
func (f *freezeFS) RemoveAll(name string) error {
	if f.frozen() {
		return nil
	}
	return f.FS.RemoveAll(name)
}

// MkdirAll implements vfs.FS.
func (f *freezeFS) MkdirAll(dir string, perm os.FileMode) error {
	if f.frozen() {
		return nil
	}
	return f.FS.MkdirAll(dir, perm)
}

// Unwrap implements vfs.FS.
func (f *freezeFS) Unwrap() vfs.FS { return f.FS }

// freezeFile is a file on disk that is written.
type freezeFile struct {
	vfs.File
	fs      *freezeFS
	name    string
	written int64
	mem     vfs.File // a table's copy, once the disk was frozen while it was written
}

// guard does a write, unless the disk is frozen, and gives what Pebble is told about it: that it succeeded.
func (f *freezeFile) guard(write func() error) error {
	if f.fs.frozen() {
		return nil
	}
	if err := write(); err != nil {
		f.fs.freeze(err)
	}
	return nil
}

// Write implements vfs.File.
func (f *freezeFile) Write(p []byte) (int, error) {
	if !f.fs.frozen() {
		n, err := f.File.Write(p)
		if err == nil {
			f.written += int64(n)
			return n, nil
		}
		f.fs.freeze(err)
	}
	if isTable(f.name) {
		f.writeToMemory(p)
	}
	return len(p), nil
}

// writeToMemory goes on writing a table in memory. Should its beginning not be readable any more, the table is damaged in
// memory, which its checksums tell; the disk is as it was.
func (f *freezeFile) writeToMemory(p []byte) {
	if f.mem == nil {
		mem, err := f.fs.createInMemory(f.name)
		if err != nil {
			return
		}
		begun := make([]byte, f.written)
		if file, err := f.fs.FS.Open(f.name); err == nil {
			_, _ = file.ReadAt(begun, 0)
			_ = file.Close()
		}
		_, _ = mem.Write(begun)
		f.mem = mem
	}
	_, _ = f.mem.Write(p)
}

// WriteAt implements vfs.File. Pebble does not write tables by it.
func (f *freezeFile) WriteAt(p []byte, off int64) (int, error) {
	return len(p), f.guard(func() error {
		_, err := f.File.WriteAt(p, off)
		return err
	})
}

// Sync implements vfs.File.
func (f *freezeFile) Sync() error { return f.guard(f.File.Sync) }

// SyncData implements vfs.File.
func (f *freezeFile) SyncData() error { return f.guard(f.File.SyncData) }

// SyncTo implements vfs.File.
func (f *freezeFile) SyncTo(length int64) (full bool, err error) {
	err = f.guard(func() (err error) {
		full, err = f.File.SyncTo(length)
		return err
	})
	return full, err
}

// Close implements vfs.File. The file is closed even when the disk is frozen.
func (f *freezeFile) Close() error {
	if f.mem != nil {
		_ = f.mem.Close()
	}
	err := f.File.Close()
	return f.guard(func() error { return err })
}
