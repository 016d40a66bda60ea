package state

import (
	"math/bits"
	"slices"
)

// hashedRow is row k of a selection with its hash.
type hashedRow struct {
	hash uint64
	k    int32
}

// HashOrder finds the order of rows by their hashes, in which those of one page of a Hashed lie together: whoever writes many rows, or looks for
// many, is quicker in it. It may be reused, which keeps its buffers.
type HashOrder struct {
	rows byHash
	at   []int32
}

// Of gives the positions of hashes in their order, those of equal ones ascending. They are valid until the next call.
func (o *HashOrder) Of(hashes []uint64) []int32 {
	o.rows.reset()
	for k, hash := range hashes {
		o.rows.add(hash, k)
	}
	o.rows.sort()
	o.at = o.at[:0]
	for i := range o.rows.rows {
		o.at = append(o.at, o.rows.rows[i].k)
	}
	return o.at
}

// byHash are rows of a batch that are brought into the order of their hashes, in which those of one page lie together. Rows of one hash
// keep their order.
type byHash struct {
	rows, spare []hashedRow
}

func (b *byHash) reset() { b.rows = b.rows[:0] }

func (b *byHash) add(hash uint64, k int) { b.rows = append(b.rows, hashedRow{hash, int32(k)}) }

// fewRows is the number of rows up to which inserting is quicker than counting.
const fewRows = 32

func (b *byHash) sort() {
	b.spare = slices.Grow(b.spare[:0], len(b.rows))[:len(b.rows)]
	sortByHash(b.rows, b.spare)
}

// sortByHash counts rows by the eight bits from the first on in which any two of them differ, and then sorts those that have the same. So the
// many rows of one key are sorted as quickly as those of many keys.
func sortByHash(rows, spare []hashedRow) {
	if len(rows) <= fewRows {
		insertByHash(rows)
		return
	}
	differ := uint64(0)
	for i := range rows {
		differ |= rows[i].hash ^ rows[0].hash
	}
	if differ == 0 {
		return
	}
	shift := uint(max(0, bits.Len64(differ)-8))
	var end [256]int32
	for i := range rows {
		end[rows[i].hash>>shift&0xff]++
	}
	for sum, d := int32(0), 0; d < len(end); d++ {
		sum, end[d] = sum+end[d], sum
	}
	for i := range rows {
		d := rows[i].hash >> shift & 0xff
		spare[end[d]] = rows[i]
		end[d]++
	}
	copy(rows, spare)
	from := int32(0)
	for _, to := range end {
		if to-from > 1 && shift > 0 {
			sortByHash(rows[from:to], spare[from:to])
		}
		from = to
	}
}

func insertByHash(rows []hashedRow) {
	for i := 1; i < len(rows); i++ {
		r, j := rows[i], i
		for ; j > 0 && rows[j-1].hash > r.hash; j-- {
			rows[j] = rows[j-1]
		}
		rows[j] = r
	}
}
