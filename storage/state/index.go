package state

import "unsafe"

// The index of a page is an open-addressing table of 16-bit entries: ten bits of row number plus one (0: free), and six
// bits of the row's hash, so that a run of equal keys is passed without looking at each row.
const rowBits = 10

type entry uint16

func makeEntry(row uint32, hash uint64) entry { return entry(tagOf(hash)<<rowBits | uint16(row+1)) }

func (e entry) row() uint32 { return uint32(e)&maxRows - 1 }

func (e entry) tag() uint16 { return uint16(e >> rowBits) }

// tagOf takes the low bits, which tell rows of one key apart (those of the rest of the row; see rowHash).
func tagOf(hash uint64) uint16 { return uint16(hash & (1<<(16-rowBits) - 1)) }

// keyBits is how many of the top bits of a row's hash are its key's: below that depth a page has rows of one key only.
const keyBits = 32

// home is the index slot where the search for a row begins. Rows of one key must begin at one slot, so that Probe finds
// all of them, as long as the page may hold others; deeper the whole hash spreads them.
func (l *layout) home(hash uint64, depth uint8, slots uint32) uint32 {
	if !l.spec.Unique && depth < keyBits {
		hash >>= 64 - keyBits
	}
	mixed := uint32(hash * 0x9e3779b97f4a7c15 >> 32)
	return uint32(uint64(mixed) * uint64(slots) >> 32)
}

func (l *layout) index(p *shape, base unsafe.Pointer) unsafe.Pointer {
	return unsafe.Add(base, l.indexAt(p.cap, p.flags))
}

// enter puts row, which has the given hash, into the index.
func (l *layout) enter(p *shape, base unsafe.Pointer, row uint32, hash uint64) {
	slots := l.slots(p.cap)
	if slots == 0 {
		return
	}
	idx := l.index(p, base)
	s := l.home(hash, p.depth, slots)
	for *at[entry](idx, int(s)) != 0 {
		if s++; s == slots {
			s = 0
		}
	}
	*at[entry](idx, int(s)) = makeEntry(row, hash)
}

// slotOf is the index slot of a row that is in the index.
func (l *layout) slotOf(p *shape, idx unsafe.Pointer, row uint32, hash uint64, slots uint32) uint32 {
	want := makeEntry(row, hash)
	s := l.home(hash, p.depth, slots)
	for *at[entry](idx, int(s)) != want {
		if s++; s == slots {
			s = 0
		}
	}
	return s
}

// leave takes row out of the index. The entries behind it move up, so that no search stops early (Knuth, algorithm
// 6.4R).
func (l *layout) leave(p *shape, base unsafe.Pointer, row uint32) {
	slots := l.slots(p.cap)
	if slots == 0 {
		return
	}
	idx := l.index(p, base)
	hole := l.slotOf(p, idx, row, hashAt(base, row), slots)
	s := hole
	for {
		if s++; s == slots {
			s = 0
		}
		e := *at[entry](idx, int(s))
		if e == 0 {
			break
		}
		home := l.home(hashAt(base, e.row()), p.depth, slots)
		// The entry may move to the hole unless its home lies, cyclically, in (hole, s].
		if (s > hole && home > hole && home <= s) || (s < hole && (home > hole || home <= s)) {
			continue
		}
		*at[entry](idx, int(hole)) = e
		hole = s
	}
	*at[entry](idx, int(hole)) = 0
}

// renumber tells the index that the row numbered from is now numbered to.
func (l *layout) renumber(p *shape, base unsafe.Pointer, from, to uint32) {
	slots := l.slots(p.cap)
	if slots == 0 {
		return
	}
	idx := l.index(p, base)
	hash := hashAt(base, from)
	*at[entry](idx, int(l.slotOf(p, idx, from, hash, slots))) = makeEntry(to, hash)
}

// reindex makes the index of all rows anew.
func (l *layout) reindex(p *shape, base unsafe.Pointer) {
	slots := l.slots(p.cap)
	if slots == 0 {
		return
	}
	clear(unsafe.Slice((*entry)(l.index(p, base)), slots))
	l.enterFrom(p, base, 0)
}

// enterFrom puts the rows from first on into the index. Neighbours often have one key, and then one home: all slots from there to the entry
// of the first are taken.
func (l *layout) enterFrom(p *shape, base unsafe.Pointer, first uint32) {
	slots := l.slots(p.cap)
	if slots == 0 {
		return
	}
	idx := unsafe.Slice((*entry)(l.index(p, base)), slots)
	lastHome, last := slots, uint32(0)
	for row := first; row < p.n; row++ {
		hash := hashAt(base, row)
		home := l.home(hash, p.depth, slots)
		s := home
		if home == lastHome {
			s = last
		}
		for idx[s] != 0 {
			if s++; s == slots {
				s = 0
			}
		}
		idx[s] = makeEntry(row, hash)
		lastHome, last = home, s
	}
}

// chain walks the index entries from the home of a hash up to the first free one.
type chain struct {
	idx   unsafe.Pointer
	s     uint32
	slots uint32
}

// chain begins a walk. The page must have an index.
func (l *layout) chain(p *shape, base unsafe.Pointer, hash uint64) chain {
	slots := l.slots(p.cap)
	return chain{idx: l.index(p, base), s: l.home(hash, p.depth, slots), slots: slots}
}

// next gives the next entry; 0 at the end.
func (c *chain) next() entry {
	e := *at[entry](c.idx, int(c.s))
	if c.s++; c.s == c.slots {
		c.s = 0
	}
	return e
}

// find gives the row with the hash whose first n columns are those of row i of cols, or -1: by identity, or by SQL for a
// search by key.
func (l *layout) find(p *shape, base unsafe.Pointer, hash uint64, cols []column, i, n int, byKey bool) int {
	if l.slots(p.cap) == 0 {
		for row := range p.n {
			if hashAt(base, row) == hash && l.same(p, base, row, cols, i, n, byKey) {
				return int(row)
			}
		}
		return -1
	}
	tag := tagOf(hash)
	for c := l.chain(p, base, hash); ; {
		e := c.next()
		if e == 0 {
			return -1
		}
		if e.tag() == tag && hashAt(base, e.row()) == hash && l.same(p, base, e.row(), cols, i, n, byKey) {
			return int(e.row())
		}
	}
}

// same compares the first n columns of a row of a page with row i of cols.
func (l *layout) same(p *shape, base unsafe.Pointer, row uint32, cols []column, i, n int, byKey bool) bool {
	for c := range n {
		pc := l.column(p, base, c)
		if byKey && l.inexact[c] {
			if !l.orders[c].notDistinct(&pc, int(row), &cols[c], i) {
				return false
			}
		} else if !identical(&pc, int(row), &cols[c], i) {
			return false
		}
	}
	return true
}
