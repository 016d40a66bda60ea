package relation

import (
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Frozen is a relation's content at its cut, for a snapshot. Whoever has it releases the versions.
type Frozen struct {
	// Content is the rows; nil of a stream. Keys are the same rows by the other unique keys, in the order of AddIndex.
	Content *state.Version
	Keys    []*state.Version
	// Cut is the epoch of the content, Watermark the relation's there, and Changes how many changes of rows had made it.
	Cut       uint64
	Watermark int64
	Changes   int64
	// Added is how many columns the rows had been given by ALTER.
	Added int
}

// Freeze freezes the content as it is.
func (r *Relation) Freeze() Frozen {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := Frozen{Cut: r.cut, Watermark: r.history.watermark}
	if r.padding != nil {
		f.Added = len(r.padding.Added)
	}
	if r.content != nil {
		f.Content, f.Changes = r.content.arrangement().Freeze(), r.content.changes
		for _, x := range r.indexes {
			f.Keys = append(f.Keys, x.rows.Freeze())
		}
	}
	return f
}

// Changes is how many changes of rows have been published since the relation was made or restored.
func (r *Relation) Changes() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.content == nil {
		return 0
	}
	return r.content.changes
}

// Stored is what a snapshot has of a relation: the manifests of what Frozen was.
type Stored struct {
	Content   []byte // nil: none
	Keys      [][]byte
	Cut       uint64
	Watermark int64
	Idle      bool
	// Added is how many columns the rows had been given by ALTER when they were stored.
	Added int
}

// Restore puts the relation at a cut of the past. It must not have been published to.
func (r *Relation) Restore(s *Stored) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.Content != nil && r.content != nil {
		if err := r.restoreRows(s); err != nil {
			return err
		}
	}
	r.cut, r.history.trimmed, r.history.watermark, r.history.before = s.Cut, s.Cut, s.Watermark, s.Watermark
	r.history.idle, r.history.idleBefore = s.Idle, s.Idle
	return nil
}

// restoreRows restores the rows. Those stored with fewer columns than the relation has now are padded.
func (r *Relation) restoreRows(s *Stored) error {
	if r.padding != nil && s.Added < len(r.padding.Added) {
		ts := r.Types[:r.padding.Narrow()+s.Added]
		old := r.content.widened(ts, r.mem)
		defer old.rows.Release()
		if err := old.restore(s.Content); err != nil {
			return err
		}
		return r.refill(old, r.padding)
	}
	if err := r.content.restore(s.Content); err != nil {
		return err
	}
	for i, x := range r.indexes {
		if err := r.restoreKey(i, x, s.Keys); err != nil {
			return err
		}
	}
	return nil
}

// restoreKey restores the rows by another unique key, or makes them of the content if the snapshot does not have them.
func (r *Relation) restoreKey(i int, x *content, manifests [][]byte) error {
	if i < len(manifests) {
		return x.restore(manifests[i])
	}
	reading := &Reading{content: r.content, version: r.content.arrangement().Freeze(), types: r.Types}
	defer reading.Release()
	all := make([]int, len(r.Types))
	for c := range all {
		all[c] = c
	}
	return reading.Scan(all, x.put)
}

func (c *content) restore(manifest []byte) error {
	v, err := c.arrangement().OpenManifest(manifest)
	if err != nil {
		return err
	}
	defer v.Release()
	return c.arrangement().Adopt(v)
}

// Forget says that the blocks up to an epoch are gone. It is for a relation that a restart has not given any yet.
func (r *Relation) Forget(epoch uint64, watermark int64, idle bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.history.trimmed, r.history.before, r.history.watermark = epoch, watermark, watermark
	r.history.idle, r.history.idleBefore = idle, idle
}

// Remember adds a block that the content has already, since it was restored from a later cut: those that read the relation may have
// to go through it once more. Blocks come in order, before the first that is published.
func (r *Relation) Remember(b Block) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.history.news(&b) {
		r.history.append(b)
	}
}

// Trimmed is the newest epoch whose block is not kept any more.
func (r *Relation) Trimmed() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.history.trimmed
}

// count adds the changes of a batch.
func (c *content) count(b *vec.Batch) { c.changes += int64(b.Rows()) }
