package types_test

import (
	"os"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/stretchr/testify/require"
)

// TestCastable compares, for every pair of types, whether an explicit cast exists with what PostgreSQL 15 said.
func TestCastable(t *testing.T) {
	data, err := os.ReadFile("testdata/castable.txt")
	require.NoError(t, err)
	want := map[string]string{}
	var all []string
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		from, to, _ := strings.Cut(line, " -> ")
		want[from] = " " + to + " "
		all = append(all, from)
	}
	for _, from := range all {
		ft, err := types.ParseTypeName(from)
		require.NoError(t, err)
		for _, to := range all {
			tt, err := types.ParseTypeName(to)
			require.NoError(t, err)
			_, ok := types.FindCast(ft, tt)
			require.Equal(t, strings.Contains(want[from], " "+to+" "), ok, "%s -> %s", from, to)
		}
	}
}

// TestRelabels checks that a relabelled value reads the same.
func TestRelabels(t *testing.T) {
	typ := func(s string) types.Type {
		t.Helper()
		x, err := types.ParseTypeName(s)
		require.NoError(t, err)
		return x
	}
	for pair, want := range map[[2]string]bool{
		{"text", "varchar"}: true, {"varchar(3)", "text"}: true, {"text", "varchar(3)"}: false, {"text", "bpchar"}: true,
		{"bpchar", "text"}: false, {"int4", "oid"}: false, {"oid", "regclass"}: true, {"numeric(10,2)", "numeric"}: false,
		{"numeric", "numeric(10,2)"}: false, {"numeric(30,2)", "numeric"}: true, {"int4[]", "oid[]"}: false,
		{"text[]", "varchar[]"}: true, {"numeric(10,2)[]", "numeric[]"}: false, {"timestamp(3)", "timestamp"}: true,
		{"timestamp", "timestamp(3)"}: false, {"int4", "int8"}: false, {"timestamp", "timestamptz"}: false,
	} {
		require.Equal(t, want, types.Relabels(typ(pair[0]), typ(pair[1])), "%v", pair)
	}
}
