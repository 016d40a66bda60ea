package database

import (
	"context"

	"github.com/streamdb/streamdb/executor/sched"
)

// startIndex has an index filled by a machine of its own, while the relation goes on. An index is derived data: a start builds it anew.
func (o *Object) startIndex(d *Database) {
	on, ok := d.Object(o.Meta.IndexDef.On)
	if !ok || on.Relation == nil {
		return
	}
	build := on.Relation.AddSortedIndex(o.Meta.OID, o.Meta.IndexDef.Sorted(), on.mem)
	var m sched.Machine
	m = d.cfg.Sched.Start("index "+o.Meta.Name, func() bool {
		done, err := build.Step()
		if err != nil {
			d.cfg.Log.Error("an index could not be built, reads do without it", "index", o.Meta.Name, "error", err)
			on.Relation.DropIndex(o.Meta.OID)
		}
		if done || err != nil {
			build.Close()
			m.Stop()
		}
		return !done && err == nil
	})
	m.Wake()
}

// stopIndex ends an index; one whose relation has gone went with it. Its builder, if it is still at work, gives back what it holds.
func (o *Object) stopIndex(d *Database) {
	if on, ok := d.Object(o.Meta.IndexDef.On); ok && on.Relation != nil {
		on.Relation.DropIndex(o.Meta.OID)
	}
}

// AwaitIndex waits until an index is one that reads use, or has gone.
func (d *Database) AwaitIndex(ctx context.Context, oid uint32) {
	if o, ok := d.Object(oid); ok && o.Meta.IndexDef != nil {
		if on, ok := d.Object(o.Meta.IndexDef.On); ok && on.Relation != nil {
			on.Relation.AwaitIndex(ctx, oid)
		}
	}
}
