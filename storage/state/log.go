package state

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Log keeps rows as a List does, but those of each key group by themselves, and says where it has put each one: a row is found again by its place,
// which it has for good. So rows that are large and never change are written once, and what finds them by key is an index of small rows.
// Weights are the index's as well. Writing, freezing, key groups and errors are as with Hashed. Rows go only with all others, or a slice.
type Log struct {
	LogReader
	writer
	cols []column
	// rows are those of a batch by key group: those of group g from ends[g-1] to ends[g].
	rows []int32
	ends [Groups]int
}

// LogReader is what can be asked of a log, or of a version of one by any number of goroutines.
type LogReader struct{ v *view }

// NewLog makes an empty log whose pages live in mem.
func NewLog(mem *Memory, ts []types.Type) *Log {
	l := &Log{writer: newWriter(mem, kindLog.layout(Spec{Types: ts}))}
	l.v = &l.view
	return l
}

// Rows is the number of rows.
func (l *LogReader) Rows() int64 { return l.v.Rows() }

// A place is, from the top: a bit that is 0, the key group, the number of the page in the group's rope, the row in the page.
const placeGroup = 63 - groupBits

// Append adds the selected rows of b, whose weights are not looked at. hashes are those of their keys, which are not among the columns. places has
// an element for each physical row of b, and gets the places of those selected.
func (l *Log) Append(b *vec.Batch, hashes []uint64, places []int64) error {
	if err := l.lay.checkRows(b); err != nil {
		return err
	}
	l.cols = vectorColumns(l.cols[:0], b.Cols, b.N)
	l.arrange(b, hashes)
	from := 0
	for group, to := range l.ends {
		if from < to {
			if err := l.appendTo(group, l.rows[from:to], places); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// arrange brings the rows of a batch into the order of their key groups, those of one as they come.
func (l *Log) arrange(b *vec.Batch, hashes []uint64) {
	if cap(l.rows) < len(hashes) {
		l.rows = make([]int32, max(len(hashes), vec.BatchSize))
	}
	l.rows = l.rows[:len(hashes)]
	var next [Groups + 1]int
	for _, h := range hashes {
		next[GroupOf(h)+1]++
	}
	for g := range Groups {
		next[g+1] += next[g]
		l.ends[g] = next[g+1]
	}
	for k, h := range hashes {
		g := GroupOf(h)
		l.rows[next[g]] = int32(physical(b.Sel, k))
		next[g]++
	}
}

// appendTo adds rows of one key group.
func (l *Log) appendTo(group int, rows []int32, places []int64) error {
	if err := l.ownRoot(uint64(group) << (64 - groupBits)); err != nil {
		return err
	}
	slot := &l.root.in.kids[group]
	var last *node
	if *slot != nil {
		var err error
		if last, err = l.ownLast(slot); err != nil {
			return err
		}
	}
	for len(rows) > 0 {
		n := 0
		if last != nil {
			n = l.lay.fitting(&last.shape, l.cols, rows)
		}
		if n == 0 {
			last = l.room(slot, last, rows)
			continue
		}
		place := int64(group)<<placeGroup | lastNumber(*slot)<<rowBits | int64(last.n)
		for k, i := range rows[:n] {
			places[i] = place + int64(k)
		}
		l.lay.appendAll(&last.shape, last.mem, nil, rows[:n], l.cols, nil)
		l.cur.rows += int64(n)
		rows = rows[n:]
	}
	l.recount(*slot)
	return nil
}

// fitting is how many rows, from the first on, go into a page as it is.
func (l *layout) fitting(p *shape, cols []column, rows []int32) int {
	rows = rows[:min(len(rows), int(p.cap-p.n))]
	room := int(p.size) - int(p.strs)
	for n, i := range rows {
		strs, flags := l.need(cols, int(i), 1)
		if room -= strs; room < 0 || flags&^p.flags != 0 {
			return n
		}
	}
	return len(rows)
}

// room gives the last page of the rope in a slot with room for the first of rows at least. The first page of a rope grows, so that what is small
// stays small; all others are made as large as pages are, so that no row is copied again.
func (l *Log) room(slot **node, last *node, rows []int32) *node {
	if last != nil && *slot == last && l.grow(last, rows) {
		return last
	}
	strs, flags := l.lay.needAll(l.cols, rows, nil)
	if last != nil {
		flags |= last.flags // where there has been a null there will be others, and each would need a page that can have some
	}
	size, capacity := maxPage, l.lay.capacity(maxPage, flags, float64(strs)/float64(len(rows)))
	if *slot == nil && len(rows) <= maxRows {
		size, capacity = l.lay.fit(uint32(len(rows)), strs, flags)
	}
	first, flagsOfFirst := l.lay.needAll(l.cols, rows[:1], nil)
	if size > maxPage || capacity == 0 || int(l.lay.stringsAt(capacity, flags))+first > size {
		flags = flagsOfFirst
		size, capacity = l.lay.fit(1, first, flags)
	}
	if *slot != nil {
		l.recount(*slot)
	}
	p := l.newPage(size, capacity, flags, 0)
	l.pushLast(slot, p)
	return p
}

// grow makes room in a page for some more rows, and as much again, up to what a page may have. False: it has all.
func (l *Log) grow(p *node, rows []int32) bool {
	for k := min(len(rows), maxRows-int(p.n)); k > 0; k /= 2 {
		strs, flags := l.lay.needAll(l.cols, rows[:k], nil)
		n, s, f := p.n+uint32(k), l.lay.liveStrings(&p.shape)+strs, p.flags|flags
		size, capacity := l.lay.fit(min(2*n, maxRows), 2*s, f)
		if size > maxPage {
			size, capacity = l.lay.fit(n, s, f)
		}
		if size <= maxPage {
			l.reshape(p, size, capacity, f)
			return true
		}
	}
	return false
}

// find finds the rows with these places.
func (l *LogReader) find(places []int64, out *Refs) error {
	if cap(out.refs) < len(places) {
		out.refs = make([]ref, len(places), max(len(places), vec.BatchSize))
	}
	refs := out.refs[:len(places)]
	out.refs = refs
	for k, place := range places {
		if k > 0 && place>>rowBits == places[k-1]>>rowBits {
			refs[k].page = refs[k-1].page
		} else {
			refs[k].page = l.page(place)
		}
	}
	for k := range refs {
		r := &refs[k]
		r.row = int32(places[k] & (1<<rowBits - 1))
		if k > 0 && r.page == refs[k-1].page && r.page != nil {
			r.base = refs[k-1].base
		} else if err := l.reach(r); err != nil {
			return err
		}
		if uint32(r.row) >= r.page.n {
			return errPlace
		}
	}
	return nil
}

var errPlace = sqlerr.New(sqlerr.DataCorrupted, "stored state lacks a row that its index has")

// page is the page of a place; nil if there is none.
func (l *LogReader) page(place int64) *node {
	if l.v.root == nil || place < 0 {
		return nil
	}
	return numbered(l.v.root.in.kids[place>>placeGroup], place>>rowBits&(1<<(placeGroup-rowBits)-1))
}

// reach brings the page of a row into memory.
func (l *LogReader) reach(r *ref) (err error) {
	if r.page == nil {
		return errPlace
	}
	r.base, err = l.v.mem.page(l.v.lay, r.page)
	return err
}
