package connector

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

var testOptions = []Option{
	{Name: "path", Kind: Text, Required: true, Doc: "A path."},
	{Name: "size", Kind: Integer, Default: "10", Min: 1, Max: 100},
	{Name: "quick", Kind: Boolean, Default: "off"},
	{Name: "mode", Kind: Choice, Default: "a", Choices: []string{"a", "b"}},
}

func TestResolveFillsIn(t *testing.T) {
	o, err := Resolve(testOptions, []Given{{Name: "path", Value: "x"}, {Name: "quick", Value: "TRU"}, {Name: "mode", Value: "B"}}, nil)
	require.NoError(t, err)
	require.Equal(t, "x", o.Text("path"))
	require.Equal(t, int64(10), o.Int("size"))
	require.True(t, o.Bool("quick"))
	require.Equal(t, "b", o.Text("mode"))
}

func TestResolveRefuses(t *testing.T) {
	path := Given{Name: "path", Value: "x", Offset: 3}
	for _, c := range []struct {
		given         []Given
		code          sqlerr.Code
		message, hint string
		offset        int
	}{
		{nil, sqlerr.InvalidParameterValue, `option "path" is missing`, "A path.", 0},
		{[]Given{path, {Name: "sise", Value: "1", Offset: 9}}, sqlerr.InvalidParameterValue, `unrecognized parameter "sise"`,
			"Valid options are: path, size, quick, mode, retention.", 10},
		{[]Given{path, path}, sqlerr.SyntaxError, "conflicting or redundant options", "", 4},
		{[]Given{path, {Name: "size", Value: "ten"}}, sqlerr.InvalidParameterValue, `invalid value for integer option "size": ten`, "", 1},
		{[]Given{path, {Name: "size", Value: "101"}}, sqlerr.InvalidParameterValue, `value 101 out of bounds for option "size"`, "", 1},
		{[]Given{path, {Name: "quick", Value: "o"}}, sqlerr.InvalidParameterValue, `invalid value for boolean option "quick": o`, "", 1},
		{[]Given{path, {Name: "mode", Value: "c"}}, sqlerr.InvalidParameterValue, `invalid value for enum option "mode": c`, "", 1},
	} {
		_, err := Resolve(testOptions, c.given, []string{"retention"})
		e := sqlerr.From(err)
		require.NotNil(t, e, "%v", c.given)
		require.Equal(t, c.code, e.Code)
		require.Equal(t, c.message, e.Message)
		require.Equal(t, c.hint, e.Hint)
		require.Equal(t, c.offset, e.Offset)
	}
}

func TestParseBool(t *testing.T) {
	for text, want := range map[string]string{"t": "true", "yes": "true", "ON": "true", "1": "true", "f": "false", "n": "false",
		"of": "false", "0": "false", "": "", "o": "", "truth": "", "2": ""} {
		value, ok := parseBool(text)
		got := ""
		if ok {
			got = map[bool]string{true: "true", false: "false"}[value]
		}
		require.Equal(t, want, got, text)
	}
}

func TestMatch(t *testing.T) {
	ms := types.T(types.Timestamp).WithTypmod(3)
	offered := []Column{{Name: "a", Type: types.T(types.Int8)}, {Name: "b", Type: types.T(types.Text)}, {Name: "c", Type: ms}}
	at, err := Match(offered, []Column{{Name: "c", Type: types.T(types.Timestamp)}, {Name: "b", Type: types.T(types.Varchar)}})
	require.NoError(t, err)
	require.Equal(t, []int{2, 1}, at)
	for _, d := range []Column{
		{Name: "a", Type: types.T(types.Int4)},
		{Name: "c", Type: types.T(types.Timestamptz)},
		{Name: "c", Type: types.T(types.Timestamp).WithTypmod(0)},
		{Name: "b", Type: types.T(types.Varchar).WithTypmod(9)},
	} {
		_, err := Match(offered, []Column{d})
		require.Equal(t, sqlerr.DatatypeMismatch, sqlerr.CodeOf(err), "%v", d)
	}
	_, err = Match(offered, []Column{{Name: "d", Type: ms}})
	require.Equal(t, sqlerr.UndefinedColumn, sqlerr.CodeOf(err))
}

func TestSetFinds(t *testing.T) {
	s := Set{{Name: "in", NewSource: func(SourceConfig) (Source, error) { return nil, nil }},
		{Name: "out", NewSink: func(SinkConfig) (Sink, error) { return nil, nil }}}
	_, err := s.Source([]Given{{Name: "connector", Value: "IN"}}, nil, SourceConfig{})
	require.NoError(t, err)
	_, err = s.Source([]Given{{Name: "connector", Value: "out", Offset: 4}}, nil, SourceConfig{})
	require.Equal(t, "Connectors of a stream: in.", sqlerr.From(err).Hint)
	require.Equal(t, 5, sqlerr.From(err).Offset)
	_, err = s.Sink(nil, nil, SinkConfig{})
	require.Equal(t, "Connectors of a sink: out.", sqlerr.From(err).Hint)
}

func TestFromAST(t *testing.T) {
	given, err := FromAST([]*ast.Option{
		{Pos: 1, Name: "a", Value: ast.OptionValue{Kind: ast.ValueNumber, Text: "-1"}},
		{Pos: 2, Name: "b"},
	})
	require.NoError(t, err)
	require.Equal(t, []Given{{"a", "-1", 1}, {"b", "true", 2}}, given)
	_, err = FromAST([]*ast.Option{{Pos: 7, Name: "c", Value: ast.OptionValue{Kind: ast.ValueStar}}})
	require.Equal(t, 8, sqlerr.From(err).Offset)
}
