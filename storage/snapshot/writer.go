package snapshot

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// Writer writes one snapshot. Pages and states may be put from any goroutines, in any order, while the group's jobs go on;
// then one calls Commit or Abort.
type Writer struct {
	store *Store
	head  Head
	bytes atomic.Uint64

	mu    sync.Mutex
	done  bool
	pages []pageAt // put, to be removed by Abort
	parts []*part
}

// Begin starts a snapshot of a group at an epoch above that of its newest one. A group has one Writer at a time. started is
// the time, in microseconds since 1970.
func (s *Store) Begin(group, epoch uint64, started int64) (*Writer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.snaps.newest(group); n != nil && n.Epoch >= epoch {
		return nil, sqlerr.Internal("a snapshot of group %d at epoch %d is begun after that at epoch %d", group, epoch, n.Epoch)
	}
	if slices.ContainsFunc(s.running, func(w *Writer) bool { return w.head.Group == group }) {
		return nil, sqlerr.Internal("two snapshots of group %d are begun at once", group)
	}
	w := &Writer{store: s, head: Head{Group: group, Epoch: epoch, Started: started}}
	s.running = append(s.running, w)
	return w, nil
}

// PutPage stores a page. It can be read at once. page is copied. It blocks when pages come faster than the disk takes them. Pages of a
// namespace should come in the order of their ids: then the tables that they are written to lie side by side, and are never compacted.
func (w *Writer) PutPage(namespace uint64, id state.PageID, page []byte) error {
	at := pageAt{namespace, id}
	w.mu.Lock()
	if w.done {
		w.mu.Unlock()
		return errEnded
	}
	w.pages = append(w.pages, at)
	w.mu.Unlock()
	w.bytes.Add(uint64(len(page)))

	s := w.store
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next[namespace] = max(s.next[namespace], id+1)
	if !s.buffer.put(at, page) {
		return nil
	}
	var b kv.Batch
	stored, err := s.flush(&b)
	if err != nil {
		return err
	}
	if err := s.kv.Commit(&b, false); err != nil {
		return err
	}
	s.buffer.remove(stored)
	return nil
}

// PutState adds the manifest of a state, whose pages are all stored: put by this Writer, or in an earlier snapshot.
func (w *Writer) PutState(st State) error {
	st.Pages = slices.Clone(st.Pages)
	slices.Sort(st.Pages)
	st.Pages = slices.Compact(st.Pages)
	return w.addPart(&part{State: st})
}

// KeepState says that a state is as it was in the group's newest snapshot. ok is false if there was none of that name.
func (w *Writer) KeepState(name string) (ok bool, err error) {
	newest := w.store.Newest(w.head.Group)
	if newest == nil {
		return false, nil
	}
	p := newest.part(name)
	if p == nil {
		return false, nil
	}
	return true, w.addPart(p)
}

func (w *Writer) addPart(p *part) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return errEnded
	}
	if slices.ContainsFunc(w.parts, func(o *part) bool { return o.Name == p.Name }) {
		return sqlerr.Internal("state %q is put twice into a snapshot", p.Name)
	}
	w.parts = append(w.parts, p)
	return nil
}

var errEnded error = sqlerr.Internal("a snapshot is written to after it has ended")

// Bytes is how much has been put so far.
func (w *Writer) Bytes() uint64 { return w.bytes.Load() }

// Finish says where the group's sources stand and when all has been put, in microseconds since 1970. Store.Commit comes next.
func (w *Writer) Finish(sources []changelog.Split, watermarks []changelog.Watermark, finished int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.head.Sources, w.head.Watermarks, w.head.Duration = sources, watermarks, finished-w.head.Started
	slices.SortFunc(w.parts, func(a, b *part) int { return cmp.Compare(a.Name, b.Name) })
}

// Commit is Finish and Store.Commit of this one alone.
func (w *Writer) Commit(sources []changelog.Split, watermarks []changelog.Watermark, finished int64) error {
	w.Finish(sources, watermarks, finished)
	return w.store.Commit(w)
}

// Commit makes finished snapshots of different groups the newest of each, durably and all in one, and drops those that are no longer
// kept. If it fails, all of them are aborted.
func (s *Store) Commit(list ...*Writer) error {
	for _, w := range list {
		w.mu.Lock()
		defer w.mu.Unlock()
	}
	err := errEnded
	if !slices.ContainsFunc(list, func(w *Writer) bool { return w.done }) {
		s.mu.Lock()
		err = s.commit(list)
		s.mu.Unlock()
	}
	for _, w := range list {
		switch {
		case err == nil:
			w.end()
		case !w.done:
			w.abort()
		}
	}
	return err
}

// commit stores what is not stored yet, the heads, and the removal of what that makes garbage, as one.
func (s *Store) commit(list []*Writer) error {
	var b kv.Batch
	stored, err := s.flush(&b)
	if err != nil {
		return err
	}
	var come []*Snapshot
	for _, w := range list {
		if err := s.addParts(w, &b); err != nil {
			return err
		}
		w.head.Bytes = w.bytes.Load()
		come = append(come, &Snapshot{Head: w.head, store: s, parts: w.parts})
	}
	was := s.snaps.sharing(come)
	if err := s.replace(&b, was, s.retained(append(come, was...), anyNamespace)); err != nil {
		return err
	}
	s.buffer.remove(stored)
	return nil
}

// addParts stores the parts that are new, past the write-ahead log if they are large.
func (s *Store) addParts(w *Writer, b *kv.Batch) error {
	var large kv.Bulk
	for _, p := range w.parts {
		if p.number != 0 {
			continue // kept
		}
		p.number = s.nextPart
		s.nextPart++
		key := kv.SnapshotPartKey(p.number)
		value := kv.Seal(nil, key, partVersion, func(dst []byte) []byte { return appendPart(dst, &p.State) })
		p.Data = nil
		w.bytes.Add(uint64(len(value)))
		if len(value) < bulkBytes {
			b.Set(key, value)
			continue
		}
		if large == nil {
			var err error
			if large, err = s.kv.NewBulk(kv.Compressed); err != nil {
				return err
			}
			defer large.Abort()
		}
		if err := large.Add(key, value); err != nil {
			return err
		}
	}
	if large == nil {
		return nil
	}
	return large.Commit()
}

// Abort drops the snapshot and its pages. It does nothing after Commit.
func (w *Writer) Abort() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.done {
		w.abort()
	}
}

// abort removes the pages that were put. If that fails, the store refuses writes, and the next opening sweeps them.
func (w *Writer) abort() {
	w.end()
	var b kv.Batch
	for _, at := range w.pages {
		b.Delete(at.key(nil))
	}
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	w.store.buffer.remove(w.pages)
	_ = w.store.kv.Commit(&b, false)
}

func (w *Writer) end() {
	w.done = true
	s := w.store
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = slices.DeleteFunc(s.running, func(o *Writer) bool { return o == w })
}
