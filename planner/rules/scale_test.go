package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/rules"
)

// nested is EXISTS in EXISTS; each level reads the level above and the outermost one.
func nested(depth int, op string) string {
	var b strings.Builder
	b.WriteString("SELECT r0.id FROM t r0 WHERE true")
	for i := 1; i <= depth; i++ {
		fmt.Fprintf(&b, " AND %s (SELECT r%d.id FROM t r%d WHERE r%d.a %s r%d.b AND r%d.b = r0.a", op, i, i, i, []string{"=", "<>"}[i%2], i-1, i)
	}
	return b.String() + strings.Repeat(")", depth)
}

// scalars is nested with scalar aggregates.
func scalars(depth int) string {
	sql := strings.ReplaceAll(nested(depth, "2 <"), "SELECT r", "SELECT count(*) + max(r")
	return strings.Replace(strings.ReplaceAll(sql, ".id FROM", ".id) FROM"), "SELECT count(*) + max(r0.id)", "SELECT r0.id", 1)
}

func chain(n int) string {
	ctes := []string{"c0 AS (SELECT a, b FROM t)"}
	for i := range n {
		ctes = append(ctes, fmt.Sprintf("c%d AS (SELECT x.a, y.b FROM c%d x, c%d y WHERE x.b = y.a)", i+1, i, i))
	}
	return fmt.Sprintf("WITH %s SELECT * FROM c%d WHERE a = 1", strings.Join(ctes, ", "), n)
}

// TestScale plans queries of sizes that a client can send, and looks at the size of the plan.
func TestScale(t *testing.T) {
	s := &setup{catalog: makeCatalog(t, "table t id:int4! a:int4 b:int4 | id")}
	var tables, conds []string
	for i := range 200 {
		tables = append(tables, fmt.Sprintf("t r%d", i))
	}
	for i := range 20_000 {
		conds = append(conds, fmt.Sprintf("x.a <> %d", i), fmt.Sprintf("y.b > %d", -i))
	}
	for _, c := range []struct {
		name, sql string
		nodes     int
	}{
		{"exists", nested(40, "EXISTS"), 1000},
		{"not exists", nested(40, "NOT EXISTS"), 1000},
		{"scalar", scalars(40), 1000},
		{"tables", "SELECT r0.id FROM " + strings.Join(tables, ", "), 1000},
		{"conditions", "SELECT x.id FROM t x, t y WHERE x.a = y.b AND " + strings.Join(conds, " AND "), 10},
		{"shared", chain(40), 400},
		{"too deep", scalars(128), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := s.bind(t, c.sql)
			plan, err := rules.Apply(q.Plan, q.MD, keep(q))
			if c.nodes == 0 {
				require.ErrorContains(t, err, "too many correlated subqueries")
				return
			}
			require.NoError(t, err)
			nodes := 0
			logical.Walk(plan, func(logical.Node) { nodes++ })
			require.Less(t, nodes, c.nodes)
		})
	}
}
