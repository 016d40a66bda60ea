package match

import (
	"sort"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// revise begins the searches anew of those partitions that have changed before the end of what was looked at for what has been
// decided: rows that come behind leave that as it is, with a watermark or without.
func (m *Match) revise() error {
	for p := range m.changed {
		at := &m.kept.now[p]
		if at.skip == 0 {
			continue
		}
		rows := m.in.Of(p)
		first, i := m.in.Row(rows[0])
		for _, row := range rows[1:] {
			if c, k := m.in.Row(row); m.lay.Compare(c.Cols, k, first.Cols, i) < 0 {
				first, i = c, k
			}
		}
		if err := m.arr.Open(&m.cur, m.in.Keys.Cols, p, m.in.Keys.Hashes()[p]); err != nil {
			return err
		}
		if err := m.cur.Seek(first.Cols, i, false); err != nil {
			return err
		}
		if m.cur.Position() < at.decided {
			*at = nowhere
		}
	}
	return nil
}

// resume makes the search of a segment go on where it was left.
func (m *Match) resume(seg *segment) {
	seg.number, seg.settled = m.kept.now[seg.part].number, seg.to+1
	if m.sign < 0 || m.ctx.Once || m.watermark == op.EndOfTime && m.node.Watermark {
		return
	}
	seg.settled, seg.horizon = seg.to, m.watermark
	if m.node.Watermark {
		seg.settled = m.settledRows(seg)
	} else if m.node.Within != physical.NoWithin { // what comes behind is not before the last row
		seg.horizon = m.block.time(seg.to - 1)
	}
	if seg.settled = max(seg.from, seg.settled-int32(m.ahead)); seg.settled < seg.to {
		seg.horizon = min(seg.horizon, m.block.time(seg.settled))
	}
}

// settledRows bounds the rows of a segment that are behind the watermark.
func (m *Match) settledRows(seg *segment) int32 {
	n := sort.Search(int(seg.to-seg.from), func(k int) bool { return m.block.time(seg.from+int32(k)) >= m.watermark })
	return seg.from + int32(n)
}

// searchSegment finds the matches of a segment. Where the first undecided one may begin is its start from then on.
func (m *Match) searchSegment(k int32) error {
	s, seg := m.search, &m.block.segs[k]
	s.block, s.seg, s.steps = m.block, seg, 0
	changed := seg.part < m.changed
	s.final = m.node.EmitOnClose || !changed
	number, resume, resumeNumber := seg.number, int32(none), int64(0)
	for from := seg.start; from < seg.to; {
		seg.number = number
		has, err := s.run(from)
		if err != nil {
			return err
		}
		if s.undecided != none && resume == none {
			resume, resumeNumber = s.undecided, number
		}
		if !has {
			break
		}
		number++
		if m.node.EmitOnClose || changed {
			m.found.add(s, k, number)
		}
		if from, err = m.after(); err != nil {
			return err
		}
	}
	if resume == none {
		resume, resumeNumber = seg.to, number
	}
	seg.start, seg.number = resume, resumeNumber
	return nil
}

// after is the row at which the search goes on behind the match found.
func (m *Match) after() (int32, error) {
	f := &m.search.best
	if f.from == f.to {
		return f.from + 1, nil
	}
	switch m.node.Skip {
	case physical.SkipPastLastRow:
		return f.to, nil
	case physical.SkipToNextRow:
		return f.from + 1, nil
	}
	of := m.search.labels.read(f.labels, f.to-f.from, nil)
	target := int32(none)
	for k, v := range of {
		if takes(m.node.SkipTo, int(v)) && (target == none || m.node.Skip == physical.SkipToLast) {
			target = f.from + int32(k)
		}
	}
	switch target {
	case none:
		return f.from + 1, m.fail(f.from, sqlerr.New(sqlerr.SkipToMissingRow, "AFTER MATCH SKIP TO a variable that has no row in the match").
			WithHint("Skip to a variable that every match has, or PAST LAST ROW."))
	case f.from:
		return f.from + 1, m.fail(f.from, sqlerr.New(sqlerr.SkipToFirstRow, "AFTER MATCH SKIP would go back to the first row of the match").
			WithHint("The search would find the same match for ever. Use SKIP TO NEXT ROW or PAST LAST ROW."))
	}
	return target, nil
}

// free notes how far the searches of the block have come, and forgets settled rows that no search will look at.
func (m *Match) free() error {
	b := m.block
	gone := vec.Batch{Cols: b.rows.Cols, N: b.rows.N, Sel: []int32{}}
	var hashes []uint64
	for k := range b.segs {
		seg := &b.segs[k]
		keep := seg.from
		if m.node.Watermark {
			keep = max(keep, seg.start-int32(m.back))
		}
		for i := seg.from; i < keep; i++ {
			gone.Sel = append(gone.Sel, i)
			hashes = append(hashes, m.in.Keys.Hashes()[seg.part])
		}
		m.note(seg, seg.base+int64(seg.start-keep))
	}
	if len(gone.Sel) == 0 {
		return nil
	}
	for len(m.weights) < gone.N {
		m.weights = append(m.weights, -1)
	}
	gone.Weights = m.weights
	return m.arr.Apply(&gone, hashes, nil)
}

// note notes how far the search of a segment has come; skip rows before its start are kept.
func (m *Match) note(seg *segment, skip int64) {
	at := &m.kept.now[seg.part]
	at.skip = skip
	if m.numbers {
		at.number = seg.number
	}
	if !m.node.Watermark {
		at.decided = seg.base + int64(seg.to-seg.from)
		return
	}
	if at.timer, at.begun = m.timer(seg), noTime; m.kept.begun != nil && seg.start < seg.to {
		at.begun = m.block.time(seg.start)
	}
}

// timer is when the search of a segment can go on: when its first row that is not settled is, or when no row to come can be within
// the match that has begun.
func (m *Match) timer(seg *segment) int64 {
	if seg.start == seg.to {
		return noTime
	}
	at := int64(lastTime)
	next := m.settledRows(seg)
	if next < seg.to {
		at = min(at, m.block.time(next))
	}
	if within := m.node.Within; within != physical.NoWithin && m.ahead == 0 && seg.start < next {
		if first := m.block.time(seg.start); first < lastTime-within {
			at = min(at, first+within)
		}
	}
	return at
}

// wake has a partition with changed rows searched when the first of these has settled, and reports whether it is to be searched in
// this step. It is for EmitOnClose alone, where nothing is emitted before.
func (m *Match) wake(part int) (due bool) {
	at := &m.kept.now[part]
	if part < m.changed {
		for _, row := range m.in.Of(part) {
			at.timer = min(at.timer, lastTime)
			c, i := m.in.Row(row)
			if time := c.Cols[m.lay.Key]; !time.IsNull(i) {
				at.timer = min(at.timer, time.I64[i])
			}
		}
	}
	return at.timer < m.watermark
}

// passWatermark passes the watermark on, as far as no match that is still to be decided began before it.
func (m *Match) passWatermark(out op.Output) error {
	first, err := m.kept.first()
	if err != nil || m.watermark == op.NoWatermark {
		return err
	}
	if first == noTime {
		return out.Watermark(m.watermark)
	}
	return out.Watermark(min(m.watermark, first))
}
