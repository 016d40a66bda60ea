package pgcopy

import (
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// A test case is a COPY of a table t. In testdata it is
//
//	read                        or write
//	a int, b text               the columns, or -
//	(format csv)                the options, or -
//	"1,x\n"                     the input as Go strings, of any number; in the text format for write
//	----
//	"1\tx\n"                    the output, a Go string a line; in the text format for read
type testCase struct {
	columns, options, input string
}

func parseCase(t *testing.T, d *datadriven.TestData) testCase {
	lines := strings.Split(d.Input, "\n")
	require.GreaterOrEqual(t, len(lines), 2, d.Pos)
	k := testCase{columns: strings.Trim(lines[0], "-"), options: strings.Trim(lines[1], "-")}
	for _, l := range lines[2:] {
		s, err := strconv.Unquote(l)
		require.NoError(t, err, "%s: %s", d.Pos, l)
		k.input += s
	}
	return k
}

// spellOutput spells an output as testdata has it.
func spellOutput(s string) string {
	if strings.HasPrefix(s, "ERROR ") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		n := strings.IndexByte(s, '\n') + 1
		if n == 0 {
			n = len(s)
		}
		b.WriteString(strconv.Quote(s[:n]) + "\n")
		s = s[n:]
	}
	return b.String()
}

func spellError(code, message, hint, where string) string {
	s := "ERROR " + code + ": " + message + "\n"
	if hint != "" {
		s += "HINT: " + hint + "\n"
	}
	if where != "" {
		s += "CONTEXT: " + where + "\n"
	}
	return s
}

func TestData(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			k := parseCase(t, d)
			if d.Cmd == "write" {
				return spellOutput(ourWrite(t, k))
			}
			whole := ourRead(t, k, func() int { return len(k.input) + 1 })
			require.Equal(t, whole, ourRead(t, k, func() int { return 1 }), "byte by byte")
			return spellOutput(whole)
		})
	})
}

// TestPostgresAgrees checks that testdata has PostgreSQL's answers. Run with -rewrite it writes them.
func TestPostgresAgrees(t *testing.T) {
	c := postgres(t)
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.HasArg("ours") { // a case in which we differ, and say why
				return d.Expected
			}
			if k := parseCase(t, d); d.Cmd == "write" {
				return spellOutput(pgWrite(t, c, k))
			} else {
				return spellOutput(pgRead(t, c, k))
			}
		})
	})
}

// randomCase draws a case of what matters to the formats, most of it malformed.
func randomCase(t *rapid.T) testCase {
	k := testCase{columns: rapid.SampledFrom([]string{"a text", "a text, b text", "a int, b text", "a text, b int"}).Draw(t, "columns")}
	k.options = rapid.SampledFrom([]string{"", "(delimiter ',', null '')", "(header match)", "(format csv)", "(format csv, escape '\\')",
		"(format csv, header)", "(format csv, null 'N', force_null (a))", "(format csv, force_not_null (a), quote '1')"}).Draw(t, "options")
	pieces := []string{"1", "1", "N", "x", "\t", "\t", ",", ",", "\n", "\n", "\"", "\"", "\\", "."}
	// Not both in one input: whether PostgreSQL sees the bad byte behind a \r or \. first depends on its buffers.
	odd := [][]string{nil, {"\r\n", "\r", "\\.\n", "\\N"}, {"\xff", "\x00", "é", "\\N"}}
	pieces = append(pieces, rapid.SampledFrom(odd).Draw(t, "odd")...)
	k.input = strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "input"), "")
	return k
}

// TestRandomAgainstPostgres compares malformed input of all kinds with PostgreSQL.
func TestRandomAgainstPostgres(t *testing.T) {
	c := postgres(t)
	rapid.Check(t, func(rt *rapid.T) {
		k := randomCase(rt)
		require.Equal(rt, pgRead(t, c, k), ourRead(t, k, func() int { return len(k.input) + 1 }))
	})
}

func FuzzChunks(f *testing.F) {
	f.Add("1\tx\n2\\N\n", uint8(1), uint8(3))
	f.Add("\"a\n\"\"b\",x\r\n", uint8(3), uint8(1))
	options := []string{"", "(delimiter ',', null '')", "(header match)", "(format csv)", "(format csv, escape '\\')", "(format binary)"}
	f.Fuzz(func(t *testing.T, input string, option, size uint8) {
		k := testCase{"a text, b int", options[int(option)%len(options)], input}
		whole := ourRead(t, k, func() int { return len(input) + 1 })
		require.Equal(t, whole, ourRead(t, k, func() int { return int(size)%16 + 1 }))
	})
}

// TestChunksDoNotMatter cuts the input of the cases at random.
func TestChunksDoNotMatter(t *testing.T) {
	var cases []testCase
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "read" {
				cases = append(cases, parseCase(t, d))
			}
			return d.Expected
		})
	})
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.SampledFrom(cases).Draw(rt, "case")
		k.input = strings.Repeat(k.input, rapid.IntRange(1, 3).Draw(rt, "times"))
		want := ourRead(t, k, func() int { return len(k.input) + 1 })
		got := ourRead(t, k, func() int { return rapid.IntRange(1, 12).Draw(rt, "chunk") })
		require.Equal(rt, want, got)
	})
}

// ourRead reads the input in chunks of the sizes that chunk gives, and batches of all kinds of sizes.
func ourRead(t *testing.T, k testCase, chunk func() int) string {
	cols := parseColumns(t, k.columns)
	o, err := Parse(parseOptions(k.options), Target{From: true, Table: "t", Columns: cols, Relation: names(cols)})
	if err != nil {
		return ourError(err)
	}
	d := o.Decoder(nil)
	out := textOptions(t, cols, false).Encoder(nil)
	b := vec.NewBatch(format.Types(cols), 0)
	var rows []byte
	for rest := []byte(k.input); ; {
		for size := 1; ; size++ {
			n, err := d.Next(b, size)
			if err != nil {
				return ourError(err)
			}
			if n == 0 {
				break
			}
			rows = out.Rows(rows, b)
		}
		if len(rest) == 0 {
			if d.Consumed() < 0 {
				break
			}
			d.End()
			n, err := d.Next(b, vec.BatchSize)
			if err != nil {
				return ourError(err)
			}
			if n == 0 {
				break
			}
			rows = out.Rows(rows, b)
			continue
		}
		n := min(chunk(), len(rest))
		d.Feed(rest[:n])
		rest = rest[n:]
	}
	return string(rows)
}

func ourWrite(t *testing.T, k testCase) string {
	cols := parseColumns(t, k.columns)
	o, err := Parse(parseOptions(k.options), Target{Table: "t", Columns: cols, Relation: names(cols)})
	if err != nil {
		return ourError(err)
	}
	d := textOptions(t, cols, true).Decoder(nil)
	d.Feed([]byte(k.input))
	d.End()
	b := vec.NewBatch(format.Types(cols), 0)
	e := o.Encoder(nil)
	out := e.Header(nil)
	for {
		n, err := d.Next(b, 2)
		require.NoError(t, err)
		if n == 0 {
			return string(e.Trailer(out))
		}
		out = e.Rows(out, b)
	}
}

func textOptions(t *testing.T, cols []format.Column, from bool) *Options {
	o, err := Parse(nil, Target{From: from, Table: "t", Columns: cols})
	require.NoError(t, err)
	return o
}

func ourError(err error) string {
	e := sqlerr.From(err)
	hint := e.Hint
	if e.Code == sqlerr.SyntaxError || strings.HasPrefix(e.Message, "COPY format") {
		hint = "" // ours, which PostgreSQL does not have
	}
	return spellError(string(e.Code), e.Message, hint, e.Where)
}

func names(cols []format.Column) []string {
	var ns []string
	for _, c := range cols {
		ns = append(ns, c.Name)
	}
	return ns
}

func parseColumns(t testing.TB, s string) (cols []format.Column) {
	if s == "" {
		return nil
	}
	for _, c := range strings.Split(s, ", ") {
		name, typ, _ := strings.Cut(c, " ")
		ty, err := types.FromSQL(strings.TrimSuffix(typ, "[]"), nil)
		require.NoError(t, err)
		if strings.HasSuffix(typ, "[]") {
			ty = types.ArrayOf(ty)
		}
		cols = append(cols, format.Column{Name: strings.Trim(name, `"`), Type: ty})
	}
	return cols
}

// parseOptions reads a list of options: words, strings, * and lists of words.
func parseOptions(s string) (list []*ast.Option) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "("), ")")
	for s != "" {
		var o ast.Option
		o.Name, s = word(s)
		switch s = strings.TrimLeft(s, " "); {
		case s == "" || s[0] == ',':
		case strings.HasPrefix(s, "e'"):
			end := strings.IndexByte(s[2:], '\'') + 2
			text, _ := strconv.Unquote(`"` + s[2:end] + `"`)
			o.Value = ast.OptionValue{Kind: ast.ValueString, Text: text}
			s = s[end+1:]
		case s[0] == '\'':
			end := 1
			for s[end] != '\'' || end+1 < len(s) && s[end+1] == '\'' {
				if s[end] == '\'' {
					end++
				}
				end++
			}
			o.Value = ast.OptionValue{Kind: ast.ValueString, Text: strings.ReplaceAll(s[1:end], "''", "'")}
			s = s[end+1:]
		case s[0] == '*':
			o.Value.Kind, s = ast.ValueStar, s[1:]
		case s[0] == '(':
			end := strings.IndexByte(s, ')')
			o.Value.Kind = ast.ValueList
			for _, n := range strings.Split(s[1:end], ", ") {
				o.Value.List = append(o.Value.List, ast.OptionValue{Kind: ast.ValueWord, Text: n})
			}
			s = s[end+1:]
		default:
			o.Value.Kind = ast.ValueWord
			o.Value.Text, s = word(s)
		}
		s = strings.TrimLeft(s, ", ")
		list = append(list, &o)
	}
	return list
}

func word(s string) (w, rest string) {
	n := strings.IndexAny(s, " ,)")
	if n < 0 {
		n = len(s)
	}
	return s[:n], s[n:]
}
