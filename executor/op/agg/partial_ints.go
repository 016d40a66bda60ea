package agg

import (
	"bytes"
	"math/bits"
	"slices"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// integers numbers groups that differ in one integer key: that is the only one, or the rows at hand agree in all others, as those of one
// window or day do. What is hashed and compared of a row is one word then, and the hash, which nobody else sees, is one multiplication.
type integers struct {
	types []types.Type
	// at is the key that differs, fixed and texts are the values of the others.
	at    int
	fixed []int64
	texts [][]byte
	// values are the groups' by number; table is open addressing: a group's number plus one.
	values []int64
	table  []int32
	shift  int

	cols []*vec.Vector
}

// newIntegers is nil if no key is an integer, or one is neither that nor a text.
func newIntegers(keys []types.Type) *integers {
	some := false
	for _, t := range keys {
		switch t.Kind() {
		case types.KindInt64, types.KindInt32:
			some = true
		case types.KindBytes:
		default:
			return nil
		}
	}
	if !some {
		return nil
	}
	return &integers{types: keys, fixed: make([]int64, len(keys)), texts: make([][]byte, len(keys)), cols: vectors(len(keys))}
}

// fits reports whether rows (sel, nil: all n) differ in one key only, an integer, and, if there are groups already, in nothing else from
// those.
func (x *integers) fits(keys []*vec.Vector, sel []int32, n int) bool {
	begun, at := len(x.values) > 0, x.at
	if !begun {
		at = -1
	}
	for c, v := range keys {
		switch {
		case v.HasNulls():
			return false
		case c == at || x.agree(c, v, sel, n, begun):
		case at >= 0 || v.Kind() == types.KindBytes:
			return false
		default:
			at = c
		}
	}
	if at < 0 {
		at = slices.IndexFunc(x.types, func(t types.Type) bool { return t.Kind() != types.KindBytes })
	}
	x.at = at
	return true
}

// agree reports whether rows agree in a key, if there are groups already also with those. Else it remembers the key for the groups that come.
func (x *integers) agree(c int, v *vec.Vector, sel []int32, n int, begun bool) bool {
	if v.Kind() == types.KindBytes {
		first, same := uniformText(v, sel, n)
		if begun {
			return same && bytes.Equal(first, x.texts[c])
		}
		if !bytes.Equal(first, x.texts[c]) {
			x.texts[c] = bytes.Clone(first) // whoever was given the last one may still have it
		}
		return same
	}
	first, same := uniform(v, sel, n)
	if begun {
		return same && first == x.fixed[c]
	}
	x.fixed[c] = first
	return same
}

// uniform gives the value of the first row, and whether all others have it too.
func uniform(v *vec.Vector, sel []int32, n int) (first int64, same bool) {
	if v.Kind() == types.KindInt32 {
		return uniformOf(v.I32, v.Const, sel, n)
	}
	return uniformOf(v.I64, v.Const, sel, n)
}

func uniformText(v *vec.Vector, sel []int32, n int) (first []byte, same bool) {
	if v.Const {
		return v.Bytes(0), true
	}
	if sel == nil {
		first = v.Bytes(0)
		for i := range n {
			if !bytes.Equal(first, v.Bytes(i)) {
				return first, false
			}
		}
		return first, true
	}
	first = v.Bytes(int(sel[0]))
	for _, i := range sel {
		if !bytes.Equal(first, v.Bytes(int(i))) {
			return first, false
		}
	}
	return first, true
}

func uniformOf[T int32 | int64](s []T, constant bool, sel []int32, n int) (first int64, same bool) {
	switch {
	case constant:
		return int64(s[0]), true
	case sel == nil:
		x := s[0]
		for _, y := range s[:n] {
			if x != y {
				return int64(x), false
			}
		}
		return int64(x), true
	}
	x := s[sel[0]]
	for _, i := range sel {
		if s[i] != x {
			return int64(x), false
		}
	}
	return int64(x), true
}

// add numbers rows that fit, of which there are some: groups gets the number of each by its index.
func (x *integers) add(keys []*vec.Vector, sel []int32, n int, groups []int32) {
	x.reserve(n)
	v := keys[x.at].Flatten(n)
	if v.Kind() == types.KindInt32 {
		numberInts(x, v.I32, sel, n, groups)
	} else {
		numberInts(x, v.I64, sel, n, groups)
	}
}

// numberInts is add for a column. Most values are where they are looked for first.
func numberInts[T int32 | int64](x *integers, s []T, sel []int32, n int, groups []int32) {
	table, values, shift := x.table, x.values, x.shift
	if sel == nil {
		for i, v := range s[:n] {
			slot := slotOf(int64(v), shift)
			if t := table[slot]; t != 0 && values[t-1] == int64(v) {
				groups[i] = t - 1
				continue
			}
			groups[i] = x.find(int64(v), slot)
			values = x.values
		}
		return
	}
	for _, i := range sel {
		slot := slotOf(int64(s[i]), shift)
		if t := table[slot]; t != 0 && values[t-1] == int64(s[i]) {
			groups[i] = t - 1
			continue
		}
		groups[i] = x.find(int64(s[i]), slot)
		values = x.values
	}
}

// find gives the number of the group with a value, from a slot on.
func (x *integers) find(k int64, slot int) int32 {
	for {
		t := x.table[slot]
		if t == 0 {
			return x.append(k, slot)
		}
		if x.values[t-1] == k {
			return t - 1
		}
		slot = (slot + 1) & (len(x.table) - 1)
	}
}

func (x *integers) append(k int64, slot int) int32 {
	x.values = append(x.values, k)
	x.table[slot] = int32(len(x.values))
	return int32(len(x.values) - 1)
}

// slotOf is where to look for a value first: the upper bits of a product with an odd number near the golden ratio (Knuth, 6.4).
func slotOf(k int64, shift int) int { return int(uint64(k) * 0x9E3779B97F4A7C15 >> (shift & 63)) }

// reserve makes room for n more groups, so that no more than half of the table is taken.
func (x *integers) reserve(n int) {
	need := 2 * (len(x.values) + n)
	if need <= len(x.table) {
		return
	}
	size := 1 << bits.Len(uint(max(need, 64)-1))
	x.table, x.shift = make([]int32, size), 64-bits.Len(uint(size-1))
	for number, k := range x.values {
		slot := slotOf(k, x.shift)
		for x.table[slot] != 0 {
			slot = (slot + 1) & (size - 1)
		}
		x.table[slot] = int32(number + 1)
	}
}

// columns are the groups' keys: one column, and constants.
func (x *integers) columns() []*vec.Vector {
	for c, v := range x.cols {
		if x.types[c].Kind() == types.KindBytes {
			*v = vec.Vector{Type: x.types[c], Const: true, Str: []vec.Span{{Len: uint32(len(x.texts[c]))}}, Data: x.texts[c]}
			continue
		}
		s := x.fixed[c : c+1]
		if c == x.at {
			s = x.values
		}
		if x.types[c].Kind() == types.KindInt64 {
			*v = vec.Vector{Type: x.types[c], Const: c != x.at, I64: s}
			continue
		}
		v.Resize(x.types[c], len(s))
		for i, k := range s {
			v.I32[i] = int32(k)
		}
		v.Const = c != x.at
	}
	return x.cols
}

// reset forgets all groups.
func (x *integers) reset() {
	if 8*len(x.values) > len(x.table) {
		clear(x.table)
	} else {
		for i := len(x.values) - 1; i >= 0; i-- { // backwards, so that no chain is cut before it was followed
			slot := slotOf(x.values[i], x.shift)
			for x.table[slot] != int32(i+1) {
				slot = (slot + 1) & (len(x.table) - 1)
			}
			x.table[slot] = 0
		}
	}
	x.values = x.values[:0]
}
