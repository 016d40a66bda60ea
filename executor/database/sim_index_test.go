package database

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// indexColumns are the columns that the simulation's indexes are sorted by.
var indexColumns = [][]int{{0}, {1}, {0, 1}, {1, 0}}

// createIndex makes an index of the table or a view, or drops one. Whether it exists is for the catalog to say: the model need not know,
// as an index changes no answer.
func (s *simulation) createIndex() {
	oids := append(s.tables[:len(s.tables):len(s.tables)], s.viewOIDs()...)
	on := oids[s.rng.IntN(len(oids))]
	columns := indexColumns[s.rng.IntN(len(indexColumns))]
	indexes := s.db.Catalog().Indexes(on)
	s.names++
	s.change(func(e *catalog.Edit) {
		if len(indexes) > 1 {
			e.DropRelation(indexes[s.rng.IntN(len(indexes))].OID)
			return
		}
		require.NoError(s.t, e.PutRelation(&catalog.Relation{OID: e.NewOID(), Schema: catalog.PublicOID, Name: fmt.Sprintf("index %d", s.names),
			Kind: catalog.Index, IndexDef: &catalog.IndexDef{On: on, Columns: columns}}))
	})
	s.log("index on %d %v", on, columns)
}

func (s *simulation) viewOIDs() (oids []uint32) {
	for _, v := range s.model.views {
		oids = append(oids, v.oid)
	}
	return oids
}

// awaitIndexes lets all indexes be built.
func (s *simulation) awaitIndexes() {
	for _, r := range s.db.Catalog().Relations() {
		if r.IndexDef == nil {
			continue
		}
		on, ok := s.db.Object(r.IndexDef.On)
		require.True(s.t, ok)
		s.run(func() bool { return on.Relation.IndexReady(r.OID) })
	}
}

// checkIndexes compares what the indexes of a relation find with its content.
func (s *simulation) checkIndexes(o *Object, content bag, cut uint64) {
	for _, r := range s.db.Catalog().Indexes(o.Meta.OID) {
		first := r.IndexDef.Columns[0]
		value := s.rng.Int64N(20)
		equal := vec.New(int8T, 1)
		equal.Append(types.NewInt(value))
		for _, g := range []*relation.Bounds{{}, {Columns: []int{first}, Equal: []*vec.Vector{equal}}, {Columns: []int{first}, Low: equal}} {
			x, err := o.Relation.Select(r.OID, g, []int{0, 1}, cut)
			require.NoError(s.t, err)
			require.Equal(s.t, o.Relation.IndexReady(r.OID), x != nil)
			if x == nil {
				continue
			}
			want := bag{}
			for y, w := range content {
				if g.Columns == nil || y[first] == value || g.Low != nil && y[first] >= value {
					want[y] = w
				}
			}
			require.Equal(s.t, want, s.sum(x.Scan), "%s on %s", r.Name, o.Meta.Name)
			x.Release()
		}
	}
}

// sum adds up the rows that scan emits.
func (s *simulation) sum(scan func(emit func(*vec.Batch) error) error) bag {
	out := bag{}
	require.NoError(s.t, scan(func(b *vec.Batch) error {
		for k := range b.Rows() {
			i := b.Row(k)
			r := row{}
			for c := range r {
				if r[c] = b.Cols[c].I64[i]; b.Cols[c].IsNull(i) {
					r[c] = null
				}
			}
			out.add(r, b.Weight(i))
		}
		return nil
	}))
	return out
}
