package kv

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/sstable"
)

const (
	// memTableBytes holds some seconds of small commits, so that a flush makes tables of a useful size.
	memTableBytes = 32 << 20
	// separateBytes is the size from which a value goes to a blob file, which compactions pass by: all pages, and all but
	// the smallest blocks.
	separateBytes = 1 << 10
	// tableBytes is the size of tables: larger than Pebble's 2 MB, as there are few and large values.
	tableBytes = 8 << 20
	// bloomBits a key make point look-ups of keys that are not there cheap.
	bloomBits = 10
	// deleteDelay is how long the deletion of a range may wait in a memtable before it gives disk space back.
	deleteDelay = 10 * time.Second
)

// pebbleOptions sets up Pebble for few large values, most of them written in order and deleted by range.
func (p *pebbleStore) pebbleOptions(from Options) *pebble.Options {
	o := &pebble.Options{
		FS:                 p.fs,
		CacheSize:          from.CacheBytes,
		FormatMajorVersion: pebble.FormatNewest,
		Logger:             pebbleLogger{p},
		EventListener:      p.events(),
		MemTableSize:       from.memTableBytes,
		// Writes are never stalled because tables pile up: bulk data does not come this way, and the clock holds writers back.
		MemTableStopWritesThreshold: 8,
		L0StopWritesThreshold:       1000,
		FlushDelayDeleteRange:       deleteDelay,
		CompactionConcurrencyRange: func() (int, int) {
			if p.fs.frozen() {
				return 0, 0
			}
			return 1, max(1, runtime.GOMAXPROCS(0)/2)
		},
	}
	o.Experimental.ValueSeparationPolicy = func() pebble.ValueSeparationPolicy {
		return pebble.ValueSeparationPolicy{
			Enabled:               true,
			MinimumSize:           separateBytes,
			MaxBlobReferenceDepth: 10,
			RewriteMinimumAge:     time.Minute,
			TargetGarbageRatio:    0.25,
		}
	}
	o.TargetFileSizes[0] = tableBytes
	for i := range o.Levels {
		o.Levels[i].BlockSize = 32 << 10
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(bloomBits)
		o.Levels[i].Compression = func() *sstable.CompressionProfile { return compression }
	}
	o.EnsureDefaults()
	return o
}

// compression is that of tables and blob files: MinLZ (Snappy on arm64), which reads and writes faster than Snappy does
// and makes blocks of typical columns a third of their size.
var compression = sstable.FastestCompression

// events logs what an operator of the server should know. Without it Pebble would exit on damage.
func (p *pebbleStore) events() *pebble.EventListener {
	return &pebble.EventListener{
		BackgroundError: func(err error) {
			p.log.Warn("storage: background work failed", "error", err)
		},
		DataCorruption: func(info pebble.DataCorruptionInfo) {
			p.log.Error("storage: damaged file", "path", info.Path, "error", info.Details)
		},
		WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
			p.log.Warn("storage: writes stall", "reason", info.Reason)
		},
	}
}

// pebbleLogger sends Pebble's messages to slog. What Pebble calls fatal would be followed by an exit: instead the disk is
// frozen, after which nothing that Pebble does in its broken state can reach it.
type pebbleLogger struct{ store *pebbleStore }

// Infof implements pebble.Logger.
func (l pebbleLogger) Infof(format string, args ...any) {
	if l.store.log.Enabled(context.Background(), slog.LevelDebug) {
		l.store.log.Debug("storage: " + fmt.Sprintf(format, args...))
	}
}

// Errorf implements pebble.Logger.
func (l pebbleLogger) Errorf(format string, args ...any) {
	l.store.log.Warn("storage: " + fmt.Sprintf(format, args...))
}

// Fatalf implements pebble.Logger.
func (l pebbleLogger) Fatalf(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	l.store.log.Error("storage: " + err.Error())
	l.store.fs.freeze(err)
}
