package txn

import (
	"context"
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// view is the state of the world that a statement, or a REPEATABLE READ transaction, reads.
type view struct {
	epoch     uint64
	positions map[uint32]map[string]connector.Position
	// booking keeps the epoch a cut of all jobs while it is read.
	booking epoch.Booking
}

// Reader gives a statement its relations, all as of one epoch, with the transaction's own writes. Close it.
type Reader struct {
	txn      *Txn
	view     *view
	params   []types.Datum
	readings map[uint32]*relation.Reading
	// whole are the relations of which more than single rows are wanted: only they are frozen.
	whole map[uint32]bool
}

func (r *Reader) wants(plan *physical.Plan) {
	for i := range plan.Nodes {
		if s, ok := plan.Nodes[i].Op.(*physical.Scan); ok && len(s.Lookup) == 0 && s.Range == nil {
			r.whole[s.Relation] = true
		}
	}
}

// rewinds is how often a reader begins anew when blocks that it needed have just been forgotten.
const rewinds = 3

// Read prepares the relations of a plan for reading. It waits until those that are derived have come to the epoch that it reads.
func (t *Txn) Read(ctx context.Context, plan *physical.Plan, params []types.Datum) (*Reader, error) {
	return t.ReadAll(ctx, []*physical.Plan{plan}, params)
}

// ReadAll is Read for several plans, which read as of the same epoch.
func (t *Txn) ReadAll(ctx context.Context, plans []*physical.Plan, params []types.Datum) (*Reader, error) {
	r := &Reader{txn: t, params: params, readings: map[uint32]*relation.Reading{}, whole: map[uint32]bool{}}
	var oids []uint32
	for _, plan := range plans {
		r.wants(plan)
		for _, oid := range plan.Relations() {
			if !slices.Contains(oids, oid) {
				oids = append(oids, oid)
			}
		}
	}
	for range rewinds {
		ok, err := r.read(ctx, oids)
		if ok || err != nil {
			return r, err
		}
		r.Close()
	}
	return nil, sqlerr.New(sqlerr.SnapshotTooOld, "snapshot too old").
		WithHint("The changes since then are kept for %v only.", database.History)
}

// read waits for and freezes the relations. It is false if the reader must begin anew.
func (r *Reader) read(ctx context.Context, oids []uint32) (bool, error) {
	t := r.txn
	var objects []*database.Object
	for _, oid := range oids {
		if o, ok := t.db.Object(oid); ok && o.Relation != nil {
			objects = append(objects, o)
		}
	}
	if t.view != nil {
		r.view = t.view
	} else {
		if err := r.drainSources(ctx, objects); err != nil {
			return false, err
		}
		if !t.Latest {
			if err := t.db.Freshen(ctx, objects...); err != nil {
				return false, err
			}
		}
		r.view = r.now(objects)
		if t.Isolation != ReadCommitted {
			t.view = r.view
		}
	}
	if err := r.wait(ctx, objects); err != nil {
		return false, err
	}
	for _, o := range objects {
		t.noteRead(o.Meta.OID, r.view.epoch)
		if o.Meta.Kind != catalog.Table && o.Meta.Kind != catalog.View {
			continue
		}
		if !r.whole[o.Meta.OID] {
			continue
		}
		if ok, err := r.freeze(o); !ok {
			return false, err
		}
	}
	return true, nil
}

// freeze takes a relation's content as of the reader's epoch. It is false if the blocks that this needs are gone.
func (r *Reader) freeze(o *database.Object) (bool, error) {
	x, err := o.Relation.Read()
	if err != nil {
		return false, err
	}
	r.readings[o.Meta.OID] = x
	return o.Relation.Rewind(x, r.view.epoch), nil
}

// now is the newest closed epoch, with the positions of the sources among the objects. REPEATABLE READ takes all sources, as
// later statements may read them.
func (r *Reader) now(objects []*database.Object) *view {
	var sources []*epoch.Source
	add := func(o *database.Object) {
		if o.Source != nil {
			sources = append(sources, o.Source)
		}
	}
	if r.txn.Isolation != ReadCommitted {
		r.txn.db.Objects(add)
	} else {
		for _, o := range objects {
			add(o)
		}
	}
	booking, at := r.txn.db.Clock().Book(sources...)
	v := &view{epoch: booking.Epoch, positions: map[uint32]map[string]connector.Position{}, booking: booking}
	for i, s := range sources {
		v.positions[s.Relation.OID] = at[i]
	}
	return v
}

// wait waits until the views have come to the epoch. With 'latest' the epoch is what all have come to instead.
func (r *Reader) wait(ctx context.Context, objects []*database.Object) error {
	for _, o := range objects {
		if o.Meta.ViewDef == nil {
			continue
		}
		if !r.txn.Latest || o.Job == nil {
			if err := o.Relation.Wait(ctx, r.view.epoch); err != nil {
				return err
			}
			continue
		}
		if err := o.Relation.Stopped(); err != nil {
			e := *sqlerr.From(err)
			e.Severity = sqlerr.Warn
			r.txn.Warn(&e)
		}
		r.view.epoch = min(r.view.epoch, max(o.Relation.Frontier(), o.Job.Done()))
	}
	r.backToCut(objects)
	return nil
}

// backToCut goes back to an epoch at which all views have a cut, if the reader has not booked the one it is at.
func (r *Reader) backToCut(objects []*database.Object) {
	var views []*relation.Relation
	for _, o := range objects {
		if o.Meta.ViewDef != nil {
			views = append(views, o.Relation)
		}
	}
	r.view.epoch = relation.LastCommonCut(r.view.epoch, views...)
}

// drainSources waits for the end of bounded sources that are read as fast as can be: their rows, and those of views over them,
// are only then all there.
func (r *Reader) drainSources(ctx context.Context, objects []*database.Object) error {
	if r.txn.Latest {
		return nil
	}
	seen := map[uint32]bool{}
	var drain func(o *database.Object, direct bool) error
	drain = func(o *database.Object, direct bool) error {
		if seen[o.Meta.OID] {
			return nil
		}
		seen[o.Meta.OID] = true
		if o.Source != nil {
			return r.txn.db.DrainSource(ctx, o)
		}
		if o.Meta.ViewDef == nil || o.Job == nil || o.Job.Failure() != nil {
			return nil
		}
		for _, oid := range o.Meta.ViewDef.DependsOn {
			if below, ok := r.txn.db.Object(oid); ok {
				if err := drain(below, false); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, o := range objects {
		if err := drain(o, true); err != nil {
			return err
		}
	}
	return nil
}

// Epoch is the epoch that the statement reads.
func (r *Reader) Epoch() uint64 { return r.view.epoch }

// Close gives the frozen contents back.
func (r *Reader) Close() {
	if r.view != nil && r.view != r.txn.view {
		r.view.booking.Release()
	}
	for oid, x := range r.readings {
		x.Release()
		delete(r.readings, oid)
	}
}

func retracts(w *WriteSet) bool {
	for _, x := range w.Rows.Weights {
		if x < 0 {
			return true
		}
	}
	return false
}

// Scan implements query.Relations.
func (r *Reader) Scan(ctx context.Context, s *physical.Scan, emit func(*vec.Batch) error) error {
	meta, ok := r.txn.Catalog().RelationByOID(s.Relation)
	if !ok {
		return sqlerr.New(sqlerr.UndefinedTable, "relation %q does not exist", s.Name)
	}
	if meta.Kind == catalog.Virtual {
		return meta.VirtualDef.Scan(ctx, r.txn.Env, func(b *vec.Batch) error { return emit(pick(b, s.Columns)) })
	}
	at := r.view
	if !s.AsOf.None() {
		var err error
		if at, err = r.asOf(s); err != nil {
			return err
		}
		_, err = r.scanCommitted(s, at, emit)
		return err
	}
	w := r.txn.sets[s.Relation]
	if w != nil && s.Arrival {
		return sqlerr.Unsupported(fmt.Sprintf("proctime() of rows that this transaction has written to %q", s.Name), "COMMIT first: rows come with their epoch.")
	}
	if w != nil && w.Stage != nil {
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "the rows that this transaction has written to %q cannot be read before it commits", s.Name).
			WithHint("COMMIT first.")
	}
	if w == nil || w.Rows.N == 0 {
		_, err := r.scanCommitted(s, at, emit)
		return err
	}
	both := func(emit func(*vec.Batch) error) error {
		within, err := r.scanCommitted(s, at, emit)
		if err != nil {
			return err
		}
		own := *w.Rows
		if within != nil { // a row that is taken back must be one that was given
			own.Sel = selectWithin(w.Rows, within)
		}
		return emit(pick(&own, s.Columns))
	}
	if !retracts(w) {
		return both(emit)
	}
	return summed(emit, both)
}

// summed emits the sum of what scan emits, where that has rows to be taken back. It has to gather everything for that; what
// is read at an epoch that its relation has not left yet, without own deletions, never comes here.
func summed(emit func(*vec.Batch) error, scan func(emit func(*vec.Batch) error) error) error {
	var all []*vec.Batch
	if err := scan(func(b *vec.Batch) error {
		all = append(all, b.Clone())
		return nil
	}); err != nil || len(all) == 0 {
		return err
	}
	if sum := vec.Consolidate(all); sum != nil {
		return emit(sum)
	}
	return nil
}

// scanCommitted emits a relation's rows as of a view, without the transaction's own. If it has given only those within the bounds of a
// key or an index, it tells these.
func (r *Reader) scanCommitted(s *physical.Scan, at *view, emit func(*vec.Batch) error) (within []*relation.Bounds, err error) {
	o, ok := r.txn.db.Object(s.Relation)
	if !ok {
		return nil, nil // created by this transaction
	}
	if s, emit, err = r.padded(o, s, emit); err != nil {
		return nil, err
	}
	if within, err := r.narrow(o, s, at, emit); within != nil || err != nil {
		return within, err
	}
	if x, ok := r.readings[s.Relation]; ok {
		past := *x
		if at != r.view && !o.Relation.Rewind(&past, at.epoch) {
			return nil, sqlerr.New(sqlerr.SnapshotTooOld, "the rows of %q as of epoch %d are not kept any more", s.Name, at.epoch).
				WithHint("The changes since then are kept for %v only.", database.History)
		}
		if past.Consolidated() {
			return nil, past.Scan(s.Columns, emit)
		}
		return nil, summed(emit, func(emit func(*vec.Batch) error) error { return past.Scan(s.Columns, emit) })
	}
	return nil, r.scanStream(o, s, at, emit)
}

// padded is a scan of what is stored of a relation to which the transaction has added columns, and what fills those in; for another
// relation it is s and emit themselves.
func (r *Reader) padded(o *database.Object, s *physical.Scan, emit func(*vec.Batch) error) (*physical.Scan, func(*vec.Batch) error, error) {
	if r.txn.catalog == nil || o.Relation == nil {
		return s, emit, nil
	}
	width := o.Relation.Width()
	lacks := func(c int) bool { return c >= width }
	if !slices.ContainsFunc(s.Columns, lacks) {
		return s, emit, nil
	}
	meta, ok := r.txn.Catalog().RelationByOID(s.Relation)
	if !ok {
		return nil, nil, sqlerr.New(sqlerr.UndefinedTable, "relation %q does not exist", s.Name)
	}
	p, err := meta.Padding()
	if err != nil {
		return nil, nil, err
	}
	stored := *s
	stored.Columns = slices.DeleteFunc(slices.Clone(s.Columns), lacks)
	return &stored, func(b *vec.Batch) error {
		out, rest := *b, b.Cols
		out.Cols = nil
		for _, c := range s.Columns {
			if lacks(c) {
				out.Cols = append(out.Cols, p.Added[c-p.Narrow()].Flatten(b.N))
				continue
			}
			out.Cols, rest = append(out.Cols, rest[0]), rest[1:]
		}
		out.Cols = append(out.Cols, rest...) // when they arrived
		return emit(&out)
	}, nil
}

// pick is b with some of its columns, shared.
func pick(b *vec.Batch, columns []int) *vec.Batch {
	return &vec.Batch{Cols: pickCols(b, columns), N: b.N, Sel: b.Sel, Weights: b.Weights}
}
