package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// putFound overwrites the rows that were looked up and are there.
func (w *writer) putFound(cols []column, hashes []uint64, sel []int32, refs *Refs) error {
	if w.lay.plain(cols) {
		if err := w.ownRefs(cols, hashes, sel, refs.refs); err != nil {
			return err
		}
		for c := range cols {
			if c >= w.lay.spec.Key || w.lay.inexact[c] {
				w.overwriteColumn(c, &cols[c], sel, refs.refs)
			}
		}
	} else {
		for k := range refs.refs {
			if refs.refs[k].row >= 0 {
				if err := w.overwrite(hashes[k], cols, physical(sel, k)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// putFresh inserts the rows that were not found, among which the same key may come twice.
func (h *Hashed) putFresh(hashes []uint64, sel []int32, refs []ref) error {
	h.fresh.reset()
	for k := range refs {
		if refs[k].row < 0 {
			h.fresh.add(hashes[k], k)
		}
	}
	h.fresh.arrange(sel, nil)
	for _, r := range h.fresh.twins {
		if err := h.upsert(r.hash, h.cols, physical(sel, int(r.k))); err != nil {
			return err
		}
	}
	return h.insertAll(h.fresh.hashes, h.fresh.at, h.cols, nil)
}

// plain reports whether rows can be overwritten in place: no strings, and no nulls among the new values.
func (l *layout) plain(cols []column) bool {
	for c := range cols {
		if cols[c].nulls != nil || (l.kinds[c] == types.KindBytes && (c >= l.spec.Key || l.inexact[c])) {
			return false
		}
	}
	return true
}

// ownRefs makes the pages of rows that were found the writer's own. A page that has to be copied leaves the refs into it
// behind; they are found anew.
func (w *writer) ownRefs(cols []column, hashes []uint64, sel []int32, refs []ref) error {
	w.forgetShared(refs)
	for k := range refs {
		r := &refs[k]
		if r.row < 0 || r.page != nil {
			continue
		}
		p, err := w.ownLeaf(hashes[k])
		if err != nil {
			return err
		}
		r.page, r.base = p, p.mem // a copy has its rows where the original has them
	}
	return nil
}

// forgetShared leaves in refs only pages that are the writer's own: as long as one carries its generation it is still the page for its
// hash. It is asked before anything is written: once a shared page was copied, another holder may release it.
func (w *writer) forgetShared(refs []ref) {
	for k := range refs {
		if r := &refs[k]; r.page != nil && r.page.gen != w.gen {
			r.page = nil
		}
	}
}

// overwriteColumn writes column c of rows in pages that are the writer's own.
func (w *writer) overwriteColumn(c int, src *column, sel []int32, refs []ref) {
	switch w.lay.kinds[c] {
	case types.KindBool:
		scatter[uint8](w.lay, c, src, sel, refs)
	case types.KindInt32:
		scatter[int32](w.lay, c, src, sel, refs)
	case types.KindWide:
		scatter[types.Wide](w.lay, c, src, sel, refs)
	default:
		scatter[uint64](w.lay, c, src, sel, refs)
	}
}

func scatter[T any](l *layout, c int, src *column, sel []int32, refs []ref) {
	for k := range refs {
		r := &refs[k]
		if r.row < 0 {
			continue
		}
		p := &r.page.shape
		*at[T](l.valuesAt(r.base, p.cap, p.flags.weightWidth(), c), int(r.row)) = *at[T](src.data, physical(sel, k))
		if p.flags&hasNulls != 0 {
			col := l.column(p, r.base, c)
			col.setValid(int(r.row), true)
		}
	}
}

// upsert overwrites the row with the key of row i of cols, or inserts it.
func (w *writer) upsert(hash uint64, cols []column, i int) error {
	p, err := w.ownLeaf(hash)
	if err != nil {
		return err
	}
	if w.lay.find(&p.shape, p.mem, hash, cols, i, w.lay.spec.Key, true) >= 0 {
		return w.overwrite(hash, cols, i)
	}
	strs, flags := w.lay.need(cols, i, 1)
	if !p.hasRoom(1, strs, flags) {
		return w.insert(p, hash, cols, i, 1, strs, flags)
	}
	w.lay.append(&p.shape, p.mem, cols, i, hash, 1)
	w.cur.rows++
	return nil
}

// overwrite replaces the values of the row with the key of row i of cols, which is there.
func (w *writer) overwrite(hash uint64, cols []column, i int) error {
	strs, flags := w.lay.need(cols, i, 1)
	for {
		p, err := w.ownLeaf(hash)
		if err != nil {
			return err
		}
		if !p.hasRoom(0, strs, flags) && !w.makeRoom(p, hash, 0, strs, flags) {
			continue
		}
		row := w.lay.find(&p.shape, p.mem, hash, cols, i, w.lay.spec.Key, true)
		for c := range cols {
			if c < w.lay.spec.Key && !w.lay.inexact[c] {
				continue
			}
			dst := w.lay.column(&p.shape, p.mem, c)
			if w.lay.kinds[c] == types.KindBytes && p.replaceString(&dst, row, &cols[c], i) {
				continue
			}
			p.set(&dst, row, &cols[c], i)
		}
		return nil
	}
}

// replaceString writes a string in the place of the one before, when it is no longer; else that one is dead.
func (p *shape) replaceString(dst *column, row int, src *column, i int) bool {
	old, n := dst.strLen(row), src.strLen(i)
	if n > old || src.null(i) || n == 0 {
		p.dead += uint32(old)
		return false
	}
	span := at[vec.Span](dst.data, row)
	copy(unsafe.Slice((*byte)(unsafe.Add(dst.heap, span.Off)), n), src.bytes(i))
	span.Len = uint32(n)
	p.dead += uint32(old - n)
	return true
}
