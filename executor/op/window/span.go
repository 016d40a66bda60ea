package window

import "github.com/streamdb/streamdb/executor/op/delta"

// span is a range of positions of a partition: results are wanted from lo to hi, and need rows from base to top.
type span struct{ base, lo, hi, top int64 }

// span is which rows of the partition at hand are affected by the changes, and which they depend on. Where it begins is told
// from rows that the changes do not move: it is the same before and after.
func (o *Over) span(x *part) (s span, err error) {
	first, i := o.in.Row(x.first)
	last, j := o.in.Row(x.last)
	if s.lo, err = o.firstAffected(first, i); err != nil {
		return s, err
	}
	if s.hi, err = o.lastAffected(last, j); err != nil {
		return s, err
	}
	if s.lo >= s.hi { // the end of the partition was taken away
		return span{lo: s.hi, hi: s.hi}, nil
	}
	if s.base, err = o.firstNeeded(&o.reach, s.lo); err != nil {
		return s, err
	}
	s.top, err = o.lastNeeded(s.hi)
	return s, err
}

// firstAffected is the position of the first affected row, the first changed one being row i of c.
func (o *Over) firstAffected(c *delta.Chunk, i int) (int64, error) {
	if err := o.cur.Seek(c.Cols, i, false); err != nil {
		return 0, err
	}
	lo := max(0, o.cur.Position()-o.reach.before)
	if o.reach.peers && lo > 0 {
		if err := o.cur.Seek(c.Cols[:o.lay.Prefix], i, false); err != nil {
			return 0, err
		}
		lo = min(lo, o.cur.Position())
	}
	for _, r := range o.ranges {
		pos, err := r.before(&o.cur, &r.ahead, c.Cols, i, o.lay.Key)
		if err != nil {
			return 0, err
		}
		lo = min(lo, pos)
	}
	return lo, nil
}

// lastAffected is the position behind the last affected row, the last changed one being row i of c.
func (o *Over) lastAffected(c *delta.Chunk, i int) (int64, error) {
	total := o.cur.Weight()
	if o.reach.after >= all {
		return total, nil
	}
	if err := o.cur.Seek(c.Cols, i, true); err != nil {
		return 0, err
	}
	hi := min(total, o.cur.Position()+o.reach.after)
	for _, r := range o.ranges {
		pos, err := r.behind(&o.cur, &r.back, c.Cols, i, o.lay.Key)
		if err != nil {
			return 0, err
		}
		hi = max(hi, pos)
	}
	return hi, nil
}

// firstNeeded is the position of the first row that results from lo on depend on.
func (o *Over) firstNeeded(reach *reach, lo int64) (int64, error) {
	base := max(0, lo-reach.needBefore)
	for _, r := range o.ranges {
		if err := o.readAt(lo); err != nil {
			return 0, err
		}
		pos, err := r.before(&o.cur, &r.back, o.cur.Batch.Cols, 0, o.lay.Key)
		if err != nil {
			return 0, err
		}
		base = min(base, pos)
	}
	if !reach.peers {
		return base, nil
	}
	return o.firstEqual(base, o.lay.Prefix)
}

// firstEqual is the position of the first row that is equal to the one at base in the first n columns.
func (o *Over) firstEqual(base int64, n int) (int64, error) {
	if base == 0 || base == o.cur.Weight() {
		return base, nil
	}
	if err := o.readAt(base); err != nil {
		return 0, err
	}
	if err := o.cur.Seek(o.cur.Batch.Cols[:n], 0, false); err != nil {
		return 0, err
	}
	return min(base, o.cur.Position()), nil
}

// lastNeeded is the position behind the last row that results up to hi depend on.
func (o *Over) lastNeeded(hi int64) (int64, error) {
	top := min(o.cur.Weight(), hi+o.reach.needAfter)
	for _, r := range o.ranges {
		if err := o.readAt(hi - 1); err != nil {
			return 0, err
		}
		pos, err := r.behind(&o.cur, &r.ahead, o.cur.Batch.Cols, 0, o.lay.Key)
		if err != nil {
			return 0, err
		}
		top = max(top, pos)
	}
	return top, nil
}

// readAt makes the cursor's batch the row at a position.
func (o *Over) readAt(pos int64) error {
	if _, err := o.cur.SeekWeight(pos); err != nil {
		return err
	}
	_, err := o.cur.Next(1)
	return err
}
