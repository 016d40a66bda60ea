package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// roomy is the size, capacity and parts of a page that is to take rows more rows with strs bytes of strings: with a quarter
// to spare, so that a page is not made anew for every row that comes.
func (l *layout) roomy(p *shape, rows uint32, strs int, flags pageFlags) (size int, capacity uint32, f pageFlags) {
	f = p.flags | flags
	n, s := p.n+rows, l.liveStrings(p)+strs
	size, capacity = l.fit(n+n/4, s+s/4, f)
	if size > maxPage {
		// A page is filled to the end before it is split, and one of a few large values has nothing to spare.
		if exact, c := l.fit(n, s, f); exact <= maxPage || n <= minFull {
			size, capacity = exact, c
		}
	}
	return size, capacity, f
}

// reshape gives a page a buffer of another size, capacity or with more optional parts. Rows keep their numbers; strings
// that belong to none go.
func (w *writer) reshape(p *node, size int, capacity uint32, flags pageFlags) {
	old, from := p.shape, p.mem
	w.cur.bytes += int64(size) - int64(old.size)
	p.mem = w.mem.alloc(size)
	p.shape = shape{size: uint32(size), cap: capacity, flags: flags, depth: old.depth}
	p.strs = w.lay.stringsAt(capacity, flags)
	w.lay.copyRows(&p.shape, p.mem, &old, from, nil)
	w.mem.recycle(from, int(old.size))
}

// copyRows appends the given rows of src (nil: all) to dst, which has room and at least the optional parts of src, and makes
// its index.
func (l *layout) copyRows(dst *shape, to unsafe.Pointer, src *shape, from unsafe.Pointer, rows []uint32) {
	n := src.n
	if rows != nil {
		n = uint32(len(rows))
	}
	start := int(dst.n)
	if l.indexed {
		copyValues[uint64](unsafe.Add(to, headerSize), start, unsafe.Add(from, headerSize), rows, int(n))
	}
	if dst.flags&hasWeights != 0 {
		l.copyWeights(dst, to, src, from, rows, int(n))
	}
	together := rows == nil && src.dead == 0
	moved := uint32(0)
	if together {
		moved = l.copyHeap(dst, to, src, from)
	}
	for c, kind := range l.kinds {
		d, s := l.column(dst, to, c), l.column(src, from, c)
		switch {
		case kind != types.KindBytes:
			copyColumn(&d, start, s.data, rows, int(n))
		case together:
			copySpans(&d, start, s.data, int(n), moved)
		default:
			for k := range int(n) {
				dst.setString(&d, start+k, &s, rowAt(rows, k))
			}
		}
		if d.nulls != nil {
			for k := range int(n) {
				d.setValid(start+k, !s.null(rowAt(rows, k)))
			}
		}
	}
	dst.n += n
	l.reindex(dst, to)
}

// copyHeap copies all strings of a page, in one piece, and gives what their offsets grow by (modulo 2^32).
func (l *layout) copyHeap(dst *shape, to unsafe.Pointer, src *shape, from unsafe.Pointer) (moved uint32) {
	start := l.stringsAt(src.cap, src.flags)
	moved = dst.strs - start
	if n := src.strs - start; n > 0 { // else it may be at the end of the page, and Go allows no pointer past an allocation
		copy(unsafe.Slice((*byte)(unsafe.Add(to, dst.strs)), n), unsafe.Slice((*byte)(unsafe.Add(from, start)), n))
		dst.strs += n
	}
	return moved
}

// copySpans copies the spans of strings that have moved.
func copySpans(dst *column, start int, from unsafe.Pointer, n int, moved uint32) {
	if n == 0 {
		return
	}
	spans := unsafe.Slice(at[vec.Span](dst.data, start), n)
	for k, s := range unsafe.Slice((*vec.Span)(from), n) {
		spans[k] = vec.Span{Off: s.Off + moved, Len: s.Len}
	}
}

func (l *layout) copyWeights(dst *shape, to unsafe.Pointer, src *shape, from unsafe.Pointer, rows []uint32, n int) {
	ws := l.weightsAt(dst, to)
	for k := range n {
		*at[int64](ws, int(dst.n)+k) = l.weight(src, from, uint32(rowAt(rows, k)))
	}
}

func rowAt(rows []uint32, k int) int {
	if rows != nil {
		return int(rows[k])
	}
	return k
}

// copyColumn copies n values of fixed width, those of rows (nil: the first), to dst from row start on.
func copyColumn[I int32 | uint32](dst *column, start int, from unsafe.Pointer, rows []I, n int) {
	switch dst.kind {
	case types.KindBool:
		copyValues[uint8](dst.data, start, from, rows, n)
	case types.KindInt32:
		copyValues[int32](dst.data, start, from, rows, n)
	case types.KindWide:
		copyValues[types.Wide](dst.data, start, from, rows, n)
	default:
		copyValues[uint64](dst.data, start, from, rows, n)
	}
}

func copyValues[T any, I int32 | uint32](to unsafe.Pointer, start int, from unsafe.Pointer, rows []I, n int) {
	if n == 0 {
		return
	}
	dst := unsafe.Slice(at[T](to, start), n)
	if rows == nil {
		copy(dst, unsafe.Slice((*T)(from), n))
		return
	}
	for k, row := range rows {
		dst[k] = *at[T](from, int(row))
	}
}

// extract makes a page of some rows of another.
func (w *writer) extract(p *node, rows []uint32, depth uint8) *node {
	strs := 0
	for _, c := range w.lay.bytesCols {
		col := w.lay.column(&p.shape, p.mem, c)
		for _, row := range rows {
			strs += col.strLen(int(row))
		}
	}
	n := uint32(len(rows))
	size, capacity := w.lay.fit(n+n/4, strs+strs/4, p.flags)
	q := w.newPage(size, capacity, p.flags, depth)
	w.lay.copyRows(&q.shape, q.mem, &p.shape, p.mem, rows)
	return q
}
