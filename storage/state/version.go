package state

import (
	"sync/atomic"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Version is the frozen state of an arrangement of any layout. Any number of goroutines may read it until it is released.
type Version struct {
	view
	holders atomic.Int32
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
		v.mem.release(v.root)
		v.root = nil
	case n < 0:
		panic("state: version released twice")
	}
}

// Hashed reads a version of a Hashed.
func (v *Version) Hashed() *HashedReader { return &HashedReader{&v.view} }

// Ordered reads a version of an Ordered.
func (v *Version) Ordered() *OrderedReader { return &OrderedReader{&v.view} }

// List reads a version of a List.
func (v *Version) List() *ListReader { return &ListReader{&v.view} }

var errForeign = sqlerr.Internal("state of another arrangement")
