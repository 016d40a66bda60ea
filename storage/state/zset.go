package state

import "github.com/streamdb/streamdb/sql/vec"

// Changes are the weights of the rows of a delta before and after each was applied, in the order of its selected rows.
type Changes struct{ Old, New []int64 }

func (ch *Changes) reset(n int) {
	if cap(ch.Old) < n {
		ch.Old, ch.New = make([]int64, n, max(n, vec.BatchSize)), make([]int64, n, max(n, vec.BatchSize))
	}
	ch.Old, ch.New = ch.Old[:n], ch.New[:n]
}

// rowHashes are the hashes that decide where the rows of a Z-set lie: the upper half is the key's, so that rows of one key
// lie together, and the lower half that of the rest of the row, so that any one row is found among a million of its key.
func (l *layout) rowHashes(b *vec.Batch, keyHashes, dst []uint64) []uint64 {
	if cap(dst) < len(keyHashes) {
		dst = make([]uint64, len(keyHashes), max(len(keyHashes), vec.BatchSize))
	}
	dst = dst[:len(keyHashes)]
	rest := b.Cols[l.spec.Key:]
	if len(rest) == 0 {
		copy(dst, keyHashes)
		return dst
	}
	vec.IdentityHash(rest, b.Sel, b.N, dst)
	for k, h := range keyHashes {
		dst[k] = h&^(1<<(64-keyBits)-1) | dst[k]>>keyBits
	}
	return dst
}

// Apply adds a delta: weights of identical rows are summed, and a row of weight 0 is removed (a weight may be negative for a
// while). b has all columns; hashes are those of its keys; ch may be nil. Not for Unique arrangements.
func (h *Hashed) Apply(b *vec.Batch, hashes []uint64, ch *Changes) error {
	if err := h.lay.checkRows(b); err != nil {
		return err
	}
	if ch != nil {
		ch.reset(len(hashes))
	}
	h.cols = vectorColumns(h.cols[:0], b.Cols, b.N)
	h.hashes = h.lay.rowHashes(b, hashes, h.hashes)
	if err := h.reach(h.hashes, &h.refs); err != nil { // pages are in memory and index lines in the cache from here on
		return err
	}
	h.forgetShared(h.refs.refs)
	h.fresh.reset()
	for k, hash := range h.hashes {
		i := physical(b.Sel, k)
		weight := b.Weight(i)
		old, found, err := h.reweigh(h.refs.refs[k].page, hash, h.cols, i, weight)
		if err != nil {
			return err
		}
		if !found {
			h.fresh.add(hash, k)
		}
		if ch != nil {
			ch.Old[k], ch.New[k] = old, old+weight
		}
	}
	return h.applyFresh(b, ch)
}

// Insert adds rows of which none will be asked for by Apply's Changes: identical ones may lie apart, each with a weight of its own, so none is
// searched for. Otherwise it is Apply.
func (h *Hashed) Insert(b *vec.Batch, hashes []uint64) error {
	if err := h.lay.checkRows(b); err != nil {
		return err
	}
	h.cols = vectorColumns(h.cols[:0], b.Cols, b.N)
	h.hashes = h.lay.rowHashes(b, hashes, h.hashes)
	h.fresh.reset()
	for k, hash := range h.hashes {
		h.fresh.add(hash, k)
	}
	return h.applyFresh(b, nil)
}

// applyFresh adds the rows that were not found.
func (h *Hashed) applyFresh(b *vec.Batch, ch *Changes) error {
	h.fresh.arrange(b.Sel, b.Weights)
	for _, r := range h.fresh.twins {
		i := physical(b.Sel, int(r.k))
		old, err := h.add(r.hash, h.cols, i, b.Weight(i))
		if err != nil {
			return err
		}
		if ch != nil {
			ch.Old[r.k], ch.New[r.k] = old, old+b.Weight(i)
		}
	}
	return h.insertAll(h.fresh.hashes, h.fresh.at, h.cols, b.Weights)
}

// add adds to the weight of row i of cols, which may not be there, and returns what it was before.
func (w *writer) add(hash uint64, cols []column, i int, weight int64) (old int64, err error) {
	old, found, err := w.reweigh(nil, hash, cols, i, weight)
	if err != nil || found || weight == 0 {
		return old, err
	}
	strs, flags := w.lay.need(cols, i, weight)
	return 0, w.insert(nil, hash, cols, i, weight, strs, flags)
}

// reweigh adds to the weight of row i of cols, if it is there, and returns what it was before. p is the page that was found for the hash, if that
// was the writer's own: it is searched again only if it has been split or joined since.
func (w *writer) reweigh(p *node, hash uint64, cols []column, i int, weight int64) (old int64, found bool, err error) {
	if p == nil || p.gen != w.gen {
		if p = w.leaf(hash); p == nil {
			return 0, false, nil
		}
	}
	base, err := w.mem.page(w.lay, p)
	if err != nil {
		return 0, false, err
	}
	row := w.lay.find(&p.shape, base, hash, cols, i, len(cols), false)
	if row < 0 {
		return 0, false, nil
	}
	old = w.lay.weight(&p.shape, base, uint32(row))
	if weight == 0 {
		return old, true, nil
	}
	if p, err = w.ownPage(p, hash); err != nil {
		return 0, true, err
	}
	switch left := old + weight; {
	case left == 0:
		return old, true, w.removeRow(p, uint32(row), hash)
	case (left < 0) != (old < 0): // the rest may be for an identical row that lies apart
		if err := w.removeRow(p, uint32(row), hash); err != nil {
			return old, true, err
		}
		_, err := w.add(hash, cols, i, left)
		return old, true, err
	}
	for p.flags&hasWeights == 0 && !w.makeRoom(p, hash, 0, 0, hasWeights) {
		if p, err = w.ownLeaf(hash); err != nil {
			return 0, true, err
		}
		row = w.lay.find(&p.shape, p.mem, hash, cols, i, len(cols), false)
	}
	*at[int64](w.lay.weightsAt(&p.shape, p.mem), row) = old + weight
	return old, true, nil
}
