package state

import (
	"bytes"
	"cmp"
	"math"
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
)

// This file is about pages whose rows are sorted: the leaves of an Ordered, and the separators of its inner nodes.

// sortColumn is one column of the order of an Ordered.
type sortColumn struct {
	col        int
	desc       bool
	nullsFirst bool
}

// sortColumns are the key, the order columns, and then all other columns, so that only identical rows are equal.
func sortColumns(spec *Spec) []sortColumn {
	var s []sortColumn
	for c := range spec.Key {
		s = append(s, sortColumn{col: c})
	}
	for _, o := range spec.Order {
		s = append(s, sortColumn{col: o.Col, desc: o.Desc, nullsFirst: o.NullsFirst})
	}
rest:
	for c := spec.Key; c < len(spec.Types); c++ {
		for _, o := range spec.Order {
			if o.Col == c {
				continue rest
			}
		}
		s = append(s, sortColumn{col: c})
	}
	return s
}

// compare orders a row of a page and row i of cols by the first m columns of the order; when these are all, by
// representation at last. cols are in the order of the sort columns.
func (l *layout) compare(p *shape, base unsafe.Pointer, row int, cols []column, i, m int) int {
	for k, s := range l.sort[:m] {
		a := l.column(p, base, s.col)
		if r := l.compareColumn(s, &a, row, &cols[k], i); r != 0 {
			return r
		}
	}
	if m < len(l.sort) {
		return 0
	}
	for k, s := range l.sort {
		if l.inexact[s.col] {
			a := l.column(p, base, s.col)
			if r := compareIdentity(&a, row, &cols[k], i); r != 0 {
				return r
			}
		}
	}
	return 0
}

func (l *layout) compareColumn(s sortColumn, a *column, i int, b *column, j int) int {
	if a.nulls != nil || b.nulls != nil {
		na, nb := a.null(i), b.null(j)
		switch {
		case na && nb:
			return 0
		case na == s.nullsFirst && nb == !s.nullsFirst:
			return -1
		case na || nb:
			return 1
		}
	}
	r := l.orders[s.col].compare(a, i, b, j)
	if s.desc {
		return -r
	}
	return r
}

// compareIdentity orders equal values by what represents them.
func compareIdentity(a *column, i int, b *column, j int) int {
	if a.null(i) {
		return 0 // then both are
	}
	switch a.kind {
	case types.KindFloat:
		return cmp.Compare(math.Float64bits(*at[float64](a.data, i)), math.Float64bits(*at[float64](b.data, j)))
	case types.KindWide:
		x, y := at[types.Wide](a.data, i), at[types.Wide](b.data, j)
		return cmp.Or(cmp.Compare(x.Hi, y.Hi), cmp.Compare(x.Lo, y.Lo))
	default:
		return bytes.Compare(a.bytes(i), b.bytes(j))
	}
}

// lowerBound is the first row of a page that is not before row i of cols by the first m sort columns, or with after the first
// that is behind it.
func (l *layout) lowerBound(p *shape, base unsafe.Pointer, cols []column, i, m int, after bool) int {
	lo, hi := 0, int(p.n)
	limit := 0
	if after {
		limit = 1
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if l.compare(p, base, mid, cols, i, m) < limit {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// insertAt puts row i of cols before a row. Room was made, and the page is the writer's own.
func (l *layout) insertAt(p *shape, base unsafe.Pointer, row int, cols []column, i int, weight int64) {
	l.shift(p, base, row, row+1)
	p.n++
	for k, s := range l.sort {
		dst := l.column(p, base, s.col)
		p.set(&dst, row, &cols[k], i)
	}
	if p.flags&hasWeights != 0 {
		*at[int64](l.weightsAt(p, base), row) = weight
	}
}

// removeAt takes a row out.
func (l *layout) removeAt(p *shape, base unsafe.Pointer, row int) {
	for _, c := range l.bytesCols {
		col := l.column(p, base, c)
		p.dead += uint32(col.strLen(row))
	}
	l.shift(p, base, row+1, row)
	p.n--
}

// shift moves the rows from row from on to row to on.
func (l *layout) shift(p *shape, base unsafe.Pointer, from, to int) {
	n := int(p.n) - from
	if n <= 0 {
		return
	}
	move := func(values unsafe.Pointer, width uint32) {
		w := uintptr(width)
		copy(unsafe.Slice((*byte)(unsafe.Add(values, uintptr(to)*w)), uintptr(n)*w),
			unsafe.Slice((*byte)(unsafe.Add(values, uintptr(from)*w)), uintptr(n)*w))
	}
	if p.flags&hasWeights != 0 {
		move(l.weightsAt(p, base), 8)
	}
	for c, w := range l.width {
		col := l.column(p, base, c)
		move(col.data, w)
		if col.nulls != nil {
			shiftBits(&col, from, to, n)
		}
	}
}

func shiftBits(col *column, from, to, n int) {
	if to < from {
		for k := range n {
			col.setValid(to+k, !col.null(from+k))
		}
		return
	}
	for k := n - 1; k >= 0; k-- {
		col.setValid(to+k, !col.null(from+k))
	}
}
