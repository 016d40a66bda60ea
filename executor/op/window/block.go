package window

import (
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// block is rows of some partitions, in order, each copy of a row for itself.
type block struct {
	lay  *sorted.Layout
	rows *vec.Batch
	segs []segment
	// start and end bound each row's peers, group numbers them within its segment.
	start, end, group []int32
	// before says that the rows are as they were before the step's changes.
	before bool
	// totals are the partitions' running aggregates.
	totals *totals
	// fail is told of rows whose result failed.
	fail func(row int32, err error)

	reader sorted.Reader
	eq     []bool
	left   []int32
	right  []int32
}

// segment is a part of one partition.
type segment struct {
	// from and to bound its rows in the block.
	from, to int32
	// first and last bound those whose results are wanted; the others are there to be looked at.
	first, last int32
	// base is the position in the partition of row from, total how many rows the partition has.
	base, total int64
	// part is the number of the partition.
	part int
}

func newBlock(l *sorted.Layout) *block {
	return &block{lay: l, rows: vec.NewBatch(l.Spec.Types, 0)}
}

// column is a column of the block by its index in the input.
func (b *block) column(c int) *vec.Vector { return b.rows.Cols[b.lay.Place[c]] }

func (b *block) reset() {
	b.rows.Recycle()
	b.segs = b.segs[:0]
}

// read appends a span of partition part, which c was opened on.
func (b *block) read(c *state.Cursor, s span, part int) error {
	from := int32(b.rows.N)
	if err := b.reader.Append(b.rows, c, s.base, s.top); err != nil {
		return err
	}
	at := func(pos int64) int32 { return from + int32(pos-s.base) }
	freed := b.totals.freedOf(part)
	b.segs = append(b.segs, segment{from: from, to: int32(b.rows.N), first: at(s.lo), last: at(s.hi), base: freed + s.base, total: freed + c.Weight(), part: part})
	return nil
}

// findPeers fills start, end and group.
func (b *block) findPeers() {
	n := b.rows.N
	b.start, b.end, b.group = sized(b.start, n), sized(b.end, n), sized(b.group, n)
	b.compareNeighbours(n)
	for _, s := range b.segs {
		start, group := s.from, int32(0)
		for i := s.from; i < s.to; i++ {
			if i > s.from && !b.eq[i-1] {
				start, group = i, group+1
			}
			b.start[i], b.group[i] = start, group
		}
		end := s.to
		for i := s.to - 1; i >= s.from; i-- {
			b.end[i] = end
			if b.start[i] == i {
				end = i
			}
		}
	}
}

// compareNeighbours makes eq[i] whether rows i and i+1 are equal by ORDER BY.
func (b *block) compareNeighbours(n int) {
	for i := int32(len(b.left)); int(i) < n; i++ {
		b.left, b.right = append(b.left, i), append(b.right, i+1)
	}
	b.eq = sized(b.eq, n)
	if n < 2 {
		return
	}
	order := b.rows.Cols[b.lay.Key:b.lay.Prefix]
	vec.EqualRows(order, b.left[:n-1], order, b.right[:n-1], b.eq[:n-1])
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, max(n, vec.BatchSize))
	}
	return s[:n]
}
