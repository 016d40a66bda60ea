package compat_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/bind/bindtest"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/wire/pg/script"
)

// operands are an expression of each type that users have columns of, and an untyped literal.
var operands = []string{
	"NULL::bool", "NULL::int2", "NULL::int4", "NULL::int8", "NULL::float4", "NULL::float8", "NULL::numeric", "NULL::text", "NULL::varchar",
	"NULL::bpchar", "NULL::name", "NULL::\"char\"", "NULL::bytea", "NULL::date", "NULL::time", "NULL::timestamp", "NULL::timestamptz", "NULL::interval",
	"NULL::uuid", "NULL::json", "NULL::jsonb", "NULL::oid", "NULL::regclass", "NULL::int4[]", "NULL::text[]", "NULL",
}

// TestResolution calls every operator and function of one and two arguments with operands of every type: StreamDB must choose what
// PostgreSQL chooses, so that the type of the result or the SQLSTATE of the error is the same. What StreamDB has no overload for
// (42883) is let pass, as the lists of functions are tested elsewhere, and so is what is ambiguous (42725) to PostgreSQL alone, which has
// overloads for types that StreamDB has not.
func TestResolution(t *testing.T) {
	c := connect(t, script.Postgres(t))
	ctx := &bind.Context{Catalog: bindtest.Catalog(t), SearchPath: []string{"public"}}
	var wrong []string
	check := func(sql string) {
		ours, theirs := ourType(t, ctx, sql), theirType(t, c, sql)
		if ours != theirs && ours != string(sqlerr.UndefinedFunction) && theirs != string(sqlerr.AmbiguousFunction) {
			wrong = append(wrong, fmt.Sprintf("%s\n  PostgreSQL: %s\n  StreamDB:   %s", sql, theirs, ours))
		}
	}
	for _, name := range names(fn.Operators(), 2) {
		for _, l := range operands {
			for _, r := range operands {
				check("SELECT " + l + " " + name + " " + r)
			}
		}
	}
	for _, name := range names(fn.Functions(), 1) {
		for _, a := range operands {
			check("SELECT pg_catalog." + name + "(" + a + ")")
		}
	}
	require.Empty(t, wrong, strings.Join(wrong, "\n"))
}

// names are the names of the functions that can be called with n arguments.
func names(fs []*fn.Func, n int) []string {
	seen := map[string]bool{}
	for _, f := range fs {
		if len(f.Args) >= n && len(f.Args)-f.Optional <= n && f.Name != "[]" && !f.Set && !strings.HasPrefix(f.Name, "current_") && !strings.HasPrefix(f.Name, "local") {
			seen[f.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func ourType(t *testing.T, ctx *bind.Context, sql string) string {
	q, err := bind.Select(ctx, bindtest.Statement(t, sql).(*ast.Select))
	if err != nil {
		return string(sqlerr.CodeOf(err))
	}
	return q.MD.Type(q.Columns[0].ID).Plain().String()
}

func theirType(t *testing.T, c *pgconn.PgConn, sql string) string {
	s, err := c.Prepare(context.Background(), "", sql, nil)
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	require.NoError(t, err)
	typ, _ := types.ByOID(s.Fields[0].DataTypeOID)
	return typ.String()
}
