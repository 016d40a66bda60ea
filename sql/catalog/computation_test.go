package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestComputed: views with one computation are found from each of them, also when the one that it is named for has gone or has parted.
func TestComputed(t *testing.T) {
	change := func(c *Catalog, f func(e *Edit)) *Catalog {
		e := c.Edit()
		f(e)
		return e.Catalog()
	}
	view := func(e *Edit, oid, computation uint32, name string, reads ...uint32) *Relation {
		r := &Relation{OID: oid, Schema: PublicOID, Name: name, Kind: View, ViewDef: &ViewDef{Computation: computation, DependsOn: reads}}
		require.NoError(t, e.PutRelation(r))
		return r
	}
	var first, second, over, above *Relation
	c := change(New(nil), func(e *Edit) {
		first, second = view(e, 20000, 0, "first"), view(e, 20001, 20000, "second")
		over, above = view(e, 20002, 0, "over", 20001), view(e, 20003, 0, "above", 20000, 20001)
	})
	require.Equal(t, []*Relation{first, second}, c.Computed(20000))
	require.Empty(t, c.Computed(20001))
	require.Equal(t, []*Relation{over}, c.Computed(20002))
	require.True(t, c.Leads(first) && !c.Leads(second) && c.Leads(over))
	require.Equal(t, []*Relation{over, above}, c.Readers(first))
	require.Equal(t, []*Relation{over, above}, c.Readers(second))

	parted := change(c, func(e *Edit) { view(e, 20000, 20009, "first") })
	require.Equal(t, []*Relation{second}, parted.Computed(20000))
	require.Len(t, parted.Computed(20009), 1)
	require.True(t, parted.Leads(second))

	dropped := change(c, func(e *Edit) { e.DropRelation(20000) })
	require.Equal(t, []*Relation{second}, dropped.Computed(20000))
	require.True(t, dropped.Leads(second))
	require.Empty(t, change(dropped, func(e *Edit) { e.DropRelation(20001) }).Computed(20000))
}
