package session

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExplainResultRows: the plan's first line says how many rows the statement, or the view, gives.
func TestExplainResultRows(t *testing.T) {
	c := connect(t, openEngine(t))
	shop(c)
	first := func(sql string) string { return c.must(c.prepare(sql))[0][0] }
	require.Equal(t, "Result  (actual rows=2)", first("EXPLAIN ANALYZE SELECT * FROM item WHERE k = 1 ORDER BY name"))
	require.Equal(t, "Result  (actual rows=0)", first("EXPLAIN ANALYZE SELECT * FROM item WHERE id = 99"))
	c.exec("FLUSH")
	require.Equal(t, "Result  (rows in=2 out=2 tasks=1)", first("EXPLAIN ANALYZE VIEW totals"))
}
