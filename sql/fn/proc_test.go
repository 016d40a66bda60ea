package fn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/fn"
)

func TestProcs(t *testing.T) {
	for _, f := range fn.Functions() {
		require.Equal(t, f.Name, fn.ProcByOID(fn.OID(f)).Name)
	}
	for _, a := range fn.Aggregates() {
		p := fn.ProcByOID(fn.AggregateOID(a))
		require.Equal(t, a.Name, p.Name)
		require.Equal(t, byte('a'), p.Kind)
	}
	require.Equal(t, "int4in", fn.ProcByOID(42).Name)
	require.Nil(t, fn.ProcByOID(1))
	require.Len(t, fn.Procs(), len(uniqueOIDs()))
}

func uniqueOIDs() map[uint32]bool {
	m := map[uint32]bool{}
	for _, p := range fn.Procs() {
		m[p.OID] = true
	}
	return m
}
