package state

import (
	"encoding/binary"
	"testing"
	"unsafe"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"github.com/zeebo/xxh3"
)

// samplePage is a page of each kind with strings, nulls and weights, as written.
func samplePages(t testing.TB) (l *layout, pages [][]byte, manifest []byte) {
	disk := newMemStore()
	spec := Spec{Types: []types.Type{bigint, text, types.T(types.Bool)}, Key: 1}
	h := NewHashed(NewMemory(disk), spec)
	b := vec.NewBatch(spec.Types, 8)
	for i := range int64(40) {
		b.AppendRow(i%3+1, types.NewInt(i), types.NewText("some text"), types.Null)
	}
	require.NoError(t, h.Apply(b, hashesOf(b, 1), nil))
	v := h.Freeze()
	manifest = disk.save(t, v)
	for id := PageID(0); id < disk.NextPageID(); id++ {
		if p, ok := disk.pages[id]; ok {
			pages = append(pages, p)
		}
	}
	return h.lay, pages, manifest
}

// FuzzPage decodes damaged pages, with their checksum put right so that the checks behind it are reached. What passes is used.
func FuzzPage(f *testing.F) {
	l, pages, _ := samplePages(f)
	f.Add(0, uint32(8), uint32(1), true)
	for at := uint32(0); at < 64; at += 4 {
		f.Add(int(at)%len(pages), at, uint32(0xffffffff), true)
	}
	f.Add(1, uint32(900), uint32(77), true)
	f.Add(1, uint32(900), uint32(77), false)
	f.Fuzz(func(t *testing.T, which int, offset, value uint32, fix bool) {
		page := append([]byte(nil), pages[uint(which)%uint(len(pages))]...)
		binary.LittleEndian.PutUint32(page[int(offset)%(len(page)-4):], value)
		if fix {
			clear(page[checksumAt : checksumAt+8])
			binary.LittleEndian.PutUint64(page[checksumAt:], xxh3.Hash(page))
		}
		id := PageID(binary.LittleEndian.Uint64(page[32:]))
		s, err := l.pageShape(page, id)
		if err == nil {
			err = l.checkPage(page, id, s)
		}
		if err != nil {
			require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
			return
		}
		usePage(l, page, s)
	})
}

// usePage reads everything in a page that passed as sound, and takes all rows out.
func usePage(l *layout, page []byte, s shape) {
	buf := make([]uint64, s.size/8)
	base := unsafe.Pointer(unsafe.SliceData(buf))
	copy(unsafe.Slice((*byte)(base), s.size), page)
	for s.n > 0 {
		for _, c := range l.columns(nil, &s, base) {
			identical(&c, 0, &c, int(s.n)-1)
		}
		l.remove(&s, base, s.n/2)
	}
}

func FuzzManifest(f *testing.F) {
	l, _, manifest := samplePages(f)
	f.Add(manifest)
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 8 { // with a true checksum
			b = append([]byte(nil), b...)
			binary.LittleEndian.PutUint64(b[len(b)-8:], xxh3.Hash(b[:len(b)-8]))
		}
		mem := NewMemory(newMemStore())
		v, err := Open(mem, l.spec, b)
		if err != nil {
			require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
		} else {
			v.Release()
		}
		_ = ManifestPages(b, func(PageID) {})
		requireNothingLeft(t, mem)
	})
}

// TestDamagedPage flips each bit of a page once: the checksum finds all of them.
func TestDamagedPage(t *testing.T) {
	l, pages, _ := samplePages(t)
	page := pages[0]
	id := PageID(binary.LittleEndian.Uint64(page[32:]))
	s, err := l.pageShape(page, id)
	require.NoError(t, err)
	require.NoError(t, l.checkPage(page, id, s))
	for bit := range len(page) * 8 {
		page[bit/8] ^= 1 << (bit % 8)
		require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(l.checkPage(page, id, s)))
		page[bit/8] ^= 1 << (bit % 8)
	}
	require.Error(t, l.checkPage(page[:len(page)-1], id, s))
	require.Error(t, l.checkPage(nil, id, s))
}
