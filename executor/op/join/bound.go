package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// sideBound says where in time the partners of a side's rows are, and so when a row will have no further one.
type sideBound struct {
	reach
	// until plus microseconds is the last time that a partner of a row may have: its own time plus hi, or a column of its own.
	until int
	plus  int64
	// width is the length of the slices in which rows are kept. Rows that end by a column of their own are in none.
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
	s.bound = &sideBound{reach: reach{time: s.keepTyped(col, ts)}}
}

// keepTyped is keep, also where the types are known already.
func (s *sideLayout) keepTyped(col int, ts []types.Type) int {
	kept := s.keep(col)
	if kept == len(s.types) {
		s.types = append(s.types, ts[col])
	}
	return kept
}

// setBounds says how far the sides' partners are.
func (l *layout) setBounds(n *physical.JoinBound, ts [2][]types.Type) {
	a, b := l.sides[left].bound, l.sides[right].bound
	a.lo, a.hi, a.ends = n.Before, n.After, n.RightEnds
	b.lo, b.hi, b.ends = n.After, n.Before, n.LeftEnds
	span := int64(0)
	for _, d := range []int64{n.Before, n.After} {
		if d != physical.Unlimited {
			span += d
		}
	}
	width := max(leastSlice, span/slicesOfSpan)
	if n.Windows && n.OnClose {
		width = 1 // a slice is a window
	}
	for i, until := range []*physical.Until{n.LeftUntil, n.RightUntil} {
		s := &l.sides[i]
		s.bound.until, s.bound.plus, s.bound.width = s.bound.time, s.bound.hi, width
		if until != nil {
			s.bound.until, s.bound.plus, s.bound.width = s.keepTyped(until.Column, ts[i]), until.Plus, 0
		}
	}
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

// least is the least value of until in rows that may still have a further partner, by the other side's watermark.
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
	return sub(watermark, b.plus)
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
		if err := s.arr.drop(least); err != nil {
			return err
		}
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
