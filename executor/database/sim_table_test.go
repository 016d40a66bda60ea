package database

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

// table is a random one of the tables. There is always one.
func (s *simulation) table() uint32 { return s.tables[s.rng.IntN(len(s.tables))] }

// changeTables makes a table, gives one a column, or drops one that nobody reads.
func (s *simulation) changeTables() {
	if s.rng.IntN(3) == 0 {
		s.widen()
		return
	}
	var free []int
	for i, oid := range s.tables[1:] {
		if len(s.db.Catalog().Dependents(oid)) == 0 {
			free = append(free, 1+i)
		}
	}
	if len(free) > 0 && s.flying == 0 && s.rng.IntN(2) == 0 {
		s.dropTable(free[s.rng.IntN(len(free))])
		return
	}
	if len(s.tables) > 3 {
		return
	}
	s.names++
	var oid uint32
	if s.change(func(e *catalog.Edit) {
		oid = e.NewOID()
		require.NoError(s.t, e.PutRelation(&catalog.Relation{OID: oid, Schema: catalog.PublicOID, Name: fmt.Sprintf("t %d", s.names),
			Kind: catalog.Table, Columns: twoColumns}))
	}) {
		s.tables = append(s.tables, oid)
	}
	s.log("table %d", oid)
}

// widen gives a table or the stream a column. Writers go on without it, views with the two that they read.
func (s *simulation) widen() {
	oid := s.table()
	if s.rng.IntN(3) == 0 {
		oid = s.model.stream
	}
	old, ok := s.db.Catalog().RelationByOID(oid)
	require.True(s.t, ok)
	r := *old
	r.Columns = append(slices.Clone(r.Columns), catalog.Column{Name: fmt.Sprintf("c%d", len(r.Columns)), Type: int8T})
	added := &r.Columns[len(r.Columns)-1]
	require.NoError(s.t, added.SetMissing(vec.NewConst(int8T, types.NewInt(s.rng.Int64N(10))).Flatten(1)))
	s.change(func(e *catalog.Edit) { require.NoError(s.t, e.PutRelation(&r)) })
	s.log("column %d of %d", len(r.Columns), oid)
}

func (s *simulation) dropTable(i int) {
	oid := s.tables[i]
	s.tables = append(s.tables[:i:i], s.tables[i+1:]...)
	s.dropped = append(s.dropped, oid)
	s.change(func(e *catalog.Edit) { e.DropRelation(oid) })
	s.log("drop table %d", oid)
}

// checkDropped requires that nothing is left in the store of what has been dropped.
func (s *simulation) checkDropped() {
	s.pass(2 * time.Second)
	if s.broken {
		return
	}
	for _, oid := range s.dropped {
		if len(s.db.Catalog().Computed(oid)) > 0 {
			continue // what it was computed by, others still are
		}
		require.Nil(s.t, s.db.snapshots.store.Holding(stateName(oid)), "a snapshot has %d, which was dropped", oid)
		for _, r := range []kv.Range{kv.LogRange(oid), kv.PageRange(uint64(oid), 0)} {
			it, err := s.store.Scan(r)
			require.NoError(s.t, err)
			require.False(s.t, it.Next(), "something is left of %d, which was dropped", oid)
			require.NoError(s.t, it.Close())
		}
	}
}

// TestTableLogIsTrimmed changes one row of a table again and again. The log and the blocks in memory do not grow with it, and a
// restart finds the rows.
func TestTableLogIsTrimmed(t *testing.T) {
	s := newSimulation(t, 1, nil)
	write := func() {
		for v := range int64(300) {
			for _, w := range []int64{1, -1} {
				s.write(s.tables[0], row{1, v}, w)
				s.pass(5 * time.Millisecond)
			}
		}
	}
	s.write(s.tables[0], row{2, 2}, 1)
	records := func() (n int) {
		it, err := s.db.log.Records(0)
		require.NoError(t, err)
		defer it.Close()
		for it.Next() {
			if len(it.Record().Splits) == 0 {
				n++
			}
		}
		return n
	}
	write()
	s.pass(10 * time.Second)
	first, epoch := records(), s.db.clock.Closed()
	require.Less(t, first, 50)
	write()
	s.pass(10 * time.Second)
	require.Less(t, records(), 50)
	o, _ := s.db.Object(s.tables[0])
	require.Greater(t, s.db.log.Trimmed(o.Meta.OID).Upto, epoch)
	require.Less(t, o.Relation.HistoryBytes(), int64(10_000))
	s.crash()
	s.check()
	o, _ = s.db.Object(s.tables[0])
	require.Greater(t, o.Relation.Trimmed(), epoch)
}
