package kv

import (
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// failAt is a file system that fails every write from the n-th on, as a full disk does. n 0 is never.
type failAt struct {
	n, seen atomic.Int64
	err     error
}

func (f *failAt) MaybeError(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() != errorfs.OpIsWrite || op.Kind == errorfs.OpRemove || op.Kind == errorfs.OpFileClose {
		return nil
	}
	seen, n := f.seen.Add(1), f.n.Load()
	if n == 0 || seen < n {
		return nil
	}
	return f.err
}

func (f *failAt) String() string { return "full disk" }

// workload writes until the store refuses, and tells which keys were acknowledged as durable.
func workload(s Store) (acknowledged map[string]string, err error) {
	acknowledged = map[string]string{}
	for i := range 200 {
		k, v := fmt.Sprintf("k%04d", i), string(make([]byte, 3000))
		if i%5 == 0 {
			err = bulkOf(s, k, v)
		} else {
			var b Batch
			b.Set([]byte(k), []byte(v))
			err = s.Commit(&b, i%3 == 0)
		}
		if err != nil {
			return acknowledged, err
		}
		if i%5 == 0 || i%3 == 0 {
			acknowledged[k] = v
		}
	}
	return acknowledged, nil
}

func bulkOf(s Store, k, v string) error {
	w, err := s.NewBulk(Compressed)
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := w.Add([]byte(k), []byte(v)); err != nil {
		return err
	}
	return w.Commit()
}

func requireHas(t *testing.T, s Store, want map[string]string) {
	t.Helper()
	for k, v := range want {
		got, ok, err := s.Get([]byte(k))
		require.NoError(t, err)
		require.True(t, ok, "%s is lost", k)
		require.Equal(t, v, string(got))
	}
}

// within fails the test if f hangs: a store whose disk is broken must answer.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		panic("the store hangs")
	}
}

// TestWriteFails lets every write of a workload be the first that fails: in the log, the manifest, a flush, a compaction,
// a bulk. Each time the store must say why, keep answering reads, and lose nothing that was acknowledged.
func TestWriteFails(t *testing.T) {
	for _, c := range []struct {
		err  error
		code sqlerr.Code
	}{{syscall.ENOSPC, sqlerr.DiskFull}, {syscall.EIO, sqlerr.IOError}} {
		t.Run(string(c.code), func(t *testing.T) {
			failed := 0
			for n := int64(1); n < 1500; n += 1 + n/9 {
				if writeFails(t, n, c.err, c.code) {
					failed++
				}
			}
			require.Greater(t, failed, 20)
		})
	}
}

func writeFails(t *testing.T, n int64, cause error, code sqlerr.Code) (failed bool) {
	disk := vfs.NewCrashableMem()
	fault := &failAt{err: cause}
	s, err := OpenFolder("/data", Options{fs: errorfs.Wrap(disk, fault), Logger: quiet, memTableBytes: 32 << 10})
	require.NoError(t, err)
	fault.n.Store(fault.seen.Load() + n)
	var acknowledged map[string]string
	within(t, func() { acknowledged, err = workload(s) })
	if err != nil {
		failed = true
		require.Equal(t, code, sqlerr.CodeOf(err), "%v", err)
		requireHas(t, s, acknowledged)
	}
	if s.Err() != nil { // not so if only a bulk failed
		var b Batch
		b.Set([]byte("more"), nil)
		require.Equal(t, code, sqlerr.CodeOf(s.Commit(&b, false)))
		_, err := s.NewBulk(Compressed)
		require.Equal(t, code, sqlerr.CodeOf(err))
	}
	// A crash of the machine right now, and the folder after the server has ended as well, must have all of it.
	crashed := disk.CrashClone(vfs.CrashCloneCfg{})
	within(t, func() { _ = s.Close() })
	for _, fs := range []vfs.FS{crashed, disk} {
		s, err := OpenFolder("/data", Options{fs: fs, Logger: quiet})
		require.NoError(t, err, "after write %d failed", n)
		requireHas(t, s, acknowledged)
		require.NoError(t, s.Close())
	}
	return failed
}

func TestBulkThatFailsIsForgotten(t *testing.T) {
	disk := vfs.NewMem()
	fault := &failAt{err: syscall.ENOSPC}
	s, err := OpenFolder("/data", Options{fs: errorfs.Wrap(disk, fault), Logger: quiet})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	w, err := s.NewBulk(Compressed)
	require.NoError(t, err)
	fault.n.Store(1)
	for i := 0; err == nil && i < 100; i++ {
		err = w.Add([]byte{byte(i)}, make([]byte, 100<<10))
	}
	if err == nil {
		err = w.Commit()
	}
	w.Abort()
	require.Equal(t, sqlerr.DiskFull, sqlerr.CodeOf(err))
	require.NoError(t, s.Err())
	fault.n.Store(0) // somebody has made room
	require.NoError(t, bulkOf(s, "k", "v"))
	require.Len(t, contents(t, s), 1)
	names, err := disk.List("/data/bulk")
	require.NoError(t, err)
	require.Empty(t, names)
}

func TestOpenOnFullDisk(t *testing.T) {
	for n := int64(1); n < 60; n++ {
		disk := vfs.NewMem()
		fault := &failAt{err: syscall.ENOSPC}
		fault.n.Store(n)
		s, err := OpenFolder("/data", Options{fs: errorfs.Wrap(disk, fault), Logger: quiet})
		if err == nil {
			within(t, func() { _ = s.Close() })
			continue
		}
		require.Equal(t, sqlerr.DiskFull, sqlerr.CodeOf(err), "write %d: %v", n, err)
		fault.n.Store(0)
		s, err = OpenFolder("/data", Options{fs: errorfs.Wrap(disk, fault), Logger: quiet})
		require.NoError(t, err, "after write %d had failed", n)
		require.NoError(t, s.Close())
	}
}

func TestPebbleFatalIsNoExit(t *testing.T) {
	s, err := OpenFolder("/data", Options{fs: vfs.NewMem(), Logger: quiet})
	require.NoError(t, err)
	pebbleLogger{s.(*pebbleStore)}.Fatalf("invariant %d is broken", 7)
	err = s.Commit(&Batch{}, true)
	require.Equal(t, sqlerr.IOError, sqlerr.CodeOf(err))
	require.ErrorContains(t, err, "invariant 7 is broken")
	require.Error(t, s.Close())
}

func TestDamagedTable(t *testing.T) {
	disk := vfs.NewMem()
	s, err := OpenFolder("/data", Options{fs: disk, Logger: quiet})
	require.NoError(t, err)
	require.NoError(t, bulkOf(s, "k", string(make([]byte, 5000))))
	require.NoError(t, s.Close())
	names, err := disk.List("/data/store")
	require.NoError(t, err)
	for _, name := range names {
		if isTable(name) {
			f, err := disk.OpenReadWrite("/data/store/"+name, vfs.WriteCategoryUnspecified)
			require.NoError(t, err)
			_, err = f.WriteAt([]byte("damage"), 20)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		}
	}
	s, err = OpenFolder("/data", Options{fs: disk, Logger: quiet})
	require.NoError(t, err)
	_, _, err = s.Get([]byte("k"))
	require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err), "%v", err)
	require.NoError(t, s.Close())
}

func TestMemFaults(t *testing.T) {
	m := NewMem(1)
	m.Inject(Fault{FaultWrite, 2, DiskFull("mem", nil)})
	m.Inject(Fault{FaultRead, 2, errors.New("bad sector")})
	var a, b, c Batch
	a.Set([]byte("a"), nil)
	b.Set([]byte("b"), nil)
	c.Set([]byte("c"), nil)
	require.NoError(t, m.Commit(&a, false))
	require.Equal(t, sqlerr.DiskFull, sqlerr.CodeOf(m.Commit(&b, true)))
	require.Equal(t, sqlerr.DiskFull, sqlerr.CodeOf(m.Commit(&c, true)))
	require.Equal(t, sqlerr.DiskFull, sqlerr.CodeOf(m.Err()))
	_, ok, err := m.Get([]byte("a"))
	require.True(t, ok && err == nil)
	_, _, err = m.Get([]byte("a"))
	require.ErrorContains(t, err, "bad sector")

	require.Equal(t, 2, m.Pending())
	after := m.CrashKeeping(1)
	require.Equal(t, map[string]string{"a": ""}, contents(t, after))
	_, _, err = m.Get([]byte("a"))
	require.Equal(t, ErrCrash, err)
}

func TestMemCrashInTheMiddle(t *testing.T) {
	m := NewMem(1)
	m.Inject(Fault{FaultWrite, 1, ErrCrash})
	var b Batch
	b.Set([]byte("b"), nil)
	require.Equal(t, ErrCrash, m.Commit(&b, true))
	require.Equal(t, ErrCrash, m.Commit(&b, true))
	require.Equal(t, 1, m.Pending(), "whether the commit survives is open")
	require.NoError(t, m.Crash().Commit(&b, true))
}
