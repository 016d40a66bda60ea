package jsonb_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/types/internal/golden"
	"github.com/streamdb/streamdb/sql/types/jsonb"
	"github.com/stretchr/testify/require"
)

// TestAccess compares the accessors with PostgreSQL 15. A section is an operator and its right argument, a case the left one.
func TestAccess(t *testing.T) {
	for _, c := range golden.Read(t, "testdata/access.golden", query) {
		op, arg, _ := strings.Cut(c.Section, " ")
		v, err := jsonb.AppendParsed(nil, []byte(c.Input))
		require.NoError(t, err, "%d: %s", c.Line, c.Input)
		if got := apply(t, op, arg, v); got != c.Want {
			t.Errorf("%s %s\n got %s\nwant %s", c.Input, c.Section, got, c.Want)
		}
	}
}

func query(c golden.Case) golden.Query {
	op, arg, _ := strings.Cut(c.Section, " ")
	doc := golden.Literal(c.Input) + "::jsonb"
	switch op {
	case "typeof":
		return golden.Query{SQL: "SELECT jsonb_typeof(" + doc + ")"}
	case "length":
		return golden.Query{SQL: "SELECT jsonb_array_length(" + doc + ")"}
	}
	right := golden.Literal(arg)
	switch op {
	case "->i", "->>i":
		op, right = strings.TrimSuffix(op, "i"), right+"::int"
	case "#>":
		right += "::text[]"
	case "||", "@>":
		right += "::jsonb"
	default:
		right += "::text"
	}
	return golden.Query{SQL: "SELECT " + doc + " " + op + " " + right}
}

func apply(t *testing.T, op, arg string, v []byte) string {
	show := func(value []byte, ok bool) string {
		if !ok {
			return "NULL"
		}
		return string(value)
	}
	asText := func(value []byte, ok bool) string {
		if ok {
			value, ok = jsonb.AppendAsText(nil, value)
		}
		return show(value, ok)
	}
	truth := func(b bool) string { return map[bool]string{true: "t", false: "f"}[b] }
	parsed := func() []byte {
		p, err := jsonb.AppendParsed(nil, []byte(arg))
		require.NoError(t, err)
		return p
	}
	index := func() int {
		i, err := strconv.Atoi(arg)
		require.NoError(t, err)
		return i
	}
	switch op {
	case "->":
		return show(jsonb.Field(v, []byte(arg)))
	case "->>":
		return asText(jsonb.Field(v, []byte(arg)))
	case "->i":
		return show(jsonb.Elem(v, index()))
	case "->>i":
		return asText(jsonb.Elem(v, index()))
	case "#>":
		var path [][]byte
		for _, p := range strings.FieldsFunc(arg, func(r rune) bool { return strings.ContainsRune("{},", r) }) {
			path = append(path, []byte(p))
		}
		return show(jsonb.Path(v, path))
	case "typeof":
		return jsonb.TypeOf(v)
	case "length":
		return arrayLength(v)
	case "?":
		return truth(jsonb.Exists(v, []byte(arg)))
	case "||":
		return string(jsonb.Concat(v, parsed()))
	}
	return truth(jsonb.Contains(v, parsed()))
}

// arrayLength counts elements two ways.
func arrayLength(v []byte) string {
	switch jsonb.TypeOf(v) {
	case "array":
		n := 0
		for range jsonb.Elements(v) {
			n++
		}
		if n != jsonb.Len(v) {
			return fmt.Sprintf("Len is %d, but there are %d elements", jsonb.Len(v), n)
		}
		return strconv.Itoa(n)
	case "object":
		return golden.Error("22023", "cannot get array length of a non-array", "")
	}
	return golden.Error("22023", "cannot get array length of a scalar", "")
}

func TestEachGivesKeysInOrder(t *testing.T) {
	v, err := jsonb.AppendParsed(nil, []byte(`{"bb": 1, "a\n": 2, "c": 3, "c": 4}`))
	require.NoError(t, err)
	var got []string
	for k, value := range jsonb.Each(v) {
		got = append(got, string(k)+"="+string(value))
	}
	require.Equal(t, []string{"c=4", "a\n=2", "bb=1"}, got)
}

// TestDeepNesting must end in an error, not in a stack overflow.
func TestDeepNesting(t *testing.T) {
	_, err := jsonb.AppendParsed(nil, []byte(strings.Repeat("[", 1_000_000)))
	require.Error(t, err)
}
