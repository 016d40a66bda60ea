package file

import (
	"fmt"
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

func newTestSource(root string, columns []connector.Column, options ...string) (connector.Source, error) {
	return connector.Set{Connector}.Source(given(options), nil, connector.SourceConfig{Columns: columns, Root: root})
}

func write(t testing.TB, text string) (root string) {
	root = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "f"), []byte(text), 0o644))
	return root
}

// readAll reads from a position up to another, in batches of at most size rows, and gives the positions between them.
func readAll(t require.TestingT, s connector.Source, from, until connector.Position, wanted []int, size int) (rows []string, cuts []connector.Position, err error) {
	src := s.(*source)
	r, err := s.Open("f", from, wanted)
	require.NoError(t, err)
	defer r.Close()
	ts := make([]types.Type, len(wanted))
	for i, w := range wanted {
		ts[i] = src.columns[w].Type
	}
	b := vec.NewBatch(ts, 0)
	for done := false; !done; {
		var at connector.Position
		if at, done, err = r.Poll(b, size, until); err != nil {
			return nil, nil, err
		}
		require.LessOrEqual(t, b.N, size)
		cuts = append(cuts, at)
		for i := range b.N {
			var row []string
			for _, v := range b.Cols {
				if v.IsNull(i) {
					row = append(row, "NULL")
				} else {
					row = append(row, string(vec.AppendText(nil, v, i)))
				}
			}
			rows = append(rows, strings.Join(row, "|"))
		}
	}
	return rows, cuts, nil
}

func TestSourceFindsColumns(t *testing.T) {
	both := []int{0, 1}
	for name, c := range map[string]struct {
		text    string
		options []string
		wanted  []int
		want    []string
	}{
		"by name":        {"more,name,id\nx,a,1\n,\"\",2\n", nil, both, []string{"1|a", "2|"}},
		"a subset":       {"more,name,id\nx,a,1\n", nil, []int{1}, []string{"a"}},
		"other order":    {"id,name\n1,a\n", nil, []int{1, 0}, []string{"a|1"}},
		"none":           {"id,name\n1,a\n2,b\n", nil, nil, []string{"", ""}},
		"by place":       {"1,a\n2,", []string{"header", "off"}, both, []string{"1|a", "2|NULL"}},
		"other null":     {"id;name\r\n1;nil\r\n", []string{"delimiter", ";", "null", "nil"}, both, []string{"1|NULL"}},
		"json":           {"{\"name\":\"a\",\"id\":1,\"x\":[1]}\n\n{}", []string{"format", "json"}, both, []string{"1|a", "NULL|NULL"}},
		"not read":       {"id,name\nx,a\n", nil, []int{1}, []string{"a"}},
		"empty":          {"", []string{"header", "off"}, both, nil},
		"no end of line": {"id,name\n1,a", nil, both, []string{"1|a"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := newTestSource(write(t, c.text), columns, append(c.options, "path", "f")...)
			require.NoError(t, err)
			defer s.Close()
			rows, cuts, err := readAll(t, s, 0, connector.MaxPosition, c.wanted, 10)
			require.NoError(t, err)
			require.Equal(t, c.want, rows)
			require.Equal(t, connector.Position(len(c.text)), cuts[len(cuts)-1])
			rows, _, err = readAll(t, s, 0, connector.Position(len(c.text)), c.wanted, 10)
			require.NoError(t, err)
			require.Equal(t, c.want, rows, "until the position at which it ended")
		})
	}
}

// TestSourceResumes: from any position that was given out to any later one, the same rows come.
func TestSourceResumes(t *testing.T) {
	csv, json := "id,name\n", ""
	for i := range 300 {
		name := strings.Repeat("\"\"x,\n", i%7)
		csv += fmt.Sprintf("%d,\"%s\"\n", i, name)
		json += fmt.Sprintf("{\"id\":%d,\"name\":\"%s\"}\n", i, strings.Repeat("é\\n", i%7))
	}
	for formatName, text := range map[string]string{"csv": csv, "json": json} {
		s, err := newTestSource(write(t, text), columns, "path", "f", "format", formatName)
		require.NoError(t, err)
		defer s.Close()
		s.(*source).chunk = 100
		whole, _, err := readAll(t, s, 0, connector.MaxPosition, []int{0, 1}, 1<<20)
		require.NoError(t, err)
		require.Len(t, whole, 300)
		rapid.Check(t, func(rt *rapid.T) {
			size := rapid.IntRange(1, 100).Draw(rt, "size")
			_, cuts, err := readAll(rt, s, 0, connector.MaxPosition, []int{0, 1}, size)
			require.NoError(rt, err)
			at := rapid.SampledFrom(cuts).Draw(rt, "at")
			head, _, err := readAll(rt, s, 0, at, []int{0, 1}, rapid.IntRange(1, 100).Draw(rt, "size"))
			require.NoError(rt, err)
			tail, _, err := readAll(rt, s, at, connector.MaxPosition, []int{0, 1}, 1000)
			require.NoError(rt, err)
			require.Equal(rt, whole, append(head, tail...))
		})
	}
}

func TestSourceRefuses(t *testing.T) {
	root := write(t, "id,name\n1,a\nx,b\n")
	require.NoError(t, os.WriteFile(filepath.Join(root, "bad"), []byte("id,\xff\n"), 0o644))
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("id,name\n"), 0o644))
	require.NoError(t, os.Symlink(secret, filepath.Join(root, "link")))
	for path, code := range map[string]sqlerr.Code{"../f": sqlerr.InsufficientPrivilege, secret: sqlerr.InsufficientPrivilege,
		"link": sqlerr.InsufficientPrivilege, "none": sqlerr.UndefinedFile, "bad": sqlerr.CharacterNotInRepertoire} {
		_, err := newTestSource(root, columns, "path", path)
		require.Equal(t, code, sqlerr.CodeOf(err), "%s: %v", path, err)
	}
	_, err := newTestSource("", columns, "path", "f")
	require.Equal(t, sqlerr.InsufficientPrivilege, sqlerr.CodeOf(err))
	_, err = newTestSource(root, []connector.Column{{Name: "nome", Type: types.T(types.Text)}}, "path", "f")
	require.Equal(t, sqlerr.UndefinedColumn, sqlerr.CodeOf(err))
	_, err = newTestSource(root, columns, "path", "f", "delimiter", "ab")
	require.Equal(t, sqlerr.InvalidParameterValue, sqlerr.CodeOf(err))
	_, err = newTestSource(root, columns, "path", "f", "null", "a,b")
	require.Equal(t, sqlerr.InvalidParameterValue, sqlerr.CodeOf(err))

	s, err := newTestSource(root, columns, "path", "f")
	require.NoError(t, err)
	defer s.Close()
	_, _, err = readAll(t, s, 0, connector.MaxPosition, []int{0, 1}, 10)
	require.Equal(t, `file "f", line 3, column id: "x"`, sqlerr.From(err).Where)
	_, _, err = readAll(t, s, 8, connector.MaxPosition, []int{0, 1}, 10)
	require.Equal(t, `file "f" from byte 8, line 2, column id: "x"`, sqlerr.From(err).Where)
	require.NoError(t, os.Truncate(filepath.Join(root, "f"), 10))
	_, _, err = readAll(t, s, 8, 16, []int{1}, 10)
	require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
}
