package catalog

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// names are those of relations, in order.
func names(list []*Relation) (out []string) {
	for _, r := range list {
		out = append(out, r.Name)
	}
	return out
}

// TestDependents: each reader is there once, however it reads.
func TestDependents(t *testing.T) {
	c := New(nil)
	put := func(r Relation) uint32 {
		e := c.Edit()
		r.OID, r.Schema = e.NewOID(), PublicOID
		require.NoError(t, e.PutRelation(&r))
		c = e.Catalog()
		return r.OID
	}
	s := put(Relation{Name: "s"})
	v := put(Relation{Name: "v", Kind: View, ViewDef: &ViewDef{DependsOn: []uint32{s, s}}})
	put(Relation{Name: "w", Kind: View, ViewDef: &ViewDef{DependsOn: []uint32{s, v}}})
	k := put(Relation{Name: "k", Kind: Sink, ViewDef: &ViewDef{DependsOn: []uint32{v}}, SinkDef: &SinkDef{From: v}})
	put(Relation{Name: "i", Kind: Index, IndexDef: &IndexDef{On: v}})
	require.Equal(t, []string{"v", "w"}, names(c.Dependents(s)))
	require.Equal(t, []string{"w", "k", "i"}, names(c.Dependents(v)))
	require.Equal(t, []string{"i"}, names(c.Indexes(v)))
	old, e := c, c.Edit()
	e.DropRelation(k)
	require.Equal(t, []string{"w", "i"}, names(e.Catalog().Dependents(v)))
	require.Equal(t, []string{"w", "k", "i"}, names(old.Dependents(v)), "a catalog does not change")
}

// TestEdits: a catalog's list and the difference of two are those of a model, and older catalogs stay as they are.
func TestEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type state struct {
			catalog *Catalog
			model   map[uint32]*Relation
		}
		past := []state{{New(nil), map[uint32]*Relation{}}}
		for step := range rapid.IntRange(1, 20).Draw(t, "edits") {
			from := past[len(past)-1]
			e, model := from.catalog.Edit(), map[uint32]*Relation{}
			for oid, r := range from.model {
				model[oid] = r
			}
			for range rapid.IntRange(1, 4).Draw(t, "changes") {
				oids := sortedOIDs(model)
				if len(oids) > 0 && rapid.Bool().Draw(t, "old one") {
					oid := rapid.SampledFrom(oids).Draw(t, "oid")
					if rapid.Bool().Draw(t, "drop") {
						e.DropRelation(oid)
						delete(model, oid)
						continue
					}
					r := *model[oid]
					r.Comment = string(rune('a' + step))
					require.NoError(t, e.PutRelation(&r))
					model[oid] = &r
					continue
				}
				oid := e.NewOID()
				r := &Relation{OID: oid, Schema: PublicOID, Name: string(rune(oid))}
				require.NoError(t, e.PutRelation(r))
				model[oid] = r
			}
			past = append(past, state{e.Catalog(), model})
		}
		for _, x := range past {
			require.Equal(t, listed(x.model), x.catalog.Relations())
		}
		a, b := rapid.SampledFrom(past).Draw(t, "old"), rapid.SampledFrom(past).Draw(t, "new")
		var put, dropped []*Relation
		for _, r := range listed(b.model) {
			if a.model[r.OID] != r {
				put = append(put, r)
			}
		}
		for _, r := range listed(a.model) {
			if b.model[r.OID] == nil {
				dropped = append(dropped, r)
			}
		}
		require.Equal(t, Diff{put, dropped}, b.catalog.RelationsSince(a.catalog))
	})
}

func sortedOIDs(m map[uint32]*Relation) (out []uint32) {
	for oid := range m {
		out = append(out, oid)
	}
	slices.Sort(out)
	return out
}

func listed(m map[uint32]*Relation) (out []*Relation) {
	for _, oid := range sortedOIDs(m) {
		out = append(out, m[oid])
	}
	return out
}
