package relation

import (
	"context"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// derivation is how a relation comes about.
type derivation struct {
	frontier func() uint64
	upstream []*Relation
}

// Derive says how the relation's frontier is found, and from which relations it is derived. It must be called before the
// relation is used, and again when another job takes over.
func (r *Relation) Derive(frontier func() uint64, upstream ...*Relation) {
	r.derived.Store(&derivation{frontier, upstream})
}

// Frontier is the epoch up to which the relation is complete: its content is right for every epoch from its cut to there.
func (r *Relation) Frontier() uint64 { return r.derived.Load().frontier() }

// Upstream are the relations that this one is derived from.
func (r *Relation) Upstream() []*Relation { return r.derived.Load().upstream }

// Reached reports whether the relation is complete up to an epoch. If it cannot come there, because it or one that it is
// derived from has failed, the error says so.
func (r *Relation) Reached(epoch uint64) (bool, error) {
	if r.Frontier() >= epoch {
		return true, nil
	}
	return false, r.Stopped()
}

// Stopped is why the relation does not go on, if it does not: its own failure, or that of one it is derived from.
func (r *Relation) Stopped() error {
	if err := r.Failure(); err != nil {
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "view %q has failed: %s", r.Name, sqlerr.From(err).Message).
			WithHint("Mend the rows that it fails on, then ALTER VIEW %s RESUME.", r.Name)
	}
	for _, u := range r.Upstream() {
		if err := u.Stopped(); err != nil {
			return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "view %q is blocked: %s", r.Name, sqlerr.From(err).Message).
				WithHint("%s", sqlerr.From(err).Hint)
		}
	}
	return nil
}

// Wait waits until the relation is complete up to an epoch.
func (r *Relation) Wait(ctx context.Context, epoch uint64) error {
	if ok, err := r.Reached(epoch); ok || err != nil {
		return err
	}
	ready := make(chan struct{}, 1)
	w := &Watcher{Wake: func() {
		select {
		case ready <- struct{}{}:
		default:
		}
	}}
	r.WatchAll(w)
	defer r.UnwatchAll(w)
	for {
		select {
		case <-ready:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if ok, err := r.Reached(epoch); ok || err != nil {
			return err
		}
	}
}

// WatchAll watches all that can move the frontier: the relation and what it is derived from. A relation that has nothing to publish
// tells nobody that its frontier has moved with its inputs'.
func (r *Relation) WatchAll(w *Watcher) {
	r.Watch(w)
	for _, u := range r.Upstream() {
		u.WatchAll(w)
	}
}

// UnwatchAll is WatchAll's opposite.
func (r *Relation) UnwatchAll(w *Watcher) {
	r.Unwatch(w)
	for _, u := range r.Upstream() {
		u.UnwatchAll(w)
	}
}
