package window

import (
	"slices"

	"github.com/streamdb/streamdb/sql/vec"
)

// shift is lag and lead: the value of another row of the partition.
type shift struct {
	value int
	// offset is the column of how many rows to go, or -1: one. fallback is that of the value where there is no such row, or -1: null.
	offset, fallback int
	// sign is -1 for lag and 1 for lead.
	sign int64
	pick picker
}

func (f *shift) eval(b *block, out *vec.Vector) {
	f.pick.begin(b)
	for k := range b.segs {
		s := &b.segs[k]
		for i := s.first; i < s.last; i++ {
			by := int64(1)
			if f.offset >= 0 {
				v := b.column(f.offset)
				if v.IsNull(int(i)) {
					continue
				}
				by = v.Datum(int(i)).I
			}
			switch at := int64(i) + f.sign*by; {
			case at >= int64(s.from) && at < int64(s.to):
				f.pick.row[i] = int32(at)
			case f.fallback >= 0:
				f.pick.fall = append(f.pick.fall, i)
			}
		}
	}
	f.pick.finish(b.column(f.value), out)
	if f.fallback < 0 {
		return
	}
	out.Data = slices.Clip(out.Data) // it is shared: what is appended goes elsewhere
	for _, i := range f.pick.fall {
		copyValue(out, int(i), b.column(f.fallback), int(i))
	}
}

// picker makes a column of values of other rows; -1 stands for null.
type picker struct {
	row, fall []int32
	rows      []int32
}

func (p *picker) begin(b *block) {
	p.row, p.fall = sized(p.row, b.rows.N), p.fall[:0]
	for i := range p.row {
		p.row[i] = -1
	}
}

// finish makes out the values of column src that were picked.
func (p *picker) finish(src, out *vec.Vector) {
	p.rows = sized(p.rows, len(p.row))
	for i, r := range p.row {
		p.rows[i] = max(r, 0)
	}
	typ := out.Type
	out.Take(src, p.rows)
	out.Type = typ
	for i, r := range p.row {
		if r < 0 {
			out.SetNull(i)
		}
	}
}
