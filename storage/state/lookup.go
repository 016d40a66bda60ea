package state

import (
	"slices"
	"unsafe"

	"github.com/streamdb/streamdb/sql/vec"
)

// Refs are where the rows of a Lookup lie, in the order of the selected rows. It is reused from batch to batch. It is valid
// until the arrangement is written, or its version released.
type Refs struct {
	refs []ref
	cols []column
}

// ref is a row of a page; row is -1 when there is none.
type ref struct {
	page *node
	base unsafe.Pointer
	row  int32
	// first is the index entry where the search begins.
	first entry
}

// Len is the number of rows looked up.
func (r *Refs) Len() int { return len(r.refs) }

// Found reports whether there was a row for the k-th key.
func (r *Refs) Found(k int) bool { return r.refs[k].row >= 0 }

// Missing appends the positions k of the rows that were not found to dst.
func (r *Refs) Missing(dst []int32) []int32 {
	for k := range r.refs {
		if r.refs[k].row < 0 {
			dst = append(dst, int32(k))
		}
	}
	return dst
}

// Keep keeps the rows at ascending positions ks, in that order: r is then as if only these had been looked up.
func (r *Refs) Keep(ks []int32) {
	for j, k := range ks {
		r.refs[j] = r.refs[k]
	}
	r.refs = r.refs[:len(ks)]
}

// Lookup finds the row of each key. Only for Unique arrangements.
//
// It works in passes over all keys, each of which touches one more cache line of each key's page, so that the misses of many
// keys overlap instead of following each other.
func (h *HashedReader) Lookup(keys []*vec.Vector, hashes []uint64, sel []int32, n int, out *Refs) error {
	v := h.v
	if err := v.lay.checkKinds(keys, v.lay.spec.Key); err != nil {
		return err
	}
	if err := v.reach(hashes, out); err != nil {
		return err
	}
	v.lay.searchHashes(hashes, out.refs)
	if v.lay.bijective && !slices.Contains(hashes, v.lay.nullHash) {
		return nil
	}
	out.cols = vectorColumns(out.cols[:0], keys, n)
	v.lay.verifyKeys(out.cols, hashes, sel, out.refs)
	return nil
}

// reach finds the page of each hash, brings it into memory, and touches its index.
func (v *view) reach(hashes []uint64, out *Refs) error {
	if cap(out.refs) < len(hashes) {
		room := len(hashes) // that of a point read is not made larger: it would cost more than the read
		if room > smallBatch {
			room = max(room, vec.BatchSize)
		}
		out.refs = make([]ref, len(hashes), room)
	}
	refs := out.refs[:len(hashes)]
	out.refs = refs
	for k, hash := range hashes {
		refs[k].page = v.leaf(hash)
	}
	for k := range refs {
		r := &refs[k]
		r.row = -1
		if r.page == nil {
			continue
		}
		base, err := v.mem.page(v.lay, r.page)
		if err != nil {
			return err
		}
		r.base = base
		if v.lay.slots(r.page.cap) != 0 {
			c := v.lay.chain(&r.page.shape, base, hashes[k])
			r.first = c.next()
		}
	}
	return nil
}

// searchHashes finds a row with each hash.
func (l *layout) searchHashes(hashes []uint64, refs []ref) {
	for k := range refs {
		r := &refs[k]
		if r.page == nil {
			continue
		}
		hash := hashes[k]
		if r.first.tag() == tagOf(hash) && r.first != 0 && hashAt(r.base, r.first.row()) == hash {
			r.row = int32(r.first.row())
			continue
		}
		r.row = l.searchHash(&r.page.shape, r.base, hash)
	}
}

func (l *layout) searchHash(p *shape, base unsafe.Pointer, hash uint64) int32 {
	if l.slots(p.cap) == 0 {
		for row := range p.n {
			if hashAt(base, row) == hash {
				return int32(row)
			}
		}
		return -1
	}
	tag := tagOf(hash)
	for c := l.chain(p, base, hash); ; {
		e := c.next()
		if e == 0 {
			return -1
		}
		if e.tag() == tag && hashAt(base, e.row()) == hash {
			return int32(e.row())
		}
	}
}

// verifyKeys compares the keys of rows that were found by hash alone; where they differ, two keys have one hash, and the search
// begins anew.
func (l *layout) verifyKeys(cols []column, hashes []uint64, sel []int32, refs []ref) {
	key := l.spec.Key
	for k := range refs {
		r := &refs[k]
		if r.row < 0 {
			continue
		}
		i := physical(sel, k)
		if !l.same(&r.page.shape, r.base, uint32(r.row), cols, i, key, true) {
			r.row = int32(l.find(&r.page.shape, r.base, hashes[k], cols, i, key, true))
		}
	}
}

// Gather makes out column col of the rows found, one for each row looked up; null where none was found.
func (h *HashedReader) Gather(refs *Refs, col int, out *vec.Vector) {
	h.v.lay.gather(refs.refs, col, out, nil)
}

// smallBatch is the number of rows up to which a look-up is a point read.
const smallBatch = 16
