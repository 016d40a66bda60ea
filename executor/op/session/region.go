package session

import (
	"cmp"
	"math"
	"slices"
)

// region is what some rows of a partition and the open sessions that they touch cover: what is outside of it is at least a gap away.
type region struct {
	part int
	// old are the sessions that were touched, from and to their places in Session.old.
	from, to int
	// first and last are places in Session.order of the region's rows.
	first, last int
	span
}

// late is what rows that are left out have for bounds.
var late = span{math.MinInt64, math.MinInt64}

// after is t + gap, below infinity.
func (s *Session) after(t int64) int64 {
	if t >= math.MaxInt64-s.node.Gap {
		return math.MaxInt64 - 1
	}
	return t + s.node.Gap
}

// findRegions sweeps the rows at hand and the sessions they touch, partition by partition, and gives each row its bounds as far as they are
// known: late, or those of its region.
func (s *Session) findRegions(mark int64) error {
	s.regions, s.old, s.order = s.regions[:0], s.old[:0], s.order[:0]
	s.bounds = slices.Grow(s.bounds[:0], s.in.Len())[:s.in.Len()]
	s.at.Resize(s.timeType, s.in.Keys.Len())
	for p := range s.in.Keys.Len() {
		from := len(s.order)
		s.order = append(s.order, s.in.Of(p)...)
		rows := s.order[from:]
		slices.SortFunc(rows, func(x, y int32) int { return cmp.Compare(s.timeOf(x), s.timeOf(y)) })
		if err := s.sweep(p, from); err != nil {
			return err
		}
	}
	kept := s.regions[:0]
	for _, r := range s.regions {
		if s.judge(&r, mark) {
			kept = append(kept, r)
		}
	}
	s.regions = kept
	return nil
}

func (s *Session) timeOf(row int32) int64 {
	c, i := s.in.Row(row)
	return c.Cols[s.time].I64[i]
}

// sweep makes the regions of partition p, whose rows stand in s.order from a place on.
func (s *Session) sweep(p, from int) error {
	if err := s.sessions.open(s.in.Keys.Cols, p, s.in.Keys.Hashes()[p]); err != nil {
		return err
	}
	for at := from; at < len(s.order); {
		lo := s.timeOf(s.order[at])
		r := region{part: p, first: at, from: len(s.old), span: span{lo, s.reach(s.order[at])}}
		s.at.I64[p] = lo
		next, err := s.sessions.from(s.in.Keys.Cols, s.at, p)
		if err != nil {
			return err
		}
		at++
		for {
			switch {
			case at < len(s.order) && s.timeOf(s.order[at]) < r.end:
				r.end = max(r.end, s.reach(s.order[at]))
				at++
				continue
			case next.start < r.end:
				s.old = append(s.old, next)
				r.start, r.end = min(r.start, next.start), max(r.end, next.end)
				if next, err = s.sessions.next(); err != nil {
					return err
				}
				continue
			}
			break
		}
		r.last, r.to = at, len(s.old)
		s.regions = append(s.regions, r)
	}
	return nil
}

// reach is up to where a row touches others: one that is taken back touches only the session it was of.
func (s *Session) reach(row int32) int64 {
	c, i := s.in.Row(row)
	t := c.Cols[s.time].I64[i]
	if c.Weight(i) < 0 {
		return t + 1
	}
	return s.after(t)
}

// judge gives the rows of a region their bounds. It is false where nothing is left of it: its rows are late.
func (s *Session) judge(r *region, mark int64) bool {
	closed := s.node.Closes && r.from == r.to && r.end <= mark
	some := false
	for _, row := range s.order[r.first:r.last] {
		s.bounds[row] = r.span
		c, i := s.in.Row(row)
		if closed || r.from == r.to && c.Weight(i) < 0 {
			s.bounds[row] = late
		} else {
			some = true
		}
	}
	return some
}
