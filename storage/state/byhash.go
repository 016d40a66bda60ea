package state

import (
	"cmp"
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

// fewRows is the number of rows up to which comparing is quicker than counting.
const fewRows = 48

// counted is where the bits of a hash begin that are sorted by counting.
const counted = 40

// sort sorts by counting the three leading bytes, the last one first. What they do not tell apart are few rows, or those of one key: the
// 256 integers of a block that are of one key group (vec.HashRows) are in sixteen parts.
func (b *byHash) sort() {
	if len(b.rows) > fewRows {
		b.spare = slices.Grow(b.spare[:0], len(b.rows))[:len(b.rows)]
		countByte(b.rows, b.spare, counted)
		countByte(b.spare, b.rows, counted+8)
		countByte(b.rows, b.spare, counted+16)
		b.rows, b.spare = b.spare, b.rows
	}
	for from := 0; from < len(b.rows); {
		to := from + 1
		for to < len(b.rows) && (len(b.rows) <= fewRows || b.rows[to].hash>>counted == b.rows[from].hash>>counted) {
			to++
		}
		sortFew(b.rows[from:to])
		from = to
	}
}

// countByte moves rows to another array in the order of a byte of their hashes.
func countByte(from, to []hashedRow, shift uint) {
	var at [257]int32
	for i := range from {
		at[from[i].hash>>shift&0xff+1]++
	}
	for i := 1; i < len(at); i++ {
		at[i] += at[i-1]
	}
	for i := range from {
		digit := from[i].hash >> shift & 0xff
		to[at[digit]] = from[i]
		at[digit]++
	}
}

// sortFew sorts by insertion, unless there are many rows.
func sortFew(rows []hashedRow) {
	if len(rows) > fewRows {
		slices.SortStableFunc(rows, func(a, b hashedRow) int { return cmp.Compare(a.hash, b.hash) })
		return
	}
	for i := 1; i < len(rows); i++ {
		r, j := rows[i], i
		for ; j > 0 && rows[j-1].hash > r.hash; j-- {
			rows[j] = rows[j-1]
		}
		rows[j] = r
	}
}
