package database

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/kv"
)

// ReplayLate makes the rows count that a view has left out as late: at one epoch it becomes what its query gives over all rows up to there.
// From when that is durable on, who reads the view waits for it, and so does this, unless ctx ends.
func (d *Database) ReplayLate(ctx context.Context, oid uint32) error {
	done := make(chan error, 1)
	if err := d.replayLate(oid, func(err error) { done <- err }); err != nil {
		return err
	}
	select {
	case err := <-done:
		if o, ok := d.Object(oid); ok && err == nil {
			return o.Relation.Wait(ctx, d.clock.Closed())
		}
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// replayLate begins it; done is told how it ended, unless it returns an error.
//
// Views over the view whose state is freed by the watermark have nothing left which the difference could change, so they count anew at the
// same epoch; all others take it like any change.
func (d *Database) replayLate(oid uint32, done func(error)) error {
	members, err := d.recounting(oid)
	if err != nil {
		return err
	}
	if len(members) == 0 {
		done(nil)
		return nil
	}
	booking, err := d.hold(members)
	if err != nil {
		return err
	}
	// Rows may have been trimmed since it was asked; from now on none are.
	if _, err := d.recounting(oid); err != nil {
		unhold(members, booking.Epoch)
		booking.Release()
		return err
	}
	e, with := booking.Epoch, &kv.Batch{}
	for _, o := range members {
		epochs, err := d.recounts(o.Meta.Computation())
		if err != nil {
			unhold(members, e)
			booking.Release()
			return err
		}
		storeRecounts(with, o.Meta.Computation(), append(epochs, e))
	}
	d.clock.Submit(&epoch.Commit{With: with, Done: func(_ uint64, err error) {
		for _, o := range members {
			if err == nil {
				o.Job.Recount(e)
			}
		}
		if err != nil {
			unhold(members, e)
		}
		booking.Release()
		done(err)
	}})
	return nil
}

// hold keeps all members before an epoch that is closed next.
func (d *Database) hold(members []*Object) (epoch.Booking, error) {
	for {
		booking := d.clock.BookNext()
		for i, o := range members {
			if !o.Job.Hold(booking.Epoch) {
				unhold(members[:i], booking.Epoch)
				booking.Release()
				return epoch.Booking{}, sqlerr.New(sqlerr.ObjectInUse, "the late rows of view %q are being replayed, or it has stopped", o.Meta.Name).
					WithHint("Try again when it has come to the newest epoch: see frontier in streamdb.views.")
			}
		}
		if d.clock.Closed() < booking.Epoch {
			return booking, nil
		}
		unhold(members, booking.Epoch) // it was closed meanwhile, and somebody may have seen the views at it
		booking.Release()
	}
}

func unhold(members []*Object, e uint64) {
	for _, o := range members {
		o.Job.Unhold(e)
		o.Relation.Tell() // its frontier moves, though it has nothing to publish
	}
}

// recounting are the views that must count anew for a view's late rows to count: itself and some of those over it, those below first. None
// if it can have no late rows.
func (d *Database) recounting(oid uint32) (out []*Object, err error) {
	c := d.Catalog()
	r, ok := c.RelationByOID(oid)
	if !ok || r.Kind != catalog.View {
		return nil, sqlerr.Unsupported("REPLAY LATE of what is not a view", "The views that a sink is made of can replay their late rows: the sink gets the difference.")
	}
	plan, err := physical.Decode(r.ViewDef.Plan)
	if err != nil || !graph.LeavesOut(plan) {
		return nil, err
	}
	reached := map[uint32]bool{oid: true}
	for _, r := range c.Relations() { // by OID: what a view reads comes before it
		if r.ViewDef == nil || !reached[r.OID] && !slices.ContainsFunc(r.ViewDef.DependsOn, func(in uint32) bool { return reached[in] }) {
			continue
		}
		reached[r.OID] = true
		plan, err := physical.Decode(r.ViewDef.Plan)
		if err != nil {
			return nil, err
		}
		if r.OID != oid && !graph.Frees(plan) {
			continue
		}
		if err := d.recountable(r, plan); err != nil {
			if r.OID != oid {
				e := sqlerr.From(err)
				return nil, sqlerr.New(e.Code, "%s", e.Message).WithDetail("%s %q reads the view.", r.Kind, r.Name).WithHint("%s", e.Hint)
			}
			return nil, err
		}
		o, ok := d.Object(r.OID)
		if !ok {
			return nil, sqlerr.Internal("view %q is not at work", r.Name)
		}
		out = append(out, o)
	}
	return out, nil
}

// recountable is why a view cannot count anew; nil if it can.
func (d *Database) recountable(r *catalog.Relation, plan *physical.Plan) error {
	const what = "REPLAY LATE of "
	o, ok := d.Object(r.OID)
	switch {
	case r.Kind != catalog.View:
		return sqlerr.Unsupported(what+"the input of a sink that goes by the watermark", "DROP the sink and CREATE it over a view that does what its query does.")
	case r.ViewDef.EmitOnClose:
		return sqlerr.Unsupported(what+"a view that EMITs ON WINDOW CLOSE", "It shows each window once. A view that EMITs CHANGES can replay its late rows.")
	case graph.ByEpoch(plan):
		return sqlerr.Unsupported(what+"a view that joins FOR SYSTEM_TIME AS OF PROCTIME()", "What its rows found when they came is gone.")
	case graph.Expires(plan):
		return sqlerr.Unsupported(what+"a view with ttl", "When its rows came cannot be told again from all of them.")
	case len(d.Catalog().Computed(r.Computation())) > 1:
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "view %q cannot replay its late rows: it is computed once with other views of the same query", r.Name).
			WithHint("See computed_by in streamdb.views. ALTER the execution of one of them: it is computed on its own from then on.")
	case r.AppendOnly && !graph.Monotone(plan):
		return sqlerr.Unsupported(what+"a view whose rows are final", "Late rows would take some of them back, which those who read it do not expect.")
	case !ok || o.Relation.Stopped() != nil:
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "view %q has stopped", r.Name).WithHint("ALTER VIEW %s RESUME first.", r.Name)
	case !d.whole(d.Catalog(), r):
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "view %q cannot replay its late rows: rows that it has read are gone", r.Name).
			WithHint("The retention of its streams has trimmed them. CREATE a view to begin with the rows that are there now.")
	}
	return nil
}

// recountsKey is where the epochs are at which a view has counted anew.
func recountsKey(computation uint32) []byte {
	return kv.MetaKey(kv.MetaCounter, fmt.Appendf(nil, "recounts %010d", computation))
}

func storeRecounts(b *kv.Batch, oid uint32, epochs []uint64) {
	var value []byte
	for _, e := range epochs {
		value = binary.BigEndian.AppendUint64(value, e)
	}
	b.Set(recountsKey(oid), value)
}

// recounts are the epochs at which a view has counted anew, ascending.
func (d *Database) recounts(oid uint32) (epochs []uint64, err error) {
	value, _, err := d.cfg.Store.Get(recountsKey(oid))
	if err != nil {
		return nil, err
	}
	if len(value)%8 != 0 {
		return nil, sqlerr.New(sqlerr.DataCorrupted, "the epochs at which relation %d has counted late rows have %d bytes", oid, len(value))
	}
	for ; len(value) > 0; value = value[8:] {
		epochs = append(epochs, binary.BigEndian.Uint64(value))
	}
	return epochs, nil
}

// recounted is what the output of a view's job does when what comes next is its whole result.
func (d *Database) recounted(o *Object) func() {
	return func() {
		d.late.forget(o.Meta.Computation())
		o.renewal.due = true
	}
}
