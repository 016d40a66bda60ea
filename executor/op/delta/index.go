package delta

import (
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// keepRows is how many rows a buffer may have had that is kept for the next step.
const keepRows = 1 << 16

// Index numbers distinct rows densely, from 0, in the order in which they were first seen.
type Index struct {
	// Cols are the distinct rows' columns: row number n is at index n. They must not be changed.
	Cols []*vec.Vector

	types  []types.Type
	equal  func(a []*vec.Vector, ai []int32, b []*vec.Vector, bi []int32, eq []bool)
	hash   func(cols []*vec.Vector, sel []int32, n int, out []uint64)
	hashes []uint64 // of the rows
	table  []int32  // open addressing: a row's number plus one

	tmp   []uint64
	fresh []int32
	pairs struct {
		row, number, at []int32
		eq              []bool
	}
}

// NewIndex makes an index of rows that are told apart by identity, as those of a Z-set.
func NewIndex(ts []types.Type) *Index {
	return newIndex(ts, vec.IdenticalRows, vec.IdentityHash)
}

// NewKeyIndex makes an index of keys: rows that are not distinct by SQL are one, of which the first is kept.
func NewKeyIndex(ts []types.Type) *Index { return newIndex(ts, vec.EqualRows, vec.HashRows) }

func newIndex(ts []types.Type, equal func(a []*vec.Vector, ai []int32, b []*vec.Vector, bi []int32, eq []bool),
	hash func(cols []*vec.Vector, sel []int32, n int, out []uint64)) *Index {
	x := &Index{types: ts, equal: equal, hash: hash, Cols: make([]*vec.Vector, len(ts))}
	for c, t := range ts {
		x.Cols[c] = vec.New(t, 0)
	}
	return x
}

// Len is the number of distinct rows.
func (x *Index) Len() int { return len(x.hashes) }

// Hashes are the rows' hashes by number.
func (x *Index) Hashes() []uint64 { return x.hashes }

// Add numbers rows: dst, of which the result has the length of the selection, gets the number of each selected row of cols.
// hashes are those of the rows (vec.IdentityHash, or of keys vec.HashRows), or nil: then they are computed.
//
// It looks all rows up by their hashes first, and compares afterwards, a column at a time, what was found.
func (x *Index) Add(cols []*vec.Vector, sel []int32, n int, hashes []uint64, dst []int32) ([]int32, error) {
	if sel != nil {
		n = len(sel)
	}
	if hashes == nil {
		x.tmp = sized(x.tmp, n)
		hashes = x.tmp
		x.hash(cols, sel, n, hashes)
	}
	dst = sized(dst, n)
	x.reserve(n)
	told := x.told(cols)
	x.lookup(sel, hashes, dst, told)
	if err := x.append(cols); err != nil || told {
		return dst, err
	}
	return dst, x.verify(cols, hashes, dst)
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, max(n, vec.BatchSize))
	}
	return s[:n]
}

// lookup finds rows by hash alone, and notes those that are new, and unless their hashes have told all, those that it found, to be
// compared.
func (x *Index) lookup(sel []int32, hashes []uint64, dst []int32, told bool) {
	p := &x.pairs
	p.row, p.number, p.at, x.fresh = p.row[:0], p.number[:0], p.at[:0], x.fresh[:0]
	mask := uint64(len(x.table) - 1)
	for k, h := range hashes {
		i := int32(k)
		if sel != nil {
			i = sel[k]
		}
		slot := h & mask
		for {
			t := x.table[slot]
			if t == 0 {
				dst[k] = int32(len(x.hashes))
				x.hashes = append(x.hashes, h)
				x.table[slot] = dst[k] + 1
				x.fresh = append(x.fresh, i)
				break
			}
			if x.hashes[t-1] == h {
				dst[k] = t - 1
				if told {
					break
				}
				p.row, p.number, p.at = append(p.row, i), append(p.number, t-1), append(p.at, int32(k))
				break
			}
			slot = (slot + 1) & mask
		}
	}
}

// append copies the new rows.
func (x *Index) append(cols []*vec.Vector) error {
	if len(x.fresh) == 0 {
		return nil
	}
	for c, v := range x.Cols {
		v.AppendSelected(cols[c], x.fresh, 0)
		if len(v.Data) > math.MaxUint32 {
			return sqlerr.New(sqlerr.ProgramLimitExceeded, "more than 4 GiB of text in one column of one step's changes")
		}
	}
	return nil
}

// verify compares what was found by hash. Where it differs, two rows have one hash, and the row goes on looking.
func (x *Index) verify(cols []*vec.Vector, hashes []uint64, dst []int32) error {
	p := &x.pairs
	if len(p.row) == 0 {
		return nil
	}
	p.eq = sized(p.eq, len(p.row))
	x.equal(cols, p.row, x.Cols, p.number, p.eq)
	for j, eq := range p.eq {
		if eq {
			continue
		}
		k := p.at[j]
		number, err := x.collide(cols, p.row[j], hashes[k])
		if err != nil {
			return err
		}
		dst[k] = number
	}
	return nil
}

// told reports whether rows of one hash are one row: the hash of a single integer that is not null is a bijection.
func (x *Index) told(cols []*vec.Vector) bool {
	if len(cols) != 1 || cols[0].HasNulls() || x.Cols[0].HasNulls() {
		return false
	}
	return cols[0].Kind() == types.KindInt64 || cols[0].Kind() == types.KindInt32
}

// collide numbers a row whose hash another row has too.
func (x *Index) collide(cols []*vec.Vector, i int32, h uint64) (int32, error) {
	mask := uint64(len(x.table) - 1)
	var eq [1]bool
	slot := h & mask
	for ; x.table[slot] != 0; slot = (slot + 1) & mask {
		number := x.table[slot] - 1
		if x.hashes[number] != h {
			continue
		}
		if x.equal(cols, []int32{i}, x.Cols, []int32{number}, eq[:]); eq[0] {
			return number, nil
		}
	}
	number := int32(len(x.hashes))
	x.hashes = append(x.hashes, h)
	x.table[slot] = number + 1
	x.fresh = append(x.fresh[:0], i)
	return number, x.append(cols)
}

// reserve makes room for n more rows, so that no more than half of the table is taken.
func (x *Index) reserve(n int) {
	need := 2 * (len(x.hashes) + n)
	if need <= len(x.table) {
		return
	}
	size := max(64, 2*len(x.table))
	for size < need {
		size *= 2
	}
	x.table = make([]int32, size)
	mask := uint64(size - 1)
	for number, h := range x.hashes {
		slot := h & mask
		for x.table[slot] != 0 {
			slot = (slot + 1) & mask
		}
		x.table[slot] = int32(number) + 1
	}
}

// Reset forgets all rows.
func (x *Index) Reset() {
	if len(x.hashes) > keepRows {
		*x = *newIndex(x.types, x.equal, x.hash)
		return
	}
	x.clearTable()
	x.hashes = x.hashes[:0]
	for c, v := range x.Cols {
		data := v.Data // never shared: AppendSelected copies
		v.Reset(x.types[c])
		v.Data = data[:0]
	}
}

// clearTable empties the table, in the time of what is in it.
func (x *Index) clearTable() {
	if 8*len(x.hashes) > len(x.table) {
		clear(x.table)
		return
	}
	mask := uint64(len(x.table) - 1)
	for number := len(x.hashes) - 1; number >= 0; number-- { // backwards, so that no chain is cut before it was followed
		slot := x.hashes[number] & mask
		for x.table[slot] != int32(number)+1 {
			slot = (slot + 1) & mask
		}
		x.table[slot] = 0
	}
}
