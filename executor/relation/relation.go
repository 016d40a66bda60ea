package relation

import (
	"sync"
	"sync/atomic"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Relation is a relation at work. All methods are safe for concurrent use unless they say otherwise.
type Relation struct {
	OID  uint32
	Name string
	// Types are the columns'. Only Widen changes them, and only those of tables and of streams that clients write.
	Types []types.Type
	// Key are the columns that identify a row; nil where there is none.
	Key []int

	*shared
}

// shared is what the relations have in common that are one under several names (Relation.Share).
type shared struct {
	derived atomic.Pointer[Derivation]

	mem *state.Memory // of the content

	mu       sync.RWMutex
	padding  *vec.Padding // what older rows lack; nil: nothing
	content  *content     // nil for streams: the log, or the connector, has their rows
	indexes  []*content   // the same rows by other unique keys
	sorted   []*index     // the same rows in other orders
	cut      uint64       // of the newest block
	history  history
	failure  error
	watchers map[*Watcher]struct{}
}

// Watcher is woken whenever the relation has got further, or has failed.
type Watcher struct{ Wake func() }

// New makes a relation whose rows are kept as an arrangement in mem.
func New(oid uint32, name string, ts []types.Type, key []int, mem *state.Memory) *Relation {
	r := NewStream(oid, name, ts)
	r.Key, r.mem = key, mem
	r.content = newContent(mem, ts, key)
	return r
}

// NewAppendOnly makes a relation without a key of which no row is ever taken back.
func NewAppendOnly(oid uint32, name string, ts []types.Type, mem *state.Memory) *Relation {
	r := NewStream(oid, name, ts)
	r.content = newListContent(mem, ts)
	return r
}

// NewStream makes a relation of which only the changes pass here.
func NewStream(oid uint32, name string, ts []types.Type) *Relation {
	return &Relation{OID: oid, Name: name, Types: ts, shared: &shared{history: newHistory(), watchers: map[*Watcher]struct{}{}}}
}

// Share gives the relation a second name: rows, changes and what can be said of them are the same.
func (r *Relation) Share(oid uint32, name string) *Relation {
	return &Relation{OID: oid, Name: name, Types: r.Types, Key: r.Key, shared: r.shared}
}

// Same reports whether two relations are one under two names.
func (r *Relation) Same(as *Relation) bool { return r.shared == as.shared }

// Publish adds a block: the content changes, the dependants are woken. It is called in ascending order of epochs by one
// publisher at a time.
func (r *Relation) Publish(b Block) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.add(&b); err != nil {
		return err
	}
	r.wake()
	return nil
}

// Add is Publish of which nobody is told yet: Tell comes when the relation is complete up to there.
func (r *Relation) Add(b Block) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.add(&b)
}

// Tell wakes the dependants.
func (r *Relation) Tell() {
	r.mu.RLock()
	defer r.mu.RUnlock()
	r.wake()
}

func (r *Relation) add(b *Block) error {
	b.pad(r.padding)
	if r.content != nil {
		if err := r.content.apply(b); err != nil {
			return err
		}
		for _, x := range r.indexes {
			if err := x.apply(b); err != nil {
				return err
			}
		}
		for _, x := range r.sorted {
			if err := x.publish(b); err != nil {
				return err
			}
		}
	}
	if r.history.news(b) {
		r.history.append(*b)
		r.cut = b.Epoch
	}
	r.history.step(b)
	return nil
}

// Fail stops the relation with a reason, or with nil makes it run again.
func (r *Relation) Fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failure = err
	r.wake()
}

// Failure is why the relation has stopped, or nil.
func (r *Relation) Failure() error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.failure
}

// Cut is the epoch of the newest block.
func (r *Relation) Cut() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.cut
}

// Watermark is the relation's watermark at its newest block.
func (r *Relation) Watermark() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.history.watermark
}

// WatermarkAt is the relation's watermark at the end of an epoch whose blocks are kept, or of the newest that is not.
func (r *Relation) WatermarkAt(epoch uint64) int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if i := r.history.after(epoch); i > 0 {
		return r.history.blocks[i-1].Watermark
	}
	return r.history.before
}

// Idle reports whether the relation holds up no watermark, as of its newest block.
func (r *Relation) Idle() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.history.idle
}

// IdleAt reports whether the relation held up no watermark at the end of an epoch, as WatermarkAt.
func (r *Relation) IdleAt(epoch uint64) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if i := r.history.after(epoch); i > 0 {
		return r.history.blocks[i-1].Idle
	}
	return r.history.idleBefore
}

// Watch registers a watcher. It is woken at once, so that nothing that came before is missed.
func (r *Relation) Watch(w *Watcher) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watchers[w] = struct{}{}
	w.Wake()
}

// Unwatch removes a watcher; it may still be woken once.
func (r *Relation) Unwatch(w *Watcher) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.watchers, w)
}

// wake tells the watchers. Their order does not matter: all a Wake does is to mark a machine as ready.
func (r *Relation) wake() {
	for w := range r.watchers {
		w.Wake()
	}
}

// Trim forgets the blocks up to an epoch: every reader has passed them.
func (r *Relation) Trim(epoch uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.history.trim(epoch)
}

// Rows is how many distinct rows the content has; 0 for a stream.
func (r *Relation) Rows() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.content == nil {
		return 0
	}
	return r.content.arrangement().Rows()
}

// Bytes is the memory of the content, its indexes and the blocks.
func (r *Relation) Bytes() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	n := r.history.bytes
	if r.content != nil {
		n += r.content.arrangement().Bytes()
	}
	for _, x := range r.indexes {
		n += x.rows.Bytes()
	}
	for _, x := range r.sorted {
		if x.ready {
			n += x.tree.Bytes()
		}
	}
	return n
}

// HistoryBytes is the memory of the blocks.
func (r *Relation) HistoryBytes() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.history.bytes
}

// Release gives back the content's pages. The relation must not be used after.
func (r *Relation) Release() {
	r.mu.Lock()
	sorted := r.sorted
	r.sorted = nil
	if r.content != nil {
		r.content.arrangement().Release()
		r.content = nil
		for _, x := range r.indexes {
			x.rows.Release()
		}
	}
	r.mu.Unlock()
	for _, x := range sorted { // a builder waits for the relation's lock, and it for the builder
		x.release()
	}
}

// Next gives the first block past an epoch; ok is false if there is none yet. gone says that the block that would be next
// has been trimmed: the reader must begin anew.
func (r *Relation) Next(epoch uint64) (b Block, ok, gone bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if epoch < r.history.trimmed {
		return Block{}, false, true
	}
	if i := r.history.after(epoch); i < len(r.history.blocks) {
		return r.history.blocks[i], true, false
	}
	return Block{}, false, false
}
