package database

import (
	"context"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// DrainSource lets a bounded source that is not paced run to its end, and waits for it. Other sources are as they are.
func (d *Database) DrainSource(ctx context.Context, o *Object) error {
	t := o.Source.Source.Traits()
	if !t.Bounded || t.Paced {
		return nil
	}
	ready := make(chan struct{}, 1)
	w := &relation.Watcher{Wake: func() {
		select {
		case ready <- struct{}{}:
		default:
		}
	}}
	reader := &epoch.Reader{}
	d.clock.AddReader(o.Source, reader)
	defer d.clock.RemoveReader(o.Source, reader)
	d.clock.Watch(w)
	defer d.clock.Unwatch(w)
	for {
		if ended, err := d.clock.Ended(o.Source); ended || err != nil {
			return err
		}
		select {
		case <-ready:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// BoundedBelow are the bounded, unpaced sources that an object is or is derived from: what a strict read of it has to drain.
func (d *Database) BoundedBelow(o *Object) (out []*Object) {
	seen := map[uint32]bool{}
	var visit func(o *Object)
	visit = func(o *Object) {
		if seen[o.Meta.OID] {
			return
		}
		seen[o.Meta.OID] = true
		if o.Source != nil {
			if t := o.Source.Source.Traits(); t.Bounded && !t.Paced {
				out = append(out, o)
			}
		}
		if o.Meta.ViewDef == nil {
			return
		}
		for _, oid := range o.Meta.ViewDef.DependsOn {
			if below, ok := d.Object(oid); ok {
				visit(below)
			}
		}
	}
	visit(o)
	return out
}

// Flush waits until every running view and sink has come to the newest epoch, and every bounded source that is read as fast
// as can be to its end. Those that have stopped are told to skip.
func (d *Database) Flush(ctx context.Context, skip func(error)) error {
	var err error
	d.Objects(func(o *Object) {
		if err == nil && o.Source != nil && d.clock.Read(o.Source) {
			err = d.DrainSource(ctx, o)
		}
	})
	if err != nil {
		return err
	}
	newest := d.clock.Closed()
	d.Objects(func(o *Object) {
		if err != nil || o.Job == nil {
			return
		}
		if stopped := o.Relation.Stopped(); stopped != nil {
			skip(stopped)
			return
		}
		if e := o.Relation.Wait(ctx, newest); e != nil {
			if ctx.Err() != nil {
				err = e
			} else {
				skip(e)
			}
		}
	})
	return err
}

// Dependants are the objects that read oid, directly or not.
func (d *Database) Dependants(oid uint32) (out []*catalog.Relation) {
	c := d.Catalog()
	for _, r := range c.Dependents(oid) {
		out = append(out, r)
		out = append(out, d.Dependants(r.OID)...)
	}
	return out
}

// TrimStream forgets the rows of a stream that are stored. No view over it changes: a view's inputs are all rows since it began.
// So the views over it are snapshotted first; while one of them cannot be, since it has failed, the rows must stay (55000).
func (d *Database) TrimStream(oid uint32) error {
	newest := d.clock.Closed()
	d.snapshotNow(lastSnapshot)
	if j := newJanitor(d); j.needed(d.Catalog(), oid) < newest {
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "the stream's rows are still needed by a view that has not been snapshotted since they came").
			WithHint("Try again; if a view over the stream has failed, RESUME or DROP it first.")
	}
	return d.log.Trim(oid, newest+1)
}
