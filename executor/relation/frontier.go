package relation

import (
	"context"
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Derivation is how a relation comes about.
type Derivation struct {
	// Frontier is the epoch up to which the relation is complete. What follows from other relations' is asked of the argument, which may
	// be nil.
	Frontier func(*Frontiers) uint64
	// Demand says that somebody waits for an epoch: what would be gathered for longer is worked in at once. nil: nothing is
	// ever gathered.
	Demand func(epoch uint64)
	// Due is when the clock alone changes the relation next (job.Job.Due). nil: never.
	Due func() int64
	// Upstream are the relations that this one is derived from.
	Upstream []*Relation
}

// At is the derivation of a relation that is derived from no other, and is complete up to an epoch.
func At(frontier func() uint64) Derivation {
	return Derivation{Frontier: func(*Frontiers) uint64 { return frontier() }}
}

// Derive says how the relation comes about. It must be called before the relation is used, and again when another job takes over.
func (r *Relation) Derive(d Derivation) { r.derived.Store(&d) }

// Upstream are the relations that this one is derived from.
func (r *Relation) Upstream() []*Relation { return r.derived.Load().Upstream }

// Due is when the clock alone changes the relation next, or one that it is derived from.
func (r *Relation) Due() int64 {
	due := int64(op.EndOfTime)
	for _, x := range lineage(r) {
		if d := x.derived.Load(); d.Due != nil {
			due = min(due, d.Due())
		}
	}
	return due
}

// lineage are relations and all that they are derived from, near or far, each once, and before what is derived from it. Views over views
// may have more paths between them than can be walked.
func lineage(of ...*Relation) []*Relation {
	var out []*Relation
	var visit func(r *Relation)
	visit = func(r *Relation) {
		if slices.Contains(out, r) {
			return
		}
		for _, u := range r.Upstream() {
			visit(u)
		}
		out = append(out, r)
	}
	for _, r := range of {
		visit(r)
	}
	return out
}

// CommonCut is the first epoch from e on at which all of some relations have a cut: e itself, unless it lies inside of a step over several
// epochs, of one of them or of one that it is derived from.
func CommonCut(e uint64, of ...*Relation) uint64 {
	return settle(e, of, func(s span) uint64 { return s.cut })
}

// LastCommonCut is the last epoch up to e at which all of some relations have a cut.
func LastCommonCut(e uint64, of ...*Relation) uint64 {
	return settle(e, of, func(s span) uint64 { return s.first - 1 })
}

// settle moves an epoch out of the steps that it lies in, until it lies in none.
func settle(e uint64, of []*Relation, out func(span) uint64) uint64 {
	all := lineage(of...)
	for {
		s, ok := within(e, all)
		if !ok {
			return e
		}
		e = out(s)
	}
}

// within finds a step inside of which an epoch lies.
func within(e uint64, of []*Relation) (s span, ok bool) {
	for _, r := range of {
		r.mu.RLock()
		s, ok = r.history.within(e)
		r.mu.RUnlock()
		if ok {
			return s, true
		}
	}
	return span{}, false
}

// Demand asks the relation, and all that it is derived from, to come to an epoch as soon as can be.
func (r *Relation) Demand(epoch uint64) {
	for _, x := range lineage(r) {
		if d := x.derived.Load(); d.Demand != nil {
			d.Demand(epoch)
		}
	}
}

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
	all := lineage(r)
	if !slices.ContainsFunc(all, func(x *Relation) bool { return x.Failure() != nil }) {
		return nil
	}
	stopped := make(map[*Relation]error, len(all))
	for _, x := range all {
		stopped[x] = x.stopped(stopped)
	}
	return stopped[r]
}

// stopped is Stopped where it is known of all that the relation is derived from.
func (r *Relation) stopped(known map[*Relation]error) error {
	if err := r.Failure(); err != nil {
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "view %q has failed: %s", r.Name, sqlerr.From(err).Message).
			WithHint("Mend the rows that it fails on, then ALTER VIEW %s RESUME.", r.Name)
	}
	for _, u := range r.Upstream() {
		if err := known[u]; err != nil {
			return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "view %q is blocked: %s", r.Name, sqlerr.From(err).Message).
				WithHint("%s", sqlerr.From(err).Hint)
		}
	}
	return nil
}

// Wait demands an epoch and waits until the relation is complete up to it.
func (r *Relation) Wait(ctx context.Context, epoch uint64) error {
	if ok, err := r.Reached(epoch); ok || err != nil {
		return err
	}
	r.Demand(epoch)
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
	for _, x := range lineage(r) {
		x.Watch(w)
	}
}

// UnwatchAll is WatchAll's opposite.
func (r *Relation) UnwatchAll(w *Watcher) {
	for _, x := range lineage(r) {
		x.Unwatch(w)
	}
}
