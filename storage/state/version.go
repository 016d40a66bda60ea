package state

import (
	"sync/atomic"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Version is the frozen state of an arrangement of any layout. Any number of goroutines may read it until it is released.
type Version struct {
	view
	holders atomic.Int32
	// A version of a Sliced has its state in slices, by start, and nothing in view but the layout.
	sliced bool
	slices []slicedView
	// unpin lets the store remove pages that only this version may read; nil where all are in memory.
	unpin func()
}

type slicedView struct {
	start int64
	view
}

// Retain adds a holder: Release must be called once more.
func (v *Version) Retain() *Version {
	v.holders.Add(1)
	return v
}

// Release gives the version back; with the last holder go the pages that nothing else reaches.
func (v *Version) Release() {
	switch n := v.holders.Add(-1); {
	case n == 0:
		v.eachView(func(s *view) {
			v.mem.release(s.root)
			s.root = nil
		})
		if v.unpin != nil {
			v.unpin()
		}
	case n < 0:
		panic("state: version released twice")
	}
}

// eachView gives the views that the version consists of.
func (v *Version) eachView(f func(*view)) {
	f(&v.view)
	for i := range v.slices {
		f(&v.slices[i].view)
	}
}

// Bytes is the memory of the pages and nodes of the version, whether shared with others, and whether evicted or not.
func (v *Version) Bytes() int64 {
	n := int64(0)
	v.eachView(func(s *view) { n += s.Bytes() })
	return n
}

// Rows is the number of distinct rows.
func (v *Version) Rows() int64 {
	n := int64(0)
	v.eachView(func(s *view) { n += s.Rows() })
	return n
}

// GroupRows is the number of distinct rows of a key group.
func (v *Version) GroupRows(group int) int64 {
	n := int64(0)
	v.eachView(func(s *view) { n += s.GroupRows(group) })
	return n
}

// Slices is the number of slices of a version of a Sliced.
func (v *Version) Slices() int { return len(v.slices) }

// Slice reads the i-th slice, in order of start, of a version of a Sliced.
func (v *Version) Slice(i int) (start int64, r *HashedReader) {
	s := &v.slices[i]
	return s.start, &HashedReader{&s.view}
}

// Hashed reads a version of a Hashed.
func (v *Version) Hashed() *HashedReader { return &HashedReader{&v.view} }

// Ordered reads a version of an Ordered.
func (v *Version) Ordered() *OrderedReader { return &OrderedReader{&v.view} }

// List reads a version of a List.
func (v *Version) List() *ListReader { return &ListReader{&v.view} }

// Log reads a version of a Log.
func (v *Version) Log() *LogReader { return &LogReader{&v.view} }

var errForeign = sqlerr.Internal("state of another arrangement")
