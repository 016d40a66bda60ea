package session

import (
	"cmp"
	"math"
	"slices"
)

// Region is what some rows of a partition and the open sessions that they touch cover: what is outside of it is at least a gap away.
type Region struct {
	// Part is the number of the partition among Tracker.In's.
	Part int
	// From and To are the places in Tracker.Old of the sessions that were touched.
	From, To int
	// First and Last are the places in Tracker.Order of the region's rows.
	First, Last int
	Span
}

// Late is what rows that are left out have for bounds.
var Late = Span{math.MinInt64, math.MinInt64}

// after is t + gap, below infinity.
func (s *Tracker) after(t int64) int64 {
	if t >= math.MaxInt64-s.Node.Gap {
		return math.MaxInt64 - 1
	}
	return t + s.Node.Gap
}

// findRegions sweeps the rows at hand and the sessions they touch, partition by partition, and gives each row its bounds as far as they are
// known: late, or those of its region.
func (s *Tracker) findRegions(mark int64) error {
	s.Regions, s.Old, s.Order = s.Regions[:0], s.Old[:0], s.Order[:0]
	s.Bounds = slices.Grow(s.Bounds[:0], s.In.Len())[:s.In.Len()]
	s.at.Resize(s.TimeType, s.In.Keys.Len())
	for p := range s.In.Keys.Len() {
		from := len(s.Order)
		s.Order = append(s.Order, s.In.Of(p)...)
		rows := s.Order[from:]
		slices.SortFunc(rows, func(x, y int32) int { return cmp.Compare(s.timeOf(x), s.timeOf(y)) })
		if err := s.sweep(p, from); err != nil {
			return err
		}
	}
	kept := s.Regions[:0]
	for _, r := range s.Regions {
		if s.judge(&r, mark) {
			kept = append(kept, r)
		}
	}
	s.Regions = kept
	return nil
}

func (s *Tracker) timeOf(row int32) int64 {
	c, i := s.In.Row(row)
	return c.Cols[s.time].I64[i]
}

// sweep makes the regions of partition p, whose rows stand in s.Order from a place on.
func (s *Tracker) sweep(p, from int) error {
	if err := s.sessions.open(s.In.Keys.Cols, p, s.In.Keys.Hashes()[p]); err != nil {
		return err
	}
	for at := from; at < len(s.Order); {
		lo := s.timeOf(s.Order[at])
		r := Region{Part: p, First: at, From: len(s.Old), Span: Span{lo, s.reach(s.Order[at])}}
		s.at.I64[p] = lo
		next, err := s.sessions.from(s.In.Keys.Cols, s.at, p)
		if err != nil {
			return err
		}
		at++
		for {
			switch {
			case at < len(s.Order) && s.timeOf(s.Order[at]) < r.End:
				r.End = max(r.End, s.reach(s.Order[at]))
				at++
				continue
			case next.Start < r.End:
				s.Old = append(s.Old, next)
				r.Start, r.End = min(r.Start, next.Start), max(r.End, next.End)
				if next, err = s.sessions.next(); err != nil {
					return err
				}
				continue
			}
			break
		}
		r.Last, r.To = at, len(s.Old)
		s.Regions = append(s.Regions, r)
	}
	return nil
}

// reach is up to where a row touches others: one that is taken back touches only the session it was of.
func (s *Tracker) reach(row int32) int64 {
	c, i := s.In.Row(row)
	t := c.Cols[s.time].I64[i]
	if c.Weight(i) < 0 {
		return t + 1
	}
	return s.after(t)
}

// judge gives the rows of a region their bounds. It is false where nothing is left of it: its rows are late.
func (s *Tracker) judge(r *Region, mark int64) bool {
	closed := s.Node.Closes && r.From == r.To && r.End <= mark
	some := false
	for _, row := range s.Order[r.First:r.Last] {
		s.Bounds[row] = r.Span
		c, i := s.In.Row(row)
		if closed || r.From == r.To && c.Weight(i) < 0 {
			s.Bounds[row] = Late
		} else {
			some = true
		}
	}
	return some
}
