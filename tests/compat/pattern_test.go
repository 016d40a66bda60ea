package compat_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/wire/pg/script"
)

// TestPatterns: a connection that has learned the pattern of a query answers as one that has never seen it, errors with their place included.
func TestPatterns(t *testing.T) {
	server := startStreamDB(t)
	learned := connect(t, server)
	for _, sql := range []string{
		"CREATE TABLE t (k smallint PRIMARY KEY, n numeric, s text, d date, at timestamptz, j jsonb, f float8)",
		`INSERT INTO t SELECT i, i * 1.5, 's' || i, date '2020-01-01' + i, '2020-01-01'::timestamptz + i * interval '1 hour', '{"a": 1}', i / 2.0
			FROM generate_series(1, 50) AS g (i)`,
		"CREATE VIEW v AS SELECT k % 7 AS g, count(*) AS c, sum(n) AS total, max(s) AS s FROM t GROUP BY k % 7",
		"CREATE INDEX ON t (n)",
	} {
		require.NotContains(t, answer(t, learned, sql), "error", sql)
	}
	require.Contains(t, whole(t, server, "SELECT date 'today' > '2020-01-01'"), "\"t\"", "the first statement of a session knows the time")
	for _, x := range []struct {
		sql    string // with a verb for each constant
		values [][]any
	}{
		{"SELECT * FROM t WHERE k = %v", [][]any{{1}, {2}, {3}, {99}, {40000}, {3000000000}, {"'4'"}, {"'5'"}, {"'x'"}, {"5.0"}, {-5}}},
		{"SELECT k, s FROM t WHERE n = %v", [][]any{{3}, {6}, {9}, {"'4.5'"}, {"'1.5'"}, {"4.5"}}},
		{"SELECT k FROM t WHERE f < %v", [][]any{{1}, {2}, {3}, {"'1.5'"}, {"'NaN'"}, {"'oops'"}}},
		{"SELECT k FROM t WHERE s = '%v'", [][]any{{"s1"}, {"s2"}, {"s3"}, {"ü"}, {"it''s"}, {`\`}}},
		{"SELECT k FROM t WHERE d = '%v'", [][]any{{"2020-01-05"}, {"2020-01-06"}, {"2020-01-07"}, {"today"}, {"2020-13-01"}}},
		{"SELECT k FROM t WHERE at > '%v'::timestamptz AND k <> %v", [][]any{{"2020-01-02", 30}, {"2020-01-03", 31}, {"2020-01-01 12:00", 30}, {"x", 1}}},
		{"SELECT count(*), sum(n) FROM t WHERE n BETWEEN %v AND %v", [][]any{{1, 5}, {2, 6}, {3, 70}, {6, 2}, {"'1.5'", 3}, {"1.5", 3}}},
		{"SELECT g, c, total FROM v WHERE g = %v", [][]any{{0}, {1}, {2}, {6}, {7}}},
		{"SELECT k = %v AS b, count(*) FROM t GROUP BY k = %v", [][]any{{1, 1}, {2, 2}, {3, 3}, {3, 4}}},
		{"SELECT DISTINCT k < %v FROM t ORDER BY k < %v", [][]any{{10, 10}, {20, 20}, {30, 30}}},
		{"SELECT k FROM t WHERE j ->> 'a' = '%v' AND k <= %v", [][]any{{1, 2}, {1, 3}, {2, 3}, {1, 4}}},
		{"SELECT k / (k - %v) FROM t WHERE k = %v", [][]any{{1, 2}, {2, 3}, {2, 4}, {2, 2}}},
		{"SELECT k FROM t WHERE k = %v AND 1 / (%v - 1) = 0", [][]any{{1, 5}, {2, 6}, {3, 7}, {3, 1}}},
		{"SELECT k, nonsense FROM t WHERE k = %v", [][]any{{1}, {20}, {300}}},
		{"SELECT k FROM t WHERE k = %v AND nonsense = 1", [][]any{{1}, {20}, {300}}},
		{"SELECT %v = %v, 'x' = '%v'", [][]any{{1, 1, "x"}, {1, 2, "y"}, {2, 2, "z"}}},
		{"SELECT k FROM t WHERE k = %v; SELECT s FROM t WHERE k = %v", [][]any{{1, 2}, {2, 3}, {3, 4}}},
		{"SELECT k FROM t WHERE k IN (SELECT k FROM t WHERE s >= '%v') AND k < %v ORDER BY 1 LIMIT 3", [][]any{{"s2", 9}, {"s3", 8}, {"s4", 40}}},
	} {
		for _, values := range x.values {
			sql := fmt.Sprintf(x.sql, values...)
			require.Equal(t, whole(t, server, sql), place(t, learned, sql), sql)
		}
	}
}

// whole is the answer of a new connection.
func whole(t *testing.T, server script.Server, sql string) string {
	c := connect(t, server)
	return place(t, c, sql)
}

// place is the answer with the position of an error.
func place(t *testing.T, c *pgconn.PgConn, sql string) string {
	out := answer(t, c, sql)
	_, err := c.Exec(t.Context(), sql).ReadAll()
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		out += fmt.Sprint(" at ", pgErr.Position, pgErr.Where, pgErr.Hint)
	}
	return out
}
