package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
)

// inserts are rows of a batch that an arrangement does not have. They are added in the order of their hashes: so a page is looked for and given
// room once for all of its rows, and they are written to it a column at a time.
type inserts struct {
	byHash
	// hashes and rows are what the order makes of rows that are alone with their hash: rows are the physical ones.
	hashes []uint64
	at     []int32
	// twins are the others, among which a row may be there several times.
	twins []hashedRow
}

// arrange sorts the rows and takes apart those that have a hash of their own. Those of weight 0 are none.
func (n *inserts) arrange(sel []int32, weights []int64) {
	n.sort()
	n.hashes, n.at, n.twins = n.hashes[:0], n.at[:0], n.twins[:0]
	for i, r := range n.rows {
		if i > 0 && n.rows[i-1].hash == r.hash || i+1 < len(n.rows) && n.rows[i+1].hash == r.hash {
			n.twins = append(n.twins, r)
			continue
		}
		if i := int32(physical(sel, int(r.k))); weightOf(weights, i) != 0 {
			n.hashes, n.at = append(n.hashes, r.hash), append(n.at, i)
		}
	}
}

// insertAll adds rows of cols that are not there, in the order of their hashes, which differ. weights are by physical row; nil is 1 for each.
func (w *writer) insertAll(hashes []uint64, rows []int32, cols []column, weights []int64) error {
	for len(hashes) > 0 {
		p, err := w.ownLeaf(hashes[0])
		if err != nil {
			return err
		}
		n := w.roomFor(p, hashes[:p.leading(hashes)], rows, cols, weights)
		if n == 0 {
			continue // p is gone
		}
		w.lay.appendAll(&p.shape, p.mem, hashes[:n], rows[:n], cols, weights)
		w.cur.rows += int64(n)
		hashes, rows = hashes[n:], rows[n:]
	}
	return nil
}

// leading is how many of hashes, from the first on, are those of rows of this page, whose first hash is.
func (p *shape) leading(hashes []uint64) int {
	n := 1
	for n < len(hashes) && (hashes[n]^hashes[0])>>(64-p.depth) == 0 {
		n++
	}
	return n
}

// roomFor makes room in a page for the first of its new rows, and says for how many: for all, if it may have so many. 0: the page was split,
// and is gone.
func (w *writer) roomFor(p *node, hashes []uint64, rows []int32, cols []column, weights []int64) int {
	for n := len(hashes); ; n /= 2 {
		strs, flags := w.lay.needAll(cols, rows[:n], weights)
		if p.hasRoom(uint32(n), strs, flags) {
			return n
		}
		size, capacity, f := w.lay.roomy(&p.shape, uint32(n), strs, flags)
		if tooLarge(size, capacity) {
			if w.split(p, hashes[0], hashes[n-1]) {
				return 0
			}
			if n > 1 { // the page is empty
				continue
			}
		}
		w.reshape(p, size, capacity, f)
		return n
	}
}

// needAll is need for several rows.
func (l *layout) needAll(cols []column, rows []int32, weights []int64) (strs int, flags pageFlags) {
	if weights != nil {
		for _, i := range rows {
			if weights[i] != 1 {
				flags |= hasWeights
				break
			}
		}
	}
	for _, c := range l.bytesCols {
		for _, i := range rows {
			strs += cols[c].strLen(int(i))
		}
	}
	for c := range cols {
		if cols[c].nulls == nil {
			continue
		}
		for _, i := range rows {
			if cols[c].null(int(i)) {
				return strs, flags | hasNulls
			}
		}
	}
	return strs, flags
}

// appendAll is append for several rows. hashes are theirs where pages are indexed.
func (l *layout) appendAll(p *shape, base unsafe.Pointer, hashes []uint64, rows []int32, cols []column, weights []int64) {
	first := int(p.n)
	for c := range cols {
		dst, src := l.column(p, base, c), &cols[c]
		if dst.kind == types.KindBytes {
			for k, i := range rows {
				p.setString(&dst, first+k, src, int(i))
			}
		} else {
			copyColumn(&dst, first, src.data, rows, len(rows))
		}
		if dst.nulls != nil {
			for k, i := range rows {
				dst.setValid(first+k, !src.null(int(i)))
			}
		}
	}
	if p.flags&hasWeights != 0 {
		ws := l.weightsAt(p, base)
		for k, i := range rows {
			*at[int64](ws, first+k) = weightOf(weights, i)
		}
	}
	p.n += uint32(len(rows))
	if l.indexed {
		copy(unsafe.Slice(at[uint64](unsafe.Add(base, headerSize), first), len(hashes)), hashes)
		l.enterFrom(p, base, uint32(first))
	}
}

func weightOf(weights []int64, i int32) int64 {
	if weights == nil {
		return 1
	}
	return weights[i]
}
