package state

import (
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Group is a key group on its way from one arrangement to another.
type Group struct {
	group  int
	mem    *Memory
	lay    *layout
	sliced bool
	parts  []groupPart
}

// groupPart is what a key group has in one slice; of an arrangement without slices there is one part.
type groupPart struct {
	start int64
	node  *node
	stats groupStats
}

func (s *Spec) sameAs(t *Spec) bool {
	return s.Key == t.Key && s.Unique == t.Unique && slices.Equal(s.Types, t.Types) && slices.Equal(s.Order, t.Order)
}

// DetachGroup takes the rows of a key group out, in O(1).
func (w *writer) DetachGroup(group int) (*Group, error) {
	g := &Group{group: group, mem: w.mem, lay: w.lay}
	part, err := w.detach(group)
	if err != nil {
		return nil, err
	}
	g.parts = append(g.parts, part)
	return g, nil
}

// AttachGroup puts in the rows of a key group that was detached from an arrangement of the same Spec and Memory. The group
// here must be empty. g is used up.
func (w *writer) AttachGroup(g *Group) error {
	if g.sliced || !g.fits(w.mem, w.lay) {
		return errForeign
	}
	for i := range g.parts {
		if err := w.attach(g.group, &g.parts[i]); err != nil {
			return err
		}
	}
	return nil
}

// Group gives a key group of a version, to be attached to another arrangement of the same Spec and Memory: so a state is taken
// over by several tasks. The version keeps it too. Not for a List, which has no key groups.
func (v *Version) Group(group int) *Group {
	g := &Group{group: group, mem: v.mem, lay: v.lay, sliced: v.sliced}
	share := func(s *view, start int64) {
		part := groupPart{start: start, stats: s.groups[group]}
		if s.root != nil && s.root.in.kids[group] != nil {
			part.node = s.root.in.kids[group]
			part.node.refs.Add(1)
		}
		g.parts = append(g.parts, part)
	}
	if !v.sliced {
		share(&v.view, 0)
	}
	for i := range v.slices {
		share(&v.slices[i].view, v.slices[i].start)
	}
	return g
}

// Release drops a group that will not be attached.
func (g *Group) Release() {
	for _, part := range g.parts {
		g.mem.release(part.node)
	}
	g.parts = nil
}

// fits reports whether the group is of the same layout.
func (g *Group) fits(mem *Memory, lay *layout) bool {
	return g.mem == mem && g.lay.kind == lay.kind && g.lay.spec.sameAs(&lay.spec)
}

func (w *writer) detach(group int) (part groupPart, err error) {
	if w.root == nil || w.root.in.kids[group] == nil {
		return part, nil
	}
	if err := w.ownRoot(uint64(group) << (64 - groupBits)); err != nil {
		return part, err
	}
	part.node, part.stats = w.root.in.kids[group], w.groups[group]
	w.root.in.kids[group], w.groups[group] = nil, groupStats{}
	return part, nil
}

// attach moves the nodes of a part below the root.
func (w *writer) attach(group int, part *groupPart) error {
	if part.node == nil {
		return nil
	}
	if w.root != nil && w.root.in.kids[group] != nil {
		return sqlerr.Internal("key group %d is not empty", group)
	}
	if err := w.ownRoot(uint64(group) << (64 - groupBits)); err != nil {
		return err
	}
	w.root.in.kids[group], w.groups[group] = part.node, part.stats
	part.node = nil
	// The nodes may carry the present generation, from before they were detached, and be shared by now.
	w.gen = w.mem.newGen()
	return nil
}
