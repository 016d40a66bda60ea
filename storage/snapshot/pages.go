package snapshot

import (
	"bytes"
	"fmt"
	"slices"
	"sync"

	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

const (
	// bufferBytes is how much of pages waits in memory before it is written.
	bufferBytes = 16 << 20
	// bulkBytes is from how much on pages of a namespace are written as a sorted run: an additional file with its own
	// sync is worth it only if it keeps many bytes out of the write-ahead log.
	bulkBytes = 1 << 20
)

// pageAt names a page.
type pageAt struct {
	namespace uint64
	id        state.PageID
}

func (a pageAt) key(dst []byte) []byte { return kv.PageKey(dst, a.namespace, uint64(a.id)) }

func comparePages(a, b pageAt) int { return bytes.Compare(a.key(nil), b.key(nil)) }

// pageBuffer holds pages that were put and are not stored yet. Readers find them here.
type pageBuffer struct {
	mu    sync.RWMutex
	pages map[pageAt][]byte // sealed
	bytes int
	limit int // of bytes, at which the pages are written
}

// put adds a page and reports whether the buffer is full.
func (b *pageBuffer) put(at pageAt, page []byte) (full bool) {
	key := at.key(nil)
	sealed := kv.Seal(make([]byte, 0, len(page)+16), key, pageVersion, func(dst []byte) []byte { return append(dst, page...) })
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bytes += len(sealed) - len(b.pages[at])
	b.pages[at] = sealed
	return b.bytes >= b.limit
}

func (b *pageBuffer) get(at pageAt) ([]byte, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	p, ok := b.pages[at]
	return p, ok
}

// remove forgets pages that are stored now, or are not wanted any more.
func (b *pageBuffer) remove(pages []pageAt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, at := range pages {
		if p, ok := b.pages[at]; ok {
			b.bytes -= len(p)
			delete(b.pages, at)
		}
	}
}

// list is the pages waiting, in order.
func (b *pageBuffer) list() []pageAt {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]pageAt, 0, len(b.pages))
	for at := range b.pages {
		out = append(out, at)
	}
	slices.SortFunc(out, comparePages)
	return out
}

// flush stores the pages waiting: those of namespaces with many bytes at once, as sorted runs; the others go into batch,
// which the caller commits. It gives all of them; the caller removes them from the buffer once batch is committed.
func (s *Store) flush(batch *kv.Batch) ([]pageAt, error) {
	pages := s.buffer.list()
	for from := 0; from < len(pages); {
		to, size := from, 0
		for ; to < len(pages) && pages[to].namespace == pages[from].namespace; to++ {
			p, _ := s.buffer.get(pages[to])
			size += len(p)
		}
		add := func(key, value []byte) error { batch.Set(key, value); return nil }
		var run kv.Bulk
		if size >= bulkBytes {
			var err error
			if run, err = s.kv.NewBulk(kv.Compressed); err != nil {
				return nil, err
			}
			add = run.Add
		}
		if err := s.addPages(pages[from:to], add, run); err != nil {
			return nil, err
		}
		from = to
	}
	return pages, nil
}

func (s *Store) addPages(pages []pageAt, add func(key, value []byte) error, run kv.Bulk) error {
	if run != nil {
		defer run.Abort()
	}
	for _, at := range pages {
		s.between()
		p, _ := s.buffer.get(at)
		if err := add(at.key(nil), p); err != nil {
			return err
		}
	}
	if run == nil {
		return nil
	}
	return run.Commit()
}

// Pages is the pages of one namespace. It is a state.PageStore.
type Pages struct {
	store     *Store
	namespace uint64
}

var _ state.Scanner = (*Pages)(nil)

// Pages gives the pages of a namespace.
func (s *Store) Pages(namespace uint64) *Pages { return &Pages{s, namespace} }

// ReadPage implements state.PageStore. A page that is not there or not as it was written is XX001.
func (p *Pages) ReadPage(dst []byte, id state.PageID) ([]byte, error) {
	at := pageAt{p.namespace, id}
	key := at.key(nil)
	sealed, ok := p.store.buffer.get(at)
	if !ok {
		var err error
		if sealed, ok, err = p.store.kv.Get(key); err != nil {
			return dst, err
		}
	}
	what := func() string { return fmt.Sprintf("state page %d in namespace %d", id, p.namespace) }
	if !ok {
		return dst, kv.Damaged(what(), "it is missing")
	}
	page, _, err := kv.Unseal(key, sealed, pageVersion, what)
	return append(dst, page...), err
}

// ScanPages implements state.Scanner. Pages that are missing or damaged are left out.
func (p *Pages) ScanPages(ids []state.PageID, page func(i int, b []byte)) error {
	if len(ids) == 0 {
		return nil
	}
	it, err := p.store.kv.Scan(kv.PageRange(p.namespace, uint64(ids[0])))
	if err != nil {
		return err
	}
	defer it.Close()
	var key []byte
	there := it.Next()
	for i, id := range ids {
		at := pageAt{p.namespace, id}
		key = at.key(key[:0])
		sealed, buffered := p.store.buffer.get(at)
		if !buffered {
			if there && bytes.Compare(it.Key(), key) < 0 {
				there = it.Next()
			}
			if there && bytes.Compare(it.Key(), key) < 0 {
				there = it.Seek(key)
			}
			if !there || !bytes.Equal(it.Key(), key) {
				continue
			}
			if sealed, err = it.Value(); err != nil {
				return err
			}
		}
		if b, _, err := kv.Unseal(key, sealed, pageVersion, func() string { return "" }); err == nil {
			page(i, b)
		}
	}
	return it.Err()
}

// NextPageID implements state.PageStore.
func (p *Pages) NextPageID() state.PageID {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	return max(p.store.next[p.namespace], 1)
}
