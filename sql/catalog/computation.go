package catalog

import "slices"

// Computed are the views of a computation, by OID: the first one speaks for it. A view that nothing else is equal to is alone with its own.
// None if there is no such computation. The slice must not be written to.
func (c *Catalog) Computed(computation uint32) []*Relation {
	shared := c.computed.Load()
	if shared == nil {
		shared = c.findShared() // more than one may; they find the same
		c.computed.Store(shared)
	}
	if list := (*shared)[computation]; list != nil {
		return list
	}
	if r, ok := c.relations[computation]; ok && r.Computation() == computation {
		return []*Relation{r}
	}
	return nil
}

// findShared finds the computations under names that are not their only view's.
func (c *Catalog) findShared() *map[uint32][]*Relation {
	out := map[uint32][]*Relation{}
	for _, r := range c.list {
		at := r.Computation()
		if at == r.OID {
			continue
		}
		if _, ok := out[at]; !ok {
			if first, ok := c.relations[at]; ok && first.Computation() == at {
				out[at] = append(out[at], first)
			}
		}
		out[at] = append(out[at], r)
	}
	return &out
}

// Leads reports whether a relation is the one that speaks for its computation; all do but views that are computed with an older one.
func (c *Catalog) Leads(r *Relation) bool {
	if r.ViewDef == nil {
		return true
	}
	list := c.Computed(r.Computation())
	return len(list) == 0 || list[0].OID == r.OID
}

// Readers are the relations that read a relation directly, or one that is computed with it, by OID.
func (c *Catalog) Readers(r *Relation) []*Relation {
	list := c.Computed(r.Computation())
	if len(list) < 2 {
		return c.Dependents(r.OID)
	}
	var out []*Relation
	for _, x := range list {
		out = append(out, c.Dependents(x.OID)...)
	}
	slices.SortFunc(out, func(a, b *Relation) int { return int(a.OID) - int(b.OID) })
	return slices.Compact(out)
}
