package jsonlines

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// columns are a, b, c, … of the types.
func columns(ts ...types.Type) []format.Column {
	cols := make([]format.Column, len(ts))
	for i, t := range ts {
		cols[i] = format.Column{Name: string(rune('a' + i)), Type: t}
	}
	return cols
}

func plain(ids ...types.ID) []types.Type {
	ts := make([]types.Type, len(ids))
	for i, id := range ids {
		ts[i] = types.T(id)
	}
	return ts
}

// row is a batch of one row, given as texts; "NULL" is null.
func row(t testing.TB, cols []format.Column, texts ...string) *vec.Batch {
	b := vec.NewBatch(format.Types(cols), 1)
	for i, c := range cols {
		d := types.Null
		if texts[i] != "NULL" {
			var err error
			d, err = types.ParseText(c.Type, []byte(texts[i]))
			require.NoError(t, err)
		}
		b.Cols[i].Append(d)
	}
	b.N = 1
	return b
}

// TestAsRowToJSON has PostgreSQL 15's row_to_json of the rows; what is written can be read.
func TestAsRowToJSON(t *testing.T) {
	array := func(id types.ID) types.Type { return types.ArrayOf(types.T(id)) }
	for _, c := range []struct {
		types []types.Type
		texts []string
		want  string
	}{
		{plain(types.Int2, types.Int8, types.Bool, types.Numeric, types.Numeric, types.Float8, types.Float8, types.Float4),
			[]string{"1", "-5", "t", "1.50", "NaN", "Infinity", "1e+20", "1.5"},
			`{"a":1,"b":-5,"c":true,"d":1.50,"e":"NaN","f":"Infinity","g":1e+20,"h":1.5}`},
		{plain(types.Text, types.Date, types.Timestamp, types.Timestamptz, types.Timestamp, types.Interval, types.Bytea, types.UUID, types.Int4),
			[]string{"a\"b\\\n\t\x01é/<>&", "2020-01-02", "2020-01-02 03:04:05.5", "2020-01-02 03:04:05+00", "-infinity", "1 day 02:00:00",
				`\x00ff`, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "NULL"},
			`{"a":"a\"b\\\n\t\u0001é/<>&","b":"2020-01-02","c":"2020-01-02T03:04:05.5","d":"2020-01-02T03:04:05+00:00","e":"-infinity","f":"1 day 02:00:00","g":"\\x00ff","h":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","i":null}`},
		{[]types.Type{types.T(types.JSONB), array(types.Int4), array(types.Text), array(types.Text), array(types.Int4), array(types.Bool),
			array(types.Timestamp), types.T(types.Timestamp)},
			[]string{`{"b":1, "a":[1,2]}`, "{1,NULL,3}", `{x,"y\"z"}`, "{}", "{{1,2},{3,4}}", "{t,f}", "{2020-01-01}", "0044-03-15 01:02:03 BC"},
			`{"a":{"a": [1, 2], "b": 1},"b":[1,null,3],"c":["x","y\"z"],"d":[],"e":[[1,2],[3,4]],"f":[true,false],"g":["2020-01-01T00:00:00"],"h":"0044-03-15T01:02:03 BC"}`},
		{nil, nil, `{}`},
	} {
		cols := columns(c.types...)
		b := row(t, cols, c.texts...)
		out := NewEncoder(cols, nil).Rows(nil, b)
		require.Equal(t, c.want+"\n", string(out))
		d := NewDecoder("f", cols, nil)
		d.Feed(out)
		back := vec.NewBatch(format.Types(cols), 1)
		n, err := d.Next(back, 10)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		for i, v := range back.Cols {
			require.Equal(t, b.Cols[i].Datum(0), v.Datum(0), cols[i].Name)
		}
	}
}

func TestJSONWithNewlinesStaysOnItsLine(t *testing.T) {
	cols := columns(plain(types.JSON)...)
	out := NewEncoder(cols, nil).Rows(nil, row(t, cols, "{\n\"x\":\r\n1}"))
	require.Equal(t, "{\"a\":{ \"x\":  1}}\n", string(out))
}

// decode reads text in chunks, with one row a line of what it gives.
func decode(text string, chunk func() int) (string, error) {
	cols := columns(types.T(types.Int4), types.T(types.Text), types.ArrayOf(types.T(types.Text)), types.T(types.JSONB))
	d := NewDecoder("f", cols, nil)
	b := vec.NewBatch(format.Types(cols), 0)
	var out strings.Builder
	for ended := false; ; {
		n, err := d.Next(b, 2)
		if err != nil {
			return "", err
		}
		for i := range n {
			for _, v := range b.Cols {
				out.WriteString(types.String(v.Type, v.Datum(i)) + "|")
			}
			out.WriteByte('\n')
		}
		if n > 0 {
			continue
		}
		if ended {
			return out.String(), nil
		}
		size := min(chunk(), len(text))
		d.Feed([]byte(text[:size]))
		if text = text[size:]; text == "" {
			d.End()
			ended = true
		}
	}
}

func TestReads(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"b":"x","c":["y",null,"z\"\\"],"d":{"k":"v"}}`: `1|x|{y,NULL,"z\"\\"}|{"k": "v"}|` + "\n",
		"{\"d\":\"s\",\"A\":1}\r\n\n  \n{\"d\":null}":          "NULL|NULL|NULL|\"s\"|\nNULL|NULL|NULL|NULL|\n",
		`{"\u0061":"7","b":true,"c":"{p,q}"}`:                  "7|true|{p,q}|NULL|\n",
		`{"a":1,"a":2,"b":{"x": [1]},"c":[["1"],[2]]}`:         `2|{"x": [1]}|{{1},{2}}|NULL|` + "\n",
		"": "",
	} {
		got, err := decode(text, func() int { return 1 << 20 })
		require.NoError(t, err, text)
		require.Equal(t, want, got)
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]struct {
		code  sqlerr.Code
		where string
	}{
		"{}\n[1]":                    {sqlerr.InvalidTextRepresentation, "f, line 2"},
		"{} {}":                      {sqlerr.InvalidTextRepresentation, "f, line 1"},
		"{\n}":                       {sqlerr.InvalidTextRepresentation, "f, line 1"},
		"\n{\"a\":1}\n{\"a\":\"x\"}": {sqlerr.InvalidTextRepresentation, `f, line 3, column a: "x"`},
		"{\"a\":1.5}\n{":             {sqlerr.InvalidTextRepresentation, `f, line 1, column a: "1.5"`},
		`{"b":"\u0000"}`:             {sqlerr.UntranslatableCharacter, "f, line 1"},
		"{\"b\":\"\xff\"}":           {sqlerr.InvalidTextRepresentation, "f, line 1"},
		`{"a":`:                      {sqlerr.InvalidTextRepresentation, "f, line 1"},
		`{"a" 1}`:                    {sqlerr.InvalidTextRepresentation, "f, line 1"},
		`{"c":{"x":1}}`:              {sqlerr.InvalidTextRepresentation, `f, line 1, column c: "{\"x\":1}"`},
	} {
		_, err := decode(text, func() int { return 1 << 20 })
		require.Error(t, err, text)
		e := sqlerr.From(err)
		require.Equal(t, want.code, e.Code, text)
		require.True(t, strings.HasSuffix(e.Where, want.where), "%s: %s", text, e.Where)
	}
}

func TestChunksDoNotMatter(t *testing.T) {
	pieces := []string{`{"a":1,"b":"x"}`, "\n", "\n", `{"b":"é\n","c":[1]}`, "{", "}", `"`, " ", "\r\n", `{"d":[{}]}`}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 20).Draw(t, "text"), "")
		whole, err := decode(text, func() int { return 1 << 20 })
		cut, cutErr := decode(text, func() int { return rapid.IntRange(1, 9).Draw(t, "chunk") })
		require.Equal(t, whole, cut)
		require.Equal(t, err == nil, cutErr == nil)
		if err != nil {
			require.Equal(t, sqlerr.From(err).Where, sqlerr.From(cutErr).Where)
			require.Equal(t, sqlerr.From(err).Message, sqlerr.From(cutErr).Message)
		}
	})
}
