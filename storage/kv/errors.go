package kv

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// DiskFull is the error for a disk on which folder has no more room.
func DiskFull(folder string, cause error) *sqlerr.Error {
	return sqlerr.Wrap(cause, sqlerr.DiskFull, "no space left on the disk of data folder %q", folder).
		WithHint("Free some disk space.")
}

// storeError says what err, an error of Pebble or of the file system, means to a client.
func storeError(folder string, err error) error {
	var e *sqlerr.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return e
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return DiskFull(folder, err)
	case pebble.IsCorruptionError(err), errors.Is(err, fs.ErrNotExist):
		return sqlerr.Wrap(err, sqlerr.DataCorrupted, "data folder %q is damaged: %s", folder, firstLine(err)).
			WithHint("Check the disk, and restore the data folder from a copy.")
	default:
		return sqlerr.Wrap(err, sqlerr.IOError, "I/O error in data folder %q: %s", folder, firstLine(err))
	}
}

// firstLine is err's text without the details that Pebble puts below it for its developers.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func errClosed() *sqlerr.Error {
	return sqlerr.New(sqlerr.CannotConnectNow, "the store is closed")
}

// checkAscending refuses a key that is not above the one before it in a bulk: a fault of the caller.
func checkAscending(last, key []byte) error {
	if last != nil && bytes.Compare(last, key) >= 0 {
		return sqlerr.Internal("keys of a bulk must ascend: %x comes after %x", key, last)
	}
	return nil
}
