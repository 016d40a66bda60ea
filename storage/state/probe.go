package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/vec"
)

// Probe iterates over the rows that match those of a batch by key. It may be reused, which keeps its buffers. It is invalid
// after the arrangement was written, or the version released.
type Probe struct {
	// Cols are the columns of the arrangement to give; nil means all. To be set before the first Next.
	Cols []int
	// First asks for one match of each probing row only: whether there is any. To be set before the search begins.
	First bool
	// Rows are, for each row of Batch, the physical index of the probing row.
	Rows []int32
	// Batch has up to vec.BatchSize matching rows, with their weights, until the next call of Next.
	Batch *vec.Batch

	v      *view
	out    output
	refs   Refs
	keys   []column
	hashes []uint64
	sel    []int32
	rows   []int32 // as Rows, for out.refs
	k      int     // the probing row at hand
	// pos and end bound the hashes of its key that are still to be searched, when within is set.
	pos, end uint64
	within   bool
}

// Probe begins the search for all rows whose key is not distinct from each selected key: a caller whose nulls match nothing
// leaves those rows out of sel. Matches come from p.Next in the order of the probing rows. Keys, hashes and sel must stay as
// they are until the last Next.
func (h *HashedReader) Probe(p *Probe, keys []*vec.Vector, hashes []uint64, sel []int32, n int) error {
	if err := h.v.lay.checkKinds(keys, h.v.lay.spec.Key); err != nil {
		return err
	}
	p.v, p.hashes, p.sel, p.k, p.within = h.v, hashes, sel, 0, false
	p.out.reset()
	p.rows, p.Rows = p.rows[:0], nil
	p.keys = vectorColumns(p.keys[:0], keys, n)
	return h.v.reach(hashes, &p.refs)
}

// Next gives the next matches; false means there are no more.
func (p *Probe) Next() (bool, error) {
	p.rows = append(p.rows[:0], p.rows[p.out.given:]...)
	p.out.begin()
	for p.k < len(p.hashes) && !p.out.full() {
		if err := p.step(); err != nil {
			return false, err
		}
	}
	p.Batch = p.out.give(p.v.lay, p.Cols)
	p.Rows = p.rows[:p.out.given]
	return p.Batch != nil, nil
}

// step collects the matches of one page, and moves to the next one or to the next probing row.
func (p *Probe) step() error {
	l, hash, r := p.v.lay, p.hashes[p.k], &p.refs.refs[p.k]
	if !p.within && (l.spec.Unique || r.page != nil && r.page.depth <= keyBits) {
		if r.page != nil { // the only page with rows of this key
			p.collect(r.page, r.base)
		}
		p.k++
		return nil
	}
	if !p.within {
		p.within, p.pos = true, hash&^(1<<(64-keyBits)-1)
		p.end = p.pos | (1<<(64-keyBits) - 1)
	}
	if p.v.root == nil {
		p.k, p.within = p.k+1, false
		return nil
	}
	page, last := p.v.nextLeaf(p.pos, p.end)
	if page != nil {
		base, err := p.v.mem.page(l, page)
		if err != nil {
			return err
		}
		if p.collect(page, base) && p.First {
			last = p.end
		}
	}
	if p.pos = last + 1; last >= p.end {
		p.k, p.within = p.k+1, false
	}
	return nil
}

// collect adds the rows of a page with the key of the probing row at hand, and says whether there are any.
func (p *Probe) collect(page *node, base unsafe.Pointer) (found bool) {
	l, hash := p.v.lay, p.hashes[p.k]
	i := physical(p.sel, p.k)
	shift := uint(64 - keyBits)
	if l.spec.Unique {
		shift = 0
	}
	match := func(row uint32) {
		if hashAt(base, row)>>shift == hash>>shift && l.same(&page.shape, base, row, p.keys, i, l.spec.Key, true) {
			p.out.add(page, base, row)
			p.rows = append(p.rows, int32(i))
			found = true
		}
	}
	if l.slots(page.cap) == 0 || page.depth >= keyBits && !l.spec.Unique {
		for row := uint32(0); row < page.n && !(found && p.First); row++ {
			match(row)
		}
		return found
	}
	c := l.chain(&page.shape, base, hash)
	for e := c.next(); e != 0 && !(found && p.First); e = c.next() {
		match(e.row())
	}
	return found
}
