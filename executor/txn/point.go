package txn

import (
	"context"
	"runtime"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Point is the read of a prepared statement that wants one row of one relation, by its key: a Reader for the case that is worth a
// path of its own. Its expressions are compiled once and its buffers used again, so finding the row allocates nothing. It belongs to
// one session, and is only for the plan that it was made for.
//
// What it cannot do it leaves to a Reader, which can do everything: see Txn.Point.
type Point struct {
	scan   *physical.Scan
	keys   []*expr.Program
	ctx    expr.Ctx
	failed bool // a key's expression has
	values []*vec.Vector
	found  relation.Found
	row    vec.Batch // of the scan's columns, if has
	has    bool

	// of is the object last read, and below the bounded sources that it is derived from and that had not ended.
	of    *database.Object
	below []*database.Object
}

// NewPoint makes the point read of a plan, or nil if the plan is no such thing: it must have one scan, with the values of a key.
func NewPoint(plan *physical.Plan) (*Point, error) {
	var scan *physical.Scan
	for i := range plan.Nodes {
		if s, ok := plan.Nodes[i].Op.(*physical.Scan); ok {
			if scan != nil || len(s.Lookup) == 0 || !s.AsOf.None() {
				return nil, nil
			}
			scan = s
		}
	}
	if scan == nil {
		return nil, nil
	}
	p := &Point{scan: scan, keys: make([]*expr.Program, len(scan.Lookup)), values: make([]*vec.Vector, len(scan.Lookup))}
	p.ctx.Fail = func(int32, error) { p.failed = true }
	p.row = vec.Batch{N: 1, Cols: make([]*vec.Vector, len(scan.Columns))}
	for i, e := range scan.Lookup {
		var err error
		if p.keys[i], err = expr.Compile(e.Node); err != nil {
			return nil, err
		}
		p.values[i] = vec.New(e.Type(), 1)
	}
	return p, nil
}

// Scan implements query.Relations with the row that Txn.Point found.
func (p *Point) Scan(_ context.Context, _ *physical.Scan, emit func(*vec.Batch) error) error {
	if !p.has {
		return nil
	}
	return emit(&p.row)
}

// Point finds p's row as of the newest closed epoch, or the transaction's. It waits until the relation has come there. It is false if
// it takes a Reader to say what the statement sees: own writes or catalog changes, an epoch in the past, a source to be drained, a view
// that is read as it is, a key whose expression fails.
//
// A Reader has to read several relations at one epoch. Here there is one, and any of its cuts from that epoch on will do, so nothing is
// booked, and a view that is written to all the time is read as it stands.
func (t *Txn) Point(ctx context.Context, p *Point, params []types.Datum) (ok bool, err error) {
	o := t.pointable(p)
	if o == nil {
		return false, nil
	}
	null, ok := p.evaluate(t.Env, params)
	if !ok {
		return false, nil
	}
	epoch, ok, err := t.arrive(ctx, o)
	if !ok || err != nil {
		return false, err
	}
	p.has = false
	if !null {
		cut, err := p.find(o)
		if err != nil || cut > epoch && !t.closed(cut) {
			return false, err
		}
		epoch = max(epoch, cut)
	}
	t.noteRead(o.Meta.OID, epoch)
	return true, nil
}

// pointable is the object that p reads, or nil.
func (t *Txn) pointable(p *Point) *database.Object {
	if t.catalog != nil || t.sets[p.scan.Relation] != nil || t.Isolation != ReadCommitted && t.view == nil {
		return nil
	}
	o, ok := t.db.Object(p.scan.Relation)
	if !ok || o.Relation == nil || o.Meta.Kind != catalog.Table && o.Meta.Kind != catalog.View || !o.Relation.HasKey(p.scan.Key) {
		return nil
	}
	if p.of != o {
		p.of, p.below = o, t.db.BoundedBelow(o)
	}
	for _, x := range p.below {
		if ended, err := t.db.Clock().Ended(x.Source); !ended || err != nil {
			return nil
		}
	}
	p.below = nil // an end is for good
	return o
}

// evaluate computes the key's values. null says that one is null, so that there is no such row; not ok that one has none.
func (p *Point) evaluate(env fn.Env, params []types.Datum) (null, ok bool) {
	p.ctx.Env, p.ctx.Params, p.failed = env, params, false
	one := vec.Batch{N: 1}
	for i, k := range p.keys {
		d := k.Eval(&p.ctx, &one).Datum(0)
		if p.failed {
			return false, false
		}
		if d.Null {
			null = true
		}
		p.values[i].Reset(k.Type())
		p.values[i].Append(d)
	}
	return null, true
}

// arrive waits until a relation has come to the epoch that the statement reads. It is not ok if it is for a Reader to say which that
// is.
func (t *Txn) arrive(ctx context.Context, o *database.Object) (epoch uint64, ok bool, err error) {
	if t.view == nil && !t.Latest && o.Job != nil {
		if err := t.db.Freshen(ctx, o); err != nil {
			return 0, false, err
		}
	}
	epoch = t.db.Clock().Closed()
	if t.view != nil {
		epoch = t.view.epoch
	}
	if o.Meta.ViewDef == nil {
		return epoch, true, nil
	}
	if t.Latest {
		if o.Relation.Stopped() != nil {
			return 0, false, nil // a Reader warns
		}
		there, err := o.Relation.Reached(epoch)
		return epoch, there && err == nil, nil
	}
	return epoch, true, o.Relation.Wait(ctx, epoch)
}

// looks is how often it is looked whether an epoch has closed: closing one that a relation has already takes microseconds.
const looks = 8

// closed reports whether a statement may read a relation at an epoch past the one that it began with.
func (t *Txn) closed(epoch uint64) bool {
	if t.view != nil {
		return false
	}
	for range looks {
		if t.db.Clock().Closed() >= epoch {
			return true
		}
		runtime.Gosched()
	}
	return false
}

// find looks the row up. cut is the epoch that the relation stands at.
func (p *Point) find(o *database.Object) (cut uint64, err error) {
	if cut, err = o.Relation.FindInto(&p.found, p.scan.Key, p.values, 1); err != nil {
		return 0, err
	}
	if p.has = p.found.Has(0); p.has {
		for i, c := range p.scan.Columns {
			p.row.Cols[i] = p.found.Rows.Cols[c]
		}
	}
	return cut, nil
}
