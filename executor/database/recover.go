package database

import (
	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/job"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
)

// recover puts the objects of the stored catalog to work again: relations that clients write and sources from the log, views
// and sinks from where they can go on.
func (d *Database) recover() error {
	c := d.Catalog()
	last, _ := d.log.Last()
	r := &recovery{database: d, positions: map[uint32]map[string]connector.Position{}}
	for _, meta := range c.Relations() {
		if meta.Kind == catalog.Table || meta.Kind == catalog.Stream || meta.Kind == catalog.Sequence || meta.Kind == catalog.Index {
			o, err := d.make(c, meta, 0)
			if err != nil {
				return err
			}
			d.put(o)
		}
	}
	if err := r.replay(); err != nil {
		return err
	}
	found, err := d.readSnapshots(c)
	if err != nil {
		return err
	}
	began := beginnings(c, last)
	for _, meta := range c.Relations() {
		if meta.ViewDef == nil {
			continue
		}
		o, err := d.make(c, meta, began[meta.OID])
		if err != nil {
			return err
		}
		d.put(o)
		if x := found[meta.OID]; x != nil {
			if err := o.restore(x); err != nil {
				return err
			}
		}
	}
	d.Objects(func(o *Object) { o.start(d, r.positions[o.Meta.OID]) })
	return nil
}

// readSnapshots are the newest snapshots of all groups, by member.
func (d *Database) readSnapshots(c *catalog.Catalog) (map[uint32]*restored, error) {
	out := map[uint32]*restored{}
	for group, oids := range groups(c) {
		found, err := d.snapshots.newestOf(c, group, oids)
		if err != nil {
			return nil, err
		}
		for oid, x := range found {
			out[oid] = x
			d.snapshots.taken[group], d.snapshots.durable[oid] = x.epoch, x.epoch
		}
	}
	return out, nil
}

// restore puts a view or sink where its snapshot was taken: its content, and the state of its operators.
func (o *Object) restore(x *restored) error {
	var content []byte
	var states []driver.State
	for _, s := range x.states {
		if s.Node == contentNode {
			content = s.Manifest
		} else {
			states = append(states, s)
		}
	}
	if err := o.Relation.Restore(content, x.epoch, x.watermark); err != nil {
		return err
	}
	return o.Job.Restore(&job.Snapshot{Cut: x.epoch, States: states})
}

// beginnings are the epochs at which jobs without a snapshot begin anew. A view begins at the last epoch, as its rows are its query
// over its inputs as of it. A sink has written changes cut by cut, so it, and all views below it, go through the cuts again from where
// they first began; the sink leaves out what its target has.
func beginnings(c *catalog.Catalog, last uint64) map[uint32]uint64 {
	began := map[uint32]uint64{}
	relations := c.Relations()
	for i := len(relations) - 1; i >= 0; i-- {
		r := relations[i]
		if r.ViewDef == nil {
			continue
		}
		if _, ok := began[r.OID]; !ok {
			began[r.OID] = last
		}
		if r.Kind == catalog.Sink {
			began[r.OID] = r.ViewDef.Began
		}
		if began[r.OID] == last {
			continue
		}
		for _, oid := range r.ViewDef.DependsOn {
			if x, ok := c.RelationByOID(oid); ok && x.ViewDef != nil {
				began[oid] = x.ViewDef.Began
			}
		}
	}
	return began
}

// recovery is the replay of the log into relations.
type recovery struct {
	database  *Database
	positions map[uint32]map[string]connector.Position
}

// replay publishes the epochs of the log again. Rows stay in the log; what is kept in memory is where they are.
func (r *recovery) replay() error {
	it, err := r.database.log.Records(0)
	if err != nil {
		return err
	}
	defer it.Close()
	for it.Next() {
		if err := r.epoch(it.Record()); err != nil {
			return err
		}
	}
	return it.Err()
}

// epoch publishes one epoch's blocks. What it has of relations that were dropped since is passed over.
func (r *recovery) epoch(rec *changelog.Record) error {
	blocks := map[uint32]*relation.Block{}
	var order []uint32
	block := func(oid uint32) *relation.Block {
		b := blocks[oid]
		if b == nil {
			b = &relation.Block{Epoch: rec.Epoch, Time: rec.Time, Watermark: op.NoWatermark}
			blocks[oid] = b
			order = append(order, oid)
		}
		return b
	}
	for _, x := range rec.Relations {
		block(x.Relation).Stored = epoch.Stored(r.database.log, x.Relation, rec.Epoch)
	}
	for _, s := range rec.Splits {
		to, err := epoch.DecodePosition(s.Position)
		if err != nil {
			return err
		}
		at := r.positions[s.Relation]
		if at == nil {
			at = map[string]connector.Position{}
			r.positions[s.Relation] = at
		}
		b := block(s.Relation)
		b.Ranges = append(b.Ranges, relation.Range{Split: s.Name, From: at[s.Name], To: to})
		at[s.Name] = to
	}
	for _, w := range rec.Watermarks {
		b := block(w.Relation)
		b.Watermark = max(b.Watermark, w.Time)
	}
	for _, oid := range order {
		o, ok := r.database.Object(oid)
		if !ok || o.Relation == nil {
			continue
		}
		if err := o.Relation.Publish(*blocks[oid]); err != nil {
			return err
		}
	}
	return nil
}
