package database

import (
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/storage/kv"
)

// TestAuto: a view that cannot keep up is batched, and pipelined again when its batches have little to do; its rows are right all
// the time.
func TestAuto(t *testing.T) {
	s := &simulation{t: t, rng: rand.New(rand.NewPCG(7, 1)), store: kv.NewMem(7), trace: io.Discard}
	s.open()
	for _, n := range failpoint.All {
		s.db.cfg.Faults.Arm(n, nil)
	}
	s.setUp()
	i := slices.IndexFunc(shapes, func(x shape) bool { return x.name == "agg sum" })
	v := &modelView{shape: &shapes[i], name: "agg sum", inputs: []uint32{s.tables[0]}}
	p := &planner{}
	plan := p.finish(s, v.shape.plan(s, p, v.inputs))
	require.True(t, s.change(func(e *catalog.Edit) {
		v.oid = e.NewOID()
		require.NoError(t, e.PutRelation(&catalog.Relation{OID: v.oid, Schema: catalog.PublicOID, Name: "v", Kind: catalog.View, Columns: twoColumns,
			Options: []catalog.Option{{Name: "execution", Value: Auto}}, ViewDef: &catalog.ViewDef{Plan: plan, DependsOn: v.inputs}}))
	}))
	v.began, v.since = s.db.clock.Closed(), s.db.clock.Closed()
	s.model.views = append(s.model.views, v)
	model := func() string { m, _ := s.db.Chosen(v.oid); return m }
	require.Equal(t, Pipelined, model())

	s.db.cfg.Faults.Arm(failpoint.Barrier, func() failpoint.Fault { return failpoint.Fault{Delay: 3 * time.Second} })
	for i := 0; i < 100 && model() == Pipelined; i++ {
		s.writeTable()
		s.pass(time.Second / 2)
	}
	_, why := s.db.Chosen(v.oid)
	require.Equal(t, Microbatch, model())
	require.Contains(t, why, "behind its inputs")
	s.db.cfg.Faults.Arm(failpoint.Barrier, nil)
	s.settle()
	s.pass(autoCalmFor * 2 * autoInterval)
	require.Equal(t, Pipelined, model())
	s.writeTable()
	s.settle()
	for _, o := range s.db.objects {
		o.stop(s.db)
	}
}

// TestBatchShare: a batch counts for as much of the last interval as it ran in, whenever it began.
func TestBatchShare(t *testing.T) {
	const now = 10_000_000
	for name, c := range map[string]struct {
		batches []driver.BatchInfo
		share   float64
	}{
		"none":                    {nil, 0},
		"within":                  {[]driver.BatchInfo{{Started: now - 300_000, Run: 100_000}}, 0.2},
		"two":                     {[]driver.BatchInfo{{Started: now - 400_000, Run: 100_000}, {Started: now - 200_000, Run: 50_000}}, 0.3},
		"began before":            {[]driver.BatchInfo{{Started: now - 5_000_000, Run: 4_900_000}}, 0.8},
		"long over":               {[]driver.BatchInfo{{Started: now - 5_000_000, Run: 1_000_000}}, 0},
		"waited before it began":  {[]driver.BatchInfo{{Started: now - 400_000, Scheduling: 200_000, Run: 100_000}}, 0.2},
		"all of it and still now": {[]driver.BatchInfo{{Started: now - 900_000, Run: 900_000}}, 1},
	} {
		require.InDelta(t, c.share, batchShare(c.batches, now), 1e-9, name)
	}
}
