package bind_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/bind/bindtest"
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
)

func bindSelect(t *testing.T, ctx *bind.Context, sql string) *bind.Query {
	q, err := bind.Select(ctx, bindtest.Statement(t, sql).(*ast.Select))
	require.NoError(t, err)
	return q
}

func depth(n expr.Node) int {
	d := 0
	for _, c := range n.Children() {
		d = max(d, depth(c))
	}
	return d + 1
}

// TestLongChains: a chain of any length binds, and what is associative has little depth.
func TestLongChains(t *testing.T) {
	ctx := &bind.Context{Catalog: bindtest.Catalog(t), SearchPath: []string{"public"}}
	const n = 20_000
	for name, c := range map[string]struct {
		expr  string
		depth int
	}{
		"and":    {"id > 0" + strings.Repeat(" AND id < 9", n), 4},
		"or":     {"id > 0" + strings.Repeat(" OR id = 9", n), 4},
		"in":     {"id IN (1" + strings.Repeat(", 2", n) + ")", 3},
		"concat": {"b" + strings.Repeat(" || b", n) + " = 'x'", 20},
	} {
		t.Run(name, func(t *testing.T) {
			q := bindSelect(t, ctx, "SELECT ("+c.expr+") AS x FROM t")
			require.LessOrEqual(t, depth(q.Plan.Exprs()[0]), c.depth)
		})
	}
	t.Run("union", func(t *testing.T) {
		q := bindSelect(t, ctx, "SELECT 1"+strings.Repeat(" UNION ALL SELECT 2", 2000))
		require.Len(t, q.Plan.Inputs(), 2001)
	})
	t.Run("values", func(t *testing.T) {
		q := bindSelect(t, ctx, "VALUES (1, 'a')"+strings.Repeat(", (2, 'b')", n))
		require.Len(t, q.Plan.(*logical.Values).Rows, n+1)
	})
}

// TestExpandView: a view that a transaction has seen through is its query, under the view's own name and columns.
func TestExpandView(t *testing.T) {
	ctx := &bind.Context{Catalog: bindtest.Catalog(t), SearchPath: []string{"public"}, Expand: func(uint32) bool { return true }}
	q := bindSelect(t, ctx, "SELECT v.k FROM v WHERE a = 1")
	plan := logical.Format(q.Plan, q.MD)
	require.Contains(t, plan, "Aggregate")
	require.NotContains(t, plan, "Scan v")
	require.Len(t, q.Reads, 2) // the view and what it reads
	ctx.Expand = nil
	q = bindSelect(t, ctx, "SELECT v.k FROM v WHERE a = 1")
	require.Contains(t, logical.Format(q.Plan, q.MD), "Scan v")
}

// TestParameterTypes: what the client fixed holds, what it left is inferred, and gaps are errors.
func TestParameterTypes(t *testing.T) {
	ctx := &bind.Context{Catalog: bindtest.Catalog(t), SearchPath: []string{"public"}}
	ctx.Params = append(ctx.Params, bindSelect(t, ctx, "SELECT 1::int2").MD.Type(1))
	q := bindSelect(t, ctx, "SELECT $1 + a, $2 FROM t WHERE b = $2")
	require.Equal(t, "[smallint text]", fmt.Sprint(q.Params))
	_, err := bind.Select(ctx, bindtest.Statement(t, "SELECT $3::int").(*ast.Select))
	require.ErrorContains(t, err, "could not determine data type of parameter $2")
}
