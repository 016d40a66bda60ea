package database

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/sql/catalog"
)

// addView makes a view of a shape.
func (s *simulation) addView(name string, inputs ...uint32) *modelView {
	i := slices.IndexFunc(shapes, func(x shape) bool { return x.name == name })
	v := &modelView{shape: &shapes[i], name: name, inputs: inputs}
	p := &planner{}
	plan := p.finish(s, v.shape.plan(s, p, v.inputs))
	s.names++
	v.began = s.db.clock.Closed() + 1
	require.True(s.t, s.change(func(e *catalog.Edit) {
		v.oid = e.NewOID()
		require.NoError(s.t, e.PutRelation(&catalog.Relation{OID: v.oid, Schema: catalog.PublicOID, Name: fmt.Sprintf("%s %d", v.name, s.names),
			Kind: catalog.View, Columns: twoColumns, ViewDef: &catalog.ViewDef{Plan: plan, DependsOn: v.inputs, Began: v.began}}))
	}))
	v.began, v.since = s.db.clock.Closed(), s.db.clock.Closed()
	s.model.views = append(s.model.views, v)
	return v
}

// TestStoppedMember: a view that has stopped, and one that waits for it, keep the snapshot that they are in; the others of their group
// go on being snapshotted. After a crash those that wait still show their last rows, and all go on once the bad row has gone.
func TestStoppedMember(t *testing.T) {
	s := newSimulation(t, 3, nil)
	for _, n := range failpoint.All {
		s.db.cfg.Faults.Arm(n, nil)
	}
	good, bad := s.addView("filter", s.model.source), s.addView("quotient", s.tables[0])
	both := s.addView("union", good.oid, bad.oid)
	s.write(s.tables[0], row{1, 20}, 1)
	s.pass(2 * time.Second)
	s.write(s.tables[0], row{1, badValue}, 1)
	s.pass(100 * time.Millisecond)
	stopped := s.db.durable(bad.oid)
	require.NotZero(t, stopped)
	s.write(s.tables[0], row{2, 30}, 1)
	s.pass(3 * time.Second)
	require.Equal(t, stopped, s.db.durable(bad.oid))
	require.Equal(t, stopped, s.db.durable(both.oid))
	require.Greater(t, s.db.durable(good.oid), stopped)

	s.crash()
	o, _ := s.db.Object(both.oid)
	rows, cut := s.content(o)
	require.Equal(t, stopped, cut)
	require.Equal(t, s.model.at(both.oid, cut), rows)
	s.check()
	s.write(s.tables[0], row{1, badValue}, -1)
	s.pass(time.Second)
	s.resume()
	s.settle()
	require.Nil(t, o.Relation.Stopped())
}
