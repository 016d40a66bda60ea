package catalog

// Diff is what a change of the catalog has done to relations, by OID.
type Diff struct {
	// Put are those that are new or replaced, as they are now.
	Put []*Relation
	// Dropped are those that are gone, as they were.
	Dropped []*Relation
}

// RelationsSince compares the relations with those of an older catalog. Objects are never written, so comparing pointers is enough.
func (c *Catalog) RelationsSince(old *Catalog) (d Diff) {
	was := old.list
	for _, r := range c.list {
		for len(was) > 0 && was[0].OID < r.OID {
			d.Dropped = append(d.Dropped, was[0])
			was = was[1:]
		}
		switch {
		case len(was) == 0 || was[0].OID != r.OID:
			d.Put = append(d.Put, r)
			continue
		case was[0] != r:
			d.Put = append(d.Put, r)
		}
		was = was[1:]
	}
	d.Dropped = append(d.Dropped, was...)
	return d
}
