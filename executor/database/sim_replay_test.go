package database

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// replayLate makes the late rows of a window view count, without waiting for it.
func (s *simulation) replayLate() {
	for _, v := range s.model.views {
		if v.shape != nil || s.rng.IntN(2) == 0 {
			continue
		}
		e := s.db.clock.Closed() + 1
		err := s.db.replayLate(v.oid, func(err error) {
			if err != nil {
				s.broken = true
				return
			}
			v.recounts = append(v.recounts, e)
			s.log("late rows of %d count up to %d", v.oid, e)
		})
		s.log("replay the late rows of %d: %v", v.oid, err)
	}
}

// reconcileRecounts takes over what a crash has left of them: all that were acknowledged, and perhaps one that was not.
func (s *simulation) reconcileRecounts() {
	for _, v := range s.model.views {
		r, _ := s.db.Catalog().RelationByOID(v.oid)
		stored, err := s.db.recounts(r.Computation())
		require.NoError(s.t, err)
		require.GreaterOrEqual(s.t, len(stored), len(v.recounts))
		require.Equal(s.t, append([]uint64(nil), v.recounts...), append([]uint64(nil), stored[:len(v.recounts)]...))
		v.recounts = stored
	}
}

// TestReplayLateOfTrimmedRows: a view that has read rows which are gone cannot count anew; one that was made after them can.
func TestReplayLateOfTrimmedRows(t *testing.T) {
	s := newSimulation(t, 1, nil)
	for retention(s) != time.Second {
		s = newSimulation(t, s.rng.Uint64(), nil)
	}
	for _, n := range failpoint.All {
		s.db.cfg.Faults.Arm(n, nil)
	}
	s.write(s.model.stream, row{1, 100}, 1)
	old := s.addWindows()
	require.NoError(t, s.db.replayLate(old.oid, func(err error) { require.NoError(t, err) }))
	s.pass(5 * time.Second)
	require.NotZero(t, s.db.log.Trimmed(s.model.stream).Upto)
	err := sqlerr.From(s.db.replayLate(old.oid, nil))
	require.Equal(t, sqlerr.ObjectNotInPrerequisiteState, err.Code)
	require.NotEmpty(t, err.Hint)

	s.write(s.model.stream, row{1, 120}, 1)
	s.pass(10 * time.Millisecond)
	made := s.addWindows()
	require.NoError(t, s.db.replayLate(made.oid, func(err error) { require.NoError(t, err) }))
	require.Equal(t, sqlerr.ObjectInUse, sqlerr.CodeOf(s.db.replayLate(made.oid, nil)), "while it is replayed")
	require.Equal(t, sqlerr.FeatureNotSupported, sqlerr.CodeOf(s.db.replayLate(s.model.stream, nil)))
	s.pass(time.Second)
	o, _ := s.db.Object(made.oid)
	require.True(t, o.Job.RecountsPast(made.began))
	require.Equal(t, s.db.clock.Closed(), o.Relation.Frontier())
}

func retention(s *simulation) time.Duration {
	r, _ := s.db.Catalog().RelationByOID(s.model.stream)
	keep, _ := Retention(r)
	return keep
}

// addWindows makes a window view.
func (s *simulation) addWindows() *modelView {
	v := &modelView{inputs: []uint32{s.model.stream}, name: "windows"}
	v.began = s.db.clock.Closed() + 1
	plan := s.windowPlan(s.model.stream)
	s.names++
	require.True(s.t, s.change(func(e *catalog.Edit) {
		v.oid = e.NewOID()
		require.NoError(s.t, e.PutRelation(&catalog.Relation{OID: v.oid, Schema: catalog.PublicOID, Name: fmt.Sprintf("%s %d", v.name, s.names),
			Kind: catalog.View, Columns: twoColumns, ViewDef: &catalog.ViewDef{Plan: plan, DependsOn: v.inputs, Began: v.began}}))
	}))
	return v
}
