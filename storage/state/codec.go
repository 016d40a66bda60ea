package state

import (
	"encoding/binary"
	"unsafe"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/zeebo/xxh3"
)

// A page is written as it lies in memory up to the end of its strings, its header, which memory does not use, being filled:
//
//	0 magic · 4 format · 6 flags · 7 depth · 8 rows · 12 capacity · 16 size · 20 strings end · 24 dead bytes ·
//	32 id · 40 fingerprint of the Spec · 48 checksum (xxh3 of the page with this field 0) · 56 zero
//
// Numbers are little-endian, as are the values.
const (
	pageMagic  = 0x67706473 // "sdpg"
	pageFormat = 1
	checksumAt = 48
	// maxPageSize bounds what a damaged size can make us allocate; no value is larger than 1 GiB.
	maxPageSize = 1<<31 - 1
)

// encodePage appends a page to dst.
func (l *layout) encodePage(dst []byte, n *node, base unsafe.Pointer) []byte {
	from := len(dst)
	dst = append(dst, unsafe.Slice((*byte)(base), n.strs)...)
	h := dst[from : from+headerSize]
	clear(h)
	le := binary.LittleEndian
	le.PutUint32(h, pageMagic)
	le.PutUint16(h[4:], pageFormat)
	h[6], h[7] = byte(n.flags), n.depth
	for i, x := range []uint32{n.n, n.cap, n.size, n.strs, n.dead} {
		le.PutUint32(h[8+4*i:], x)
	}
	le.PutUint64(h[32:], uint64(n.id))
	le.PutUint64(h[40:], l.fingerprint)
	le.PutUint64(h[checksumAt:], xxh3.Hash(dst[from:]))
	return dst
}

func damaged(id PageID, format string, args ...any) error {
	return sqlerr.New(sqlerr.DataCorrupted, "page %d of stored state is damaged", id).WithDetail(format, args...)
}

// checkPage verifies that b is the page id with the shape that the directory says it has, and that no search in it can leave
// it or fail to end.
func (l *layout) checkPage(b []byte, id PageID, want shape) error {
	got, err := l.pageShape(b, id)
	if err != nil {
		return err
	}
	if got != want {
		return damaged(id, "It is another page than the directory refers to.")
	}
	p := unsafe.Pointer(unsafe.SliceData(b))
	if uintptr(p)%8 != 0 {
		aligned := make([]uint64, (len(b)+7)/8)
		p = unsafe.Pointer(unsafe.SliceData(aligned))
		copy(unsafe.Slice((*byte)(p), len(b)), b)
	}
	if !l.stringsInside(&got, p) {
		return damaged(id, "A string lies outside the page.")
	}
	if !l.indexComplete(&got, p) {
		return damaged(id, "The index does not name each row once.")
	}
	return nil
}

// pageShape checks header and checksum.
func (l *layout) pageShape(b []byte, id PageID) (shape, error) {
	le := binary.LittleEndian
	if len(b) < headerSize || le.Uint32(b) != pageMagic {
		return shape{}, damaged(id, "It does not begin as a page does.")
	}
	if f := le.Uint16(b[4:]); f != pageFormat {
		return shape{}, damaged(id, "It has format %d; this version reads format %d.", f, pageFormat)
	}
	sum := xxh3.New()
	var zero [8]byte
	for _, part := range [][]byte{b[:checksumAt], zero[:], b[checksumAt+8:]} {
		_, _ = sum.Write(part) // never fails
	}
	if sum.Sum64() != le.Uint64(b[checksumAt:]) {
		return shape{}, damaged(id, "Its checksum is wrong.")
	}
	if got := PageID(le.Uint64(b[32:])); got != id {
		return shape{}, damaged(id, "It says that it is page %d.", got)
	}
	if le.Uint64(b[40:]) != l.fingerprint {
		return shape{}, damaged(id, "It belongs to state with other columns.")
	}
	s := shape{flags: pageFlags(b[6]), depth: b[7]}
	for i, x := range []*uint32{&s.n, &s.cap, &s.size, &s.strs, &s.dead} {
		*x = le.Uint32(b[8+4*i:])
	}
	if !l.possible(s) || int(s.strs) != len(b) {
		return shape{}, damaged(id, "Its header contradicts itself.")
	}
	return s, nil
}

// possible reports whether a page can have the shape: everything lies within its size, in arithmetic that does not wrap.
func (l *layout) possible(s shape) bool {
	if s.n > s.cap || s.size > maxPageSize || s.size < headerSize || s.size%8 != 0 || s.depth > 64 ||
		s.flags&^(hasWeights|hasNulls) != 0 {
		return false
	}
	if uint64(s.cap)*uint64(l.row+s.flags.weightWidth()) > uint64(s.size) {
		return false // from here on nothing overflows: the other parts are smaller than a few times this one
	}
	if uint64(s.cap)*uint64(len(l.kinds))/8 > uint64(s.size) {
		return false
	}
	start := l.stringsAt(s.cap, s.flags)
	return start <= s.strs && s.strs <= s.size && s.dead <= s.strs-start
}

// stringsInside reports whether all strings lie in the part of the page that is for them.
func (l *layout) stringsInside(p *shape, base unsafe.Pointer) bool {
	start := l.stringsAt(p.cap, p.flags)
	for _, c := range l.bytesCols {
		col := l.column(p, base, c)
		for row := range int(p.n) {
			s := at[vec.Span](col.data, row)
			if !col.null(row) && s.Len != 0 && (s.Off < start || uint64(s.Off)+uint64(s.Len) > uint64(p.strs)) {
				return false
			}
		}
	}
	return true
}

// indexComplete reports whether a search for each row ends at it.
func (l *layout) indexComplete(p *shape, base unsafe.Pointer) bool {
	slots := l.slots(p.cap)
	if slots == 0 {
		return true
	}
	idx := l.index(p, base)
	used := uint32(0)
	for s := range int(slots) {
		if e := *at[entry](idx, s); e != 0 {
			used++
			if e&maxRows == 0 || e.row() >= p.n {
				return false
			}
		}
	}
	if used != p.n {
		return false
	}
	for row := range p.n {
		hash := hashAt(base, row)
		want := makeEntry(row, hash)
		c := l.chain(p, base, hash)
		for e := c.next(); e != want; e = c.next() {
			if e == 0 {
				return false
			}
		}
	}
	return true
}

// makeFingerprint is a hash of what decides how pages are read.
func makeFingerprint(spec *Spec, kind layoutKind) uint64 {
	b := []byte{byte(kind)}
	for _, t := range spec.Types {
		b = append(b, byte(t.ID), byte(t.Kind()), boolByte(t.Array))
		b = binary.LittleEndian.AppendUint32(b, uint32(t.Mod))
	}
	b = binary.AppendUvarint(b, uint64(spec.Key))
	b = append(b, boolByte(spec.Unique))
	for _, o := range spec.Order {
		b = binary.AppendUvarint(b, uint64(o.Col))
		b = append(b, boolByte(o.Desc), boolByte(o.NullsFirst))
	}
	return xxh3.Hash(b)
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}
