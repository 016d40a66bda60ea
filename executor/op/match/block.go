package match

import (
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// block is rows of some partitions, in order, each copy of a row for itself.
type block struct {
	lay  *sorted.Layout
	rows *vec.Batch
	segs []segment

	reader  sorted.Reader
	shifted map[int][]int32 // by shift: where each row's neighbour is, -1 for none
	input   vec.Batch       // the rows in the order of the input's columns
	there   []int32
}

// segment is the rows of one partition that are looked at: the last ones of those that are kept.
type segment struct {
	// part is the number of the partition; from and to bound its rows in the block. base of its rows come before these.
	part     int
	from, to int32
	base     int64
	// start is the first row where a match may begin that has not been decided; number counts the matches before.
	start  int32
	number int64
	// settled bounds the rows that no row will come before. Decisions that needed no others are final; all are if it is behind to.
	settled int32
	// horizon is the least time that a row to come can have.
	horizon int64
}

func newBlock(l *sorted.Layout) *block {
	return &block{lay: l, rows: vec.NewBatch(l.Spec.Types, 0), shifted: map[int][]int32{}}
}

func (b *block) reset() {
	b.rows.Recycle()
	b.segs = b.segs[:0]
}

// read appends the rows of a partition, which c was opened on, from back rows before row start on.
func (b *block) read(c *state.Cursor, part int, start int64, back int) (*segment, error) {
	from, base := int32(b.rows.N), max(0, start-int64(back))
	if err := b.reader.Append(b.rows, c, base, c.Weight()); err != nil {
		return nil, err
	}
	b.segs = append(b.segs, segment{part: part, from: from, to: int32(b.rows.N), base: base, start: from + int32(start-base)})
	return &b.segs[len(b.segs)-1], nil
}

// begin prepares for what is asked of the rows once they are all there.
func (b *block) begin() {
	clear(b.shifted)
	b.lay.Unview(b.rows, &b.input)
}

// column is a column of the input.
func (b *block) column(c int) *vec.Vector { return b.rows.Cols[b.lay.Place[c]] }

// time is a row's time, by the first column of the order; a null is after all times.
func (b *block) time(i int32) int64 {
	v := b.rows.Cols[b.lay.Key]
	if v.IsNull(int(i)) {
		return types.TimestampInfinity
	}
	return v.I64[i]
}

// neighbours are, for each row, the row of its partition that is shift rows from it, or -1.
func (b *block) neighbours(shift int) []int32 {
	if rows, ok := b.shifted[shift]; ok {
		return rows
	}
	rows := make([]int32, b.rows.N)
	for k := range b.segs {
		s := &b.segs[k]
		for i := s.from; i < s.to; i++ {
			rows[i] = s.at(i, shift)
		}
	}
	b.shifted[shift] = rows
	return rows
}

// at is the row of the segment that is shift rows from i, or -1.
func (s *segment) at(i int32, shift int) int32 {
	if j := int64(i) + int64(shift); j >= int64(s.from) && j < int64(s.to) {
		return int32(j)
	}
	return -1
}

// fill makes out the values of a slot on rows, which may be -1; not of those that speak of matches.
func (b *block) fill(slot *physical.MatchSlot, rows []int32, out *vec.Vector) {
	if slot.Kind == physical.SlotExists {
		out.Resize(slot.Type, len(rows))
		for k, i := range rows {
			out.Bool[k] = uint8(1) &^ uint8(uint32(i)>>31)
		}
		return
	}
	b.there = append(b.there[:0], rows...)
	for k, i := range rows {
		b.there[k] = max(i, 0)
	}
	out.Take(b.column(slot.Column), b.there)
	for k, i := range rows {
		if i < 0 {
			out.SetNull(k)
		}
	}
}
