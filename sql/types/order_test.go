package types_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/stretchr/testify/require"
)

const orderFile = "testdata/order.ranks"

// TestOrder reads testdata/order.ranks: under each "== type" texts with the rank that PostgreSQL 15 gives to their values.
// All pairs must compare as their ranks do, and the keys of values are equal exactly when their ranks are.
func TestOrder(t *testing.T) {
	if *pgDSN != "" {
		rewriteOrder(t)
	}
	for typ, values := range readOrder(t) {
		pt, err := types.ParseTypeName(typ)
		require.NoError(t, err)
		parsed := make([]types.Datum, len(values))
		for i, v := range values {
			parsed[i], err = types.ParseText(pt, []byte(v.text))
			require.NoError(t, err, v.text)
		}
		for i, a := range values {
			for j, b := range values {
				got := types.Compare(pt, parsed[i], parsed[j])
				require.Equal(t, compareInts(a.rank, b.rank), got, "%s: %s and %s", typ, a.text, b.text)
				ka, kb := types.Key(pt, parsed[i]), types.Key(pt, parsed[j])
				same := fmt.Sprintf("%#v", ka) == fmt.Sprintf("%#v", kb)
				require.Equal(t, a.rank == b.rank, same, "keys of %s: %s and %s", typ, a.text, b.text)
			}
		}
	}
}

func compareInts(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

type ranked struct {
	text string
	rank int
}

func readOrder(t *testing.T) map[string][]ranked {
	data, err := os.ReadFile(orderFile)
	require.NoError(t, err)
	out := map[string][]ranked{}
	typ := ""
	for _, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "== "); ok {
			typ = name
			continue
		}
		quoted, rank, _ := strings.Cut(line, " =>")
		text, err := unquote(quoted)
		require.NoError(t, err)
		r := ranked{text: text}
		if rank != "" {
			_, err = fmt.Sscan(rank, &r.rank)
			require.NoError(t, err)
		}
		out[typ] = append(out[typ], r)
	}
	return out
}

// rewriteOrder takes the ranks from PostgreSQL.
func rewriteOrder(t *testing.T) {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, *pgDSN)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	ranks := map[string][]string{}
	for typ, values := range readOrder(t) {
		rows := make([]string, len(values))
		for i, v := range values {
			rows[i] = fmt.Sprintf("(%d, '%s'::%s)", i, strings.ReplaceAll(v.text, "'", "''"), typ)
		}
		query := "SELECT dense_rank() OVER (ORDER BY v) FROM (VALUES " + strings.Join(rows, ",") + ") x(i, v) ORDER BY i"
		res := conn.ExecParams(ctx, query, nil, nil, nil, nil).Read()
		require.NoError(t, res.Err, query)
		for _, row := range res.Rows {
			ranks[typ] = append(ranks[typ], string(row[0]))
		}
	}
	data, err := os.ReadFile(orderFile)
	require.NoError(t, err)
	var out strings.Builder
	typ, i := "", 0
	for _, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "== "); ok {
			typ, i = name, 0
		} else {
			quoted, _, _ := strings.Cut(line, " =>")
			line = quoted + " => " + ranks[typ][i]
			i++
		}
		out.WriteString(line + "\n")
	}
	require.NoError(t, os.WriteFile(orderFile, []byte(out.String()), 0o644))
}
