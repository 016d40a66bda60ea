package kv

// Store is an ordered map from keys to values, ordered by bytes.Compare. All methods may be called from any goroutine.
// Errors are *sqlerr.Error: 53100 for a full disk, 58030 for another I/O error, XX001 for damage, 57P03 after Close.
type Store interface {
	// Get is the value of key. The value is the caller's. ok is false when there is no such key.
	Get(key []byte) (value []byte, ok bool, err error)
	// Scan makes an iterator over the keys of r as they are now. The caller closes it.
	Scan(r Range) (Iterator, error)
	// Commit applies b atomically. With sync it returns once b and every commit before it are on disk; without, a crash
	// may lose it. b is read, not kept. After an error it is unknown until the next opening whether b was applied.
	Commit(b *Batch, sync bool) error
	// NewBulk starts a sorted run of keys that is written to disk once, past the write-ahead log and compactions.
	NewBulk(c Compression) (Bulk, error)
	// DiskBytes is about how many bytes of disk the keys of r take.
	DiskBytes(r Range) (uint64, error)
	// Err is the error because of which the store refuses writes, or nil.
	Err() error
	// Close makes all commits durable and releases the store. Iterators and bulks must have been closed before.
	Close() error
}

// Compression says how the values of a bulk are stored.
type Compression uint8

// The compressions. Plain is for values that are small as they are: nothing is won by trying.
const (
	Compressed Compression = iota
	Plain
)

// Range is the keys from Lower (inclusive) to Upper (exclusive). A nil bound is open.
type Range struct{ Lower, Upper []byte }

// Iterator walks over a range of keys. A new one stands before the first key. It is for one goroutine.
type Iterator interface {
	// Next moves to the next key, in ascending order. It is false at the end and after an error.
	Next() bool
	// Seek moves to the first key at or after key, forwards or backwards.
	Seek(key []byte) bool
	// Last moves to the last key of the range.
	Last() bool
	// Key is the current key, valid until the iterator moves.
	Key() []byte
	// Value reads the value of the current key, valid until the iterator moves.
	Value() ([]byte, error)
	// Err is the error that ended the walk, or nil.
	Err() error
	// Close releases the iterator.
	Close() error
}

// Bulk is a sorted run of new keys on its way to disk. It is for one goroutine, and ends with Commit or Abort.
type Bulk interface {
	// Add appends a key, which must be above the one before. Key and value are copied.
	Add(key, value []byte) error
	// Size is how many bytes of keys and values were added.
	Size() int
	// Commit makes all keys added visible at once, durably. A bulk without keys does nothing.
	Commit() error
	// Abort drops what was added. It does nothing after Commit.
	Abort()
}
