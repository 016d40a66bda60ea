package state

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

var errNotYet = sqlerr.Internal("storage/state is being written")

// Hashed is an arrangement found by the hash of its key. It is used by one goroutine; Freeze gives readers to others.
//
// Row arguments are columns with n rows (constant vectors are allowed), hashes of their keys by physical index (as
// vec.HashRows gives them), and a selection (nil: all n). Nothing passed in is kept.
type Hashed struct {
	HashedReader
}

// HashedReader is what can be asked of a hashed arrangement: of the writer at any time, or of a Version.
type HashedReader struct{}

// Refs are where the rows of a Lookup lie, by physical index of the looked-up batch. It is reused from batch to batch. It
// is valid until the arrangement is written by anything but a Put of these refs, or its version is released.
type Refs struct{}

// Found reports whether there was a row for the key at physical index i. It is false for rows that were not selected.
func (r *Refs) Found(i int) bool { return false }

// Missing appends the physical indices of the selected rows that were not found to sel.
func (r *Refs) Missing(sel []int32) []int32 { return sel }

// NewHashed makes an empty arrangement whose pages live in mem.
func NewHashed(mem *Memory, spec Spec) *Hashed { return &Hashed{} }

// Lookup finds the row of each key. Only for Unique arrangements.
func (h *HashedReader) Lookup(keys []*vec.Vector, hashes []uint64, sel []int32, n int, refs *Refs) error {
	return errNotYet
}

// Gather makes out column col of the rows found, by physical index; where no row was found it is null.
func (h *HashedReader) Gather(refs *Refs, col int, out *vec.Vector) {}

// Rows is the number of distinct rows.
func (h *HashedReader) Rows() int64 { return 0 }

// Probe begins the search for all rows whose key is not distinct from each selected key (a caller whose nulls match
// nothing leaves those rows out of sel). Matches come from p.Next, in the order of the probing rows.
func (h *HashedReader) Probe(p *Probe, keys []*vec.Vector, hashes []uint64, sel []int32, n int) {}

// Probe iterates over the matches of a batch. It may be reused.
type Probe struct {
	// Cols are the columns of the arrangement to give; nil means all. To be set before the first Next.
	Cols []int
	// Rows are, for each row of Batch, the physical index of the probing row.
	Rows []int32
	// Batch has up to vec.BatchSize matching rows, with their weights, until the next call of Next.
	Batch *vec.Batch
}

// Next gives the next matches; false means there are no more.
func (p *Probe) Next() (bool, error) { return false, errNotYet }

// Scan begins a scan of key group group, or of all groups when it is -1. The order is a function of the arrangement's
// history.
func (h *HashedReader) Scan(s *Scan, group int) {}

// Scan iterates over the rows of an arrangement. It may be reused.
type Scan struct {
	// Cols are the columns to give; nil means all. To be set before the first Next.
	Cols []int
	// Batch has up to vec.BatchSize rows until the next call of Next.
	Batch *vec.Batch
}

// Next gives the next rows; false means there are no more.
func (s *Scan) Next() (bool, error) { return false, errNotYet }

// Put inserts each row of b or replaces the row with its key. b has all columns of the arrangement. refs may come from a
// Lookup of the same rows (it saves the search) or be nil. Of two rows with one key the later wins. Only for Unique
// arrangements.
func (h *Hashed) Put(b *vec.Batch, hashes []uint64, refs *Refs) error { return errNotYet }

// Delete removes the rows of the keys and returns how many there were. Only for Unique arrangements.
func (h *Hashed) Delete(keys []*vec.Vector, hashes []uint64, sel []int32, n int) (int, error) {
	return 0, errNotYet
}

// Apply adds a delta: weights of identical rows are summed, and a row of weight 0 is removed (a weight may be negative
// for a while). b has all columns; ch may be nil. Not for Unique arrangements.
func (h *Hashed) Apply(b *vec.Batch, hashes []uint64, ch *Changes) error { return errNotYet }

// Changes are the weights of the rows of an applied delta, by physical index, before and after that row of the delta.
type Changes struct{ Old, New []int64 }

// Freeze gives the present state as a version, in O(1).
func (h *Hashed) Freeze() *Version { return nil }

// Adopt drops the present state and goes on from v, which stays valid and is still the caller's to release.
func (h *Hashed) Adopt(v *Version) error { return errNotYet }

// Bytes is the memory of the pages and nodes that the arrangement reaches, shared with versions or not.
func (h *Hashed) Bytes() int64 { return 0 }

// DetachGroup takes the rows of a key group out, in O(1).
func (h *Hashed) DetachGroup(group int) *Group { return nil }

// AttachGroup puts in the rows of a key group that was detached from an arrangement of the same Spec. The group here must
// be empty. g is used up.
func (h *Hashed) AttachGroup(g *Group) error { return errNotYet }

// Clear removes all rows.
func (h *Hashed) Clear() {}

// Release gives back all pages. The arrangement must not be used after.
func (h *Hashed) Release() {}

// Evict drops up to about want bytes of pages that are stored (Version.MarkStored) from memory, those not used since the
// last call first, and returns how many it dropped. They are read again from the PageStore when used.
func (h *Hashed) Evict(want int64) int64 { return 0 }
