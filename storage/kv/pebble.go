package kv

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Options are how a data folder is opened.
type Options struct {
	// CacheBytes is how much memory is used to cache what is on disk; 0 means 64 MiB.
	CacheBytes int64
	// Logger receives what an operator of the server should know; nil means slog.Default().
	Logger *slog.Logger

	// For tests: a file system, which then has no lock, and a small memtable, so that it is flushed often.
	fs            vfs.FS
	memTableBytes uint64
}

const defaultCacheBytes = 64 << 20

// OpenFolder opens a data folder, and makes it if it does not exist. Only one process can have it open: for others it is
// 55006, which names the holder. A folder of a newer format is 55000, a damaged one XX001, a full disk 53100. A folder
// whose server was killed opens as any other.
func OpenFolder(dir string, o Options) (Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, storeError(dir, err)
	}
	p := &pebbleStore{dir: dir, disk: o.fs, log: o.Logger}
	if p.log == nil {
		p.log = slog.Default()
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	if o.memTableBytes == 0 {
		o.memTableBytes = memTableBytes
	}
	onDisk := p.disk == nil
	if onDisk {
		p.disk = vfs.Default
	}
	if err := makeFolder(p.disk, dir); err != nil {
		return nil, err
	}
	if onDisk {
		if p.lock, err = lockFolder(dir); err != nil {
			return nil, err
		}
	}
	if err := p.open(o); err != nil {
		p.unlock()
		return nil, err
	}
	return p, nil
}

// pebbleStore is a Store in a data folder.
type pebbleStore struct {
	dir  string
	log  *slog.Logger
	lock io.Closer
	disk vfs.FS
	fs   *freezeFS
	db   *pebble.DB
	opts *pebble.Options

	bulks atomic.Uint64

	// use is held for reading by every call that uses db, and for writing by Close.
	use    sync.RWMutex
	closed bool
}

func (p *pebbleStore) open(o Options) error {
	if err := checkFormat(p.disk, p.dir); err != nil {
		return err
	}
	bulks := p.disk.PathJoin(p.dir, bulkDir)
	if err := p.disk.RemoveAll(bulks); err != nil {
		return storeError(p.dir, err)
	}
	if err := p.disk.MkdirAll(bulks, 0o700); err != nil {
		return storeError(p.dir, err)
	}
	p.fs = newFreezeFS(p.disk, func(cause error) {
		p.log.Error("storage: a write failed, no more writes are accepted", "folder", p.dir, "error", cause)
	})
	p.opts = p.pebbleOptions(o)
	db, err := pebble.Open(p.disk.PathJoin(p.dir, storeDir), p.opts)
	if err != nil {
		return p.readError(err)
	}
	p.db = db
	if failure := p.Err(); failure != nil { // while it was opened
		_ = p.db.Close()
		return failure
	}
	return nil
}

func (p *pebbleStore) unlock() {
	if p.lock != nil {
		p.lock.Close()
	}
}

// begin is the start of every call that uses db; the caller then calls p.use.RUnlock.
func (p *pebbleStore) begin() error {
	p.use.RLock()
	if p.closed {
		p.use.RUnlock()
		return errClosed()
	}
	return nil
}

// Err implements Store.
func (p *pebbleStore) Err() error {
	cause := p.fs.failure()
	if cause == nil {
		return nil
	}
	return sqlerr.From(storeError(p.dir, cause)).
		WithHint("Repair the cause and restart the server. What was acknowledged is not lost.")
}

// readError is the error of a read: if the disk is frozen, what was to be flushed may be unreadable for that reason.
func (p *pebbleStore) readError(err error) error {
	if err != nil && p.fs.frozen() {
		return p.Err()
	}
	return storeError(p.dir, err)
}

// Get implements Store.
func (p *pebbleStore) Get(key []byte) ([]byte, bool, error) {
	if err := p.begin(); err != nil {
		return nil, false, err
	}
	defer p.use.RUnlock()
	value, closer, err := p.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, p.readError(err)
	}
	value = append(make([]byte, 0, len(value)), value...)
	return value, true, p.readError(closer.Close())
}

// Scan implements Store.
func (p *pebbleStore) Scan(r Range) (Iterator, error) {
	if err := p.begin(); err != nil {
		return nil, err
	}
	defer p.use.RUnlock()
	if r.Upper != nil && bytes.Compare(r.Lower, r.Upper) > 0 {
		r.Upper = r.Lower // Pebble does not expect a range that ends before it begins
	}
	it, err := p.db.NewIter(&pebble.IterOptions{LowerBound: r.Lower, UpperBound: r.Upper})
	if err != nil {
		return nil, p.readError(err)
	}
	return &pebbleIterator{store: p, it: it}, nil
}

// Commit implements Store.
func (p *pebbleStore) Commit(b *Batch, sync bool) error {
	if err := p.begin(); err != nil {
		return err
	}
	defer p.use.RUnlock()
	if err := p.Err(); err != nil {
		return err
	}
	opts := pebble.NoSync
	if sync {
		opts = pebble.Sync
	}
	if b.Len() == 0 {
		if !sync {
			return nil
		}
		return p.written(p.db.LogData([]byte{0}, opts)) // Pebble does not sync for an empty batch
	}
	w := p.db.NewBatchWithSize(b.Size() + 16*b.Len() + 16)
	defer w.Close()
	for _, o := range b.ops {
		if err := addOp(w, o.kind, b.bytes(o.key), b.bytes(o.value)); err != nil {
			return p.written(err)
		}
	}
	return p.written(w.Commit(opts))
}

func addOp(w *pebble.Batch, kind opKind, key, value []byte) error {
	switch kind {
	case opSet:
		return w.Set(key, value, nil)
	case opDelete:
		return w.Delete(key, nil)
	default:
		return w.DeleteRange(key, value, nil)
	}
}

// written is what a write is to give that Pebble has finished with err: Pebble is not told of a frozen disk.
func (p *pebbleStore) written(err error) error {
	if failure := p.Err(); failure != nil {
		return failure
	}
	return storeError(p.dir, err)
}

// DiskBytes implements Store.
func (p *pebbleStore) DiskBytes(r Range) (uint64, error) {
	if err := p.begin(); err != nil {
		return 0, err
	}
	defer p.use.RUnlock()
	upper := r.Upper
	if upper == nil {
		upper = bytes.Repeat([]byte{0xff}, 32)
	}
	n, err := p.db.EstimateDiskUsage(r.Lower, upper)
	return n, p.readError(err)
}

// Close implements Store.
func (p *pebbleStore) Close() error {
	p.use.Lock()
	defer p.use.Unlock()
	if p.closed {
		return errClosed()
	}
	p.closed = true
	err := p.db.Close()
	p.unlock()
	return p.written(err)
}

// pebbleIterator is an Iterator of a pebbleStore.
type pebbleIterator struct {
	store   *pebbleStore
	it      *pebble.Iterator
	started bool
	err     error
}

// Next implements Iterator.
func (i *pebbleIterator) Next() bool {
	if !i.started {
		i.started = true
		return i.it.First()
	}
	return i.it.Valid() && i.it.Next()
}

// Seek implements Iterator.
func (i *pebbleIterator) Seek(key []byte) bool {
	i.started = true
	return i.it.SeekGE(key)
}

// Last implements Iterator.
func (i *pebbleIterator) Last() bool {
	i.started = true
	return i.it.Last()
}

// Key implements Iterator.
func (i *pebbleIterator) Key() []byte { return i.it.Key() }

// Value implements Iterator.
func (i *pebbleIterator) Value() ([]byte, error) {
	value, err := i.it.ValueAndErr()
	if err != nil && i.err == nil {
		i.err = i.store.readError(err)
	}
	return value, i.err
}

// Err implements Iterator.
func (i *pebbleIterator) Err() error {
	if i.err == nil {
		i.err = i.store.readError(i.it.Error())
	}
	return i.err
}

// Close implements Iterator.
func (i *pebbleIterator) Close() error { return i.store.readError(i.it.Close()) }
