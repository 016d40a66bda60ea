package state

// PageID names the content of one page for good: it is never given to another content of the same Memory.
type PageID uint64

// PageStore is where written pages are read again.
type PageStore interface {
	// ReadPage appends the bytes that were written for id to dst.
	ReadPage(dst []byte, id PageID) ([]byte, error)
	// NextPageID is greater than every id in the store.
	NextPageID() PageID
}

// Memory is where the pages of arrangements live. It counts them exactly, recycles their buffers, and gives out page
// ids. Arrangements that exchange versions or key groups share one. It is safe for concurrent use.
type Memory struct{}

// NewMemory makes a Memory. store may be nil: then nothing can be opened or evicted.
func NewMemory(store PageStore) *Memory { return &Memory{} }

// Bytes is how much page and node memory is in use, by arrangements and versions.
func (m *Memory) Bytes() int64 { return 0 }
