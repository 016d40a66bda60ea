package session

import (
	"context"
	"errors"
	"fmt"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// subscription is what a SUBSCRIBE asks for.
type subscription struct {
	meta     *catalog.Relation
	rel      *relation.Relation
	snapshot bool
	progress bool
	from     uint64 // AS OF: the epoch that it begins at; 0 begins at the newest one
	declared uint64 // the epoch at which the cursor over it was declared; 0 without one
	columns  int    // the relation's visible columns
}

// subscribeAction is SUBSCRIBE: rows of (epoch, weight, progress, the relation's columns), first those at one epoch, then each cut's
// changes.
func (s *Session) subscribeAction(x *ast.Subscribe) (*action, error) { return s.subscribeSince(x, 0) }

// subscribeSince is subscribeAction of a cursor that is declared at an epoch: what changes from then on is its.
func (s *Session) subscribeSince(x *ast.Subscribe, declared uint64) (*action, error) {
	if x.Target == nil {
		return nil, sqlerr.Unsupported("SUBSCRIBE to a query", "CREATE VIEW for the query, then SUBSCRIBE to the view.").At(x.Pos)
	}
	meta, err := s.relation(*x.Target)
	if err != nil {
		return nil, err
	}
	if meta.Kind != catalog.View && meta.Kind != catalog.Table && meta.Kind != catalog.Stream {
		return nil, sqlerr.New(sqlerr.WrongObjectType, "%q is a %s and cannot be subscribed to", meta.Name, meta.Kind).At(x.Target.Pos)
	}
	sub := &subscription{meta: meta, snapshot: true, declared: declared, columns: len(meta.Columns)}
	if err := sub.options(x.Options); err != nil {
		return nil, err
	}
	if x.AsOf != nil {
		d, err := s.constant(x.AsOf, types.T(types.Int8), "AS OF")
		if err != nil {
			return nil, err
		}
		if d.Null || d.I < 1 {
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "AS OF takes an epoch, a number from 1").At(x.AsOf.Position())
		}
		sub.from = uint64(d.I)
	}
	columns := []engine.Column{{Name: "epoch", Type: types.T(types.Int8)}, {Name: "weight", Type: types.T(types.Int8)},
		{Name: "progress", Type: types.T(types.Bool)}}
	for i, c := range meta.Columns {
		columns = append(columns, engine.Column{Name: c.Name, Type: c.Type, Table: meta.OID, Attr: int16(i + 1)})
	}
	return &action{columns: columns, run: func(ctx context.Context, y *execution) (string, error) {
		o, ok := s.engine.db.Object(meta.OID)
		if !ok {
			return "", sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "%q was created by this transaction and is not at work yet", meta.Name).
				WithHint("COMMIT first.")
		}
		run := *sub
		run.rel = o.Relation
		if o.Source != nil {
			return "", sqlerr.Unsupported("SUBSCRIBE to a connector's stream", "CREATE VIEW over it, then SUBSCRIBE to the view.")
		}
		err := s.subscribe(ctx, &run, y)
		if errors.Is(err, op.ErrDone) {
			err = nil
		}
		return fmt.Sprintf("SUBSCRIBE %d", y.rows), err
	}}, nil
}

func (sub *subscription) options(list []*ast.Option) error {
	for _, o := range list {
		on, ok := true, true
		if o.Value.Kind != ast.ValueNone {
			on, ok = settings.ParseBool(o.Value.Text)
		}
		if !ok {
			return sqlerr.New(sqlerr.InvalidParameterValue, "option %q requires a Boolean value", o.Name).At(o.Value.Pos)
		}
		switch o.Name {
		case "snapshot":
			sub.snapshot = on
		case "progress":
			sub.progress = on
		default:
			return sqlerr.New(sqlerr.InvalidParameterValue, "unknown option %q", o.Name).
				WithHint("SUBSCRIBE has the options snapshot and progress.").At(o.Pos)
		}
	}
	return nil
}

// subscribe gives the rows out until the client, a DROP or the server ends it.
func (s *Session) subscribe(ctx context.Context, sub *subscription, y *execution) error {
	out := &subscriber{sub: sub, y: y, types: sub.meta.Types(), fan: s.engine.fans.join(sub.meta.OID)}
	defer s.engine.fans.leave(sub.meta.OID, out.fan)
	at, err := s.firstRows(ctx, sub, out)
	if err != nil {
		return err
	}
	ready := make(chan struct{}, 1)
	w := &relation.Watcher{Wake: func() {
		select {
		case ready <- struct{}{}:
		default:
		}
	}}
	sub.rel.Watch(w)
	defer sub.rel.Unwatch(w)
	if sub.progress {
		s.engine.db.Clock().Watch(w)
		defer s.engine.db.Clock().Unwatch(w)
	}
	for {
		if at, err = s.changes(sub, at, out); err != nil {
			return err
		}
		if err := y.pause(); err != nil {
			return err
		}
		select {
		case <-ready:
		case <-ctx.Done():
			// A cursor's FETCH that has waited long enough goes on with the next one: pause hands over, and ctx is then another.
			if context.Cause(ctx) != errFetchTimeout {
				return context.Cause(ctx)
			}
		}
		switch o, ok := s.engine.db.Object(sub.meta.OID); {
		case !ok:
			return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "%s %q was dropped", sub.meta.Kind, sub.meta.Name)
		case !o.Relation.Same(sub.rel):
			return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "%s %q was altered, and is computed apart from other views now", sub.meta.Kind, sub.meta.Name).
				WithHint("Subscribe anew.")
		}
	}
}

// firstRows gives the relation's rows at one epoch, if they are wanted, and says after which epoch the changes begin.
func (s *Session) firstRows(ctx context.Context, sub *subscription, out *subscriber) (uint64, error) {
	if sub.from == 0 && !sub.snapshot && sub.declared != 0 {
		return sub.declared, nil
	}
	plan := wholeScan(sub.meta)
	if sub.from != 0 {
		scanOf(plan).AsOf = physical.E(expr.NewConst(types.T(types.Int8), types.NewInt(int64(sub.from))))
	}
	r, err := s.tx.Read(ctx, plan, nil)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	out.epoch = r.Epoch()
	if sub.from > out.epoch {
		return 0, sqlerr.New(sqlerr.InvalidParameterValue, "epoch %d has not come yet", sub.from).WithHint("The newest epoch is %d.", out.epoch)
	}
	if sub.from != 0 {
		out.epoch = sub.from
	}
	if sub.snapshot {
		if err := r.Scan(ctx, scanOf(plan), out.rows); err != nil {
			return 0, err
		}
	}
	if sub.progress {
		return out.epoch, out.mark(out.epoch)
	}
	return out.epoch, nil
}

// changes gives the blocks past an epoch, each whole, and says how far it has come.
func (s *Session) changes(sub *subscription, at uint64, out *subscriber) (uint64, error) {
	for {
		frontier := sub.rel.Frontier()
		b, ok, gone := sub.rel.Next(at)
		if gone {
			return at, sqlerr.New(sqlerr.SnapshotTooOld, "the changes of %q after epoch %d are not kept any more", sub.meta.Name, at).
				WithHint("Subscribe anew; a subscriber must not lag by more than a minute.")
		}
		if !ok {
			if err := sub.rel.Stopped(); err != nil {
				return at, err
			}
			if sub.progress && frontier > at {
				return frontier, out.mark(frontier)
			}
			return at, nil
		}
		if err := out.block(&b); err != nil {
			return at, err
		}
		at = b.Epoch
		if sub.progress {
			if err := out.mark(at); err != nil {
				return at, err
			}
		}
	}
}

// subscriber makes a subscription's rows.
type subscriber struct {
	sub   *subscription
	y     *execution
	types []types.Type
	epoch uint64
	fan   *fan
}

// block gives the changes of a cut.
func (o *subscriber) block(b *relation.Block) error {
	o.epoch = b.Epoch
	if done, err := o.shared(b); done || err != nil {
		return err
	}
	return b.Scan(o.rows)
}

// rows gives changes with their epoch and weights.
func (o *subscriber) rows(b *vec.Batch) error { return o.y.give(o.framed(b)) }

// framed puts epoch and weights before the columns of changes.
func (o *subscriber) framed(b *vec.Batch) *vec.Batch {
	n := b.N
	epoch, weight, progress := vec.NewConst(types.T(types.Int8), types.NewInt(int64(o.epoch))), &vec.Vector{}, vec.NewConst(types.T(types.Bool), types.NewBool(false))
	weight.Resize(types.T(types.Int8), n)
	for k := range b.Rows() {
		i := b.Row(k)
		weight.I64[i] = b.Weight(i)
	}
	return &vec.Batch{Cols: append([]*vec.Vector{epoch.Flatten(n), weight, progress.Flatten(n)}, b.Cols[:o.sub.columns]...), N: n, Sel: b.Sel}
}

// mark gives a progress row: the relation is complete up to an epoch.
func (o *subscriber) mark(epoch uint64) error {
	ts := append([]types.Type{types.T(types.Int8), types.T(types.Int8), types.T(types.Bool)}, o.types...)
	out := vec.NewBatch(ts, 1)
	row := []types.Datum{types.NewInt(int64(epoch)), types.NewInt(0), types.NewBool(true)}
	for range o.types {
		row = append(row, types.Null)
	}
	out.AppendRow(1, row...)
	return o.y.give(out)
}
