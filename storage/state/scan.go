package state

import "github.com/streamdb/streamdb/sql/vec"

// Scan iterates over the rows of a Hashed or a List. It may be reused, which keeps its buffers. It is invalid after the
// arrangement was written, or the version released.
type Scan struct {
	// Cols are the columns to give; nil means all. To be set before the first Next.
	Cols []int
	// Batch has up to vec.BatchSize rows until the next call of Next.
	Batch *vec.Batch

	v    *view
	out  output
	leaf func(s *Scan) error
	// pos and end bound what is still to be read: hashes, or positions of a list.
	pos, end uint64
	done     bool
}

// Scan begins a scan of a key group, or of all when group is -1. The order is a function of the arrangement's history.
func (h *HashedReader) Scan(s *Scan, group int) {
	s.begin(h.v, (*Scan).readLeaf)
	s.pos, s.end = 0, ^uint64(0)
	if group >= 0 {
		s.pos = uint64(group) << (64 - groupBits)
		s.end = s.pos | (1<<(64-groupBits) - 1)
	}
}

func (s *Scan) begin(v *view, leaf func(s *Scan) error) {
	s.v, s.leaf, s.done = v, leaf, v.root == nil
	s.out.reset()
}

// Next gives the next rows; false means there are no more.
func (s *Scan) Next() (bool, error) {
	s.out.begin()
	for !s.done && !s.out.full() {
		if err := s.leaf(s); err != nil {
			return false, err
		}
	}
	s.Batch = s.out.give(s.v.lay, s.Cols)
	return s.Batch != nil, nil
}

// readLeaf collects the rows of the page at pos, or of the first behind it.
func (s *Scan) readLeaf() error {
	p, last := s.v.nextLeaf(s.pos, s.end)
	s.pos, s.done = last+1, last >= s.end
	if p == nil {
		return nil
	}
	base, err := s.v.mem.page(s.v.lay, p)
	if err != nil {
		return err
	}
	for row := range p.n {
		s.out.add(p, base, row)
	}
	return nil
}

// nextLeaf is the page of the first rows with a hash from pos to end, and the last hash that it is for; without such a page,
// nil and a hash not below end.
func (v *view) nextLeaf(pos, end uint64) (p *node, last uint64) {
	for {
		n, level := v.root, uint(0)
		for n != nil && n.in != nil {
			n, level = n.in.kids[slotIn(level, pos)], level+levelBits(level)
		}
		if n != nil {
			level = uint(n.depth)
		}
		last = pos | (1<<(64-level) - 1)
		if n != nil || last >= end {
			return n, last
		}
		pos = last + 1
	}
}
