package database

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/catalog"
)

// createEqual makes a view with the query and options of one that there is; it is false if none can be computed with it.
func (s *simulation) createEqual() bool {
	of := s.model.views[s.rng.IntN(len(s.model.views))]
	was, _ := s.db.Catalog().RelationByOID(of.oid)
	r, def := *was, *was.ViewDef
	r.ViewDef = &def
	x := s.db.Equal(s.db.Catalog(), &r)
	if x == nil {
		return false
	}
	s.names++
	v := *of
	v.expiry = nil
	if s.change(func(e *catalog.Edit) {
		v.oid = e.NewOID()
		r.OID, r.Name = v.oid, fmt.Sprintf("%s %d", v.name, s.names)
		def.Began, def.Computation = x.ViewDef.Began, x.Computation()
		require.NoError(s.t, e.PutRelation(&r))
	}) {
		s.model.views = append(s.model.views, &v)
		s.log("create %d equal to %d", v.oid, x.OID)
		o, _ := s.db.Object(v.oid)
		with, _ := s.db.Object(of.oid)
		require.Same(s.t, with.Job, o.Job)
	} else if s.broken {
		s.doubtful = append(s.doubtful, &v)
	}
	return true
}

// part alters a view that has been computed with others.
func (s *simulation) part(v *modelView, altered *catalog.Relation) {
	def := *altered.ViewDef
	altered.ViewDef = &def
	others := s.together(v)
	if s.change(func(e *catalog.Edit) {
		def.Computation = e.NewOID()
		require.NoError(s.t, e.PutRelation(altered))
	}) {
		v.since = s.db.clock.Closed()
		v.began = v.since
		o, _ := s.db.Object(v.oid)
		for _, x := range others {
			if with, _ := s.db.Object(x.oid); x != v {
				require.NotSame(s.t, with.Job, o.Job)
			}
		}
	}
}

// together are the views that are computed with one, and that one.
func (s *simulation) together(v *modelView) (out []*modelView) {
	r, _ := s.db.Catalog().RelationByOID(v.oid)
	for _, x := range s.db.Catalog().Computed(r.Computation()) {
		out = append(out, s.model.view(x.OID))
	}
	return out
}
