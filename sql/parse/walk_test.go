package parse

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/ast"
)

// TestInspectSeesEverything compares, for all statements of testdata, the nodes
// that Inspect visits with those that reflection finds: a kind of node that the
// traversal forgets fails here. Names and options have nothing below them and
// are not visited.
func TestInspectSeesEverything(t *testing.T) {
	paths, err := filepath.Glob("testdata/[a-z]*")
	require.NoError(t, err)
	parsed := 0
	for _, path := range paths {
		info, err := os.Stat(path)
		require.NoError(t, err)
		if info.IsDir() {
			continue
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, block := range strings.Split(string(text), "\n\n") {
			input, _, _ := strings.Cut(block, "\n----")
			_, input, _ = strings.Cut(input, "\n")
			stmts, err := Statements(input)
			if err != nil {
				continue
			}
			for _, s := range stmts {
				parsed++
				visited := map[any]bool{}
				ast.Inspect(s.Statement, func(n ast.Node) bool {
					require.False(t, visited[n], "%T is visited twice in %s", n, s.Text)
					visited[n] = true
					return true
				})
				requireVisited(t, reflect.ValueOf(s.Statement), visited, s.Text)
			}
		}
	}
	require.Greater(t, parsed, 300)
}

func requireVisited(t *testing.T, v reflect.Value, visited map[any]bool, text string) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			requireVisited(t, v.Elem(), visited, text)
		}
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if n, ok := v.Interface().(ast.Node); ok && traversed(n) {
			require.True(t, visited[n], "%T is not visited in %s", n, text)
		}
		requireVisited(t, v.Elem(), visited, text)
	case reflect.Slice:
		for i := range v.Len() {
			requireVisited(t, v.Index(i), visited, text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			requireVisited(t, v.Field(i), visited, text)
		}
	}
}

func traversed(n ast.Node) bool {
	switch n.(type) {
	case *ast.Option, *ast.Name, *ast.Locking:
		return false
	}
	return true
}
