package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
)

// List is an append-only sequence of rows. Positions count rows since the list was made and never change: dropping a
// prefix leaves the others where they are. Writing, freezing and errors are as with Hashed; a list has no key groups.
type List struct {
	ListReader
	writer
	cols []column
}

// ListReader is what can be asked of a list, or of a version of one by any number of goroutines.
type ListReader struct{ v *view }

// NewList makes an empty list whose pages live in mem.
func NewList(mem *Memory, ts []types.Type) *List {
	l := &List{writer: newWriter(mem, kindList.layout(Spec{Types: ts}))}
	l.v = &l.view
	return l
}

// Bounds are the positions of the first row kept and behind the last row.
func (l *ListReader) Bounds() (first, end int64) {
	return l.v.first, l.v.base + l.v.groups[0].rows
}

// Rows is the number of rows kept.
func (l *ListReader) Rows() int64 {
	first, end := l.Bounds()
	return end - first
}

// ScanFrom begins a scan at a position, or at the first row kept if that is later.
func (l *ListReader) ScanFrom(s *Scan, position int64) {
	s.begin(l.v, (*Scan).readList)
	first, end := l.Bounds()
	s.pos, s.end = uint64(max(position, first)-l.v.base), uint64(end-l.v.base)
	s.done = s.pos >= s.end
}

// readList collects the rows of one page, from s.pos on.
func (s *Scan) readList() error {
	p, base, row, err := s.v.leafAt(s.v.root.in.kids[0], int64(s.pos))
	if err != nil {
		return err
	}
	for r := uint32(row); r < p.n; r++ {
		s.out.add(p, base, r)
	}
	s.pos += uint64(p.n) - uint64(row)
	s.done = s.pos >= s.end
	return nil
}

// DropPrefix forgets the rows before position end. Pages with only such rows go.
func (l *List) DropPrefix(end int64) error {
	first, last := l.Bounds()
	end = min(end, last)
	if end <= first {
		return nil
	}
	l.first = end
	if err := l.ownRoot(0); err != nil {
		return err
	}
	slot := &l.root.in.kids[0]
	dropped, err := l.dropRows(slot, end-l.base)
	l.base += dropped
	l.cur.rows -= dropped
	return err
}

// dropRows drops the pages that lie within the first n rows below a slot, and gives the number of rows that went.
func (l *List) dropRows(slot **node, n int64) (int64, error) {
	kid := *slot
	var base unsafe.Pointer
	var err error
	if kid.in == nil {
		if base, err = l.mem.page(l.lay, kid); err != nil {
			return 0, err
		}
	}
	if c := l.lay.countOf(kid, base); c.rows <= n {
		*slot = nil
		l.dropTree(kid)
		return c.rows, nil
	}
	if kid.in == nil {
		return 0, nil
	}
	if kid, err = l.own(kid); err != nil {
		return 0, err
	}
	*slot = kid
	gone, dropped := 0, int64(0)
	for kid.in.counts[gone].rows <= n-dropped {
		dropped += kid.in.counts[gone].rows
		l.dropTree(kid.in.kids[gone])
		gone++
	}
	kid.in.kids = append(kid.in.kids[:0], kid.in.kids[gone:]...)
	kid.in.counts = append(kid.in.counts[:0], kid.in.counts[gone:]...)
	more, err := l.dropRows(&kid.in.kids[0], n-dropped)
	if first := kid.in.kids[0]; first.in != nil {
		kid.in.counts[0] = l.lay.countOf(first, nil)
	}
	return dropped + more, err
}

// dropTree releases a node with all below it.
func (l *List) dropTree(n *node) {
	l.cur.bytes -= treeBytes(n)
	l.mem.release(n)
}

func treeBytes(n *node) int64 {
	b := n.bytes()
	if n.in != nil {
		for _, kid := range n.in.kids {
			b += treeBytes(kid)
		}
	}
	return b
}
