package scratch

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFile(t *testing.T) {
	dir := t.TempDir()
	f := New(dir)
	defer func() { require.NoError(t, f.Close()) }()
	spans := map[Span]string{}
	for i := range 100 {
		text := fmt.Sprintf("span %d of the file", i)
		s, err := f.Write([]byte(text))
		require.NoError(t, err)
		spans[s] = text
	}
	for s, text := range spans {
		got, err := f.Read(s, 5, len(text)-5)
		require.NoError(t, err)
		require.Equal(t, text[5:], string(got))
		_, err = f.Read(s, 5, len(text))
		require.Error(t, err, "past its end")
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "the file has no name")
	for s := range spans {
		f.Drop(s)
	}
	require.Zero(t, f.Bytes())
	s, err := f.Write([]byte("again"))
	require.NoError(t, err)
	require.Zero(t, s.at)
}

func TestNoFolder(t *testing.T) {
	f := New("/nowhere/at/all")
	_, err := f.Write([]byte("x"))
	require.Error(t, err)
	require.NoError(t, f.Close())
}
