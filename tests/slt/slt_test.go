package slt

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// rewriting says that answers are written into the files instead of compared. The flag is datadriven's, which wire/pg/script brings along.
func rewriting() bool {
	f := flag.Lookup("rewrite")
	return f != nil && f.Value.String() == "true"
}

// each runs every file of testdata on a system made for it. With -rewrite, the records that owns picks are written anew.
func each(t *testing.T, owns func(*record) bool, start func(*testing.T, string) *runner) {
	paths, err := filepath.Glob("testdata/*.slt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".slt")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := parseFile(path)
			require.NoError(t, err)
			r := start(t, name)
			if !rewriting() {
				r.run(f, nil, owns)
				return
			}
			edits := map[*record]edit{}
			r.run(f, edits, owns)
			require.NoError(t, f.rewrite(edits))
		})
	}
}

// TestRewrite shows that a file whose answers are right is written as it was, and one without answers gets them.
func TestRewrite(t *testing.T) {
	const text = `# A comment stays.
statement ok
CREATE TABLE t (a int)

statement error 42703 column "x" does not exist
SELECT x FROM t

connection c2
query int4,text rowsort hide=2
SELECT a, 'x'
FROM t
----
1|*
2|*

# The end.
`
	blank := strings.NewReplacer("1|*\n2|*\n", "", "int4,text", "?", `42703 column "x" does not exist`, "?").Replace(text)
	for _, before := range []string{text, blank, strings.Replace(blank, "----\n", "", 1)} {
		path := filepath.Join(t.TempDir(), "a.slt")
		require.NoError(t, os.WriteFile(path, []byte(before), 0o644))
		f, err := parseFile(path)
		require.NoError(t, err)
		edits := map[*record]edit{}
		for i, a := range []answer{
			{},
			{err: pgError("42703", `column "x" does not exist`)},
			{types: "int4,text", rows: [][]string{{"2", "a"}, {"1", "b"}}},
		} {
			edits[f.records[i]], err = f.records[i].correct(a)
			require.NoError(t, err)
		}
		require.NoError(t, f.rewrite(edits))
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, text, string(after))
	}
}

// TestCheck shows that a record sees each way in which an answer can be wrong.
func TestCheck(t *testing.T) {
	records := parse(t, `
query int4,text
SELECT 1
----
2|NULL
1|(empty)

query int4 rowsort
SELECT 2
----
2
1

statement count 2
DELETE

statement error 22012 division
SELECT 3

statement ok
SELECT 4
`)
	ordered, sorted, count, failing, fine := records[0], records[1], records[2], records[3], records[4]
	rows := [][]string{{"2", valueText(nil)}, {"1", valueText([]byte{})}}
	require.Empty(t, ordered.check(answer{types: "int4,text", rows: rows}))
	require.Contains(t, ordered.check(answer{types: "int4,varchar", rows: rows}), "types")
	require.Contains(t, ordered.check(answer{types: "int4,text", rows: [][]string{rows[1], rows[0]}}), "rows")
	require.Contains(t, ordered.check(answer{types: "int4,text", rows: rows[:1]}), "rows")
	require.Contains(t, ordered.check(answer{err: pgError("22012", "x")}), "22012")
	require.Empty(t, sorted.check(answer{types: "int4", rows: [][]string{{"1"}, {"2"}}}))
	require.Empty(t, sorted.check(answer{types: "int4", rows: [][]string{{"2"}, {"1"}}}))
	require.Contains(t, sorted.check(answer{types: "int4", rows: [][]string{{"2"}, {"2"}}}), "rows")
	require.Empty(t, count.check(answer{count: 2}))
	require.Contains(t, count.check(answer{count: 3}), "3 rows")
	require.Empty(t, failing.check(answer{err: pgError("22012", "division by zero")}))
	require.Contains(t, failing.check(answer{err: pgError("22003", "division by zero")}), "22012 expected")
	require.Contains(t, failing.check(answer{err: pgError("22012", "no")}), "message")
	require.Contains(t, failing.check(answer{}), "succeeded")
	require.Contains(t, fine.check(answer{err: pgError("22012", "no")}), "22012")
}

// TestParseErrors shows that a file with a mistake is refused, not half run.
func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"quer\nSELECT":                     "1: unknown directive",
		"statement\nSELECT":                "1: a statement is",
		"\nquery int4 sorted\nSELECT":      `2: unknown option "sorted"`,
		"statement count x\nSELECT":        "1: ",
		"statement error 22012 (\nSELECT":  "1: ",
		"statement ok\n\nSELECT":           "2: statement without SQL",
		"query int4 hide=a\nSELECT 1\n---": "1: ",
	} {
		path := filepath.Join(t.TempDir(), "a.slt")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		_, err := parseFile(path)
		require.ErrorContains(t, err, want, text)
	}
}

func parse(t *testing.T, text string) []*record {
	path := filepath.Join(t.TempDir(), "a.slt")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	f, err := parseFile(path)
	require.NoError(t, err)
	return f.records
}

func pgError(code, message string) *pgconn.PgError {
	return &pgconn.PgError{Code: code, Message: message}
}
