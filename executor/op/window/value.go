package window

import (
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// frameValue is first_value, last_value and nth_value: the value of a row of the frame.
type frameValue struct {
	frames frames
	value  int
	// nth is the column of the number, from 1, or -1. With last rows are counted from the end.
	nth  int
	last bool
	pick picker
	// total is where totals has whether rows of a partition have been freed, and the value of its first one; -1 if all frames begin later,
	// or the first value is not asked for.
	total int
}

func (f *frameValue) eval(b *block, out *vec.Vector) {
	f.frames.compute(b)
	f.pick.begin(b)
	for k := range b.segs {
		s := &b.segs[k]
		for i := s.first; i < s.last; i++ {
			n := int64(1)
			if f.nth >= 0 {
				v := b.column(f.nth)
				if v.IsNull(int(i)) {
					continue
				}
				if n = v.Datum(int(i)).I; n <= 0 {
					b.fail(i, sqlerr.New(sqlerr.InvalidArgumentForNthValue, "argument of nth_value must be greater than zero"))
					continue
				}
			}
			parts, count := f.frames.parts(b, i, true)
			if row := nthOf(parts[:count], n, f.last); row >= f.frames.from[i] && row < f.frames.to[i] {
				f.pick.row[i] = row
			}
		}
	}
	f.pick.finish(b.column(f.value), out)
	if f.total >= 0 {
		f.putFirst(b, out)
	}
}

// putFirst makes the results of partitions of which rows have been freed the value of the first of these.
func (f *frameValue) putFirst(b *block, out *vec.Vector) {
	out.Data = slices.Clip(out.Data) // it is shared: what is appended goes elsewhere
	for k := range b.segs {
		s := &b.segs[k]
		if b.totals.number(f.total, s.part) == 0 {
			continue
		}
		for i := s.first; i < s.last; i++ {
			copyValue(out, int(i), b.totals.cols[f.total+1], s.part)
		}
	}
}

// fold notes the first value of a partition when its first rows are freed.
func (f *frameValue) fold(b *block) {
	if f.total < 0 {
		return
	}
	for k := range b.segs {
		s := &b.segs[k]
		if b.totals.number(f.total, s.part) == 0 {
			copyValue(b.totals.cols[f.total+1], s.part, b.column(f.value), int(s.first))
			b.totals.add(f.total, s.part, 1)
		}
	}
}

// nthOf is the n-th row of the parts of a frame, -1 if there is none.
func nthOf(parts []rowRange, n int64, last bool) int32 {
	for k := range parts {
		p := parts[k]
		if last {
			p = parts[len(parts)-1-k]
		}
		size := int64(p.to - p.from)
		if n > size {
			n -= size
			continue
		}
		if last {
			return p.to - int32(n)
		}
		return p.from + int32(n) - 1
	}
	return -1
}

// copyValue sets row i of dst, whose strings are its own from here on, to a value of a column of the same kind.
func copyValue(dst *vec.Vector, i int, src *vec.Vector, j int) {
	if src.IsNull(j) {
		dst.SetNull(i)
		return
	}
	if dst.Valid != nil {
		dst.Valid.Set(i)
	}
	switch dst.Kind() {
	case types.KindBool:
		dst.Bool[i] = src.Bool[j]
	case types.KindInt32:
		dst.I32[i] = src.I32[j]
	case types.KindInt64:
		dst.I64[i] = src.I64[j]
	case types.KindFloat:
		dst.F64[i] = src.F64[j]
	case types.KindWide:
		dst.Wide[i] = src.Wide[j]
	default:
		dst.SetBytes(i, src.Bytes(j))
	}
}
