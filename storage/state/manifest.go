package state

import (
	"encoding/binary"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/zeebo/xxh3"
)

// A manifest is a header of format, layout, whether there are slices, and the fingerprint of the Spec; the state, or the
// number of slices and each one's start and state; and a checksum. A state is the counts of the key groups, the bounds of a
// List, and the tree in pre-order, all as varints. A page that stands in several slots is written once: its depth tells how
// many.
const (
	manifestFormat = 2 // 1 was of another hash of integers
	manifestHeader = 11
)

// How a node of a manifest begins.
const (
	tagNil   = iota // and how many empty slots
	tagPage         // its id and shape
	tagTrie         // an inner node of a directory
	tagInner        // an inner node of a B+-tree or list: counts, then the page of separators, if any
)

// Manifest appends the directory of the version with the ids of its pages: all that Open needs besides the pages.
func (v *Version) Manifest(dst []byte) []byte {
	from := len(dst)
	dst = append(dst, manifestFormat, byte(v.lay.kind), boolByte(v.sliced))
	dst = binary.LittleEndian.AppendUint64(dst, v.lay.fingerprint)
	if !v.sliced {
		dst = appendView(dst, &v.view)
	} else {
		dst = binary.AppendUvarint(dst, uint64(len(v.slices)))
		for i := range v.slices {
			dst = binary.AppendVarint(dst, v.slices[i].start)
			dst = appendView(dst, &v.slices[i].view)
		}
	}
	return binary.LittleEndian.AppendUint64(dst, xxh3.Hash(dst[from:]))
}

func appendView(dst []byte, v *view) []byte {
	for _, g := range v.groups {
		dst = binary.AppendUvarint(dst, uint64(g.rows))
		dst = binary.AppendUvarint(dst, uint64(g.bytes))
	}
	dst = binary.AppendVarint(dst, v.first)
	dst = binary.AppendVarint(dst, v.base)
	if v.root == nil {
		return append(dst, 0)
	}
	return appendTrie(append(dst, 1), v.root, 0)
}

func appendTrie(dst []byte, n *node, level uint) []byte {
	dst = append(dst, tagTrie)
	empty := uint64(0)
	for i, kid := range n.in.kids {
		if kid == nil {
			empty++
			continue
		}
		if empty > 0 {
			dst = binary.AppendUvarint(append(dst, tagNil), empty)
			empty = 0
		}
		if i == 0 || kid != n.in.kids[i-1] {
			dst = appendNode(dst, kid, level+levelBits(level))
		}
	}
	if empty > 0 {
		dst = binary.AppendUvarint(append(dst, tagNil), empty)
	}
	return dst
}

func appendNode(dst []byte, n *node, level uint) []byte {
	switch {
	case n.in == nil:
		return appendPage(append(dst, tagPage), n)
	case n.in.counts == nil:
		return appendTrie(dst, n, level)
	}
	dst = binary.AppendUvarint(append(dst, tagInner), uint64(len(n.in.kids)))
	for _, c := range n.in.counts {
		dst = binary.AppendVarint(dst, c.weight)
		dst = binary.AppendUvarint(dst, uint64(c.rows))
	}
	if n.size != 0 {
		dst = appendPage(append(dst, 1), n)
	} else {
		dst = append(dst, 0)
	}
	for _, kid := range n.in.kids {
		dst = appendNode(dst, kid, level)
	}
	return dst
}

func appendPage(dst []byte, n *node) []byte {
	dst = binary.AppendUvarint(dst, uint64(n.id))
	dst = append(dst, n.depth, byte(n.flags))
	for _, x := range []uint32{n.n, n.cap, n.size, n.strs, n.dead} {
		dst = binary.AppendUvarint(dst, uint64(x))
	}
	return dst
}

// Open gives the version that a manifest describes. Pages are read from mem's store when first used. The spec must be the
// one it was written with. Damage is a data_corrupted error.
func Open(mem *Memory, spec Spec, manifest []byte) (*Version, error) {
	r, err := newManifestReader(manifest)
	if err != nil {
		return nil, err
	}
	lay := r.kind.layout(spec)
	if lay == nil || lay.fingerprint != r.fingerprint {
		return nil, sqlerr.New(sqlerr.DataCorrupted, "stored state has other columns than its operator")
	}
	mem.absent.Store(true)
	v := &Version{view: view{mem: mem, lay: lay}, sliced: r.sliced, unpin: mem.pin()}
	v.holders.Store(1)
	r.mem, r.lay, r.gen = mem, lay, mem.newGen()
	r.version(v)
	if r.failed || len(r.b) > 0 {
		v.Release()
		return nil, errManifest
	}
	return v, nil
}

// ManifestPages gives the id of every page that a manifest refers to, for collecting pages that no snapshot needs.
func ManifestPages(manifest []byte, page func(PageID)) error {
	r, err := newManifestReader(manifest)
	if err != nil {
		return err
	}
	r.page = page
	r.version(&Version{sliced: r.sliced})
	if r.failed || len(r.b) > 0 {
		return errManifest
	}
	return nil
}

var errManifest = sqlerr.New(sqlerr.DataCorrupted, "a manifest of stored state is damaged")

// newManifestReader checks what surrounds a manifest.
func newManifestReader(b []byte) (*manifestReader, error) {
	if len(b) < manifestHeader+8 || xxh3.Hash(b[:len(b)-8]) != binary.LittleEndian.Uint64(b[len(b)-8:]) {
		return nil, errManifest
	}
	if b[0] != manifestFormat {
		return nil, sqlerr.New(sqlerr.DataCorrupted, "a manifest of stored state has format %d; this version reads format %d", b[0], manifestFormat)
	}
	return &manifestReader{
		b: b[manifestHeader : len(b)-8], kind: layoutKind(b[1]), sliced: b[2] != 0, fingerprint: binary.LittleEndian.Uint64(b[3:]),
	}, nil
}
