package ast_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/ast"
)

// The deparser's main test is sql/parse's: all that it reads is formatted and
// read again. Here is what no text leads to.

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"abc": "abc", "a1_": "a1_", "ABC": `"ABC"`, "1a": `"1a"`, "a b": `"a b"`, `a"b`: `"a""b"`, "": `""`, "größe": `"größe"`,
		"select": `"select"`, "left": `"left"`, "int": `"int"`, "name": "name", "stream": "stream",
	} {
		require.Equal(t, want, ast.QuoteIdent(in))
	}
	require.Equal(t, `'it''s \'`, ast.QuoteLiteral(`it's \`))
	require.Equal(t, `pg_catalog."Select"`, ast.FormatName("pg_catalog", "Select"))
}

func TestKeywords(t *testing.T) {
	require.Equal(t, ast.Keyword{Category: ast.ReservedKeyword, NeedsAS: true}, ast.KeywordOf("from"))
	require.Equal(t, ast.Keyword{Category: ast.UnreservedKeyword, NeedsAS: true}, ast.KeywordOf("year"))
	require.Equal(t, ast.Keyword{}, ast.KeywordOf("emit"))
	n := 0
	for range ast.Keywords {
		n++
	}
	require.Equal(t, 460, n) // as pg_get_keywords() counts them
}

// TestFormatMadeNodes formats trees that were built, not parsed: parentheses
// follow from the tree alone.
func TestFormatMadeNodes(t *testing.T) {
	column := func(name string) ast.Expr {
		return &ast.ColumnRef{Name: ast.Name{Pos: ast.NoPos, Parts: []string{name}}}
	}
	op := func(left ast.Expr, name string, right ast.Expr) ast.Expr {
		return &ast.BinaryOp{Op: ast.Operator{Name: name}, Left: left, Right: right}
	}
	a, b, c := column("a"), column("b"), column("c")
	require.Equal(t, "a - (b - c)", ast.Format(op(a, "-", op(b, "-", c))))
	require.Equal(t, "(a - b) - c", ast.Format(op(op(a, "-", b), "-", c)))
	require.Equal(t, "a + b * c", ast.Format(op(a, "+", op(b, "*", c))))
	require.Equal(t, "(a OR b) AND NOT (a AND c)", ast.Format(&ast.And{Args: []ast.Expr{
		&ast.Or{Args: []ast.Expr{a, b}}, &ast.Not{Expr: &ast.And{Args: []ast.Expr{a, c}}},
	}}))
	require.Equal(t, "(a = b) = c", ast.Format(op(op(a, "=", b), "=", c)))
	require.Equal(t, "(-a)::text", ast.Format(&ast.Cast{
		Expr: &ast.UnaryOp{Op: ast.Operator{Name: "-"}, Expr: a},
		Type: &ast.TypeName{Name: ast.Name{Parts: []string{"text"}}},
	}))
	require.Equal(t, "", ast.Format(nil))
}

// TestInspectPrunes checks the order of a traversal and that it can be cut short.
func TestInspectPrunes(t *testing.T) {
	inner := &ast.Not{Expr: &ast.Param{Number: 1}}
	outer := &ast.And{Args: []ast.Expr{inner, &ast.Param{Number: 2}}}
	var seen []ast.Node
	ast.Inspect(outer, func(n ast.Node) bool {
		seen = append(seen, n)
		return n != ast.Node(inner)
	})
	require.Equal(t, []ast.Node{outer, inner, outer.Args[1]}, seen)
	ast.Inspect(nil, func(ast.Node) bool { t.Fatal("nil is no node"); return false })
}
