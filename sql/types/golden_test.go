package types_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/internal/golden"
	"github.com/stretchr/testify/require"
)

// TestGoldens checks input, output and casts against PostgreSQL 15. A section is a type, or "type -> target" for a cast; the
// answers are a value's text and binary forms, or the error.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.golden")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			for _, c := range golden.Read(t, file, castQuery) {
				from, to, cast := strings.Cut(c.Section, " -> ")
				if !cast {
					to = from
				}
				if got := evaluate(mustType(t, from), mustType(t, to), c.Input); got != c.Want {
					t.Errorf("%s:%d: %s %q\n got %s\nwant %s", file, c.Line, c.Section, c.Input, got, c.Want)
				}
			}
		})
	}
}

func mustType(t testing.TB, name string) types.Type {
	t.Helper()
	typ, err := types.ParseTypeName(name)
	require.NoError(t, err)
	return typ
}

// castQuery reads a text with the type's input function and casts it.
func castQuery(c golden.Case) golden.Query {
	from, to, cast := strings.Cut(c.Section, " -> ")
	literal := golden.Literal(c.Input)
	if typ, err := types.ParseTypeName(from); !cast && err == nil && typ.Mod != 0 {
		// A cast is explicit: it cuts what input refuses. So a modifier goes to the input function.
		row := types.Table[typ.ID]
		sql := fmt.Sprintf("SELECT %sin(%s::cstring, %d, %d)", row.IO, literal, row.OID, typ.Typmod())
		return golden.Query{SQL: sql, Binary: true}
	}
	sql := "SELECT " + literal + "::" + from
	if cast {
		sql += "::" + to
	}
	return golden.Query{SQL: sql, Binary: true}
}

// evaluate reads a text, casts the value, and prints it in both forms, and checks that both can be read back.
func evaluate(from, typ types.Type, input string) string {
	d, err := types.ParseText(from, []byte(input))
	if err == nil && from != typ {
		d, err = (*types.Env)(nil).Cast(from, typ, true, d)
	}
	if err != nil {
		e := sqlerr.From(err)
		return golden.Error(string(e.Code), e.Message, e.Detail)
	}
	text := types.AppendText(nil, typ, d)
	bin := types.AppendBinary(nil, typ, d)
	back, err := types.ParseText(typ, text)
	if err != nil || types.Compare(typ, d, back) != 0 {
		return fmt.Sprintf("%s cannot be read back: %v", text, err)
	}
	back, err = types.ParseBinary(typ, bin)
	if err != nil || types.Compare(typ, d, back) != 0 || string(types.AppendText(nil, typ, back)) != string(text) {
		return fmt.Sprintf("%x cannot be read back: %v", bin, err)
	}
	return golden.Value(text, bin)
}
