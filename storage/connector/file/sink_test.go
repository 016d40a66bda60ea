package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

var columns = []connector.Column{{Name: "id", Type: types.T(types.Int4)}, {Name: "name", Type: types.T(types.Text)}}

func newTestSink(root, id string, options ...string) (connector.Sink, error) {
	return connector.Set{Connector}.Sink(given(options), nil, connector.SinkConfig{ID: id, Columns: columns, Root: root})
}

// given are options from names and values in turn.
func given(options []string) []connector.Given {
	out := []connector.Given{{Name: "connector", Value: "file"}}
	for i := 0; i < len(options); i += 2 {
		out = append(out, connector.Given{Name: options[i], Value: options[i+1], Offset: -1})
	}
	return out
}

// change is a batch of one row.
func change(weight int64, id int64, name string) *vec.Batch {
	b := vec.NewBatch([]types.Type{columns[0].Type, columns[1].Type}, 1)
	b.AppendRow(weight, types.NewInt(id), types.NewText(name))
	return b
}

func content(t require.TestingT, root, path string) string {
	b, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return string(b)
}

func TestSinkFormats(t *testing.T) {
	b := change(2, 1, "a,b")
	b.AppendRow(1, types.NewInt(2), types.Null)
	b.AppendRow(0, types.NewInt(3), types.NewText("not there"))
	for name, c := range map[string]struct {
		options []string
		want    string
	}{
		"csv":             {[]string{"path", "f"}, "epoch,weight,id,name\n7,2,1,\"a,b\"\n7,1,2,\n"},
		"csv append":      {[]string{"path", "f", "mode", "append", "header", "off", "null", "nil"}, "1,\"a,b\"\n1,\"a,b\"\n2,nil\n"},
		"json":            {[]string{"path", "f", "format", "json"}, "{\"epoch\":7,\"weight\":2,\"id\":1,\"name\":\"a,b\"}\n{\"epoch\":7,\"weight\":1,\"id\":2,\"name\":null}\n"},
		"json append":     {[]string{"path", "f", "format", "json", "mode", "append"}, strings.Repeat("{\"id\":1,\"name\":\"a,b\"}\n", 2) + "{\"id\":2,\"name\":null}\n"},
		"other delimiter": {[]string{"path", "f", "delimiter", ";", "fsync", "off"}, "epoch;weight;id;name\n7;2;1;a,b\n7;1;2;\n"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			s, err := newTestSink(root, "s", c.options...)
			require.NoError(t, err)
			require.NoFileExists(t, filepath.Join(root, "f"), "no file before the first write")
			require.NoError(t, s.Write(7, b))
			require.Empty(t, content(t, root, "f"), "nothing is to be seen before the commit")
			require.NoError(t, s.Commit(7))
			require.NoError(t, s.Close())
			require.Equal(t, c.want, content(t, root, "f"))
		})
	}
}

func TestSinkRefusesRetractionWhenAppending(t *testing.T) {
	s, err := newTestSink(t.TempDir(), "s", "path", "f", "mode", "append")
	require.NoError(t, err)
	defer s.Close()
	require.Equal(t, sqlerr.FeatureNotSupported, sqlerr.CodeOf(s.Write(1, change(-1, 1, "a"))))
}

// TestSinkOnce: with crashes between any two steps and a torn tail, every cut is in the file once.
func TestSinkOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root, err := os.MkdirTemp("", "sink")
		require.NoError(t, err)
		defer os.RemoveAll(root)
		want := "epoch,weight,id,name\n"
		large := strings.Repeat("x", 300)
		open := func() connector.Sink {
			s, err := newTestSink(root, "s", "path", "f", "fsync", "off")
			require.NoError(t, err)
			s.(*sink).spillAt = 1000
			return s
		}
		s := open()
		const cuts = 6
		for epoch := uint64(1); epoch <= cuts; {
			committed, known := s.Committed()
			require.True(t, known)
			require.Equal(t, epoch-1, committed)
			text := rapid.SampledFrom([]string{"a", "bc", large}).Draw(t, "text")
			rows := rapid.IntRange(1, 5).Draw(t, "rows")
			cut := ""
			crash := rapid.Bool().Draw(t, "crash")
			for range rows {
				require.NoError(t, s.Write(epoch, change(1, int64(epoch), text)))
				cut += string(rune('0'+epoch)) + ",1," + string(rune('0'+epoch)) + "," + text + "\n"
			}
			if !crash {
				require.NoError(t, s.Commit(epoch))
				require.NoError(t, s.Commit(epoch), "again does nothing")
				want += cut
				epoch++
			}
			if crash || rapid.Bool().Draw(t, "restart") {
				s.(*sink).file.WriteAt([]byte("torn"), int64(s.(*sink).commits.last.size))
				require.NoError(t, s.Close())
				s = open()
			}
		}
		require.NoError(t, s.Close())
		got := content(t, root, "f")
		require.Equal(t, len(want), len(got))
		require.True(t, want == got)
	})
}

// TestTornCommit: a commit record that was not written whole is as if it had not been written.
func TestTornCommit(t *testing.T) {
	root := t.TempDir()
	s, err := newTestSink(root, "s", "path", "f")
	require.NoError(t, err)
	for epoch := uint64(1); epoch <= 3; epoch++ {
		require.NoError(t, s.Write(epoch, change(1, int64(epoch), "x")))
		require.NoError(t, s.Commit(epoch))
	}
	require.NoError(t, s.Close())
	path := filepath.Join(root, "f"+commitSuffix)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	b[20] ^= 1 // the third record is in the first slot
	require.NoError(t, os.WriteFile(path, b, 0o644))
	s, err = newTestSink(root, "s", "path", "f")
	require.NoError(t, err)
	defer s.Close()
	epoch, _ := s.Committed()
	require.Equal(t, uint64(2), epoch)
	require.Equal(t, "epoch,weight,id,name\n1,1,1,x\n2,1,2,x\n", content(t, root, "f"))
}

func TestSinkLeavesOtherFilesAlone(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "mine"), []byte("precious"), 0o644))
	_, err := newTestSink(root, "s", "path", "mine")
	require.Equal(t, sqlerr.DuplicateFile, sqlerr.CodeOf(err))
	require.Equal(t, "precious", content(t, root, "mine"))

	s, err := newTestSink(root, "first", "path", "f")
	require.NoError(t, err)
	require.NoError(t, s.Write(1, change(1, 1, "x")))
	require.NoError(t, s.Commit(1))
	require.NoError(t, s.Close())
	_, err = newTestSink(root, "second", "path", "f")
	require.Equal(t, sqlerr.DuplicateFile, sqlerr.CodeOf(err))
	require.NoError(t, os.Truncate(filepath.Join(root, "f"), 3))
	_, err = newTestSink(root, "first", "path", "f")
	require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
	require.NoError(t, os.Remove(filepath.Join(root, "f")))
	s, err = newTestSink(root, "second", "path", "f")
	require.NoError(t, err, "the file is gone, and its sink's claim with it")
	require.NoError(t, s.Close())
}
