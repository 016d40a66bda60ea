package database

import (
	"bytes"
	"slices"
	"time"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Views with the same query are computed once, if whoever creates them wants that. The catalog says which: they have one Computation, under whose name state is stored, and
// their objects have one job, and one relation under a name each. Any of them can be dropped; the others go on. One whose execution is altered
// parts: it gets a computation of its own, which begins with all rows, as that of a new view does.

// Equal finds the view that a new one would be computed with: its query is the same, it is executed in the same way, and it has what the new
// one would begin with. nil: there is none.
func (d *Database) Equal(c *catalog.Catalog, r *catalog.Relation) *catalog.Relation {
	if r.Kind != catalog.View || Execution(r) == Auto {
		return nil
	}
	var plan *physical.Plan
	for _, x := range c.Relations() {
		if x.Kind != catalog.View || x.AppendOnly != r.AppendOnly || !bytes.Equal(x.ViewDef.Plan, r.ViewDef.Plan) || !d.sameOptions(x, r) {
			continue
		}
		if plan == nil {
			var err error
			if plan, err = physical.Decode(r.ViewDef.Plan); err != nil || byClock(plan) {
				return nil
			}
		}
		if d.begins(c, x, plan) {
			return x
		}
	}
	return nil
}

// byClock reports whether rows come and go by the clock, or by when others came: then what there is follows from when the view began.
func byClock(plan *physical.Plan) bool {
	return graph.Expires(plan) || graph.ByEpoch(plan) || graph.Clocked(plan)
}

// sameOptions reports whether two views are executed in the same way, and leave out the same rows.
func (d *Database) sameOptions(a, b *catalog.Relation) bool {
	for _, name := range ViewOptions {
		for _, of := range [2][2]*catalog.Relation{{a, b}, {b, a}} {
			if v, ok := of[0].Option(name); ok && !d.SameOption(of[1], catalog.Option{Name: name, Value: v}) {
				return false
			}
		}
	}
	return true
}

// begins reports whether a view has what one with its plan would begin with: it runs, no row that it has read is gone, and it has left out as
// late what a back-fill would leave out, which it knows of streams only.
func (d *Database) begins(c *catalog.Catalog, x *catalog.Relation, plan *physical.Plan) bool {
	o, ok := d.Object(x.OID)
	if !ok || o.Job == nil || o.Job.Failure() != nil || o.Meta.Computation() != x.Computation() || !d.whole(c, x) {
		return false
	}
	if o.Job.RecountsPast(0) {
		return false
	}
	return !graph.LeavesOut(plan) || !slices.ContainsFunc(x.ViewDef.DependsOn, func(oid uint32) bool {
		in, ok := c.RelationByOID(oid)
		return !ok || in.Kind != catalog.Stream
	})
}

// Parting is whether a view must part from others to be altered, and why it cannot, if so.
func (d *Database) Parting(c *catalog.Catalog, r, altered *catalog.Relation) (parts bool, err error) {
	list := c.Computed(r.Computation())
	if len(list) < 2 || d.sameOptions(r, altered) {
		return false, nil
	}
	other := list[0]
	if other.OID == r.OID {
		other = list[1]
	}
	for _, reader := range c.Dependents(r.OID) {
		if reader.ViewDef != nil {
			return true, sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "view %q cannot be computed apart from view %q, which has the same query", r.Name, other.Name).
				WithDetail("%s %q reads it, and has begun with the rows that both have.", reader.Kind, reader.Name).
				WithHint("DROP the %s, ALTER the view, and CREATE the %s anew.", reader.Kind, reader.Kind)
		}
	}
	d.parting.Store(d.cfg.Sched.Now())
	return true, d.anew(r)
}

// partingFor is for how long rows of streams are kept when a view is about to part: it begins with those that it has been found to begin with.
const partingFor = 10 * time.Second

// keepsRows reports whether a view may be about to part.
func (d *Database) keepsRows(now int64) bool {
	at := d.parting.Load()
	return at != 0 && now-at < partingFor.Microseconds()
}

// companion finds an object that has the computation of a catalog entry at work already; nil if there is none.
func (d *Database) companion(c *catalog.Catalog, r *catalog.Relation) *Object {
	if r.ViewDef == nil {
		return nil
	}
	for _, x := range c.Computed(r.Computation()) {
		if o, ok := d.Object(x.OID); ok && x.OID != r.OID && o.Job != nil && o.Meta.Computation() == r.Computation() {
			return o
		}
	}
	return nil
}

// under is the same computation for another view.
func (o *Object) under(r *catalog.Relation) *Object {
	other := *o
	other.Meta, other.Relation = r, o.Relation.Share(r.OID, r.Name)
	return &other
}

// sharing are the objects at work with an object's job.
func (d *Database) sharing(o *Object) (out []*Object) {
	if o.Job == nil {
		return nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, x := range d.objects {
		if x.Job == o.Job {
			out = append(out, x)
		}
	}
	return out
}

// part puts a view to work on its own that was computed with others. Its indexes are built anew. If its transaction took so long that rows have
// gone, it stops, with that reason, rather than have other rows than before.
func (d *Database) part(c *catalog.Catalog, o *Object, r *catalog.Relation, epoch uint64) {
	d.create(c, r, epoch, d.anew(r))
	for _, x := range c.Indexes(r.OID) {
		if index, ok := d.Object(x.OID); ok {
			o.Relation.DropIndex(x.OID)
			index.startIndex(d)
		}
	}
	if len(d.sharing(o)) == 0 {
		o.stop(d)
	}
	o.Relation.Tell()
}

// leader is the relation that speaks for the computation of a relation.
func leader(c *catalog.Catalog, oid uint32) uint32 {
	r, ok := c.RelationByOID(oid)
	if !ok || r.ViewDef == nil {
		return oid
	}
	if list := c.Computed(r.Computation()); len(list) > 0 {
		return list[0].OID
	}
	return oid
}
