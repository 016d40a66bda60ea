package kv

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

func openDir(dir string) (Store, error) { return OpenFolder(dir, Options{Logger: quiet}) }

func TestFolderIsMadeAndLocked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, err := openDir(dir)
	require.NoError(t, err)
	_, err = openDir(dir)
	require.Equal(t, sqlerr.ObjectInUse, sqlerr.CodeOf(err))
	require.ErrorContains(t, err, fmt.Sprintf("process %d", os.Getpid()))
	require.ErrorContains(t, err, dir)
	require.NoError(t, bulkOf(s, "k", "v"))
	require.NoError(t, s.Close())
	require.Equal(t, sqlerr.CannotConnectNow, sqlerr.CodeOf(s.Close()))
	_, _, err = s.Get([]byte("k"))
	require.Equal(t, sqlerr.CannotConnectNow, sqlerr.CodeOf(err))

	s, err = openDir(dir)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"k": "v"}, contents(t, s))
	require.NoError(t, s.Close())
}

func TestFolderThatCannotBeOpened(t *testing.T) {
	write := func(name, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		}
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, dir string)
		code   sqlerr.Code
		text   string
	}{
		"newer":     {write(formatFile, formatText(Format+1)), sqlerr.ObjectNotInPrerequisiteState, "has format 4, but this server reads formats up to 3"},
		"damaged":   {write(formatFile, "streamdb data folder, format 1, check 0000000000000000\n"), sqlerr.DataCorrupted, "FORMAT"},
		"empty":     {write(formatFile, ""), sqlerr.DataCorrupted, "FORMAT"},
		"no format": {func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, formatFile))) }, sqlerr.DataCorrupted, "is missing"},
		"no manifest": {func(t *testing.T, dir string) {
			names, err := filepath.Glob(filepath.Join(dir, storeDir, "MANIFEST*"))
			require.NoError(t, err)
			for _, n := range names {
				require.NoError(t, os.Remove(n))
			}
		}, sqlerr.DataCorrupted, "MANIFEST"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := openDir(dir)
			require.NoError(t, err)
			require.NoError(t, s.Close())
			c.change(t, dir)
			_, err = openDir(dir)
			require.Equal(t, c.code, sqlerr.CodeOf(err), "%v", err)
			require.ErrorContains(t, err, c.text)
			_, err = openDir(dir)
			require.Equal(t, c.code, sqlerr.CodeOf(err), "the folder must not stay locked: %v", err)
		})
	}
}

func TestFolderOfOthersIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "thesis.tex"), nil, 0o600))
	_, err := openDir(dir)
	require.Equal(t, sqlerr.ObjectNotInPrerequisiteState, sqlerr.CodeOf(err))
	require.ErrorContains(t, err, "thesis.tex")
}

func TestFolderInterruptedWhileMade(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, formatFile+".tmp"), []byte("stream"), 0o600))
	s, err := openDir(dir)
	require.NoError(t, err)
	require.NoError(t, s.Close())
}
