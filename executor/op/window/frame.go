package window

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
)

// rowRange is the rows from one index up to, not including, another.
type rowRange struct{ from, to int32 }

func (r rowRange) empty() bool { return r.from >= r.to }

// frames are the window frames of a call.
type frames struct {
	spec *physical.Frame
	// startBy and endBy are the bounds' offsets in rows or groups.
	startBy, endBy int64
	// startAt and endAt find the bounds of RANGE with an offset; nil for others.
	startAt, endAt *rangeBound
	// from and to bound each wanted row's frame, exclusions apart.
	from, to []int32
	groups   []int32 // the first rows of a segment's groups, and its end
}

// newFrames evaluates the offsets of a frame.
func (f *factory) newFrames(ctx *op.Context, spec *physical.Frame) (fr frames, err error) {
	fr.spec = spec
	if fr.startBy, fr.startAt, err = f.bound(ctx, spec.Unit, &spec.Start, "starting"); err != nil {
		return fr, err
	}
	fr.endBy, fr.endAt, err = f.bound(ctx, spec.Unit, &spec.End, "ending")
	return fr, err
}

// compute finds the frames of the wanted rows. The block's peers must be known.
func (f *frames) compute(b *block) {
	f.from, f.to = sized(f.from, b.rows.N), sized(f.to, b.rows.N)
	for _, r := range []*rangeBound{f.startAt, f.endAt} {
		if r != nil {
			r.begin(b)
		}
	}
	for k := range b.segs {
		s := &b.segs[k]
		if f.spec.Unit == physical.Groups {
			f.findGroups(b, s)
		}
		f.fill(b, s, &f.spec.Start, f.startBy, f.startAt, f.from, false)
		f.fill(b, s, &f.spec.End, f.endBy, f.endAt, f.to, true)
		for i := s.first; i < s.last; i++ {
			f.to[i] = max(f.to[i], f.from[i])
		}
	}
}

// fill finds one bound of the wanted rows' frames: the first row, or with end the row behind the last.
func (f *frames) fill(b *block, s *segment, bound *physical.Bound, by int64, at *rangeBound, dst []int32, end bool) {
	switch bound.Bound {
	case physical.UnboundedPreceding:
		fillRange(dst, s, s.from)
		return
	case physical.UnboundedFollowing:
		fillRange(dst, s, s.to)
		return
	case physical.Preceding:
		by = -by
	case physical.CurrentRow:
		by, at = 0, nil
	}
	switch {
	case at != nil:
		at.fill(s, dst, end)
	case f.spec.Unit == physical.Rows:
		if end {
			by++
		}
		for i := s.first; i < s.last; i++ {
			dst[i] = int32(clamp(int64(i)+by, int64(s.from), int64(s.to)))
		}
	case f.spec.Unit == physical.Groups:
		if end {
			by++
		}
		last := int64(len(f.groups) - 1)
		for i := s.first; i < s.last; i++ {
			dst[i] = f.groups[clamp(int64(b.group[i])+by, 0, last)]
		}
	case end:
		copy(dst[s.first:s.last], b.end[s.first:s.last])
	default:
		copy(dst[s.first:s.last], b.start[s.first:s.last])
	}
}

func fillRange(dst []int32, s *segment, x int32) {
	for i := s.first; i < s.last; i++ {
		dst[i] = x
	}
}

func clamp(x, low, high int64) int64 { return max(low, min(x, high)) }

func (f *frames) findGroups(b *block, s *segment) {
	f.groups = f.groups[:0]
	for i := s.from; i < s.to; i++ {
		if b.start[i] == i {
			f.groups = append(f.groups, i)
		}
	}
	f.groups = append(f.groups, s.to)
}

// hole is what is left out of row i's frame, and whether the row itself stays.
func (f *frames) hole(b *block, i int32) (h rowRange, keep bool) {
	switch f.spec.Exclude {
	case physical.ExcludeCurrentRow:
		return rowRange{i, i + 1}, false
	case physical.ExcludeGroup:
		return rowRange{b.start[i], b.end[i]}, false
	case physical.ExcludeTies:
		return rowRange{b.start[i], b.end[i]}, true
	}
	return rowRange{}, false
}

// parts are the up to three ranges of rows that row i's frame consists of, in order. With slot, EXCLUDE TIES puts row i in the
// place of its peers even if it is not in the frame itself: PostgreSQL counts rows so, and finds no value in that place.
func (f *frames) parts(b *block, i int32, slot bool) (parts [3]rowRange, n int) {
	frame := rowRange{f.from[i], f.to[i]}
	h, keep := f.hole(b, i)
	add := func(r rowRange) {
		r.from, r.to = max(r.from, frame.from), min(r.to, frame.to)
		if !r.empty() {
			parts[n] = r
			n++
		}
	}
	if h.empty() {
		add(frame)
		return parts, n
	}
	add(rowRange{frame.from, h.from})
	switch overlap := (rowRange{max(h.from, frame.from), min(h.to, frame.to)}); {
	case keep && slot && !overlap.empty():
		parts[n] = rowRange{i, i + 1}
		n++
	case keep:
		add(rowRange{i, i + 1})
	}
	add(rowRange{h.to, frame.to})
	return parts, n
}
