package compat_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/wire/pg/script"
)

// TestWireScripts plays the wire layer's scripts, whose answers are PostgreSQL's, to the whole server: what wire/pg's own tests
// hold against a stand-in for the engine holds with the engine.
func TestWireScripts(t *testing.T) {
	server := startStreamDB(t)
	script.Run(t, withoutFolding(t, "../../wire/pg/testdata/script"), server)
	script.Run(t, "../../wire/pg/testdata/values", server)
	script.Run(t, ownScripts, server)
}

// ownScripts need a whole server: wire's stand-in for the engine does not have what they test.
const ownScripts = "testdata/wire"

func TestWireScriptsPostgres(t *testing.T) {
	script.Run(t, ownScripts, script.Postgres(t))
}

// withoutFolding copies scripts without the cases in which PostgreSQL fails while it plans, as it folds 1/0: StreamDB's error counts
// only for a row that is there, so it comes when the query runs.
func withoutFolding(t *testing.T, dir string) string {
	to := t.TempDir()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		var kept []string
		for _, block := range strings.Split(string(data), "\n\n") {
			if !strings.Contains(block, "SELECT 1/0") {
				kept = append(kept, block)
			}
		}
		require.NoError(t, os.WriteFile(filepath.Join(to, e.Name()), []byte(strings.Join(kept, "\n\n")), 0o600))
	}
	return to
}
