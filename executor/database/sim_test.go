package database

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
)

// simulation is a database on one goroutine, over a store in memory that can crash.
type simulation struct {
	t     *testing.T
	sim   *sched.Sim
	store kv.Store
	db    *Database
}

func newSimulation(t *testing.T, seed uint64, store kv.Store) *simulation {
	s := &simulation{t: t, sim: sched.NewSim(seed), store: store}
	var err error
	s.db, err = Open(Config{Store: store, Sched: s.sim, Tasks: 2})
	require.NoError(t, err)
	return s
}

// commit submits a commit; the epoch is set, and done called, once it is in the log.
func (s *simulation) commit(x *epoch.Commit, done func(epoch uint64)) {
	x.Done = func(e uint64, err error) {
		require.NoError(s.t, err)
		if done != nil {
			done(e)
		}
	}
	s.db.clock.Submit(x)
}

// change commits a catalog change and waits for it.
func (s *simulation) change(f func(*catalog.Edit)) {
	old := s.db.Catalog()
	e := old.Edit()
	f(e)
	x := &epoch.Commit{}
	require.NoError(s.t, s.db.ChangeCatalog(x, old, e.Catalog()))
	finished := false
	s.commit(x, func(uint64) { finished = true })
	require.NoError(s.t, s.sim.Run(100_000, func() bool { return finished }))
}

// rows commits rows (key, value) with a weight into a relation.
func (s *simulation) rows(oid uint32, weight int64, done func(uint64), rows ...[2]int64) {
	b := vec.NewBatch([]types.Type{types.T(types.Int8), types.T(types.Int8)}, len(rows))
	for _, r := range rows {
		b.AppendRow(weight, types.NewInt(r[0]), types.NewInt(r[1]))
	}
	s.commit(&epoch.Commit{Data: []epoch.Change{{RelationData: changelog.RelationData{Relation: oid, Batches: []*vec.Batch{b}}, Watermark: op.NoWatermark}}}, done)
}

// content is a relation's rows and weights once it has come to the newest epoch.
func (s *simulation) content(oid uint32) map[[2]int64]int64 {
	o, ok := s.db.Object(oid)
	require.True(s.t, ok)
	require.NoError(s.t, s.sim.Run(1_000_000, func() bool { return o.Relation.Frontier() >= s.db.clock.Closed() }))
	out := map[[2]int64]int64{}
	x := o.Relation.Read()
	defer x.Release()
	require.NoError(s.t, x.Scan([]int{0, 1}, func(b *vec.Batch) error {
		for k := range b.Rows() {
			i := b.Row(k)
			out[[2]int64{b.Cols[0].I64[i], b.Cols[1].I64[i]}] += b.Weight(i)
		}
		return nil
	}))
	return out
}

// filterPlan is SELECT k, v FROM relation WHERE v > 10, with an exchange by k in the middle.
func filterPlan(t *testing.T, oid uint32) []byte {
	ts := []types.Type{types.T(types.Int8), types.T(types.Int8)}
	names := []string{"k", "v"}
	node := func(o physical.Op, in ...int) physical.Node {
		return physical.Node{Op: o, Inputs: in, Types: ts, Names: names}
	}
	over := &expr.IsDistinct{Left: expr.NewColumn(1, ts[1], "v"), Right: expr.NewConst(ts[1], types.NewInt(13))}
	plan := &physical.Plan{Nodes: []physical.Node{node(&physical.Scan{Relation: oid, Columns: []int{0, 1}}),
		node(&physical.Filter{Pred: physical.E(over)}, 0),
		node(&physical.Exchange{Exchange: physical.HashExchange, Keys: []int{0}}, 1), node(&physical.Project{Exprs: []physical.Expr{
			physical.E(expr.NewColumn(0, ts[0], "k")), physical.E(expr.NewColumn(1, ts[1], "v"))}}, 2), node(&physical.Root{Names: names}, 3)}}
	data, err := plan.Encode()
	require.NoError(t, err)
	return data
}

var twoColumns = []catalog.Column{{Name: "k", Type: types.T(types.Int8), NotNull: true}, {Name: "v", Type: types.T(types.Int8)}}

// TestSimulatedView commits random changes of a table under a view, and a view over that, in a random order of steps, with a crash
// in the middle, and compares the views with what they should be.
func TestSimulatedView(t *testing.T) {
	for seed := range uint64(50) {
		store := kv.NewMem(seed)
		s := newSimulation(t, seed, store)
		var table, view, above uint32
		s.change(func(e *catalog.Edit) {
			table, view, above = e.NewOID(), e.NewOID(), e.NewOID()
			require.NoError(t, e.PutRelation(&catalog.Relation{OID: table, Schema: catalog.PublicOID, Name: "t", Kind: catalog.Table, Columns: twoColumns}))
			for oid, on := range map[uint32]uint32{view: table, above: view} {
				require.NoError(t, e.PutRelation(&catalog.Relation{OID: oid, Schema: catalog.PublicOID, Name: map[uint32]string{view: "v", above: "w"}[oid],
					Kind: catalog.View, Columns: twoColumns, ViewDef: &catalog.ViewDef{Plan: filterPlan(t, on), DependsOn: []uint32{on}}}))
			}
		})
		model := map[[2]int64]int64{}
		rng := s.sim.Rand()
		for range 40 {
			row := [2]int64{rng.Int64N(5), 10 + rng.Int64N(6)}
			weight := int64(1)
			if model[row] > 0 && rng.IntN(2) == 0 {
				weight = -1
			}
			model[row] += weight
			committed := false
			s.rows(table, weight, func(uint64) { committed = true }, row)
			require.NoError(t, s.sim.Run(100_000, func() bool { return committed }), "seed %d", seed)
			if rng.IntN(20) == 0 {
				store = store.Crash()
				s = newSimulation(t, seed*1000+uint64(rng.IntN(1000)), store)
				rng = s.sim.Rand()
			}
		}
		want, all := map[[2]int64]int64{}, map[[2]int64]int64{}
		for row, w := range model {
			if w != 0 {
				all[row] = w
				if row[1] != 13 {
					want[row] = w
				}
			}
		}
		require.Equal(t, all, s.content(table), "seed %d", seed)
		require.Equal(t, want, s.content(view), "seed %d", seed)
		require.Equal(t, want, s.content(above), "seed %d", seed)
	}
}
