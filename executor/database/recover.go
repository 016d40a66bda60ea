package database

import (
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/job"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
)

// recover puts the objects of the stored catalog to work again: relations that clients write from their snapshots and the log, sources
// from the log, views and sinks from where they can go on.
func (d *Database) recover() error {
	c := d.Catalog()
	last, now := d.log.Last()
	if err := d.log.Retain(func(oid uint32) bool { _, ok := c.RelationByOID(oid); return ok }); err != nil {
		return err
	}
	plan, err := d.planRestart(c, last)
	if err != nil {
		return err
	}
	r := &recovery{database: d, positions: map[uint32]map[string]connector.Position{}, times: map[uint32]*epoch.StoredProgress{}, ticks: map[uint32][]relation.Block{},
		floors: map[uint32]*floor{}}
	history, _, err := d.log.EpochAt(now - d.cfg.History.Microseconds())
	if err != nil {
		return err
	}
	for _, meta := range c.Relations() {
		switch meta.Kind {
		case catalog.Table, catalog.Stream, catalog.Sequence, catalog.Index:
			o, err := d.make(c, meta, 0)
			if err != nil {
				return err
			}
			d.put(o)
			if err := r.begin(o, plan.tables[meta.OID], plan.floor(meta.OID, history)); err != nil {
				return err
			}
		}
	}
	if err := r.replay(); err != nil {
		return err
	}
	for _, meta := range c.Relations() {
		if s := plan.starts[meta.OID]; s != nil {
			if err := d.restart(c, meta, s, r.ticks[meta.OID]); err != nil {
				return err
			}
		}
	}
	d.Objects(func(o *Object) {
		if c.Leads(o.Meta) {
			o.start(d, r.positions[o.Meta.OID], r.times[o.Meta.OID])
		}
	})
	return nil
}

// restart puts a view or sink where it goes on.
func (d *Database) restart(c *catalog.Catalog, meta *catalog.Relation, s *start, ticks []relation.Block) error {
	if with := d.companion(c, meta); with != nil {
		d.put(with.under(meta))
		return nil
	}
	o, err := d.make(c, meta, s.began)
	if err != nil {
		return err
	}
	d.put(o)
	after := s.began
	if s.from != nil {
		after = s.from.epoch
	}
	if o.sink != nil {
		o.sink.resume(d.clock, after)
	}
	if err := o.Job.ReplayTicks(ticks, after); err != nil {
		return err
	}
	if s.from != nil {
		stored := s.from.stored()
		stored.Idle = o.Job.IdleAt(s.from.epoch)
		if err := o.Relation.Restore(stored); err != nil {
			return err
		}
	}
	switch {
	case s.refused != nil:
		o.Job.Refuse(s.refused)
	case s.anew && s.from != nil:
		o.renewal.due = true
	case !s.anew:
		d.setDurable(meta.Computation(), s.from.epoch)
		return o.Job.Restore(&job.Snapshot{Cut: s.from.epoch, States: s.from.states, Marks: s.from.marks})
	}
	return nil
}

// recovery is the replay of the log into relations.
type recovery struct {
	database  *Database
	positions map[uint32]map[string]connector.Position
	times     map[uint32]*epoch.StoredProgress // of streams
	ticks     map[uint32][]relation.Block      // of views whose rows come and go with time
	floors    map[uint32]*floor
}

// floor is from where on a relation's blocks are given to it: what comes up to epoch nobody will ask for. A table's content has what came up
// to content already.
type floor struct {
	epoch, content uint64
	watermark      int64 // of what was left out
	idle           bool
	passed         bool
	// trim says that what comes up to epoch is given to the relation, as no snapshot has it, but not kept.
	trim bool
}

// begin restores a table's rows, and says from where on a relation's blocks are wanted.
func (r *recovery) begin(o *Object, from *restored, epoch uint64) error {
	f := &floor{epoch: epoch, watermark: op.NoWatermark}
	r.floors[o.Meta.OID] = f
	switch {
	case from != nil:
		f.content = from.epoch
		d := r.database
		d.setDurable(o.Meta.OID, from.epoch)
		d.snapshots.tables[o.Meta.OID] = tableMark{time: d.cfg.Sched.Now()}
		return o.Relation.Restore(from.stored())
	case o.Meta.Kind == catalog.Table:
		f.trim = true
	}
	return nil
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
	for oid, f := range r.floors {
		switch o, _ := r.database.Object(oid); {
		case o.Relation == nil:
		case f.trim:
			o.Relation.Trim(f.epoch)
		case !f.passed:
			o.Relation.Forget(f.epoch, f.watermark, f.idle)
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
		if to > at[s.Name] { // else the split has only become idle
			b.Ranges = append(b.Ranges, relation.Range{Split: s.Name, From: at[s.Name], To: to})
		}
		at[s.Name] = to
	}
	for _, w := range rec.Watermarks {
		if b := block(w.Relation); w.Split == "" {
			b.Watermark = max(b.Watermark, w.Time)
		}
	}
	for _, s := range rec.Statuses {
		block(s.Relation)
	}
	for _, oid := range order {
		o, ok := r.database.Object(oid)
		if !ok { // views come later: what there is of them is ticks
			if meta, exists := r.database.Catalog().RelationByOID(oid); exists && meta.ViewDef != nil {
				r.ticks[oid] = append(r.ticks[oid], epoch.Tick(rec.Epoch, rec.Time))
			}
			continue
		}
		if o.Relation == nil {
			continue
		}
		blocks[oid].Idle = r.progress(o, rec)
		if err := r.give(o, blocks[oid]); err != nil {
			return err
		}
	}
	return nil
}

// progress reads what a record says of a stream's progress in event time, and reports whether the stream is idle.
func (r *recovery) progress(o *Object, rec *changelog.Record) bool {
	if o.Meta.Kind != catalog.Stream {
		return false
	}
	p := r.times[o.Meta.OID]
	if p == nil {
		p = epoch.NewStoredProgress()
		r.times[o.Meta.OID] = p
	}
	p.Read(rec, o.Meta.OID)
	return p.Idle
}

// give gives a relation a block, as far as it wants it.
func (r *recovery) give(o *Object, b *relation.Block) error {
	f := r.floors[o.Meta.OID]
	if f.trim {
		return o.Relation.Publish(*b)
	}
	if b.Epoch <= f.epoch {
		f.watermark, f.idle = max(f.watermark, b.Watermark), b.Idle
		return nil
	}
	if !f.passed {
		f.passed = true
		o.Relation.Forget(f.epoch, f.watermark, f.idle)
	}
	if b.Epoch <= f.content {
		o.Relation.Remember(*b)
		return nil
	}
	return o.Relation.Publish(*b)
}
