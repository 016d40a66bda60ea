package state

import (
	"cmp"
	"slices"
)

// Sliced is a Hashed for each slice of time (or other int64): the state of windows. A slice's pages are its own, so that closing
// windows frees their state whole. It is frozen, moved and stored as one.
type Sliced struct {
	mem    *Memory
	lay    *layout
	slices []slice // by start
}

type slice struct {
	start int64
	rows  *Hashed
}

// NewSliced makes an arrangement without slices, each of which is to hold rows of spec.
func NewSliced(mem *Memory, spec Spec) *Sliced {
	return &Sliced{mem: mem, lay: kindHashed.layout(spec)}
}

func (s *Sliced) find(start int64) (int, bool) {
	return slices.BinarySearchFunc(s.slices, start, func(x slice, start int64) int { return cmp.Compare(x.start, start) })
}

// Slice is the arrangement of the slice that begins at start; nil when there is none.
func (s *Sliced) Slice(start int64) *Hashed {
	if i, ok := s.find(start); ok {
		return s.slices[i].rows
	}
	return nil
}

// Ensure is Slice, making the slice when there is none.
func (s *Sliced) Ensure(start int64) *Hashed {
	i, ok := s.find(start)
	if !ok {
		h := &Hashed{writer: newWriter(s.mem, s.lay)}
		h.v = &h.view
		s.slices = slices.Insert(s.slices, i, slice{start, h})
	}
	return s.slices[i].rows
}

// Starts appends the starts of the slices to dst, ascending.
func (s *Sliced) Starts(dst []int64) []int64 {
	for _, x := range s.slices {
		dst = append(dst, x.start)
	}
	return dst
}

// First is the start of the first slice behind a time; not ok if there is none.
func (s *Sliced) First(behind int64) (start int64, ok bool) {
	i, found := s.find(behind)
	if found {
		i++
	}
	if i == len(s.slices) {
		return 0, false
	}
	return s.slices[i].start, true
}

// DropBefore drops the slices that begin before start.
func (s *Sliced) DropBefore(start int64) {
	n, _ := s.find(start)
	for _, x := range s.slices[:n] {
		x.rows.Release()
	}
	s.slices = slices.Delete(s.slices, 0, n)
}

// Rows is the number of distinct rows of all slices.
func (s *Sliced) Rows() int64 {
	n := int64(0)
	for _, x := range s.slices {
		n += x.rows.Rows()
	}
	return n
}

// Bytes is the memory of all slices.
func (s *Sliced) Bytes() int64 {
	n := int64(0)
	for _, x := range s.slices {
		n += x.rows.Bytes()
	}
	return n
}

// Freeze gives the present state as a version, in O(slices).
func (s *Sliced) Freeze() *Version {
	v := &Version{view: view{mem: s.mem, lay: s.lay}, sliced: true}
	for _, x := range s.slices {
		v.slices = append(v.slices, slicedView{x.start, x.rows.freeze()})
	}
	v.holders.Store(1)
	return v
}

// Adopt drops the present state and goes on from v, which stays valid and is still the caller's to release. Arrangements that
// Slice gave before are not of this state.
func (s *Sliced) Adopt(v *Version) error {
	if !v.sliced || !v.sameKind(s.mem, s.lay) {
		return errForeign
	}
	old := s.slices
	s.slices = nil
	for i := range v.slices {
		s.Ensure(v.slices[i].start).adopt(&v.slices[i].view)
	}
	for _, x := range old {
		x.rows.Release()
	}
	return nil
}

// DetachGroup takes the rows of a key group out of all slices.
func (s *Sliced) DetachGroup(group int) (*Group, error) {
	g := &Group{group: group, mem: s.mem, lay: s.lay, sliced: true}
	for _, x := range s.slices {
		part, err := x.rows.detach(group)
		if err != nil {
			return nil, err
		}
		part.start = x.start
		g.parts = append(g.parts, part)
	}
	return g, nil
}

// AttachGroup puts in the rows of a key group that was detached from a Sliced of the same Spec and Memory. The group here
// must be empty. g is used up.
func (s *Sliced) AttachGroup(g *Group) error {
	if !g.sliced || !g.fits(s.mem, s.lay) {
		return errForeign
	}
	for i := range g.parts {
		if g.parts[i].node == nil {
			continue
		}
		if err := s.Ensure(g.parts[i].start).attach(g.group, &g.parts[i]); err != nil {
			return err
		}
	}
	return nil
}

// Evict is Hashed.Evict, the oldest slices first: they are read again only when they close.
func (s *Sliced) Evict(want int64) int64 {
	freed := int64(0)
	for _, x := range s.slices {
		if freed >= want {
			break
		}
		freed += x.rows.Evict(want - freed)
	}
	return freed
}

// Clear drops all slices.
func (s *Sliced) Clear() {
	for _, x := range s.slices {
		x.rows.Release()
	}
	s.slices = nil
}

// Release gives back all pages.
func (s *Sliced) Release() { s.Clear() }
