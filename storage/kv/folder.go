package kv

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/zeebo/xxh3"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// A data folder:
//
//	FORMAT         the format's number, with a checksum; written before anything else, so that no store is without it
//	streamdb.lock  locked with flock while a server runs, and holds its process id; the kernel unlocks it when the process
//	               ends, however it ends
//	store/         Pebble's files
//	bulk/          sorted runs that were not finished; emptied at every opening
const (
	formatFile = "FORMAT"
	lockFile   = "streamdb.lock"
	storeDir   = "store"
	bulkDir    = "bulk"
)

// Format is the format of the data folders that this program writes. It reads those of formats 1 to Format, and makes them Format.
//
//	1  the rows of tables are all in the log
//	2  snapshots have the rows of tables, and the log only what came since: a program that knows format 1 would find tables without them
//	3  blocks of the log have packed integers
const Format = 3

// makeFolder creates dir and its parents if need be, so that a power loss does not take them away again.
func makeFolder(fs vfs.FS, dir string) error {
	var parents []string // of folders that are missing
	for at := dir; ; at = fs.PathDir(at) {
		if _, err := fs.Stat(at); err == nil || fs.PathDir(at) == at {
			break
		}
		parents = append(parents, fs.PathDir(at))
	}
	if err := fs.MkdirAll(dir, 0o700); err != nil {
		return storeError(dir, err)
	}
	for _, parent := range parents {
		if err := syncDir(fs, parent); err != nil {
			return storeError(dir, err)
		}
	}
	return nil
}

// lockFolder locks dir for this process.
func lockFolder(dir string) (io.Closer, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, storeError(dir, err)
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err {
	case nil:
	case syscall.EWOULDBLOCK:
		defer f.Close()
		return nil, folderInUse(dir, f)
	default:
		f.Close()
		return nil, storeError(dir, err)
	}
	// The process id is a courtesy to whoever finds the folder locked: that it cannot be written is no reason to stop.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return f, nil
}

func folderInUse(dir string, f *os.File) error {
	holder := "another process"
	text, _ := io.ReadAll(io.LimitReader(f, 32))
	if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
		holder = fmt.Sprintf("process %d", pid)
	}
	return sqlerr.New(sqlerr.ObjectInUse, "data folder %q is in use by %s", dir, holder).
		WithHint("Stop that process, or choose another folder with --data.")
}

// checkFormat makes sure that dir is a data folder that this program can read, and makes one of an empty folder.
func checkFormat(disk vfs.FS, dir string) error {
	f, err := disk.Open(disk.PathJoin(dir, formatFile))
	if errors.Is(err, fs.ErrNotExist) {
		return initFolder(disk, dir)
	}
	if err != nil {
		return storeError(dir, err)
	}
	text, err := io.ReadAll(io.LimitReader(f, 1024))
	f.Close()
	if err != nil {
		return storeError(dir, err)
	}
	var format int
	if _, err := fmt.Sscanf(string(text), formatLine, &format); err != nil || string(text) != formatText(format) {
		return Damaged(fmt.Sprintf("file %q of data folder %q", formatFile, dir), "it does not hold a format number")
	}
	if format > Format {
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState,
			"data folder %q has format %d, but this server reads formats up to %d", dir, format, Format).
			WithHint("Use the StreamDB version that wrote it, or a newer one.")
	}
	if format < Format {
		return writeFormat(disk, dir)
	}
	return nil
}

const formatLine = "streamdb data folder, format %d, check "

func formatText(format int) string {
	line := fmt.Sprintf(formatLine, format)
	return fmt.Sprintf("%s%016x\n", line, xxh3.HashString(line))
}

// initFolder writes FORMAT into a folder that is empty, or in which an earlier try was interrupted.
func initFolder(fs vfs.FS, dir string) error {
	names, err := fs.List(dir)
	if err != nil {
		return storeError(dir, err)
	}
	for _, name := range names {
		switch name {
		case lockFile, unfinished, "lost+found":
		case storeDir, bulkDir:
			return Damaged(fmt.Sprintf("data folder %q", dir), fmt.Sprintf("its file %q is missing", formatFile))
		default:
			return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState,
				"folder %q is not a StreamDB data folder, and not empty: it has %q", dir, name).
				WithHint("Choose an empty folder, or one that does not exist yet, with --data.")
		}
	}
	return writeFormat(fs, dir)
}

// unfinished is FORMAT while it is being written.
const unfinished = formatFile + ".tmp"

// writeFormat writes FORMAT: whole or not at all.
func writeFormat(fs vfs.FS, dir string) error {
	if err := writeSynced(fs, fs.PathJoin(dir, unfinished), formatText(Format)); err != nil {
		return storeError(dir, err)
	}
	if err := fs.Rename(fs.PathJoin(dir, unfinished), fs.PathJoin(dir, formatFile)); err != nil {
		return storeError(dir, err)
	}
	return storeError(dir, syncDir(fs, dir))
}

func writeSynced(fs vfs.FS, name, text string) error {
	f, err := fs.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(text))
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func syncDir(fs vfs.FS, dir string) error {
	d, err := fs.OpenDir(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
