package parse

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// TestStatements runs testdata/. The directives:
//
//	parse   each statement's formatted text
//	tree    the same, and the tree as an S-expression
//	expr    each line as an expression: its text with all parentheses
//	verdict for each line whether it parses, or the message and the character
//	spell   what TiDB's parser is given for a query
//
// Every parsed text is formatted and parsed again, which must give the same tree.
// A line "-- name" within the input of parse is output as it is.
func TestStatements(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		if strings.Contains(path, "fuzz") {
			return
		}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "parse", "tree":
				return parseAll(t, d.Input, d.Cmd == "tree")
			case "expr":
				return exprLines(t, d.Input)
			case "verdict":
				return verdicts(d.Input)
			case "spell":
				return spelling(t, d.Input)
			}
			d.Fatalf(t, "unknown directive %s", d.Cmd)
			return ""
		})
	})
}

func parseAll(t *testing.T, sql string, withTree bool) string {
	stmts, err := Statements(sql)
	if err != nil {
		return describe(sql, err)
	}
	var b strings.Builder
	for _, s := range stmts {
		text := ast.Format(s.Statement)
		if strings.ContainsAny(text, "\b\f\n\r\v") {
			text = strconv.Quote(text)
		}
		fmt.Fprintln(&b, text)
		if withTree {
			fmt.Fprintln(&b, "  "+tree(s.Statement))
		}
		requireFixpoint(t, s.Statement)
	}
	return b.String()
}

// requireFixpoint demands that a statement's text parses back to its tree.
func requireFixpoint(t *testing.T, stmt ast.Statement) {
	t.Helper()
	if hasUnformatted(stmt) {
		return
	}
	text := ast.Format(stmt)
	again, err := Statements(text)
	require.NoError(t, err, "formatted text: %s", text)
	require.Len(t, again, 1, "formatted text: %s", text)
	require.Equal(t, tree(stmt), tree(again[0].Statement), "formatted text: %s", text)
}

// hasUnformatted reports whether a statement has parts that are known by name
// alone, whose text is gone.
func hasUnformatted(stmt ast.Statement) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.Unsupported, *ast.AlterOther:
			found = true
		}
		return true
	})
	return found
}

// describe gives an error as psql would: message, SQLSTATE, and a caret.
func describe(sql string, err error) string {
	e := sqlerr.From(err)
	out := fmt.Sprintf("ERROR %s: %s\n", e.Code, e.Message)
	if e.Detail != "" {
		out += "DETAIL: " + e.Detail + "\n"
	}
	if e.Hint != "" {
		out += "HINT: " + e.Hint + "\n"
	}
	if e.Offset > 0 {
		at := e.Offset - 1
		line := sql[:at][strings.LastIndexByte(sql[:at], '\n')+1:] + strings.SplitN(sql[at:], "\n", 2)[0]
		column := at - strings.LastIndexByte(sql[:at], '\n') - 1
		out += line + "\n" + strings.Repeat(" ", column) + "^\n"
	}
	return out
}

func exprLines(t *testing.T, input string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(input), "\n") {
		e, err := Expr(line)
		if err != nil {
			fmt.Fprintf(&b, "%s => %s\n", line, sqlerr.From(err).Message)
			continue
		}
		again, err := Expr(ast.Format(e))
		require.NoError(t, err, line)
		require.Equal(t, tree(e), tree(again), line)
		fmt.Fprintf(&b, "%s => %s\n", line, parenthesised(e))
	}
	return b.String()
}

func verdicts(input string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(input), "\n") {
		verdict := "ok"
		if _, err := Statements(line); err != nil {
			e := sqlerr.From(err)
			verdict = fmt.Sprintf("%s %s @%d", e.Code, e.Message, utf8.RuneCountInString(line[:e.Offset-1])+1)
		}
		fmt.Fprintf(&b, "%s => %s\n", line, verdict)
	}
	return b.String()
}

func spelling(t *testing.T, sql string) string {
	var err error
	var text string
	func() {
		defer recoverBailout(&err)
		p := newParser(sql)
		s := p.spell()
		s.query()
		text = string(s.render(nil))
	}()
	require.NoError(t, err)
	return text + "\n"
}

func TestStmtSlices(t *testing.T) {
	sql := "  select 1 ; ;\n-- c\n insert into t values ($2) ; /* x */ update t set a = $1"
	stmts, err := Statements(sql)
	require.NoError(t, err)
	require.Len(t, stmts, 3)
	for _, s := range stmts {
		require.Equal(t, s.Text, sql[s.Offset:s.Offset+len(s.Text)])
	}
	require.Equal(t, "select 1", stmts[0].Text)
	require.Equal(t, "insert into t values ($2)", stmts[1].Text)
	require.Equal(t, []int{0, 2, 1}, []int{stmts[0].Params, stmts[1].Params, stmts[2].Params})
	require.Equal(t, stmts[2].Offset, stmts[2].Statement.Position())

	for _, empty := range []string{"", " ; ", "-- nothing", ";;"} {
		stmts, err := Statements(empty)
		require.NoError(t, err)
		require.Empty(t, stmts)
	}
}

// TestNesting checks that depth is refused, and by loops, before any stack is at risk.
func TestNesting(t *testing.T) {
	const deep = 200_000
	for name, sql := range map[string]string{
		"parentheses": "SELECT " + strings.Repeat("(", deep) + "1" + strings.Repeat(")", deep),
		"unclosed":    "SELECT " + strings.Repeat("(", deep),
		"brackets":    "SELECT " + strings.Repeat("a[", deep),
		"arrays":      "SELECT ARRAY" + strings.Repeat("[", deep),
		"subqueries":  strings.Repeat("SELECT (", deep) + "1",
		"from":        strings.Repeat("SELECT * FROM (", deep),
		"case":        "SELECT " + strings.Repeat("CASE WHEN ", deep),
		"not":         "SELECT " + strings.Repeat("NOT ", deep) + "true",
		"minus":       "SELECT " + strings.Repeat("- ", deep) + "1",
		"prefix":      "SELECT " + strings.Repeat("@ ", deep) + "1",
		"casts":       "SELECT 1" + strings.Repeat("::int", deep),
		"subscripts":  "SELECT a" + strings.Repeat("[1]", deep),
		"fields":      "SELECT (a)" + strings.Repeat(".b", deep),
		"is null":     "SELECT a" + strings.Repeat(" IS NULL", deep),
		"collate":     "SELECT a" + strings.Repeat(` COLLATE "C"`, deep),
		"joins":       "SELECT * FROM a" + strings.Repeat(" CROSS JOIN a", deep),
		"right joins": "SELECT * FROM a" + strings.Repeat(" JOIN a", deep),
		"join parens": "SELECT * FROM " + strings.Repeat("(", deep),
		"options":     "CREATE VIEW v WITH (a = " + strings.Repeat("(", deep),
		"dimensions":  "SELECT NULL::int" + strings.Repeat("[]", deep),
		"set ops":     strings.Repeat("(", deep) + "SELECT 1",
		"window":      "SELECT * FROM " + strings.Repeat("TUMBLE(", deep),
		"from list":   "SELECT * FROM a" + strings.Repeat(", a", deep),
		"grouping":    "SELECT 1 GROUP BY " + strings.Repeat("ROLLUP (", deep),
		"ctes":        strings.Repeat("WITH a AS (", deep),
		"laterals":    "SELECT 1" + strings.Repeat(" FROM a JOIN LATERAL f((SELECT 1", deep),
	} {
		start := time.Now()
		_, err := Statements(sql)
		require.Equal(t, sqlerr.StatementTooComplex, sqlerr.CodeOf(err), "%s: %v", name, err)
		require.Less(t, time.Since(start), 5*time.Second, name)
	}
	ok := "SELECT " + strings.Repeat("(", maxNesting) + "1" + strings.Repeat(")", maxNesting)
	_, err := Statements(ok)
	require.NoError(t, err)
}

// TestChains checks that chains have no depth.
func TestChains(t *testing.T) {
	const long = 100_000
	count := func(sql string, want func(n ast.Node) int) {
		t.Helper()
		stmts, err := Statements(sql)
		require.NoError(t, err)
		got := 0
		ast.Inspect(stmts[0].Statement, func(n ast.Node) bool {
			got = max(got, want(n))
			return true
		})
		require.Equal(t, long, got)
	}
	count("SELECT 1 WHERE a"+strings.Repeat(" AND a", long-1), func(n ast.Node) int {
		if x, ok := n.(*ast.And); ok {
			return len(x.Args)
		}
		return 0
	})
	count("SELECT 1 WHERE a = 1"+strings.Repeat(" OR a = 1", long-1), func(n ast.Node) int {
		if x, ok := n.(*ast.Or); ok {
			return len(x.Args)
		}
		return 0
	})
	chain := func(n ast.Node) int {
		if x, ok := n.(*ast.OpChain); ok {
			return len(x.Rest) + 1
		}
		return 0
	}
	count("SELECT a"+strings.Repeat(" || a", long-1), chain)
	count("SELECT 1"+strings.Repeat(" + 1", long-1), chain)
	count("SELECT 1"+strings.Repeat(" - 1 + 1", long/2-1)+" - 1", chain)
	count("SELECT 1"+strings.Repeat(" UNION ALL SELECT 1", long-1), func(n ast.Node) int {
		if x, ok := n.(*ast.SetOp); ok {
			return len(x.Inputs)
		}
		return 0
	})
	count("INSERT INTO t VALUES (1, 2)"+strings.Repeat(", (1, 2)", long-1), func(n ast.Node) int {
		if x, ok := n.(*ast.Values); ok {
			return len(x.Rows)
		}
		return 0
	})
}

// TestConcurrent parses from many goroutines, which share pools.
func TestConcurrent(t *testing.T) {
	const sql = "SELECT a + 1 FROM t WHERE b = $1 AND c IN (SELECT d FROM u) ORDER BY 1 LIMIT 5"
	want := parseAll(t, sql, true)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				_, err := Statements("SELECT (1")
				assert.Error(t, err)
				stmts, err := Statements(sql)
				assert.NoError(t, err)
				assert.Contains(t, want, tree(stmts[0].Statement))
			}
		})
	}
	group.Wait()
}
