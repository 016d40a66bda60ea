package types_test

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/stretchr/testify/require"
)

// pgDSN names a PostgreSQL 15 to take the goldens from:
//
//	go test ./sql/types -run TestGoldens -pg 'host=/tmp port=5432 user=postgres'
var pgDSN = flag.String("pg", "", "rewrite testdata/*.golden from the PostgreSQL at this DSN")

// TestGoldens reads testdata/*.golden. A line "== type" sets the type, and "== type -> target" a
// cast to make; the others are a text, " => ", and what PostgreSQL
// makes of it: its text and binary (hex) forms, or its error. Texts are Go string literals without quotes.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.golden")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { runGolden(t, file) })
	}
}

func runGolden(t *testing.T, file string) {
	if *pgDSN != "" {
		rewriteGolden(t, file)
	}
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var typ, target types.Type
	for n, line := range strings.Split(string(data), "\n") {
		if name, ok := strings.CutPrefix(line, "== "); ok {
			from, to, cast := strings.Cut(name, " -> ")
			typ, err = types.ParseTypeName(from)
			require.NoError(t, err)
			if target = typ; cast {
				target, err = types.ParseTypeName(to)
				require.NoError(t, err)
			}
			continue
		}
		if line == "" {
			continue // an empty text is written as " =>" alone
		}
		quoted, want, _ := strings.Cut(line, " =>")
		input, err := unquote(quoted)
		require.NoError(t, err, "line %d", n+1)
		if got := evaluate(typ, target, input); got != strings.TrimPrefix(want, " ") {
			t.Errorf("%s:%d: %s %q\n got %s\nwant%s", file, n+1, typ, input, got, want)
		}
	}
}

func unquote(s string) (string, error) {
	return strconv.Unquote(`"` + strings.ReplaceAll(s, `"`, `\"`) + `"`)
}

// evaluate reads a text, casts the value, and prints the value in both forms, and checks that both can be read back.
func evaluate(from, typ types.Type, input string) string {
	d, err := types.ParseText(from, []byte(input))
	if err == nil && from != typ {
		d, err = (*types.Env)(nil).Cast(from, typ, true, d)
	}
	if err != nil {
		e := sqlerr.From(err)
		return describe(string(e.Code), e.Message, e.Detail)
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
	return fmt.Sprintf("%q %s", text, hex.EncodeToString(bin))
}

func describe(code, message, detail string) string {
	s := fmt.Sprintf("ERROR %s %q", code, message)
	if detail != "" {
		s += fmt.Sprintf(" %q", detail)
	}
	return s
}

// rewriteGolden asks PostgreSQL for every line's right side.
func rewriteGolden(t *testing.T, file string) {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, *pgDSN)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var out strings.Builder
	typ := ""
	for _, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "== "); ok {
			typ = name
		} else if line != "" {
			quoted, _, _ := strings.Cut(line, " =>")
			input, err := unquote(quoted)
			require.NoError(t, err, line)
			line = quoted + " => " + askPostgres(t, conn, typ, input)
		}
		out.WriteString(line + "\n")
	}
	require.NoError(t, os.WriteFile(file, []byte(out.String()), 0o644))
}

func askPostgres(t *testing.T, conn *pgconn.PgConn, typ, input string) string {
	literal := "'" + strings.ReplaceAll(input, "'", "''") + "'"
	from, to, cast := strings.Cut(typ, " -> ")
	query := "SELECT " + literal + "::" + from
	if cast {
		query += "::" + to
		typ = "text"
	}
	// A cast is explicit: it cuts what input refuses. So a modifier goes to the input function.
	if parsed, err := types.ParseTypeName(typ); err == nil && parsed.Mod != 0 {
		row := types.Table[parsed.ID]
		query = fmt.Sprintf("SELECT %sin(%s::cstring, %d, %d)", row.IO, literal, row.OID, parsed.Typmod())
	}
	var forms [2]string
	for format := range forms {
		res := conn.ExecParams(context.Background(), query, nil, nil, nil, []int16{int16(format)}).Read()
		var pe *pgconn.PgError
		if errors.As(res.Err, &pe) {
			return describe(pe.Code, pe.Message, pe.Detail)
		}
		require.NoError(t, res.Err)
		forms[format] = string(res.Rows[0][0])
	}
	return fmt.Sprintf("%q %s", forms[0], hex.EncodeToString([]byte(forms[1])))
}
