package snapshot

import (
	"cmp"
	"maps"
	"slices"
)

// index finds snapshots by group and by namespace, so that what a commit costs does not depend on how many other groups there are.
type index struct {
	groups  map[uint64][]*Snapshot // ascending by epoch
	holders map[uint64][]*Snapshot // those that have a state of the namespace
}

func newIndex(all []*Snapshot) index {
	x := index{groups: map[uint64][]*Snapshot{}, holders: map[uint64][]*Snapshot{}}
	x.swap(nil, all)
	return x
}

func compareSnapshots(a, b *Snapshot) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Epoch, b.Epoch))
}

// swap takes snapshots out and puts others in.
func (x *index) swap(out, in []*Snapshot) {
	for _, s := range out {
		remove(x.groups, s.Group, s)
		for namespace := range s.namespaces() {
			remove(x.holders, namespace, s)
		}
	}
	for _, s := range in {
		of := append(x.groups[s.Group], s)
		slices.SortFunc(of, compareSnapshots)
		x.groups[s.Group] = of
		for namespace := range s.namespaces() {
			x.holders[namespace] = append(x.holders[namespace], s)
		}
	}
}

func remove(m map[uint64][]*Snapshot, key uint64, s *Snapshot) {
	if m[key] = slices.DeleteFunc(m[key], func(o *Snapshot) bool { return o == s }); len(m[key]) == 0 {
		delete(m, key)
	}
}

// newest is a group's newest snapshot, or nil.
func (x *index) newest(group uint64) *Snapshot {
	of := x.groups[group]
	if len(of) == 0 {
		return nil
	}
	return of[len(of)-1]
}

// all are all snapshots, by group and epoch.
func (x *index) all() (out []*Snapshot) {
	for _, group := range slices.Sorted(maps.Keys(x.groups)) {
		out = append(out, x.groups[group]...)
	}
	return out
}

// sharing are the snapshots that have a namespace in common with others, by group and epoch.
func (x *index) sharing(others []*Snapshot) (out []*Snapshot) {
	seen := map[*Snapshot]bool{}
	for _, o := range others {
		for namespace := range o.namespaces() {
			for _, s := range x.holders[namespace] {
				if !seen[s] {
					seen[s] = true
					out = append(out, s)
				}
			}
		}
	}
	slices.SortFunc(out, compareSnapshots)
	return out
}
