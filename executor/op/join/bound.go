package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// sideBound says where in time the partners of a side's rows are, and so when a row will have no further one.
type sideBound struct {
	reach
	// width is the length of the slices in which rows are kept.
	width int64
	// ends says that the other side's times are the ends of windows.
	ends bool
}

// A slice is a quarter of the span in which partners are: so a row is kept a quarter longer than it must be, and meets a few
// slices. Shorter ones than leastSlice would be more trouble than they free.
const (
	slicesOfSpan = 4
	leastSlice   = 1_000_000 // a second
)

// keepTime makes the side keep its time.
func (s *sideLayout) keepTime(col int, ts []types.Type) {
	kept := s.keep(col)
	if kept == len(s.types) {
		s.types = append(s.types, ts[col])
	}
	s.bound = &sideBound{reach: reach{time: kept}}
}

// setBounds says how far the sides' partners are.
func (l *layout) setBounds(n *physical.JoinBound) {
	a, b := l.sides[left].bound, l.sides[right].bound
	a.lo, a.hi, a.ends = n.Before, n.After, n.RightEnds
	b.lo, b.hi, b.ends = n.After, n.Before, n.LeftEnds
	width := max(leastSlice, (n.Before+n.After)/slicesOfSpan)
	if n.Windows && n.OnClose {
		width = 1 // a slice is a window
	}
	a.width, b.width = width, width
}

// reach is the reach of the side's rows.
func (s *sideLayout) reach() reach {
	if s.bound == nil {
		return reach{}
	}
	return s.bound.reach
}

// keyReach is the reach of keys of the side, or of the other one, which are all that makes partners.
func (s *sideLayout) keyReach() reach {
	if s.bound == nil {
		return reach{}
	}
	return reach{time: s.bound.time}
}

// least is the least time of rows that may still have a further partner, by the other side's watermark.
func (b *sideBound) least(watermark int64) int64 {
	switch {
	case watermark == op.EndOfTime:
		return op.EndOfTime
	case watermark == op.NoWatermark:
		return op.NoWatermark
	}
	if b.ends {
		watermark = add(watermark, 1)
	}
	return sub(watermark, b.hi)
}

// free frees the rows that will have no further partner. Each side's go by the other's watermark; both by the lower one where the keys of
// one side tell which rows of the other have a partner.
func (b *base) free(drop func(side int, least int64) error) error {
	for i, s := range b.sides {
		if s.bound == nil {
			continue
		}
		mark := b.marks[1-i]
		if b.byKey {
			mark = b.low.Low()
		}
		least := s.bound.least(mark)
		s.arr.drop(least)
		if err := drop(i, least); err != nil {
			return err
		}
	}
	return nil
}

// outMark is the watermark of the output when that of both inputs is low.
func (b *base) outMark(low int64) int64 {
	if b.bound == nil || low == op.EndOfTime || low == op.NoWatermark {
		return low
	}
	return max(op.NoWatermark+1, sub(low, b.bound.HoldBack))
}
