package database

import (
	"github.com/streamdb/streamdb/sql/catalog"
)

// pad tells a new relation and the log what its older rows lack: columns that ALTER has added.
func (d *Database) pad(o *Object) error {
	p, err := o.Meta.Padding()
	if err != nil || p == nil {
		return err
	}
	d.log.Pad(o.Meta.OID, p)
	o.Relation.Pad(p)
	return nil
}

// widen gives a relation at work the columns that its new definition has more. It runs within the closing of the epoch of the ALTER, before
// the epoch's rows come: so the time it takes, which goes with the rows of a table, is the clock's. Rows of the log stay as they are and are
// padded as they are read, so that a replay gives what there was.
func (d *Database) widen(o *Object, r *catalog.Relation) error {
	if o.Relation == nil || r.Kind != catalog.Table && r.Kind != catalog.Stream || len(r.Columns) == o.Relation.Width() {
		return nil
	}
	p, err := r.Padding()
	if err != nil {
		return err
	}
	d.log.Pad(r.OID, p)
	if err := o.Relation.Widen(r.Types(), p); err != nil {
		return err
	}
	d.Objects(func(x *Object) { // a sorted index has whole rows: it is built anew
		if x.Meta.IndexDef != nil && x.Meta.IndexDef.On == r.OID {
			x.stopIndex(d)
			x.startIndex(d)
		}
	})
	return nil
}
