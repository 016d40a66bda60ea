package kv

import (
	"context"
	"fmt"

	"github.com/cockroachdb/pebble/v2/objstorage/objstorageprovider"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// pebbleBulk writes a table beside Pebble's, and then has Pebble take it over as it is. It writes to the disk itself, not
// through freezeFS: a disk that fills up here fails this bulk and nothing else.
type pebbleBulk struct {
	store *pebbleStore
	path  string
	w     *sstable.Writer
	last  []byte
	size  int
	err   error
}

// bulkSyncBytes is how much of a bulk waits in memory before the disk is told to begin with it: who syncs a few bytes meanwhile, as the clock
// does with each epoch, would wait behind all of it.
const bulkSyncBytes = 512 << 10

// NewBulk implements Store.
func (p *pebbleStore) NewBulk(c Compression) (Bulk, error) {
	if err := p.begin(); err != nil {
		return nil, err
	}
	defer p.use.RUnlock()
	if err := p.Err(); err != nil {
		return nil, err
	}
	path := p.disk.PathJoin(p.dir, bulkDir, fmt.Sprintf("%d.sst", p.bulks.Add(1)))
	file, err := p.disk.Create(path, vfs.WriteCategoryUnspecified)
	if err != nil {
		return nil, storeError(p.dir, err)
	}
	file = vfs.NewSyncingFile(file, vfs.SyncingFileOptions{BytesPerSync: bulkSyncBytes})
	o := p.opts.MakeWriterOptions(0, p.db.TableFormat())
	if c == Plain {
		o.Compression = sstable.NoCompression
	}
	w := sstable.NewWriter(objstorageprovider.NewFileWritable(file), o)
	return &pebbleBulk{store: p, path: path, w: w}, nil
}

// Add implements Bulk.
func (b *pebbleBulk) Add(key, value []byte) error {
	if err := checkAscending(b.last, key); err != nil {
		return err
	}
	b.last = append(b.last[:0], key...)
	b.size += len(key) + len(value)
	if err := b.w.Set(key, value); err != nil {
		b.err = storeError(b.store.dir, err)
	}
	return b.err
}

// Size implements Bulk.
func (b *pebbleBulk) Size() int { return b.size }

// Commit implements Bulk. The writer syncs the table when it closes it, and Pebble its folder when it has linked it.
func (b *pebbleBulk) Commit() error {
	p := b.store
	if err := p.begin(); err != nil {
		b.Abort()
		return err
	}
	defer p.use.RUnlock()
	if b.err != nil || b.last == nil {
		b.Abort()
		return b.err
	}
	err := b.w.Close()
	b.w = nil
	if err == nil {
		err = p.db.Ingest(context.Background(), []string{b.path})
	}
	_ = p.disk.Remove(b.path) // Ingest has removed it if all went well
	return p.written(err)
}

// Abort implements Bulk.
func (b *pebbleBulk) Abort() {
	if b.w == nil {
		return
	}
	_ = b.w.Close()
	b.w = nil
	_ = b.store.disk.Remove(b.path)
}
