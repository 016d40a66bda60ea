package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/vec"
)

// Append adds the rows of b with their weights.
func (l *List) Append(b *vec.Batch) error {
	if err := l.lay.checkRows(b); err != nil {
		return err
	}
	if b.Rows() == 0 {
		return nil
	}
	l.cols = vectorColumns(l.cols[:0], b.Cols, b.N)
	if err := l.ownRoot(0); err != nil {
		return err
	}
	add := l.appendRows
	if l.plain(b) {
		add = l.appendPlain
	}
	if err := add(b); err != nil {
		return err
	}
	l.recount(l.root.in.kids[0])
	return nil
}

func (l *List) appendRows(b *vec.Batch) error {
	var last *node
	for k := range b.Rows() {
		i := b.Row(k)
		strs, flags := l.lay.need(l.cols, i, b.Weight(i))
		for last == nil || !last.hasRoom(1, strs, flags) {
			var err error
			if last, err = l.room(last, 1, strs, flags); err != nil {
				return err
			}
		}
		l.lay.append(&last.shape, last.mem, l.cols, i, 0, b.Weight(i))
		l.cur.rows++
	}
	return nil
}

// plain reports whether any row of b takes the same room: there are no strings, nulls and weights.
func (l *List) plain(b *vec.Batch) bool {
	if b.Weights != nil || len(l.lay.bytesCols) > 0 {
		return false
	}
	for c := range l.cols {
		if l.cols[c].nulls != nil {
			return false
		}
	}
	return true
}

// appendPlain is appendRows for a plain batch: a column at a time, as many rows at once as a page has room for.
func (l *List) appendPlain(b *vec.Batch) error {
	var last *node
	for from, n := 0, b.Rows(); from < n; {
		if last == nil || last.n == last.cap {
			var err error
			if last, err = l.room(last, uint32(n-from), 0, 0); err != nil {
				return err
			}
		}
		rows := min(n-from, int(last.cap-last.n))
		l.lay.appendPlain(&last.shape, last.mem, l.cols, b.Sel, from, rows)
		l.cur.rows += int64(rows)
		from += rows
	}
	return nil
}

// appendPlain adds n rows of cols without strings, nulls and weights: those of sel (nil: all) from the from-th on.
func (l *layout) appendPlain(p *shape, base unsafe.Pointer, cols []column, sel []int32, from, n int) {
	for c := range cols {
		dst := l.column(p, base, c)
		if sel != nil {
			copyColumn(&dst, int(p.n), cols[c].data, sel[from:from+n], n)
		} else {
			copyColumn(&dst, int(p.n), unsafe.Add(cols[c].data, uintptr(from)*uintptr(l.width[c])), sel, n)
		}
		for k := 0; k < n && dst.nulls != nil; k++ {
			dst.setValid(int(p.n)+k, true)
		}
	}
	for k := 0; k < n && p.flags&hasWeights != 0; k++ {
		*at[int64](l.weightsAt(p, base), int(p.n)+k) = 1
	}
	p.n += uint32(n)
}

// room gives the last page, as the writer's own and with room for a row at least, and for as many of rows as go into a page; a new
// one when the last is full. last is the last page if it is the writer's own already.
func (l *List) room(last *node, rows uint32, strs int, flags pageFlags) (*node, error) {
	most := max(1, l.lay.capacity(maxPage, flags, float64(strs)))
	slot := &l.root.in.kids[0]
	if last == nil && *slot != nil {
		var err error
		if last, err = l.ownLast(slot); err != nil {
			return nil, err
		}
	}
	if last != nil {
		more := max(1, min(rows, most-min(most, last.n)))
		if last.hasRoom(1, strs, flags) || l.makeSortedRoom(last, more, strs, flags) {
			return last, nil
		}
		l.recount(*slot)
	}
	size, capacity := l.lay.fit(min(rows, most), strs, flags)
	p := l.newPage(size, capacity, flags, 0)
	l.pushLast(slot, p)
	return p, nil
}
