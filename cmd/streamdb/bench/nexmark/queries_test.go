package nexmark

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryQueryHasItsFiles(t *testing.T) {
	used := map[string]bool{"queries/streams.sql": true, "queries/postgres.sql": true}
	for _, q := range Queries() {
		require.Contains(t, q.SQL, "SELECT", q.Name)
		require.NotContains(t, q.SQL, ";", "%s is to be put into another statement", q.Name)
		require.NotContains(t, q.Postgres, "EMIT", "%s needs a spelling for PostgreSQL", q.Name)
		for _, suffix := range []string{"", ".setup", ".postgres"} {
			used["queries/"+q.Name+suffix+".sql"] = true
		}
	}
	paths, err := fs.Glob(files, "queries/*.sql")
	require.NoError(t, err)
	for _, p := range paths {
		require.True(t, used[p], "%s is no query's", p)
	}
}

func TestStreamsAreFilledIn(t *testing.T) {
	sql := Streams(Options{Events: 7, EventRate: 11, Rate: 13, AllColumns: true})
	require.Equal(t, len(Tables), strings.Count(sql, "events = 7, rate = 13, event_rate = 11, all_columns = true"))
	for _, table := range Tables {
		require.Contains(t, sql, "CREATE STREAM "+table+" (")
		require.Contains(t, PostgresTables(), "CREATE TABLE "+table+" (")
	}
}
