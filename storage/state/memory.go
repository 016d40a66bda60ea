package state

import (
	"math/bits"
	"sync/atomic"
	"unsafe"
)

// PageID names the content of one page for good: it is never given to another content of the same Memory.
type PageID uint64

// PageStore is where written pages are read again.
type PageStore interface {
	// ReadPage appends the bytes that were written for id to dst.
	ReadPage(dst []byte, id PageID) ([]byte, error)
	// NextPageID is greater than every id in the store.
	NextPageID() PageID
}

// Pinner is a PageStore that removes pages when no snapshot needs them any more. A version some of whose pages may have to be read
// again pins them.
type Pinner interface {
	PageStore
	// Pin keeps all pages that there are now, and those to come, until release is called.
	Pin() (release func())
}

// Memory is where the pages of arrangements live. It counts them exactly, recycles their buffers, and gives out page
// ids. Arrangements that exchange versions or key groups share one. It is safe for concurrent use.
type Memory struct {
	store PageStore
	bytes atomic.Int64
	pages atomic.Int64
	nodes atomic.Int64
	// lastID and lastGen are one counter each for all arrangements, so that neither means two things when a key group moves
	// from one arrangement to another.
	lastID  atomic.Uint64
	lastGen atomic.Uint64
	// absent says that there may be pages which are in the store alone.
	absent atomic.Bool
	spares spares
}

// NewMemory makes a Memory. store may be nil: then nothing can be opened or evicted.
func NewMemory(store PageStore) *Memory {
	m := &Memory{store: store}
	if store != nil {
		m.lastID.Store(uint64(store.NextPageID()))
	}
	return m
}

// Bytes is how much page and node memory is in use, by arrangements and versions. Evicted pages do not count.
func (m *Memory) Bytes() int64 { return m.bytes.Load() }

// Live is the number of page buffers and of tree nodes in use: both are 0 when everything was released, else there is a leak.
func (m *Memory) Live() (pages, nodes int64) { return m.pages.Load(), m.nodes.Load() }

// pin pins the store's pages for a version, if it may need them; nil if not.
func (m *Memory) pin() (release func()) {
	if p, ok := m.store.(Pinner); ok && m.absent.Load() {
		return p.Pin()
	}
	return nil
}

func (m *Memory) newID() PageID { return PageID(m.lastID.Add(1)) }

func (m *Memory) newGen() uint64 { return m.lastGen.Add(1) }

// The size classes are 2^k and 1.5 * 2^k, and above 8 KiB, where most pages of large state are, each 2 KiB (they are also the
// Go allocator's, so nothing is lost there): a page that grows is nine tenths full on average. Classes that only doubled would
// waste a quarter of all memory.
const (
	minPage    = 512
	maxPage    = 16 << 10
	numClasses = len(classSizes)
	// oddUnit is the granularity of pages that hold a single large value.
	oddUnit = 4 << 10
)

var classSizes = [...]int{512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 10240, 12288, 14336, maxPage}

// classSize is the size of class c.
func classSize(c int) int { return classSizes[c] }

// classOf is the smallest class of at least size bytes; numClasses when there is none.
func classOf(size int) int {
	if size <= minPage {
		return 0
	}
	if size > 8<<10 {
		return min(8+(size-6145)/(2<<10), numClasses)
	}
	k := bits.Len(uint(size-1)) - 1 // 2^k < size <= 2^(k+1)
	c := 2*(k-9) + 1
	if size > 3<<(k-1) {
		c++
	}
	return c
}

// pageSize is the size of the buffer that alloc would give for size bytes.
func pageSize(size int) int {
	if size <= maxPage {
		return classSize(classOf(size))
	}
	return (size + oddUnit - 1) / oddUnit * oddUnit
}

// alloc gives a buffer of exactly size bytes, which pageSize made. Its content is unspecified.
func (m *Memory) alloc(size int) unsafe.Pointer { return m.allocate(size, false) }

func (m *Memory) allocate(size int, copied bool) unsafe.Pointer {
	m.bytes.Add(int64(size))
	m.pages.Add(1)
	if size <= maxPage {
		if p := m.spares.take(classOf(size), copied); p != nil {
			return p
		}
	}
	return unsafe.Pointer(unsafe.SliceData(make([]uint64, size/8)))
}

// recycle takes back a buffer that nothing refers to any more.
func (m *Memory) recycle(p unsafe.Pointer, size int) {
	m.uncount(size)
	poison(p, size)
	if size <= maxPage {
		m.spares.put(classOf(size), p)
	}
}

// forget counts a buffer as gone that a reader may still be looking at: the garbage collector takes it.
func (m *Memory) forget(size int) {
	m.uncount(size)
	if size <= maxPage {
		m.spares.lose(classOf(size))
	}
}

func (m *Memory) uncount(size int) {
	m.bytes.Add(-int64(size))
	m.pages.Add(-1)
}
