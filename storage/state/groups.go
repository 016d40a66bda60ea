package state

import (
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Group is a key group on its way from one arrangement to another.
type Group struct {
	group int
	mem   *Memory
	spec  *Spec
	node  *node
	stats groupStats
}

func (s *Spec) sameAs(t *Spec) bool {
	return s.Key == t.Key && s.Unique == t.Unique && slices.Equal(s.Types, t.Types) && slices.Equal(s.Order, t.Order)
}

// DetachGroup takes the rows of a key group out, in O(1).
func (w *writer) DetachGroup(group int) (*Group, error) {
	g := &Group{group: group, mem: w.mem, spec: &w.lay.spec}
	if w.root == nil || w.root.in.kids[group] == nil {
		return g, nil
	}
	if err := w.ownRoot(uint64(group) << (64 - groupBits)); err != nil {
		return nil, err
	}
	g.node, g.stats = w.root.in.kids[group], w.groups[group]
	w.root.in.kids[group], w.groups[group] = nil, groupStats{}
	return g, nil
}

// AttachGroup puts in the rows of a key group that was detached from an arrangement of the same Spec and Memory. The group
// here must be empty. g is used up.
func (w *writer) AttachGroup(g *Group) error {
	if g.mem != w.mem || !g.spec.sameAs(&w.lay.spec) {
		return errForeign
	}
	if w.root != nil && w.root.in.kids[g.group] != nil {
		return sqlerr.Internal("key group %d is not empty", g.group)
	}
	if g.node == nil {
		return nil
	}
	if err := w.ownRoot(uint64(g.group) << (64 - groupBits)); err != nil {
		return err
	}
	w.root.in.kids[g.group], w.groups[g.group] = g.node, g.stats
	g.node = nil
	// The nodes may carry the present generation, from before they were detached, and be shared by now.
	w.gen = w.mem.newGen()
	return nil
}

// Release drops a group that will not be attached.
func (g *Group) Release() {
	g.mem.release(g.node)
	g.node = nil
}

// Group is the rows of one key group of the version, shared with it, to be attached to an arrangement: how restored state
// is shared out among any number of tasks. The version stays as it is.
func (v *Version) Group(group int) *Group {
	g := &Group{group: group, mem: v.mem, spec: &v.lay.spec, stats: v.groups[group]}
	if v.root != nil && v.root.in.kids[group] != nil {
		g.node = v.root.in.kids[group]
		g.node.refs.Add(1)
	}
	return g
}
