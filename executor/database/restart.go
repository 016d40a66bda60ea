package database

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// start is where a view or sink goes on after a restart.
type start struct {
	// from is what the newest snapshot has of it; nil if none has it.
	from *restored
	// anew says that its job begins with all rows of its inputs as of the epoch began. Until it has, readers see what from has.
	anew  bool
	began uint64
	// refused is why it cannot go on: it stays as from has it.
	refused error
}

// cut is the first epoch at which it will have what its query gives.
func (s *start) cut() uint64 {
	switch {
	case s.anew:
		return s.began
	case s.from != nil:
		return s.from.epoch
	}
	return 0
}

// restart is the plan of a restart. Each view and sink goes on from the newest snapshot that has it, whatever group that was of: all it
// needs is its state at its cut, and its inputs' changes since. A view that it reads has them if it stands at the same cut, as it does
// unless one of both had stopped when the other was snapshotted last.
type restart struct {
	database *Database
	catalog  *catalog.Catalog
	last     uint64 // the log's last epoch
	starts   map[uint32]*start
	tables   map[uint32]*restored
}

// planRestart finds out where everything goes on.
func (d *Database) planRestart(c *catalog.Catalog, last uint64) (*restart, error) {
	p := &restart{database: d, catalog: c, last: last, starts: map[uint32]*start{}, tables: map[uint32]*restored{}}
	for _, r := range c.Relations() { // by OID: what a view reads comes before it
		switch {
		case r.Kind != catalog.Table && r.ViewDef == nil:
			continue
		case !c.Leads(r):
			p.starts[r.OID] = p.starts[c.Computed(r.Computation())[0].OID]
			continue
		}
		from, err := d.snapshots.newestOf(r)
		if err != nil {
			return nil, err
		}
		if r.ViewDef != nil {
			if p.starts[r.OID], err = p.start(r, from); err != nil {
				return nil, err
			}
		} else if p.tables[r.OID] = from; from == nil && d.log.Trimmed(r.OID).Upto > 0 {
			return nil, sqlerr.New(sqlerr.DataCorrupted, "the snapshot that has the rows of table %q is missing", r.Name)
		}
	}
	return p, nil
}

// start plans one view or sink, after its inputs.
func (p *restart) start(r *catalog.Relation, from *restored) (*start, error) {
	if from != nil {
		resumed, err := p.database.resumedSince(r.Computation(), from.epoch)
		if err != nil {
			return nil, err
		}
		if !resumed && p.covered(r, from.epoch) {
			return &start{from: from}, nil
		}
	}
	if from == nil {
		if began, err := p.origin(r); began > 0 || err != nil {
			return &start{anew: true, began: began}, err
		}
	}
	if r.Kind == catalog.View && p.database.whole(p.catalog, r) {
		return &start{anew: true, began: p.last, from: from}, nil
	}
	return &start{from: from, refused: errGone(r)}, nil
}

// origin is the epoch at which a sink or a view with ttl that no snapshot has begins again, which is where it began: what becomes of its
// rows follows from each cut since. 0: of others, and where it cannot.
func (p *restart) origin(r *catalog.Relation) (began uint64, err error) {
	switch {
	case r.Kind == catalog.Sink:
		began = r.ViewDef.Began
	case expires(r):
		if began, err = p.database.created(r); err != nil {
			return 0, err
		}
		if resumed, err := p.database.resumedSince(r.Computation(), began); resumed || err != nil { // it began anew
			return 0, err
		}
	}
	if began == 0 || !p.reach(r, began) {
		return 0, nil
	}
	return began, nil
}

// covered reports whether all inputs of a view will have the changes past an epoch.
func (p *restart) covered(r *catalog.Relation, epoch uint64) bool {
	for _, oid := range r.ViewDef.DependsOn {
		if s, ok := p.starts[oid]; ok && s.cut() != epoch {
			return false
		}
		if p.database.log.Trimmed(oid).Upto > epoch {
			return false
		}
	}
	return true
}

// reach makes all inputs of a view or sink go through the cuts past an epoch again. It is for sinks and views with ttl without a snapshot: a
// sink has written changes cut by cut, so it, and what is below it, begins again where it began; it leaves out what its target has. It
// is false if that cannot be.
func (p *restart) reach(r *catalog.Relation, epoch uint64) bool {
	if !p.database.whole(p.catalog, r) {
		return false
	}
	for _, oid := range r.ViewDef.DependsOn {
		s, isView := p.starts[oid]
		below, _ := p.catalog.RelationByOID(oid)
		switch {
		case isView && s.anew && s.began > epoch:
			if !p.reach(below, below.ViewDef.Began) {
				return false
			}
			*s = start{anew: true, began: below.ViewDef.Began}
		case isView && s.cut() > epoch:
			return false
		case !isView && below != nil && below.Kind == catalog.Table && p.database.log.Trimmed(oid).Upto > epoch:
			return false
		}
	}
	return true
}

// floor is the epoch whose changes, and those before it, nobody will ask a relation for that clients write.
func (p *restart) floor(oid uint32, history uint64) uint64 {
	low := min(p.last, history)
	for _, r := range p.catalog.Dependents(oid) {
		if s := p.starts[r.OID]; s != nil && s.refused == nil {
			low = min(low, s.cut())
		}
	}
	if t := p.tables[oid]; t != nil {
		low = min(low, t.epoch)
	}
	return max(low, p.database.log.Trimmed(oid).Upto)
}

// whole reports whether all rows that a view has ever read of streams are there still, so that it can be computed anew. Trimming
// a stream changes no view, so one that had read rows that are gone must not.
func (d *Database) whole(c *catalog.Catalog, r *catalog.Relation) bool {
	for _, oid := range r.ViewDef.DependsOn {
		in, ok := c.RelationByOID(oid)
		if t := d.log.Trimmed(oid); ok && in.Kind == catalog.Stream && t.Upto > 0 && t.At >= r.ViewDef.Began {
			return false
		}
	}
	return true
}

// anew is why a view or sink cannot be computed anew; nil if it can.
func (d *Database) anew(r *catalog.Relation) error {
	if d.whole(d.Catalog(), r) {
		return nil
	}
	return errGone(r)
}

func errGone(r *catalog.Relation) error {
	return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "%s %q cannot go on: changes that came after its last snapshot are gone", r.Kind, r.Name).
		WithHint("DROP and CREATE it: it begins with the rows that are there now.")
}
