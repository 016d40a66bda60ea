package state

import (
	"cmp"
	"slices"

	"github.com/streamdb/streamdb/sql/types"
)

// Sliced is a Hashed for each slice of time (or other int64): the state of windows. A slice's pages are its own, so that closing
// windows frees their state whole. It is frozen, moved and stored as one.
type Sliced struct{ sliced[*Hashed] }

// SlicedOrdered is an Ordered for each slice, as Sliced is of Hashed.
type SlicedOrdered struct{ sliced[*Ordered] }

// SlicedLog is a Log for each slice, as Sliced is of Hashed.
type SlicedLog struct{ sliced[*Log] }

// NewSliced makes an arrangement without slices, each of which is to hold rows of spec.
func NewSliced(mem *Memory, spec Spec) *Sliced {
	return &Sliced{sliced[*Hashed]{mem: mem, lay: kindHashed.layout(spec), make: func(w writer) *Hashed {
		h := &Hashed{writer: w}
		h.v = &h.view
		return h
	}}}
}

// NewSlicedOrdered makes an arrangement without slices, each of which is to hold rows of spec.
func NewSlicedOrdered(mem *Memory, spec Spec) *SlicedOrdered {
	return &SlicedOrdered{sliced[*Ordered]{mem: mem, lay: kindOrdered.layout(spec), make: func(w writer) *Ordered {
		o := &Ordered{writer: w}
		o.v = &o.view
		return o
	}}}
}

// NewSlicedLog makes a log without slices, each of which is to hold rows with columns of types ts.
func NewSlicedLog(mem *Memory, ts []types.Type) *SlicedLog {
	return &SlicedLog{sliced[*Log]{mem: mem, lay: kindLog.layout(Spec{Types: ts}), make: func(w writer) *Log {
		l := &Log{writer: w}
		l.v = &l.view
		return l
	}}}
}

// arrangement is what a slice is.
type arrangement interface{ asWriter() *writer }

func (w *writer) asWriter() *writer { return w }

// sliced is what arrangements in slices have in common.
type sliced[T arrangement] struct {
	mem    *Memory
	lay    *layout
	make   func(w writer) T
	slices []slice[T] // by start
}

type slice[T arrangement] struct {
	start int64
	rows  T
}

func (s *sliced[T]) find(start int64) (int, bool) {
	return slices.BinarySearchFunc(s.slices, start, func(x slice[T], start int64) int { return cmp.Compare(x.start, start) })
}

// Slice is the arrangement of the slice that begins at start; nil when there is none.
func (s *sliced[T]) Slice(start int64) (rows T) {
	if i, ok := s.find(start); ok {
		return s.slices[i].rows
	}
	return rows
}

// Ensure is Slice, making the slice when there is none.
func (s *sliced[T]) Ensure(start int64) T {
	i, ok := s.find(start)
	if !ok {
		s.slices = slices.Insert(s.slices, i, slice[T]{start, s.make(newWriter(s.mem, s.lay))})
	}
	return s.slices[i].rows
}

// Starts appends the starts of the slices to dst, ascending.
func (s *sliced[T]) Starts(dst []int64) []int64 {
	for _, x := range s.slices {
		dst = append(dst, x.start)
	}
	return dst
}

// First is the start of the first slice behind a time; not ok if there is none.
func (s *sliced[T]) First(behind int64) (start int64, ok bool) {
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
func (s *sliced[T]) DropBefore(start int64) {
	n, _ := s.find(start)
	for _, x := range s.slices[:n] {
		x.rows.asWriter().Release()
	}
	s.slices = slices.Delete(s.slices, 0, n)
}

// Rows is the number of distinct rows of all slices.
func (s *sliced[T]) Rows() int64 {
	n := int64(0)
	for _, x := range s.slices {
		n += x.rows.asWriter().Rows()
	}
	return n
}

// Bytes is the memory of all slices.
func (s *sliced[T]) Bytes() int64 {
	n := int64(0)
	for _, x := range s.slices {
		n += x.rows.asWriter().Bytes()
	}
	return n
}

// Freeze gives the present state as a version, in O(slices).
func (s *sliced[T]) Freeze() *Version {
	v := &Version{view: view{mem: s.mem, lay: s.lay}, sliced: true, unpin: s.mem.pin()}
	for _, x := range s.slices {
		v.slices = append(v.slices, slicedView{x.start, x.rows.asWriter().freeze()})
	}
	v.holders.Store(1)
	return v
}

// Adopt drops the present state and goes on from v, which stays valid and is still the caller's to release. Arrangements that
// Slice gave before are not of this state.
func (s *sliced[T]) Adopt(v *Version) error {
	if !v.sliced || !v.sameKind(s.mem, s.lay) {
		return errForeign
	}
	old := s.slices
	s.slices = nil
	for i := range v.slices {
		s.Ensure(v.slices[i].start).asWriter().adopt(&v.slices[i].view)
	}
	for _, x := range old {
		x.rows.asWriter().Release()
	}
	return nil
}

// DetachGroup takes the rows of a key group out of all slices.
func (s *sliced[T]) DetachGroup(group int) (*Group, error) {
	g := &Group{group: group, mem: s.mem, lay: s.lay, sliced: true}
	for _, x := range s.slices {
		part, err := x.rows.asWriter().detach(group)
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
func (s *sliced[T]) AttachGroup(g *Group) error {
	if !g.sliced || !g.fits(s.mem, s.lay) {
		return errForeign
	}
	for i := range g.parts {
		if g.parts[i].node == nil {
			continue
		}
		if err := s.Ensure(g.parts[i].start).asWriter().attach(g.group, &g.parts[i]); err != nil {
			return err
		}
	}
	return nil
}

// Evict is Hashed.Evict, the oldest slices first: they are read again only when they close.
func (s *sliced[T]) Evict(want int64) int64 {
	freed := int64(0)
	for _, x := range s.slices {
		if freed >= want {
			break
		}
		freed += x.rows.asWriter().Evict(want - freed)
	}
	return freed
}

// Clear drops all slices.
func (s *sliced[T]) Clear() {
	for _, x := range s.slices {
		x.rows.asWriter().Release()
	}
	s.slices = nil
}

// Release gives back all pages.
func (s *sliced[T]) Release() { s.Clear() }
