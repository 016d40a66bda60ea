package database

import (
	"maps"
	"slices"

	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/storage/connector"
)

// apply makes the objects at work those of the new catalog. It runs within the closing of an epoch: nothing that it starts
// can be seen before the epoch is.
func (d *Database) apply(old, new *catalog.Catalog, epoch uint64) {
	d.catalog.Store(new)
	diff := new.RelationsSince(old)
	for _, r := range diff.Put {
		if r.Kind == catalog.Virtual {
			continue
		}
		if _, existed := old.RelationByOID(r.OID); existed {
			d.replace(new, r, epoch)
		} else {
			d.create(new, r, epoch, nil)
		}
	}
	for _, r := range slices.Backward(diff.Dropped) { // what depends on others comes after them
		d.drop(r.OID)
	}
}

// create puts a new object to work. Whatever can be wrong with it was found when the statement ran; if something is all the
// same, the object is there but stopped, with the reason; so it is if a view is refused.
func (d *Database) create(c *catalog.Catalog, r *catalog.Relation, epoch uint64, refused error) {
	if with := d.companion(c, r); with != nil {
		d.put(with.under(r))
		return
	}
	o, err := d.make(c, r, epoch)
	if err != nil {
		d.cfg.Log.Error("an object could not be put to work", "name", r.Name, "error", err)
		if o.Relation != nil {
			o.Relation.Derive(relation.At(func() uint64 { return 0 }))
			o.Relation.Fail(err)
		}
	}
	if err == nil && refused != nil {
		o.Job.Refuse(refused)
	}
	d.put(o)
	if err == nil {
		o.start(d, map[string]connector.Position{}, nil)
	}
}

func (d *Database) put(o *Object) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.objects[o.Meta.OID] = o
}

// replace gives an object its altered definition. Its job hears of it only when the database's mutex is free again: a job's step asks the
// database (what is durable, who takes its part of a snapshot) with the job's own mutex held.
func (d *Database) replace(c *catalog.Catalog, r *catalog.Relation, epoch uint64) {
	d.mu.Lock()
	o, ok := d.objects[r.OID]
	parts := ok && o.Meta.Computation() != r.Computation()
	if ok && !parts {
		altered := *o
		altered.Meta = r
		d.objects[r.OID] = &altered
	}
	d.mu.Unlock()
	if !ok {
		return
	}
	if err := d.widen(o, r); err != nil {
		d.cfg.Log.Error("a relation could not be given its new columns", "name", r.Name, "error", err)
		o.Relation.Fail(err)
	}
	switch {
	case parts:
		d.part(c, o, r, epoch)
	case o.Job != nil:
		o.Job.SetMode(d.Mode(r))
	case o.Marker != nil:
		o.Marker.SetAhead(MaxAhead(r))
		d.clock.Retime(r.OID, Timing(r), Alignment(r))
	}
}

// drop ends an object. Its rows in the log go as well.
func (d *Database) drop(oid uint32) {
	d.mu.Lock()
	o, ok := d.objects[oid]
	objects := maps.Clone(d.objects)
	delete(objects, oid)
	d.objects = objects
	d.mu.Unlock()
	if !ok {
		return
	}
	if len(d.sharing(o)) > 0 {
		o.Relation.Tell() // who reads it under its own name
		return
	}
	o.stop(d)
	if err := d.log.Drop(oid); err != nil {
		d.cfg.Log.Error("the rows of a dropped relation could not be removed", "name", o.Meta.Name, "error", err)
	}
}
