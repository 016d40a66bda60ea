package state

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Hashed is an arrangement found by the hash of its key. It is used by one goroutine; Freeze gives readers to others.
//
// Row arguments are columns of n rows (constant vectors are allowed) and a selection (nil: all n). Everything that goes with
// the rows, as the hashes of their keys (of vec.HashRows), has one element for each selected row, in that order. Nothing
// passed in is kept. Errors are those of reading evicted pages; state that failed is not to be used further, but for
// Release and Adopt.
type Hashed struct {
	HashedReader
	writer
	refs   Refs
	cols   []column
	hashes []uint64
	fresh  inserts
}

// HashedReader is what can be asked of a hashed arrangement: of the writer at any time, or of a Version by any number of
// goroutines.
type HashedReader struct{ v *view }

// Rows is the number of distinct rows.
func (h *HashedReader) Rows() int64 { return h.v.Rows() }

// NewHashed makes an empty arrangement whose pages live in mem.
func NewHashed(mem *Memory, spec Spec) *Hashed {
	h := &Hashed{writer: newWriter(mem, kindHashed.layout(spec))}
	h.v = &h.view
	return h
}

// checkKinds refuses columns that do not lie in memory as those of the arrangement do.
func (l *layout) checkKinds(cols []*vec.Vector, n int) error {
	if len(cols) != n {
		return sqlerr.Internal("%d columns for an arrangement with %d", len(cols), n)
	}
	for c, v := range cols {
		if k := v.Kind(); k != l.kinds[c] && !(isInteger(k) && isInteger(l.kinds[c])) {
			return sqlerr.Internal("column %d of an arrangement is of another kind", c)
		}
	}
	return nil
}

func isInteger(k types.Kind) bool { return k == types.KindInt32 || k == types.KindInt64 }

// checkRows is checkKinds for whole rows that are to be stored: there integers may not differ in width.
func (l *layout) checkRows(b *vec.Batch) error {
	if err := l.checkKinds(b.Cols, len(l.kinds)); err != nil {
		return err
	}
	for c, v := range b.Cols {
		if v.Kind() != l.kinds[c] {
			return sqlerr.Internal("column %d of an arrangement is of another kind", c)
		}
	}
	return nil
}

// Put inserts each row of b, or overwrites the row with its key. b has all columns; its weights are not looked at. refs may be
// those of a Lookup of the same rows, nothing having been written since, which saves the search, or nil; they are used up.
// Of two rows with one key the later wins. Only for Unique arrangements.
func (h *Hashed) Put(b *vec.Batch, hashes []uint64, refs *Refs) error {
	if err := h.lay.checkRows(b); err != nil {
		return err
	}
	h.cols = vectorColumns(h.cols[:0], b.Cols, b.N)
	if refs == nil {
		refs = &h.refs
		if err := h.Lookup(b.Cols[:h.lay.spec.Key], hashes, b.Sel, b.N, refs); err != nil {
			return err
		}
	}
	if err := h.putFound(h.cols, hashes, b.Sel, refs); err != nil { // first, as it moves nothing
		return err
	}
	return h.putFresh(hashes, b.Sel, refs.refs)
}

// Delete removes the rows of the keys and returns how many there were. Only for Unique arrangements.
func (h *Hashed) Delete(keys []*vec.Vector, hashes []uint64, sel []int32, n int) (int, error) {
	if err := h.lay.checkKinds(keys, h.lay.spec.Key); err != nil {
		return 0, err
	}
	h.cols = vectorColumns(h.cols[:0], keys, n)
	deleted := 0
	for k, hash := range hashes {
		p := h.leaf(hash)
		if p == nil {
			continue
		}
		base, err := h.mem.page(h.lay, p)
		if err != nil {
			return deleted, err
		}
		row := h.lay.find(&p.shape, base, hash, h.cols, physical(sel, k), len(keys), true)
		if row < 0 {
			continue
		}
		if p, err = h.ownLeaf(hash); err != nil {
			return deleted, err
		}
		if err := h.removeRow(p, uint32(row), hash); err != nil {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}

// physical is the index of the k-th selected row.
func physical(sel []int32, k int) int {
	if sel != nil {
		return int(sel[k])
	}
	return k
}
