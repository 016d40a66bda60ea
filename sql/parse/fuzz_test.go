package parse

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// seeds gives every input line of testdata.
func seeds(f *testing.F) (list []string) {
	paths, err := filepath.Glob("testdata/[a-z]*")
	require.NoError(f, err)
	for _, path := range paths {
		if strings.Contains(path, "fuzz") {
			continue
		}
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		for _, block := range strings.Split(string(text), "\n\n") {
			input, _, _ := strings.Cut(block, "\n----")
			directive, input, _ := strings.Cut(input, "\n")
			if strings.HasPrefix(directive, "#") {
				continue
			}
			list = append(list, input)
			list = append(list, strings.Split(input, "\n")...)
		}
	}
	return list
}

// FuzzTokenize checks that tokens cover the text in order and that the lexer
// ends with an error of PostgreSQL's or not at all.
func FuzzTokenize(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		var err error
		func() {
			defer recoverBailout(&err)
			l := lexer{sql: sql}
			if lexErr := l.run(); lexErr != nil {
				err = lexErr
			}
			end := int32(0)
			for i, tok := range l.toks {
				require.GreaterOrEqual(t, tok.pos, end, "token %d", i)
				require.GreaterOrEqual(t, tok.end, tok.pos, "token %d", i)
				require.LessOrEqual(t, int(tok.end), len(sql), "token %d", i)
				require.True(t, utf8.ValidString(tok.text), "token %d", i)
				if tok.kind != tokWord || tok.text != "nchar" { // N'...' is two tokens
					end = tok.end
				}
			}
			require.Equal(t, tokEOF, l.toks[len(l.toks)-1].kind)
		}()
		requireClientError(t, sql, err)
	})
}

// FuzzStatements checks that no text breaks the parser, and that formatting and
// parsing again gives the same tree.
func FuzzStatements(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		stmts, err := Statements(sql)
		requireClientError(t, sql, err)
		for _, s := range stmts {
			require.Equal(t, s.Text, sql[s.Offset:s.Offset+len(s.Text)])
			ast.Inspect(s.Statement, func(n ast.Node) bool {
				pos := n.Position()
				require.True(t, pos >= ast.NoPos && pos <= len(sql), "%T at %d", n, pos)
				return true
			})
			requireFixpoint(t, s.Statement)
		}
	})
}

// requireClientError demands that an error is the client's fault: an internal
// one means that something in here panicked or does not fit together.
func requireClientError(t *testing.T, sql string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	e := sqlerr.From(err)
	require.NotEqual(t, sqlerr.InternalError, e.Code, "%s", e.Message)
	require.LessOrEqual(t, e.Offset, len(sql)+1)
	require.NotContains(t, e.Message, "`x")
}
