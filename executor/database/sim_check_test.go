package database

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/vec"
)

// content is a view's or table's rows as they can be read now.
func (s *simulation) content(o *Object) (out bag, cut uint64) {
	x, err := o.Relation.Read()
	require.NoError(s.t, err)
	defer x.Release()
	out = s.sum(func(emit func(*vec.Batch) error) error { return x.Scan([]int{0, 1}, emit) })
	return out, x.Cut
}

// check compares every relation that can be read with the model: it is right from its cut to its frontier.
func (s *simulation) check() {
	if s.broken {
		return // what the last epoch has is open until the crash
	}
	for _, oid := range append(s.tables[:len(s.tables):len(s.tables)], s.viewOIDs()...) {
		o, ok := s.db.Object(oid)
		require.True(s.t, ok)
		frontier := o.Relation.Frontier()
		if frontier == 0 {
			continue
		}
		have, cut := s.content(o)
		s.checkIndexes(o, have, cut)
		s.log("read %d: cut %d frontier %d rows %d", oid, cut, frontier, len(have))
		what := fmt.Sprintf("%d %s over %v: cut %d frontier %d", oid, o.Meta.Name, s.inputs(oid), cut, frontier)
		require.LessOrEqual(s.t, cut, frontier, what)
		if want := s.model.at(oid, frontier); want[failed] != 0 {
			if s.resumedPast(oid, frontier) {
				continue
			}
			require.Fail(s.t, "complete where its query fails: "+what, s.state())
		}
		require.Equal(s.t, s.model.at(oid, frontier), have, what)
		if want := s.model.at(oid, cut); want[failed] == 0 || !s.resumedPast(oid, cut) {
			if v := s.model.view(oid); v == nil || cut >= v.began {
				require.Equal(s.t, want, have, what)
			}
		}
	}
}

// resumedPast reports whether a view, or one below it, was resumed past an epoch. A resumed view goes in one step over the epochs at
// which its query fails; until a view above it takes that step too, it seems complete up to it.
func (s *simulation) resumedPast(oid uint32, epoch uint64) bool {
	v := s.model.view(oid)
	return v != nil && (v.since > epoch || slices.ContainsFunc(v.inputs, func(in uint32) bool { return s.resumedPast(in, epoch) }))
}

func (s *simulation) inputs(oid uint32) []uint32 {
	if v := s.model.view(oid); v != nil {
		return v.inputs
	}
	return nil
}

// settle lets everything come to the newest epoch, but for views that a bad row has stopped.
func (s *simulation) settle() {
	for _, v := range s.model.views {
		v := v
		o, _ := s.db.Object(v.oid)
		o.Relation.Demand(s.db.clock.Closed())
		s.run(func() bool {
			o, _ := s.db.Object(v.oid)
			ok, err := o.Relation.Reached(s.db.clock.Closed())
			if err != nil {
				require.True(s.t, s.mayStop(v), "%d %s %v has stopped: %v", v.oid, v.name, v.inputs, err)
			}
			return ok || err != nil
		})
	}
	s.awaitIndexes()
	s.check()
}

// mayStop reports whether a bad row has been there for a view, or one below it, since it last began.
func (s *simulation) mayStop(v *modelView) bool {
	for _, oid := range v.inputs {
		if x := s.model.view(oid); x != nil && s.mayStop(x) {
			return true
		}
	}
	for e := v.since; e <= s.db.clock.Closed(); e++ {
		if s.model.at(v.oid, e)[failed] != 0 {
			return true
		}
	}
	return false
}
