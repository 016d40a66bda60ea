package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// This file reads and writes rows of a page. Functions that write require that the page is the writer's own and that room
// was made.

func hashAt(base unsafe.Pointer, row uint32) uint64 {
	return *at[uint64](unsafe.Add(base, headerSize), int(row))
}

// weightsAt is the array of weights of a page that has them.
func (l *layout) weightsAt(p *shape, base unsafe.Pointer) unsafe.Pointer {
	at := uintptr(headerSize)
	if l.indexed {
		at += uintptr(p.cap) * 8
	}
	return unsafe.Add(base, at)
}

func (l *layout) weight(p *shape, base unsafe.Pointer, row uint32) int64 {
	if p.flags&hasWeights == 0 {
		return 1
	}
	return *at[int64](l.weightsAt(p, base), int(row))
}

// valuesAt is the array of values of column c.
func (l *layout) valuesAt(base unsafe.Pointer, capacity, weightWidth uint32, c int) unsafe.Pointer {
	return unsafe.Add(base, headerSize+uintptr(capacity)*uintptr(l.before[c]+weightWidth))
}

// column is column c of a page.
func (l *layout) column(p *shape, base unsafe.Pointer, c int) column {
	col := column{data: l.valuesAt(base, p.cap, p.flags.weightWidth(), c), heap: base, kind: l.kinds[c]}
	if p.flags&hasNulls != 0 {
		col.nulls = unsafe.Add(base, l.nullsAt(p.cap, p.flags)+uint32(c)*bitmapSize(p.cap))
	}
	return col
}

// columns appends all columns of a page to dst.
func (l *layout) columns(dst []column, p *shape, base unsafe.Pointer) []column {
	for c := range l.kinds {
		dst = append(dst, l.column(p, base, c))
	}
	return dst
}

// set writes the value at row i of src as that of a row of column dst, which is column c of page p. Strings go to the end
// of the page's.
func (p *shape) set(dst *column, row int, src *column, i int) {
	switch dst.kind {
	case types.KindBool:
		*at[uint8](dst.data, row) = *at[uint8](src.data, i)
	case types.KindInt32:
		*at[int32](dst.data, row) = *at[int32](src.data, i)
	case types.KindWide:
		*at[types.Wide](dst.data, row) = *at[types.Wide](src.data, i)
	case types.KindBytes:
		p.setString(dst, row, src, i)
	default:
		*at[uint64](dst.data, row) = *at[uint64](src.data, i)
	}
	if dst.nulls != nil {
		dst.setValid(row, !src.null(i))
	}
}

func (p *shape) setString(dst *column, row int, src *column, i int) {
	s := vec.Span{Off: p.strs}
	if n := src.strLen(i); n > 0 { // the span under a null may point nowhere
		s.Len = uint32(n)
		copy(unsafe.Slice((*byte)(unsafe.Add(dst.heap, p.strs)), n), src.bytes(i))
		p.strs += s.Len
	}
	*at[vec.Span](dst.data, row) = s
}

// append adds row i of cols.
func (l *layout) append(p *shape, base unsafe.Pointer, cols []column, i int, hash uint64, weight int64) {
	row := p.n
	p.n++
	for c := range cols {
		dst := l.column(p, base, c)
		p.set(&dst, int(row), &cols[c], i)
	}
	if p.flags&hasWeights != 0 {
		*at[int64](l.weightsAt(p, base), int(row)) = weight
	}
	if l.indexed {
		*at[uint64](unsafe.Add(base, headerSize), int(row)) = hash
		l.enter(p, base, row, hash)
	}
}

// remove takes a row out; the last row takes its number.
func (l *layout) remove(p *shape, base unsafe.Pointer, row uint32) {
	for _, c := range l.bytesCols {
		col := l.column(p, base, c)
		p.dead += uint32(col.strLen(int(row)))
	}
	l.leave(p, base, row)
	last := p.n - 1
	if row != last {
		l.renumber(p, base, last, row)
		l.moveRow(p, base, last, row)
	}
	p.n = last
}

// moveRow writes row from over row to, strings staying where they are.
func (l *layout) moveRow(p *shape, base unsafe.Pointer, from, to uint32) {
	for c, w := range l.width {
		col := l.column(p, base, c)
		copy(unsafe.Slice((*byte)(unsafe.Add(col.data, to*w)), w), unsafe.Slice((*byte)(unsafe.Add(col.data, from*w)), w))
		if col.nulls != nil {
			col.setValid(int(to), !col.null(int(from)))
		}
	}
	if p.flags&hasWeights != 0 {
		ws := l.weightsAt(p, base)
		*at[int64](ws, int(to)) = *at[int64](ws, int(from))
	}
	if l.indexed {
		hs := unsafe.Add(base, headerSize)
		*at[uint64](hs, int(to)) = *at[uint64](hs, int(from))
	}
}

// liveStrings is how many bytes of strings belong to rows.
func (l *layout) liveStrings(p *shape) int {
	return int(p.strs) - int(l.stringsAt(p.cap, p.flags)) - int(p.dead)
}

// need is what row i of cols takes: bytes of strings, and the optional parts that the page must have.
func (l *layout) need(cols []column, i int, weight int64) (strs int, flags pageFlags) {
	if weight != 1 {
		flags = hasWeights
	}
	for _, c := range l.bytesCols {
		strs += cols[c].strLen(i)
	}
	for c := range cols {
		if cols[c].null(i) {
			flags |= hasNulls
			break
		}
	}
	return strs, flags
}

// hasRoom reports whether rows more rows with strs bytes of strings and the parts flags go into the page as it is.
func (p *shape) hasRoom(rows uint32, strs int, flags pageFlags) bool {
	return p.n+rows <= p.cap && int(p.strs)+strs <= int(p.size) && flags&^p.flags == 0
}
