package database

import (
	"slices"

	"github.com/streamdb/streamdb/sql/catalog"
)

// Rows of a view with ttl expire some time after they have come. When that was follows from the cuts of what it reads, so these are all
// epochs that change it, whether it is the first time or a replay: the micro-batches below it cut at each epoch, and the view itself begins
// again where it began, if no snapshot has it.

// expires reports whether rows of a view go some time after they have come.
func expires(r *catalog.Relation) bool {
	_, ok := r.Option("ttl")
	return ok && r.Kind == catalog.View
}

// expiresAbove reports whether a view with ttl reads a relation, or a view that does.
func (d *Database) expiresAbove(below *catalog.Relation) bool {
	over := map[uint32]bool{below.OID: true}
	for _, r := range d.Catalog().Computed(below.Computation()) {
		over[r.OID] = true
	}
	for _, r := range d.Catalog().Relations() { // by OID: what a view reads comes before it
		if r.Kind != catalog.View || !slices.ContainsFunc(r.ViewDef.DependsOn, func(in uint32) bool { return over[in] }) {
			continue
		}
		if expires(r) {
			return true
		}
		over[r.OID] = true
	}
	return false
}

// goByEpochs makes the views that a view reads, and those that they read, cut at each epoch.
func (d *Database) goByEpochs(r *catalog.Relation) {
	below := slices.Clone(r.ViewDef.DependsOn)
	for i := 0; i < len(below); i++ {
		x, ok := d.Object(below[i])
		if !ok || x.Job == nil {
			continue
		}
		x.Job.GoByEpochs()
		for _, oid := range x.Meta.ViewDef.DependsOn {
			if !slices.Contains(below, oid) {
				below = append(below, oid)
			}
		}
	}
}

// created is the epoch at which a view came to be: the first at or past ViewDef.Began that changes the catalog, as such changes take turns.
func (d *Database) created(r *catalog.Relation) (uint64, error) {
	it, err := d.log.Records(r.ViewDef.Began)
	if err != nil {
		return 0, err
	}
	defer it.Close()
	for it.Next() {
		if len(it.Record().Catalog) > 0 {
			return it.Record().Epoch, nil
		}
	}
	return r.ViewDef.Began, it.Err()
}
